"""What editing leaves behind: texts not saved yet, proposed versions, remarks, preview links, and who did what.

Tied to the things of all sections by content type and number, so that this app knows none of them.
"""

import secrets
import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptForm(models.Model):
    """What stood in an editor's form: {field name: [values]}, as a browser sends it, with tokens in place of files."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)  # none: something new
    title = models.CharField(_("title"), max_length=250, blank=True)
    data = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    def as_post(self) -> QueryDict:
        post = QueryDict(mutable=True)
        for name, values in self.data.items():
            post.setlist(name, values)
        return post


class Draft(KeptForm):
    """What somebody has typed and not saved. Private: only its author ever sees it."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    saved_at = models.DateTimeField(_("saved at"))
    # Saved or discarded; the emptied row stays for a while, so that what a browser sent before comes to nothing.
    is_finished = models.BooleanField(_("finished"), default=False)

    class Meta:
        indexes = [models.Index(fields=["author", "content_type", "object_id"], name="editing_draft_of_author")]
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("Waiting for a publisher")
    RETURNED = "returned", _("Returned with a remark")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")


class Proposal(KeptForm):
    """A change of something published, made by somebody who may not publish: it stands beside the live one."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING)
    sent_at = models.DateTimeField(_("sent at"))
    closed_at = models.DateTimeField(_("closed at"), null=True)

    class Meta:
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(
                name="editing_one_open_proposal_per_object",
                fields=["content_type", "object_id"],
                condition=models.Q(state__in=[ProposalState.WAITING, ProposalState.RETURNED]),
            ),
        ]
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")

    @property
    def is_open(self) -> bool:
        return self.state in (ProposalState.WAITING, ProposalState.RETURNED)


class Remark(models.Model):
    """Why a text went back to its author."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    text = models.TextField(_("remark"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # the text was sent to review again, or published

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="editing_remark_of_object")]

    def __str__(self):
        return self.text


def new_preview_key() -> str:
    return secrets.token_urlsafe(18)


class PreviewLink(models.Model):
    """Lets somebody without an account read one thing that is not published, for some days."""

    key = models.CharField(max_length=32, unique=True, default=new_preview_key, editable=False)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    note = models.CharField(
        _("for whom"), max_length=120, blank=True, help_text=_("Only for you to remember, whom you sent it to.")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="editing_link_of_object")]

    def __str__(self):
        return self.note or str(self.target)

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class Act(models.TextChoices):
    PUBLISHED = "published", _("Published")
    SENT = "sent", _("Sent to review")
    RETURNED = "returned", _("Returned to the author")
    PROPOSED = "proposed", _("Proposed a change")
    UNPUBLISHED = "unpublished", _("Taken back to drafts")
    ARCHIVED = "archived", _("Moved to the archive")
    RESTORED = "restored", _("Restored a version")
    DELETED = "deleted", _("Deleted")
    TAKEN_DOWN = "taken_down", _("Took a photo down")
    PREVIEW_LINK = "preview_link", _("Made a preview link")
    PREVIEW_REVOKED = "preview_revoked", _("Revoked a preview link")
    EXPORTED = "exported", _("Exported data")
    LOGGED_IN = "logged_in", _("Logged in")
    LOGGED_OUT = "logged_out", _("Logged out")
    LOGIN_FAILED = "login_failed", _("Failed to log in")
    LOCKED_OUT = "locked_out", _("Locked out after repeated failures")
    ACCOUNT_CHANGED = "account_changed", _("Changed an account")
    ROLE_CHANGED = "role_changed", _("Changed a role")
    INVITED = "invited", _("Invited somebody")
    SECOND_FACTOR = "second_factor", _("Changed a second factor")
    PASSWORD_CHANGED = "password_changed", _("Changed a password")


class AuditEntry(models.Model):
    """One line of the audit list. Written by `audit.record()`, and never changed. No address of a machine is kept."""

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("who")
    )
    actor_name = models.CharField(_("who"), max_length=200, blank=True)  # also when the account is gone
    act = models.CharField(_("what"), max_length=20, choices=Act.choices)
    content_type = models.ForeignKey(ContentType, null=True, on_delete=models.SET_NULL, related_name="+")
    object_id = models.PositiveBigIntegerField(null=True)
    target_name = models.CharField(_("on what"), max_length=250, blank=True)
    detail = models.TextField(_("details"), blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit list")

    def __str__(self):
        return f"{self.actor_name}: {self.get_act_display()} {self.target_name}"
