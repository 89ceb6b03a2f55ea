"""After five wrong passwords for one name from one place, a quarter of an hour of rest; after fifty from anywhere too.

Counted by django-axes. The name is kept as a keyed digest, because people type passwords into its field; the address
of the machine for the quarter of an hour only. The codes of the second factor are slowed down by django-otp.
"""

from datetime import timedelta
from math import ceil

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib import admin
from django.db.models import Max, Sum
from django.dispatch import receiver
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.editing import audit
from portal.editing.models import Act

from . import log_ins

FROM_ANYWHERE = 50


def digest_of_name(request, credentials: dict | None) -> str:
    """For AXES_USERNAME_CALLABLE."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return digest(typed)


def digest(username: str) -> str:
    return salted_hmac("accounts.lock-out", username).hexdigest()


class LockOutHandler(AxesDatabaseHandler):
    def is_locked(self, request, credentials=None) -> bool:
        return super().is_locked(request, credentials) or self._is_tried_from_everywhere(request, credentials)

    def _is_tried_from_everywhere(self, request, credentials) -> bool:
        tried = attempts(request, credentials)
        return (tried.aggregate(Sum("failures_since_start"))["failures_since_start__sum"] or 0) >= FROM_ANYWHERE


def attempts(request, credentials):
    """The failures for the name that was typed, from anywhere, that still count."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(username=digest_of_name(request, credentials), attempt_time__gt=since)


def refusal(request, original_response, credentials):
    """The page instead of the form. For AXES_LOCKOUT_CALLABLE."""
    last = attempts(request, credentials).aggregate(Max("attempt_time"))["attempt_time__max"] or timezone.now()
    again_at = last + settings.AXES_COOLOFF_TIME
    left = max(again_at - timezone.now(), timedelta(seconds=1))
    context = admin.site.each_context(request) | {
        "title": _("Too many failed attempts"),
        "again_at": again_at,
        "minutes": ceil(left.total_seconds() / 60),
    }
    answer = render(request, "admin/accounts/locked_out.html", context, status=429)
    answer["Retry-After"] = str(ceil(left.total_seconds()))
    answer["Cache-Control"] = "no-store"
    return answer


@receiver(user_locked_out)
def note_lock_out(sender, request, **kwargs):
    """Once, though the signal comes with each attempt that is refused."""
    user = log_ins.account_of(request.axes_credentials or {})
    if not log_ins.failures_noted(Act.LOCKED_OUT, user):
        audit.record(None, Act.LOCKED_OUT, user)


def unlock(user):
    """The owner of the mailbox has set a new password."""
    AccessAttempt.objects.filter(username=digest(user.get_username())).delete()


def forget_old() -> str:
    old = AccessAttempt.objects.filter(attempt_time__lte=timezone.now() - settings.AXES_COOLOFF_TIME)
    return f"{old.delete()[0]} forgotten"
