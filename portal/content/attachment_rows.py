"""Attachments on an editor's form. A file that came is examined and put into private storage at once.

From then on the form carries a signed token instead, text like any other: nobody chooses the file again because a
title was missing, and it comes back with an unsaved text or a proposed version. Outside the form's transaction, which
must not wait for a disk.
"""

import logging
import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import attachment_files
from .admin import Rows
from .upload_handler import NO_ROOM, is_lost

logger = logging.getLogger("portal.content")
FILE_FIELD = re.compile(r"(?P<row>(?P<prefix>.+)-\d{1,4})-file")
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.doc,.xls,.rtf"
SCAN = _("This PDF looks like a scan without text: a screen reader cannot read it. Attach a version with text too.")


class AttachmentInput(forms.FileInput):
    """Says what has come already. The stock one links to a path that no address reaches."""

    template_name = "admin/widgets/attachment.html"
    received: attachment_files.Stored | None = None

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"received": self.received, "scan": SCAN}


class AttachmentForm(forms.ModelForm):
    stored = forms.CharField(label=_("file"), required=False, widget=forms.HiddenInput)
    received: attachment_files.Stored | None = None
    broken: dict[str, str] = {}  # why the file of a row was refused, by the row's prefix

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get("file")
        if field is None:  # only to be looked at
            return
        field.required = False  # see clean()
        field.widget.is_required = False
        token = self["stored"].value()
        self.received = field.widget.received = attachment_files.from_token(token) if token else None

    def has_changed(self):
        return super().has_changed() or self.prefix in self.broken

    def clean(self):
        super().clean()
        if reason := self.broken.get(self.prefix):
            self.add_error("file", reason)
        elif self.received:
            self.instance.describe(self.received)
            self.cleaned_data["file"] = attachment_files.private_name(self.received.key)
        elif self.cleaned_data.get("stored"):
            self.add_error("file", _("The file that came earlier is no longer here: choose it again."))
        elif not self.instance.file:
            self.add_error("file", _("Choose a file."))


class AttachmentRows(Rows):
    form = AttachmentForm
    accept = ACCEPT
    fields = [("title", "file", "position"), "link", "stored"]
    readonly_fields = ["link"]

    def get_fields(self, request, obj=None):
        if self.has_add_permission(request, obj) or self.has_change_permission(request, obj):
            return self.fields
        return ["title", "link"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            kwargs["widget"] = AttachmentInput(attrs={"accept": self.accept})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.broken = getattr(request, "broken_attachments", {})  # a class made for this request
        return formset

    @admin.display(description=_("attached file"))
    def link(self, attachment):
        if not attachment.pk:
            return "–"
        link = format_html('<a href="{}">{}</a> ({})', attachment.get_absolute_url(), attachment.name, attachment.facts)
        return format_html('{}<p class="scan">{}</p>', link, SCAN) if attachment.has_text is False else link


class AttachmentUploads:
    """For a ModelAdmin with AttachmentRows."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and (self.has_add_permission(request) or self.has_change_permission(request)):
            self._receive(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _receive(self, request):
        """Put a token in the place of each file that can be attached, and a reason in that of each other."""
        models = {
            inline.get_formset(request).get_default_prefix(): inline.model
            for inline in self.get_inline_instances(request)
            if isinstance(inline, AttachmentRows)
        }
        found = [match for name in request.FILES if (match := FILE_FIELD.fullmatch(name)) and match["prefix"] in models]
        post, request.broken_attachments = request.POST.copy(), {}
        for match in found:
            (file,) = request.FILES.pop(match[0])[-1:]
            try:
                post[f"{match['row']}-stored"] = attachment_files.to_token(
                    receive(file, models[match["prefix"]].examine)
                )
            except ValidationError as error:
                request.broken_attachments[match["row"]] = f"{file.name}: {' '.join(error.messages)}"
            finally:
                file.close()  # the temporary file goes with it
        request.POST = post

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if not issubclass(formset.form, AttachmentForm):
                continue
            for row in formset.forms:
                if row.has_changed() and row.received and row.received.has_text is False:
                    text = gettext("“%(name)s”: %(warning)s") % {"name": row.received.name, "warning": SCAN}
                    self.message_user(request, text, messages.WARNING)


def receive(file, examine) -> attachment_files.Stored:
    """Examine and store one upload. Raises ValidationError with the reason, also when there is no room for it."""
    if is_lost(file):
        raise ValidationError(NO_ROOM, code="no_room")
    try:
        return attachment_files.receive(file, examine)
    except OSError:
        logger.exception("an attachment cannot be stored")
        raise ValidationError(NO_ROOM, code="no_room") from None
