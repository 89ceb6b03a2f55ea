"""The forms of editors: nobody's text is overwritten, and the pressed button decides the status."""

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .publishing import Status


class EditingForm(forms.ModelForm):
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
                "<label><input type='checkbox' name='_overwrite' value='{}'> {}</label>",
                gettext("%(who)s saved this after you had opened it. Nothing is lost: your text is still below.")
                % {"who": who},
                gettext("Open the saved version in a new window"),
                current,
                gettext("I have compared them; replace the saved version with mine"),
            ),
            code="conflict",
        )

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
