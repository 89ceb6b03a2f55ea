"""The forms of a registration: the visitor's, the clerk's, and the person's own correction."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.content.personal_data import refuse_pesel
from portal.content.visitor_forms import EMAIL_ERROR, PhoneField, PlainTextField, Trapped, refuse_control_characters

from .models import Asked, Channel, Needs, Purpose, SignUp
from .seats import Entry, Person

CONSENT_WORDS = {
    Purpose.PHOTO: _("I agree that a close-up photo of me taken at this event is published on this site."),
    Purpose.INVITATIONS: _("I want invitations to further events at this e-mail address."),
}


LAST = ("remarks", "needs", "needs_other", "consents")  # after the people, in this order


def person_fields(signup: SignUp, *, prefix: str = "", is_required: bool = True) -> dict[str, forms.Field]:
    """Names and, where the clerk asks for them, institution and post; `prefix` "second_" is the other of a couple."""
    token = "" if prefix else "given-name family-name organization organization-title"
    tokens = dict(zip(("first_name", "last_name", "institution", "job_title"), token.split(), strict=False))

    def field(name: str, label: str, longest: int, required: bool) -> PlainTextField:
        attributes = {"autocomplete": tokens.get(name, "off")}
        return PlainTextField(label=label, max_length=longest, required=required, widget=forms.TextInput(attributes))

    fields = {
        "first_name": field("first_name", _("First name"), 60, is_required),
        "last_name": field("last_name", _("Last name"), 80, is_required),
    }
    for name, label, longest in (("institution", _("Institution"), 200), ("job_title", _("Post"), 120)):
        if asked := signup.questions.get(name):
            fields[name] = field(name, label, longest, is_required and asked == Asked.REQUIRED)
    return {f"{prefix}{name}": found for name, found in fields.items()}


def contact_fields(signup: SignUp, *, is_email_required: bool) -> dict[str, forms.Field]:
    fields = {
        "email": forms.EmailField(
            label=_("E-mail"),
            max_length=254,
            required=is_email_required,
            widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
            error_messages={"invalid": EMAIL_ERROR},
        )
    }
    questions = signup.questions
    if asked := questions.get("phone"):
        fields["phone"] = PhoneField(
            label=_("Phone"), max_length=30, required=asked == Asked.REQUIRED,
            widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        )  # fmt: skip
    if asked := questions.get("town"):
        fields["town"] = PlainTextField(
            label=_("Town"), max_length=100, required=asked == Asked.REQUIRED,
            widget=forms.TextInput({"autocomplete": "address-level2"}),
        )  # fmt: skip
    return fields


class PeopleForm(forms.Form):
    """Fields of people and contact as the sign-up asks for them; `people()` makes one or two persons of them."""

    required_css_class = "is-required"

    def __init__(self, signup: SignUp, *args, is_email_required: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        self.signup = signup
        self.fields |= person_fields(signup)
        self.fields |= contact_fields(signup, is_email_required=is_email_required)
        if signup.max_seats == 2:
            self.fields |= person_fields(signup, prefix="second_", is_required=False)

    def clean(self):
        cleaned = super().clean()
        self._require_whole_second_person(cleaned)
        return cleaned

    def _require_whole_second_person(self, cleaned: dict):
        names = [name for name in self.fields if name.startswith("second_")]
        if not any(cleaned.get(name) for name in names):
            return
        for name in names:
            asked = self.signup.questions.get(name.removeprefix("second_"), Asked.REQUIRED)
            if not cleaned.get(name) and name not in self.errors and asked == Asked.REQUIRED:
                self.add_error(name, _("Fill this in too, or leave all fields of the second person empty."))

    def people(self) -> list[Person]:
        first = self._person("")
        second = self._person("second_")
        return [first, second] if second.last_name else [first]

    def _person(self, prefix: str) -> Person:
        names = ("first_name", "last_name", "institution", "job_title")
        return Person(**{name: self.cleaned_data.get(f"{prefix}{name}", "") for name in names})

    def groups(self) -> list[tuple[str, list]]:
        """(legend, bound fields) for the template, in the order in which people fill them in."""
        second = [field for field in self if field.name.startswith("second_")]
        first = [f for f in self if f not in second and not f.is_hidden and f.name not in (*LAST, "website")]
        rest = [self[name] for name in LAST if name in self.fields]
        return [group for group in (
            (_("About you"), first),
            (_("The second person – only if you come as a couple"), second),
            (_("What we should know"), rest),
        ) if group[1]]  # fmt: skip


class EntryForm(PeopleForm):
    """A whole new registration."""

    def __init__(self, signup: SignUp, *args, **kwargs):
        super().__init__(signup, *args, **kwargs)
        if asked := signup.questions.get("remarks"):
            self.fields["remarks"] = forms.CharField(
                label=_("Remarks"), max_length=1000, required=asked == Asked.REQUIRED,
                widget=forms.Textarea({"rows": 3}), validators=[refuse_control_characters, refuse_pesel],
            )  # fmt: skip
        if signup.asks_needs:
            self.fields["needs"] = forms.MultipleChoiceField(
                label=_("Do you need anything to take part?"),
                choices=[(name, _capital(Needs._meta.get_field(name).verbose_name)) for name in Needs.CHOICES],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("Please write no diagnosis. We delete this soon after the event."),
            )
            self.fields["needs_other"] = PlainTextField(
                label=pgettext_lazy("needs", "Something else"), max_length=300, required=False
            )
        if purposes := self.purposes():
            self.fields["consents"] = forms.MultipleChoiceField(
                label=_("If you like"),
                choices=[(purpose, CONSENT_WORDS[purpose]) for purpose in purposes],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=_("It does not matter for your place. You can withdraw it on the page of your registration."),
            )

    def purposes(self) -> list[str]:
        asked = [
            (Purpose.PHOTO, self.signup.asks_photo_consent),
            (Purpose.INVITATIONS, self.signup.asks_invitation_consent),
        ]
        return [purpose for purpose, is_asked in asked if is_asked]

    def entry(self, **fields) -> Entry:
        cleaned = self.cleaned_data
        needs = dict.fromkeys(cleaned.get("needs", []), True)
        return Entry(
            people=self.people(),
            email=cleaned.get("email", ""),
            phone=cleaned.get("phone", ""),
            town=cleaned.get("town", ""),
            remarks=cleaned.get("remarks", ""),
            needs={**needs, "other": cleaned.get("needs_other", "")},
            consents={purpose: str(CONSENT_WORDS[purpose]) for purpose in cleaned.get("consents", [])},
            **fields,
        )


def _capital(text) -> str:
    return str(text)[:1].upper() + str(text)[1:]


class VisitorForm(Trapped, EntryForm):
    """The same, sent by somebody whom nobody knows."""

    def __init__(self, signup: SignUp, *args, **kwargs):
        super().__init__(signup, *args, **kwargs)
        self.set_traps(subject(signup))


def subject(signup: SignUp) -> str:
    return f"sign-up {signup.pk}"


class ClerkForm(EntryForm):
    """Somebody who phones or stands at the desk; an e-mail address is not needed."""

    channel = forms.ChoiceField(
        label=_("How did they sign up"),
        choices=[(Channel.PHONE, _("phone")), (Channel.IN_PERSON, _("in person")), (Channel.EMAIL, _("e-mail"))],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, signup: SignUp, *args, **kwargs):
        super().__init__(signup, *args, is_email_required=False, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the browser knows the clerk's own data
        for name in ("phone", "town", "institution", "job_title", "remarks"):
            if name in self.fields:
                self.fields[name].required = False
        self.fields.pop("consents", None)  # only the person can give them
        self.fields["first_name"].widget.attrs["autofocus"] = True
        self.order_fields([*(name for name in self.fields if name not in ("channel", *LAST)), "channel", *LAST])


class ContactForm(PeopleForm):
    """The person's own correction: as many people as there are seats."""

    def __init__(self, registration, *args, **kwargs):
        self.registration = registration
        super().__init__(registration.signup, *args, initial=_known(registration), **kwargs)
        if registration.seats == 1:
            for name in [name for name in self.fields if name.startswith("second_")]:
                del self.fields[name]
        else:
            self.fields["second_first_name"].required = self.fields["second_last_name"].required = True
        # A person whom the office entered may have no address, and need not get one now.
        self.fields["email"].required = bool(registration.email)


def _known(registration) -> dict[str, str]:
    known = {"email": registration.email, "phone": registration.phone, "town": registration.town}
    for participant, prefix in zip(registration.people, ("", "second_"), strict=False):
        for name in ("first_name", "last_name", "institution", "job_title"):
            known[f"{prefix}{name}"] = getattr(participant, name)
    return known
