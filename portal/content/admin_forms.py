"""The forms of editors: nobody's text is overwritten, and the pressed button decides the status."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .publishing import Status
from .writing.forms import WrittenForm


@dataclass(frozen=True)
class Conflict:
    """Somebody saved after this form was opened: who and when, and the mark of what they saved."""

    who: str
    at: datetime
    saved_version: str


class EditingForm(WrittenForm):
    """Refuses to overwrite what somebody else saved after this form was opened."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    marks = {"version", "kept_photos", "remark_to_author"}
    conflict: Conflict | None = None
    # Bound to what somebody typed earlier, to be looked at and gone on with; nothing is saved of it yet.
    is_only_shown = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self._version(self.instance.updated_at) if self.instance.pk else ""

    @cached_property
    def changed_data(self):
        """What an editor has changed, as the history will say it: no hidden marks, no empty field for files."""
        return [name for name in super().changed_data if name not in self.marks and not self._is_empty_upload(name)]

    def _is_empty_upload(self, name: str) -> bool:
        return self.fields[name].widget.needs_multipart_form and not self[name].data

    def is_valid(self):
        return super().is_valid() and not self.is_only_shown

    def clean(self):
        super().clean()
        if not self.instance.pk:
            return
        # Locked, so that of two who save in the same moment the second sees what the first has done.
        rows = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk)
        saved_at = rows.values_list("updated_at", flat=True).get()
        current = self._version(saved_at)
        if current not in (self.cleaned_data.get("version"), self.data.get("_overwrite")):
            self.conflict = Conflict(self._last_editor(), saved_at, current)
            words = gettext("%(who)s saved this after you had opened it. Nothing is lost: your text is still below.")
            self.add_error(None, ValidationError(words % {"who": self.conflict.who}, code="conflict"))

    def _last_editor(self) -> str:
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.instance), object_id=str(self.instance.pk)
        )
        last = entries.select_related("user").first()
        return (last.user.get_full_name() or last.user.get_username()) if last else gettext("Somebody")

    @staticmethod
    def _version(moment) -> str:
        return moment.isoformat()


class PublishableForm(EditingForm):
    """The pressed button decides the status (see portal/editing/publishable_admin.py)."""

    remark_to_author = forms.CharField(
        label=_("Remark to the author"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is to be corrected. The author sees it above the form."),
    )
    wanted_status: str | None = None
    is_returning = False
    open_proposal = None  # the proposed version this form is about, of portal.editing

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved_status = self.instance.status

    def clean(self):
        super().clean()
        if self.wanted_status:
            self.instance.status = self.wanted_status
        if self.is_returning and not self.cleaned_data.get("remark_to_author", "").strip():
            self.add_error("remark_to_author", _("Write what is to be corrected."))
        if self.open_proposal is not None and not self.is_only_shown:
            self._refuse_changed_proposal()
        expire_at = self.cleaned_data.get("expire_at")
        begins_at = self.cleaned_data.get("publish_at") or (
            timezone.now() if self.instance.status == Status.PUBLISHED else None
        )
        if expire_at and begins_at and expire_at <= begins_at:
            self.add_error("expire_at", _("The end of visibility must come after the publication."))

    def _refuse_changed_proposal(self):
        if self.data.get("_proposal_version") != self.open_proposal.sent_at.isoformat():
            words = _("Somebody changed the proposal after you had opened it. Open it again to see what it says now.")
            self.add_error(None, ValidationError(words, code="changed_proposal"))
