"""One person across all events: by name in any spelling, by e-mail, by phone."""

import re
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from events.models import EventSession
from portal.content.folding import fold

from ..models import Attendance, Look, Participant, Presence, Registration
from .pages import note_look, office_page, render_desk
from .people import matching

MOST = 100
LEAST_LETTERS = 3
LEAST_DIGITS = 5
LIKE_A_PHONE = re.compile(r"[0-9+().\s-]+")


class PersonForm(forms.Form):
    """Sent by POST: what was searched for is in no address, so in no log and no browser's history."""

    q = forms.CharField(label=_("Name, e-mail or phone"), max_length=100)

    def clean_q(self):
        text = self.cleaned_data["q"]
        found, least = (digits_of(text), LEAST_DIGITS) if is_phone(text) else (fold(text), LEAST_LETTERS)
        if len(found) < least:
            raise ValidationError(_("Type at least three letters, or five digits of a phone number."))
        return text


def is_phone(text: str) -> bool:
    return bool(LIKE_A_PHONE.fullmatch(text))


def digits_of(text: str) -> str:
    """Of a phone number; without the country's code, which one list has and another has not."""
    return re.sub(r"\D", "", text)[-9:]


@dataclass(frozen=True)
class Came:
    """How often one person of a registration came: dates of the event, of how many, and the hours counted."""

    person: Participant
    dates: int
    of: int
    hours: object


@dataclass(frozen=True)
class Found:
    registration: Registration
    people: list[Came]


@require_http_methods(["GET", "HEAD", "POST"])
@office_page()
def find(request):
    form = PersonForm(request.POST if request.method == "POST" else None)
    context = {"form": form}
    if form.is_valid():
        note_look(request, Look.SEARCH)
        found = list(search(form.cleaned_data["q"])[: MOST + 1])
        context |= {"events": by_event(found[:MOST]), "is_more": len(found) > MOST, "most": MOST}
    return render_desk(request, "admin/registration/find.html", None, _("Find a person"), context)


def search(text: str):
    sessions = Prefetch("signup__event__sessions", EventSession.objects.all())
    attendance = Prefetch("participants__attendance", Attendance.objects.select_related("session"))
    people = Registration.objects.select_related("signup__event").prefetch_related(sessions, "participants", attendance)
    if is_phone(text):
        people = people.filter(phone__regex="[^0-9]*".join(digits_of(text)))
    else:
        people = matching(people, text)
    return people.order_by("-created_at", "-pk")


def by_event(registrations: list[Registration]) -> list[tuple]:
    """(event, its registrations), the latest event first."""
    groups: dict[int, list[Found]] = {}
    for registration in registrations:
        found = Found(registration, [presence_of(person, registration) for person in registration.people])
        groups.setdefault(registration.signup_id, []).append(found)
    events = [(rows[0].registration.signup.event, rows) for rows in groups.values()]
    return sorted(events, key=lambda group: (group[0].starts_at is not None, group[0].starts_at), reverse=True)


def presence_of(person: Participant, registration: Registration) -> Came:
    attended = [row.session for row in person.attendance.all() if row.state == Presence.PRESENT]
    dates = [session for session in registration.signup.event.all_sessions if not session.is_cancelled]
    return Came(person, len(attended), len(dates), sum(session.didactic_hours or 0 for session in attended))
