"""When something that public pages show was last changed, and when time alone will change something next."""

from django.db import models

from portal.content.publishing import Publishable, Status


class LastChange(models.Model):
    """One row. `next_at`: of the next publication or expiry; None until somebody has asked for it since `at`."""

    at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)

    def __str__(self):
        return str(self.at)


def next_publication_or_expiry(after):
    """The first moment after `after` at which something appears or disappears by itself; None if nothing will."""
    moments = []
    for model in Publishable.__subclasses__():
        planned = model._default_manager.filter(status__in=[Status.PUBLISHED, Status.ARCHIVED])
        for field in ("publish_at", "expire_at"):
            coming = planned.filter(**{f"{field}__gt": after}).order_by(field)
            moments += coming.values_list(field, flat=True)[:1]
    return min(moments, default=None)
