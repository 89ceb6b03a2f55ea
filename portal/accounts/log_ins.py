"""Who logged in and out, and whose log-in failed, in the audit list."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext

from portal.editing import audit
from portal.editing.models import Act, AuditEntry

from . import second_factor

# Failures of one account in a quarter of an hour that get a line each; a machine that guesses must not fill the list.
NOTED, PERIOD = 5, timedelta(minutes=15)


@receiver(user_logged_in)
def note_log_in(sender, user, **kwargs):
    if not second_factor.is_asked(user):
        audit.record(user, Act.LOGGED_IN)


def note_code(user, is_recovery_code: bool):
    """With the code the log-in is complete."""
    detail = gettext("with a recovery code") if is_recovery_code else gettext("with a code from the phone")
    audit.record(user, Act.LOGGED_IN, detail=detail)


@receiver(user_logged_out)
def note_log_out(sender, user, **kwargs):
    if user is not None:  # else the session had ended before
        audit.record(user, Act.LOGGED_OUT)


@receiver(user_login_failed)
def note_wrong_password(sender, credentials, **kwargs):
    """Under the name of the account that was tried; a name that is none is not kept: people type passwords there."""
    note_failure(account_of(credentials))


def note_failure(user, detail: str = ""):
    if failures_noted(Act.LOGIN_FAILED, user) < NOTED:
        audit.record(None, Act.LOGIN_FAILED, user, detail)


def failures_noted(act: Act, user) -> int:
    since = timezone.now() - PERIOD
    return AuditEntry.objects.filter(act=act, at__gt=since, object_id=user and user.pk).count()


def account_of(credentials: dict):
    users = get_user_model()
    typed = str(credentials.get(users.USERNAME_FIELD) or "").replace("\x00", "")[:150]
    return users.objects.filter(**{users.USERNAME_FIELD: typed}).first()
