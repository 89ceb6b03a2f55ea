"""Photos that were taken down for good: what remains of them is that they may not come back."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TakenDownQuerySet(models.QuerySet):
    def reason_of(self, digest: str) -> str:
        return self.filter(digest=digest).values_list("reason", flat=True).first() or ""

    def has_key(self, key: str) -> bool:
        return self.filter(key=key).exists()


class TakenDownPhoto(models.Model):
    """One set of files that was removed: its address answers 410, and the same picture is refused when sent again."""

    key = models.CharField(max_length=32, unique=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    place = models.CharField(_("where it was"), max_length=250, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    taken_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = TakenDownQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        verbose_name = _("photo taken down")
        verbose_name_plural = _("photos taken down")

    def __str__(self):
        return self.place or self.key
