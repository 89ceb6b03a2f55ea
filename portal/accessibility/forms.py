"""The form by which anybody reports a barrier or asks for another form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.content.visitor_forms import EMAIL_ERROR, FreeTextField, PhoneField, PlainTextField, Trapped

from .access_requests import AccessRequest, AnswerBy, Subject

PURPOSE = "accessibility request"
ABOUT = ["subject", "place", "barrier", "wanted"]
PERSON = ["name", "answer_by", "email", "phone", "address"]
OF_THE_PERSON = ABOUT + PERSON  # what they write, and the office does not change
NEEDED = {AnswerBy.EMAIL: "email", AnswerBy.PHONE: "phone", AnswerBy.LETTER: "address"}
ASKED_FOR = {
    "email": _("Write your e-mail address, or choose another way of answering."),
    "phone": _("Write your phone number, or choose another way of answering."),
    "address": _("Write your postal address, or choose another way of answering."),
}


class AccessRequestForm(Trapped):
    subject = forms.ChoiceField(
        label=_("What is it about?"), choices=Subject.choices, widget=forms.RadioSelect, initial=Subject.BARRIER
    )
    place = PlainTextField(
        label=_("Where?"),
        max_length=300,
        help_text=_("A page or a file, or a place in a building."),
    )
    barrier = FreeTextField(
        label=_("What hinders you?"), max_length=2000,
        help_text=_("Say what does not work. Do not write about your health: we need not know it."),
    )  # fmt: skip
    wanted = FreeTextField(
        label=_("What would help?"), max_length=1000, required=False,
        help_text=_("For example large print, reading it out by phone, a meeting with an interpreter."),
    )  # fmt: skip
    name = PlainTextField(
        label=_("Your name"), max_length=150, required=False, widget=forms.TextInput({"autocomplete": "name"})
    )
    answer_by = forms.ChoiceField(
        label=_("How shall we answer?"), choices=AnswerBy.choices, widget=forms.RadioSelect, initial=AnswerBy.EMAIL
    )
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, error_messages={"invalid": EMAIL_ERROR},
        widget=forms.EmailInput({"autocomplete": "email", "spellcheck": "false"}),
    )  # fmt: skip
    phone = PhoneField(
        label=_("Phone"), max_length=30, required=False,
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    address = FreeTextField(
        label=_("Postal address"), max_length=300, required=False,
        widget=forms.Textarea({"autocomplete": "street-address", "rows": 2}),
    )  # fmt: skip

    conditional = NEEDED.values()  # one of them is needed, so none is said to be optional

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.set_traps(PURPOSE)

    def clean(self):
        cleaned = super().clean()
        needed = NEEDED.get(cleaned.get("answer_by"))
        if needed and not cleaned.get(needed) and needed not in self.errors:
            self.add_error(needed, ASKED_FOR[needed])
        if cleaned.get("subject") == Subject.ALTERNATIVE and not cleaned.get("wanted") and "wanted" not in self.errors:
            self.add_error("wanted", _("Say in which form you want it."))
        return cleaned

    def groups(self) -> list[tuple[str, list]]:
        """(legend, bound fields) for the template."""
        groups = ((_("What is not accessible"), ABOUT), (_("Answer to"), PERSON))
        return [(legend, [self[name] for name in names]) for legend, names in groups]

    def save(self) -> tuple[AccessRequest, bool]:
        """The request, and whether it is new: the same form sent twice is one."""
        values = {name: self.cleaned_data[name] for name in OF_THE_PERSON}
        return AccessRequest.objects.get_or_create(key=self.seal.key, defaults=values)
