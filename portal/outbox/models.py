"""Mail as rows: written in the transaction of what it tells of, sent later by `tick`, seen and sent again by staff.

A mail that is not committed never existed; one that is committed goes out, whatever is killed in between.
"""

import uuid

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("waits to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("given up")


class MessageQuerySet(models.QuerySet):
    def due(self):
        return self.filter(status=MessageStatus.QUEUED, next_try_at__lte=timezone.now()).order_by("pk")

    def about(self, obj):
        content_type = ContentType.objects.get_for_model(obj)
        return self.filter(content_type=content_type, object_id=obj.pk)


class Message(models.Model):
    """One letter to one person."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=40)
    to = models.EmailField(_("to"), blank=True)
    reply_to = models.EmailField(_("reply to"), blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    attachment_name = models.CharField(_("attached file"), max_length=100, blank=True)
    attachment = models.TextField(_("content of the attached file"), blank=True)
    # Holds a link that opens an account: nobody reads it here, and nothing of it stays once it is sent.
    is_secret = models.BooleanField(default=False, editable=False)
    # What it is about, without an import: the outbox knows no section.
    content_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.SET_NULL)
    object_id = models.PositiveBigIntegerField(null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True, editable=False)
    status = models.CharField(
        _("state"), max_length=8, choices=MessageStatus.choices, default=MessageStatus.QUEUED, editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_try_at = models.DateTimeField(_("next attempt"), default=timezone.now, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=500, blank=True, editable=False)
    purged_at = models.DateTimeField(_("text removed at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("written at"), auto_now_add=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(status="queued"), name="outbox_due"),
            models.Index(fields=["content_type", "object_id"], name="outbox_about"),
            models.Index(fields=["created_at"], condition=Q(purged_at=None), name="outbox_with_body"),
        ]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        # Stands in the admin's log, so nothing personal.
        return _("message no. %(number)s") % {"number": self.pk}

    @property
    def message_id(self) -> str:
        """The same at every attempt, so that a letter that arrived twice is known as one."""
        return f"<{self.uid}@{settings.SITE_HOST}>"
