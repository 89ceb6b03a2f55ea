from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from .models import Message, MessageStatus

EMPTY = {"to": "", "reply_to": "", "subject": "", "text": "", "html": "", "attachment": "", "last_error": ""}


def purge(messages) -> int:
    """Take everything personal out of letters that will not be sent any more; the rows stay and keep counts true."""
    return messages.exclude(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]).update(
        **EMPTY, purged_at=timezone.now()
    )


def purge_bodies() -> str:
    """Empty the letters older than settings.MAIL_KEPT_DAYS, those given up included."""
    before = timezone.now() - timedelta(days=settings.MAIL_KEPT_DAYS)
    old = Message.objects.filter(Q(created_at__lt=before), purged_at=None)
    return f"{purge(old)} emptied"
