"""Projects paid from outside, and what must be said of them (Dz.U. 2021 poz. 953; rules of the EU's funds)."""

from functools import partial
from secrets import token_hex

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content import pictures
from portal.content.richtext import RichTextField

NOTICE_ABOVE = 50_000  # zł of the state's money: then colours, emblem and amount must be shown


class FundedProject(models.Model):
    """A project paid from outside; related pages must say so."""

    title = models.CharField(_("title"), max_length=250)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    fund = models.CharField(_("fund"), max_length=200, blank=True)
    programme = models.CharField(_("programme"), max_length=250, blank=True)
    grant_amount = models.DecimalField(_("grant"), max_digits=14, decimal_places=2, null=True, blank=True)
    total_amount = models.DecimalField(_("total value"), max_digits=14, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    description = RichTextField(_("description"), blank=True)
    notice = models.TextField(
        _("co-funding notice"), help_text=_("The sentence shown on every page related to the project.")
    )
    institutions = models.ManyToManyField(
        "institutions.Institution", verbose_name=_("related institutions"), blank=True, related_name="projects",
        help_text=_("Their pages show the notice, too."),
    )  # fmt: skip

    class Meta:
        ordering = ["-starts_on", "title"]
        verbose_name = _("funded project")
        verbose_name_plural = _("funded projects")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('pages:page', args=['projekty'])}#{self.slug}"

    def clean(self):
        super().clean()
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end must come after the start.")})
        for name in ("grant_amount", "total_amount"):
            if getattr(self, name) is not None and getattr(self, name) < 0:
                raise ValidationError({name: _("An amount cannot be less than zero.")})
        if self.grant_amount and self.total_amount and self.grant_amount > self.total_amount:
            raise ValidationError({"grant_amount": _("The grant cannot be more than the total value.")})

    @property
    def lacks_logos(self) -> bool:
        return (self.grant_amount or 0) > NOTICE_ABOVE and not self.logos.exists()


class ProjectLogo(models.Model):
    """A sign that the funder wants shown: colours and emblem of the Republic, the flag of the Union."""

    project = models.ForeignKey(FundedProject, on_delete=models.CASCADE, related_name="logos")
    image = models.FileField(_("file"), upload_to="projects")
    alt = models.CharField(
        _("words instead of the picture"),
        max_length=200,
        help_text=_("What stands on it: “Flag and emblem of Poland”."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self):
        return self.alt

    def save(self, *args, **kwargs):
        before = ProjectLogo.objects.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if before and before.image.name != self.image.name:
            before.remove_file()

    def get_absolute_url(self):
        return f"{reverse('institutions:project_logo', args=[self.pk])}?v={self.image.name.rsplit('-', 1)[-1]}"

    def remove_file(self):
        transaction.on_commit(partial(self.image.storage.delete, self.image.name))

    def clean(self):
        """Make a new file a small PNG without anything hidden in it."""
        super().clean()
        if not self.image or self.image._committed:
            return
        try:
            small = pictures.emblem(self.image.file)
        except ValidationError as error:
            raise ValidationError({"image": error}) from None
        # A name of its own each time, because browsers keep the picture by its name.
        self.image = ContentFile(small, f"logo-{token_hex(6)}.png")


@receiver(post_delete, sender=ProjectLogo)
def remove_its_file(instance: ProjectLogo, **kwargs):
    """Also when its project is deleted, which asks no `delete()` of the model."""
    instance.remove_file()
