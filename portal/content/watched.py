"""Pages whose readers may be watched by somebody: what these must not say, and what nobody must keep of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# Tells nginx to leave this answer out of its log of visitors' addresses; nginx takes it off (deploy/nginx/portal.conf).
SENSITIVE = "X-Portal-Sensitive"


class WatchedReaders(models.Model):
    is_sensitive = models.BooleanField(
        _("its readers may be watched"), default=False,
        help_text=_("Quick exit, a title that says nothing, no counting, no visitor's address in a log."),
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def hides_its_reader(self) -> bool:
        """A translation does, too, where its original does, whatever an editor has ticked."""
        original = getattr(self, "translation_of", None)
        return self.is_sensitive or bool(original and original.is_sensitive)


def mark_sensitive(response):
    """Who looks for help must not be counted, nor be found in a log."""
    if settings.BEHIND_NGINX:
        response[SENSITIVE] = "1"
    return response
