"""Addresses that follow titles and never break: the old ones are kept and lead on for good."""

import re

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.content.folding import fold

MAX_LENGTH = 120
# Names that lists and feeds use beside the slugs.
RESERVED = {
    "rss", "atom", "archiwum", "kalendarz", "miesiac", "zapisy", "mapa", "drukuj", "pdf",
    "en", "uk", "zgloszenie", "potwierdzenie", "propozycja", "zaswiadczenie", "obecnosc",
}  # fmt: skip


class Moved(Exception):
    """The thing asked for has another address now, or a better one for a while; MovedMiddleware leads there."""

    def __init__(self, url: str, is_permanent: bool = True):
        self.url, self.is_permanent = url, is_permanent


class OldAddress(models.Model):
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.CharField(max_length=MAX_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "slug"], name="addresses_one_thing_per_old_slug")
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="addresses_of_object")]

    def __str__(self):
        return self.slug


def polish_slug(text: str) -> str:
    """ "Żółta łódź – dzień 2" → "zolta-lodz-dzien-2"; cut at a word, never empty."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) > 100:
        slug = slug[:100].rsplit("-", 1)[0]
    return slug or "bez-tytulu"


class Addressed(models.Model):
    """Has a title and an address made of it. `address_source` names the title's field."""

    address_source = "title"
    address_follows_title = True

    slug = models.SlugField(
        _("address"),
        max_length=MAX_LENGTH,
        unique=True,
        blank=True,
        help_text=_("Made of the title. When it changes, the old address leads to the new one."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        before = (
            type(self)._base_manager.filter(pk=self.pk).values("slug", self.address_source).first() if self.pk else None
        )
        title = getattr(self, self.address_source)
        if not self.slug or (before and self._follows(before, title)):
            self.slug = self._free_slug(polish_slug(title))
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "slug"}
        super().save(*args, **kwargs)
        if before and before["slug"] != self.slug:
            self._remember(before["slug"])

    def clean(self):
        super().clean()
        if self.slug in RESERVED:
            self.slug = f"{self.slug}-1"

    def _follows(self, before: dict, title: str) -> bool:
        """Whether the slug was made of the old title, by us, and the title is another now."""
        was_automatic = re.fullmatch(rf"{re.escape(polish_slug(before[self.address_source]))}(-\d+)?", before["slug"])
        is_another = polish_slug(title) != polish_slug(before[self.address_source])
        return bool(self.address_follows_title and was_automatic and self.slug == before["slug"] and is_another)

    def _free_slug(self, wanted: str) -> str:
        content_type = ContentType.objects.get_for_model(self)
        others = type(self)._base_manager.exclude(pk=self.pk)
        old = OldAddress.objects.filter(content_type=content_type).exclude(object_id=self.pk or 0)
        candidate, number = wanted, 1
        while candidate in RESERVED or others.filter(slug=candidate).exists() or old.filter(slug=candidate).exists():
            number += 1
            candidate = f"{wanted}-{number}"
        return candidate

    def _remember(self, old_slug: str):
        content_type = ContentType.objects.get_for_model(self)
        OldAddress.objects.filter(content_type=content_type, slug=self.slug, object_id=self.pk).delete()
        OldAddress.objects.update_or_create(content_type=content_type, slug=old_slug, defaults={"object_id": self.pk})


def get_by_address(queryset, slug: str):
    """The object of `queryset` with this slug. Raises Moved if it had it once, Http404 if `queryset` never had it."""
    found = queryset.filter(slug=slug).first()
    if found:
        return found
    content_type = ContentType.objects.get_for_model(queryset.model)
    old = OldAddress.objects.filter(content_type=content_type, slug=slug).values_list("object_id", flat=True)
    if moved := queryset.filter(pk__in=old).first():
        raise Moved(moved.get_absolute_url())
    raise Http404
