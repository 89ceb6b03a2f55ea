"""The forms of editors: nobody's text is overwritten, and the pressed button decides the status."""

from datetime import datetime

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import richtext
from .publishing import Status
from .writing.forms import WrittenForm


class EditingForm(WrittenForm):
    """Refuses to overwrite what somebody else saved after this form was opened."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self._version(self.instance.updated_at) if self.instance.pk else ""

    def clean(self):
        super().clean()
        if not self.instance.pk:
            return
        # Locked, so that of two who save in the same moment the second sees what the first has done.
        rows = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk)
        current = self._version(rows.values_list("updated_at", flat=True).get())
        if current not in (self.cleaned_data.get("version"), self.data.get("_overwrite")):
            self.add_error(None, self._conflict(current))

    def _conflict(self, current: str) -> ValidationError:
        content_type = ContentType.objects.get_for_model(self.instance)
        last = (
            LogEntry.objects.filter(content_type=content_type, object_id=str(self.instance.pk))
            .select_related("user")
            .first()
        )
        who = last.user.get_full_name() or last.user.get_username() if last else gettext("Somebody")
        return ValidationError(
            format_html(
                "{} <a href='' target='_blank' rel='noopener'>{}</a> "
                "<label><input type='checkbox' name='_overwrite' value='{}'> {}</label>"
                "{}",
                gettext("%(who)s saved this after you had opened it. Nothing is lost: your text is still below.")
                % {"who": who},
                gettext("Open the saved version in a new window"),
                current,
                gettext("I have compared them; replace the saved version with mine"),
                self._saved_beside_own(),
            ),
            code="conflict",
        )

    def _saved_beside_own(self) -> str:
        differences = self._saved_differences()
        if not differences:  # Only in rows, which the saved version in the new window shows.
            return ""
        return format_html(
            "<details open><summary>{}</summary><dl class='saved-version'>{}</dl></details>",
            gettext("What is saved now, where it differs from your text"),
            format_html_join("", "<dt>{}</dt><dd>{}</dd>", differences),
        )

    def _saved_differences(self) -> list[tuple[str, str]]:
        """(label, saved value in words) of the fields in which the saved version is not the one below.

        `initial` holds the row as it was read for this request, with what the other person saved.
        """
        kept = [
            name
            for name in self.changed_data
            if name != "version" and not self.fields[name].widget.needs_multipart_form
        ]
        pairs = [(name, self._in_words(name, self.initial.get(name))) for name in kept]
        # In words again, because a time kept to the microsecond counts as changed by the form that shows minutes.
        return [
            (self.fields[name].label, saved)
            for name, saved in pairs
            if name in self.errors or saved != self._in_words(name, self.cleaned_data.get(name))
        ]

    def _in_words(self, name: str, value) -> str:
        field = self.fields[name]
        if isinstance(field, richtext.RichTextFormField):
            value = richtext.plain_text(value)
        elif choices := getattr(field, "choices", None):
            value = field.prepare_value(value)
            chosen = {str(item) for item in (value if isinstance(value, list) else [value])}
            value = ", ".join(str(label) for key, label in choices if str(key) in chosen)
        elif isinstance(value, bool):
            value = gettext("yes") if value else gettext("no")
        elif isinstance(value, datetime):
            value = date_format(timezone.localtime(value), "j E Y, G:i")
        return str(value) if value not in (None, "") else gettext("(empty)")

    @staticmethod
    def _version(moment) -> str:
        return moment.isoformat()


class PublishableForm(EditingForm):
    """The pressed button decides the status (see PublishableAdmin)."""

    wanted_status: str | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved_status = self.instance.status

    def clean(self):
        super().clean()
        if self.wanted_status:
            self.instance.status = self.wanted_status
        expire_at = self.cleaned_data.get("expire_at")
        begins_at = self.cleaned_data.get("publish_at") or (
            timezone.now() if self.instance.status == Status.PUBLISHED else None
        )
        if expire_at and begins_at and expire_at <= begins_at:
            self.add_error("expire_at", _("The end of visibility must come after the publication."))
