"""Telephone numbers for those in need, the same for the whole country, with their words in other languages."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.content import languages, phones
from portal.content.checked import CHECKED_ONCE, Checked
from portal.content.tidied import TidiedField


class Words(models.Model):
    """What a help line is called, whom it is for and when somebody answers."""

    name = models.CharField(_("name"), max_length=150)
    for_whom = models.CharField(_("for whom"), max_length=200, blank=True)
    hours = models.CharField(_("hours"), max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def short_name(self) -> str:
        """ "Niebieska Linia – Ogólnopolskie Pogotowie …" → "Niebieska Linia"."""
        return self.name.partition(" – ")[0]


class HelpLineQuerySet(models.QuerySet):
    def for_readers(self):
        """With their words in the language of the page."""
        translations = HelpLineTranslation.objects.filter(language=languages.current())
        return self.prefetch_related(models.Prefetch("translations", queryset=translations, to_attr="fitting"))


class HelpLine(Words, Checked):
    checked_for = timedelta(days=90)
    language = languages.ORIGINAL
    is_unchecked_translation = False

    number = TidiedField(_("number"), max_length=20, unique=True, tidy=phones.tidy)
    is_free = models.BooleanField(_("free of charge"), default=True)
    is_for_children = models.BooleanField(
        _("for children"), default=False, help_text=_("Shown with the standards for the protection of minors.")
    )
    is_in_strip = models.BooleanField(_("in the strip on top of the home page"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = HelpLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "number"]
        verbose_name = _("help line")
        verbose_name_plural = _("help lines")

    def __str__(self):
        return f"{self.number} {self.name}"

    @cached_property
    def words(self) -> Words:
        """Those that fit the page, where it came from `for_readers()`; else its own."""
        return next(iter(getattr(self, "fitting", [])), self)


class HelpLineTranslation(Words, Checked):
    checked_for = CHECKED_ONCE

    line = models.ForeignKey(HelpLine, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(
        _("language"), max_length=5,
        choices=[choice for choice in settings.LANGUAGES if choice[0] != languages.ORIGINAL],
    )  # fmt: skip

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "language"], name="institutions_one_translation_of_a_line",
                violation_error_message=_("There is a translation into this language already."),
            )
        ]  # fmt: skip
        verbose_name = _("translation")
        verbose_name_plural = _("translations")

    def __str__(self):
        return self.get_language_display()

    @property
    def is_unchecked_translation(self) -> bool:
        return not self.is_checked
