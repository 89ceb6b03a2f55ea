"""Who logged in and out, and whose log-in failed, in the audit list."""

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from . import audit
from .models import Act


@receiver(user_logged_in)
def note_log_in(sender, user, **kwargs):
    audit.record(user, Act.LOGGED_IN)


@receiver(user_logged_out)
def note_log_out(sender, user, **kwargs):
    if user is not None:  # else the session had ended before
        audit.record(user, Act.LOGGED_OUT)


@receiver(user_login_failed)
def note_failure(sender, credentials, **kwargs):
    """Under the name of the account that was tried; a name that is none is not kept: people type passwords there."""
    users = get_user_model()
    typed = str(credentials.get(users.USERNAME_FIELD) or "").replace("\x00", "")[:150]
    audit.record(None, Act.LOGIN_FAILED, users.objects.filter(**{users.USERNAME_FIELD: typed}).first())
