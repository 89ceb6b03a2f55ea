"""The date of an event as a row of its form, with words for the two nights in which the clocks change."""

from datetime import datetime

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import recurrence
from .models import EventSession


class ClockField(forms.SplitDateTimeField):
    """Django calls both nights ambiguous in one breath, and takes not even the time that is saved already."""

    widget = AdminSplitDateTime
    saved = None

    def compress(self, data_list):
        try:
            return super().compress(data_list)
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
        if self.saved and timezone.make_naive(self.saved).replace(microsecond=0) == datetime.combine(*data_list):
            return self.saved
        try:
            return recurrence.at(*data_list)
        except recurrence.ComesTwice:
            raise ValidationError(
                _("This hour comes twice that night. Use “Add dates by a rule”, where you can say which you mean."),
                "comes_twice",
            ) from None


class SessionForm(forms.ModelForm):
    class Meta:
        model = EventSession
        fields = ["starts_at", "ends_at"]
        field_classes = {"starts_at": ClockField, "ends_at": ClockField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at"):
            self.fields[name].saved = getattr(self.instance, name)
