"""A message of the clerk's own to all registered people or to some: written, looked at, then sent."""

import re
import uuid

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from .. import mails
from ..forms import refuse_control_characters
from ..models import ACTIVE, Look, RegistrationStatus, SignUp
from .pages import desk_page, desk_url, note_look, render_desk

# In portions, because on SQLite everybody who signs up waits meanwhile. Stopped in between, nothing is lost: pressing
# the button again writes to the rest.
AT_ONCE = 50


class MessageForm(forms.Form):
    states = forms.MultipleChoiceField(
        label=_("To whom"),
        choices=[(value, label) for value, label in RegistrationStatus.choices if value in ACTIVE],
        initial=list(ACTIVE),
        widget=forms.CheckboxSelectMultiple,
    )
    subject = forms.CharField(label=_("Subject"), max_length=200, validators=[refuse_control_characters])
    text = forms.CharField(
        label=_("Text"),
        max_length=5000,
        validators=[refuse_control_characters],
        help_text=_("An empty line begins a new paragraph. The greeting is added, and so are the facts of the event."),
        widget=forms.Textarea({"rows": 10}),
    )
    number = forms.UUIDField(widget=forms.HiddenInput)

    def clean_text(self):
        return re.sub(r"\n\s*\n", "\n\n", self.cleaned_data["text"].replace("\r\n", "\n"))

    def paragraphs(self) -> list[str]:
        return self.cleaned_data["text"].split("\n\n")

    def message_number(self) -> str:
        """Of this form and what stands in it: a double press sends nothing anew, a corrected text goes out."""
        cleaned = self.cleaned_data
        return uuid.uuid5(cleaned["number"], f"{cleaned['subject']}\n{cleaned['text']}").hex


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page("message_people")
def message(request, signup: SignUp):
    if request.method != "POST":
        return show(request, signup, MessageForm(initial={"number": uuid.uuid4()}))
    form = MessageForm(request.POST)
    if not form.is_valid() or "edit" in request.POST:
        return show(request, signup, form)
    chosen = signup.registrations.filter(status__in=form.cleaned_data["states"])
    recipients = chosen.exclude(email="").order_by("queue_no")
    if "send" not in request.POST or not recipients.exists():
        note_look(request, Look.LIST, signup)
        unreachable = chosen.filter(email="").prefetch_related("participants").order_by("queue_no")
        return show(request, signup, form, recipients=recipients, unreachable=unreachable)
    written = write_to(recipients, signup, form)
    if written:
        log_message(request, signup, written)
        words = ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", written)
        messages.success(request, words % {"count": written})
    else:
        messages.info(request, _("This message had been sent already; nobody gets it twice."))
    return HttpResponseRedirect(desk_url("message", signup))


def show(request, signup: SignUp, form: MessageForm, **preview):
    template = "message_preview" if preview else "message"
    context = {"form": form, **preview}
    return render_desk(request, f"admin/registration/{template}.html", signup, _("Write to people"), context)


def write_to(recipients, signup: SignUp, form: MessageForm) -> int:
    """The number of letters that are new."""
    people, written = list(recipients), 0
    for start in range(0, len(people), AT_ONCE):
        with transaction.atomic():
            for registration in people[start : start + AT_ONCE]:
                registration.signup = signup
                written += mails.from_office(
                    registration, form.cleaned_data["subject"], form.cleaned_data["text"], form.message_number()
                )
    return written


def log_message(request, signup: SignUp, count: int):
    """That it was written, and to how many; never the text, which may name somebody."""
    words = [{"changed": {"fields": [str(_("message to people: %(count)d") % {"count": count})]}}]
    LogEntry.objects.log_actions(request.user.pk, [signup], CHANGE, words, single_object=True)
