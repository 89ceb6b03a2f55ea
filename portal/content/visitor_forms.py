"""What visitors' forms share: fields as people fill them in, and against robots two things instead of a riddle."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from . import stamps
from .personal_data import refuse_pesel

PHONE = re.compile(r"\+?[0-9]{6,15}(w[0-9]{1,6})?")
EMAIL_ERROR = _("Write the address as name@example.pl, without Polish letters before the @ sign.")


def refuse_control_characters(text: str):
    if any(unicodedata.category(char) in ("Cc", "Cs", "Cn") and char not in "\n\r\t" for char in text):
        raise ValidationError(_("There are characters here that cannot be printed. Please type the text anew."))


class PlainTextField(forms.CharField):
    """One line as people type or paste it: spaces evened out, no PESEL, nothing unprintable."""

    default_validators = [refuse_control_characters, refuse_pesel]

    def to_python(self, value):
        return re.sub(r"\s+", " ", super().to_python(value)).strip()


class FreeTextField(forms.CharField):
    """Several lines of it."""

    default_validators = [refuse_control_characters, refuse_pesel]
    widget = forms.Textarea(attrs={"rows": 3})


class PhoneField(PlainTextField):
    def clean(self, value):
        value = super().clean(value)
        if value and not PHONE.fullmatch(re.sub(r"(?i)wew\.?|ext\.?", "w", re.sub(r"[\s().-]", "", value))):
            raise ValidationError(_("Write the number with digits, for example 13 000 10 20 or +48 600 000 000."))
        return value


class Trapped(forms.Form):
    """A field that people do not see, and a signed time. Call `set_traps()` once the fields are there."""

    website = forms.CharField(
        label=_("Leave this field empty"), required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def set_traps(self, purpose: str):
        self.purpose = purpose
        self.initial["stamp"] = stamps.make(purpose)

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field is for robots. Please empty it and send the form again."))
        return ""

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        self.seal = stamps.read(cleaned.get("stamp", ""), self.purpose)
        if self.seal is None:
            # A new one is put into the form that is shown, so that sending it again works.
            self.data = self.data.copy()
            self.data["stamp"] = stamps.make(self.purpose)
            self.add_error(None, _("We could not check when this form was opened. Please press the button again."))
        elif self.seal.is_too_fast and not self.errors:
            self.add_error(None, _("That was faster than anybody types. Please press the button again."))
        return cleaned

    @property
    def is_trapped(self) -> bool:
        """Whether the hidden field was filled in, so that it must be shown."""
        return "website" in self.errors
