from django import forms
from django.contrib.auth.forms import PasswordResetForm, SetUnusablePasswordMixin, UserChangeForm, UserCreationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.content.writing.forms import WithoutPrivateNumbers

from . import letters, second_factor

CODE_LENGTHS = (second_factor.CODE_DIGITS, second_factor.RECOVERY_DIGITS)


def code_field(label):
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs=attributes))


def digits_of(typed: str, lengths: tuple[int, ...]) -> str:
    """What is left of "123 456" or "1234-5678-9012"; ValidationError where it cannot be a code."""
    digits = "".join(letter for letter in typed if not letter.isspace() and letter not in "-–")
    if digits.isascii() and digits.isdigit() and len(digits) in lengths:
        return digits
    if lengths == CODE_LENGTHS:
        raise ValidationError(_("A code from the phone has 6 digits, a recovery code 12."))
    raise ValidationError(_("The code has 6 digits."))


class CodeForm(forms.Form):
    """Whoever has given the password gives a code; `device` afterwards is what it came from."""

    code = code_field(_("Code"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.device = None

    def clean_code(self):
        digits = digits_of(self.cleaned_data["code"], CODE_LENGTHS)
        if wait := second_factor.seconds_to_wait(self.user, digits):
            raise ValidationError(self._with_pause(gettext("This code was not looked at."), wait))
        self.device = second_factor.verify(self.user, digits)
        if self.device is not None:
            return digits
        if len(digits) == second_factor.RECOVERY_DIGITS:
            reason = gettext("This recovery code is wrong, or was used before.")
        else:
            reason = gettext("This code is wrong. Each works once: wait for the next one on the phone.")
        raise ValidationError(self._with_pause(reason, second_factor.seconds_to_wait(self.user, digits)))

    @staticmethod
    def _with_pause(reason: str, wait: int) -> str:
        """`reason`, and for how many seconds nothing can be tried."""
        if not wait:
            return reason
        pause = ngettext(
            "The next attempt is possible in %(n)d second.", "The next attempt is possible in %(n)d seconds.", wait
        )
        return f"{reason} {pause % {'n': wait}}"


class PhoneForm(forms.Form):
    """The code with which a phone proves that it knows the key; `password` where another phone is replaced."""

    code = code_field(_("Code from the application"))

    def clean_code(self):
        return digits_of(self.cleaned_data["code"], (second_factor.CODE_DIGITS,))


class PasswordForm(forms.Form):
    """Asked before the second factor is changed: the computer may have been left alone for a moment."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self):
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("This is not your password."))
        return ""


class ForgottenPasswordForm(PasswordResetForm):
    """Says the same whether there is such an account or not."""

    def save(self, **kwargs):
        for user in self.get_users(self.cleaned_data["email"]):
            letters.send_new_password_link(user)

    def get_users(self, email):
        """Also those who never used their invitation. Django's own wants a password that works."""
        return User.objects.filter(email__iexact=email, is_active=True, is_staff=True)


class AccountForm(WithoutPrivateNumbers, UserChangeForm):
    pass


class NewAccountForm(WithoutPrivateNumbers, SetUnusablePasswordMixin, UserCreationForm):
    """By an invitation, or with a password that the administrator hands over."""

    usable_password = SetUnusablePasswordMixin.create_usable_password_field()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        way = self.fields["usable_password"]
        way.label = gettext("How does this person get in")
        way.choices = [
            ("false", gettext("By an invitation sent to the e-mail address")),
            ("true", gettext("With a password that I hand over")),
        ]
        way.initial, way.help_text = "false", ""
        for name in ("password1", "password2"):
            self.fields[name].required = False

    @property
    def is_invitation(self) -> bool:
        return not self.cleaned_data["set_usable_password"]

    def clean(self):
        cleaned = super().clean()
        if self.is_invitation and not self.cleaned_data.get("email") and "email" not in self.errors:
            self.add_error("email", ValidationError(_("Where is the invitation to be sent?")))
        return cleaned
