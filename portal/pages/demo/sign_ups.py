"""The demo's sign-ups: rules for some events, and invented people who came by phone, in person and over the site."""

from itertools import count

from django.utils import timezone

from events.models import Event
from events.registration import attendance, certificates, seats
from events.registration.models import Asked, CertificateKind, Channel, Presence, Registration, SignUp
from portal.outbox.models import Message, MessageStatus

from .reading import moment, read

CHANNELS = [Channel.PHONE, Channel.IN_PERSON, Channel.EMAIL]


class People:
    """The same people at every loading: names by their number, so that no two in a row are alike."""

    def __init__(self, words: dict):
        self.words = words
        self.numbers, self.addresses = count(), count(1)

    def next(self, signup: SignUp) -> seats.Person:
        number = next(self.numbers)
        half = len(self.words["first_names"]) // 2  # first women, then men; last names in the same order
        base = (number % 2) * half
        return seats.Person(
            first_name=self.words["first_names"][base + number * 5 % half],
            last_name=self.words["last_names"][base + number * 7 // 2 % half],
            institution=self._word("institutions", number) if signup.asks_institution != Asked.NO else "",
            job_title=self._word("job_titles", number) if signup.asks_job_title != Asked.NO else "",
        )

    def _word(self, name: str, number: int) -> str:
        return self.words[name][number % len(self.words[name])]

    def entry(self, signup: SignUp, is_couple: bool) -> seats.Entry:
        people = [self.next(signup) for _person in range(2 if is_couple else 1)]
        number = next(self.addresses)
        has_address = number % 4 != 0
        return seats.Entry(
            people=people,
            email=f"osoba{number}@poczta.example" if has_address else "",
            phone=f"13 000 {number % 90 + 10} {number * 7 % 90 + 10}",
            town=self._word("towns", number) if signup.asks_town != Asked.NO else "",
            needs={"vegetarian": True} if number % 9 == 0 else {},
            channel=CHANNELS[number % 3],
        )


def load_sign_ups():
    words = read("sign_ups.json")
    people = People(words)
    for row in words["sign_ups"]:
        signup = begin(row)
        for number in range(row.get("registered", 0)):
            seats.sign_up(signup.pk, people.entry(signup, number < row.get("couples", 0)), seats.staff(None))
        if signup.needs_approval:
            leave_some_to_decide(signup)
        if row.get("certificates"):
            hold(signup, absent=row["absent"])
    # Nobody is written to: the demo's letters count as sent long ago.
    Message.objects.filter(status=MessageStatus.QUEUED).update(status=MessageStatus.SENT, sent_at=timezone.now())


def begin(row: dict) -> SignUp:
    signup = SignUp(event=Event.objects.get(slug=row["event"]), **row["rules"])
    for name in ("opens", "closes"):
        if f"{name}_in_days" in row:
            setattr(signup, f"{name}_at", moment(row[f"{name}_in_days"], "08:00"))
    signup.full_clean()
    signup.save()
    for hours in row.get("reminders", []):
        signup.reminders.create(hours_before=hours)
    return signup


def hold(signup: SignUp, absent: int):
    """As if it had taken place: all but the last few were there, and whoever was there has a certificate."""
    people = list(attendance.participants_of(signup).order_by("pk"))
    for session in attendance.sessions_of(signup):
        for number, person in enumerate(people):
            is_there = number < len(people) - absent
            attendance.mark(person, session, Presence.PRESENT if is_there else Presence.ABSENT, None)
    certificates.issue_to_all(signup, CertificateKind.ATTENDANCE, None)


def leave_some_to_decide(signup: SignUp):
    """The last two as if they had come over the site and waited for the office's decision."""
    for registration in signup.registrations.order_by("-queue_no")[:2]:
        Registration.objects.filter(pk=registration.pk).update(status="pending")
        registration.history.update(to_status="pending", actor="person")
