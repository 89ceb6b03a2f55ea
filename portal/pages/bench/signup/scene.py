"""What a case begins with: an event with its sign-up, people registered before, and what visitors and staff send."""

import uuid
from collections import Counter
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from events.registration import links, seats
from events.registration.models import Reason, Registration, RegistrationStatus, SignUp, StatusChange
from institutions.models import Office
from portal.accounts import scripted
from portal.content.publishing import Status
from portal.outbox.models import Message, MessageStatus

numbers = count(1)
CSRF = "a" * 32  # in the cookie and in the form; Django compares the two


def open_office():
    office = Office(name="Powiatowe Centrum Pomocy Rodzinie", site_name="PCPR w Jarzębinie")
    office.email = "pcpr@jarzebin.example"
    office.save()


def open_signup(*, starts_in=timedelta(days=10), **rules) -> SignUp:
    """Twenty places, no confirmation by e-mail, in ten days."""
    event = Event.objects.create(
        title=f"Szkolenie {next(numbers)}", status=Status.PUBLISHED, publish_at=timezone.now() - timedelta(days=1)
    )
    starts_at = timezone.now() + starts_in
    event.sessions.create(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))
    return SignUp.objects.create(event=event, **{"capacity": 20, "verifies_email": False} | rules)


def address_of_person() -> str:
    return f"osoba{next(numbers)}@poczta.example"


def register(signup: SignUp, number: int, by: seats.By = seats.PERSON) -> list[Registration]:
    """So many people, one after another."""
    return [seats.sign_up(signup.pk, entry(), by)[0] for _number in range(number)]


def entry() -> seats.Entry:
    return seats.Entry(people=[seats.Person("Anna", "Lipowa")], email=address_of_person())


# --- What visitors send -----------------------------------------------------------------------------------------------


def signing_up(signup: SignUp, email: str = "", partner: bool = False, **how) -> dict:
    fields = {"first_name": "Anna", "last_name": "Lipowa", "email": email or address_of_person(), "website": ""}
    if partner:
        fields |= {"second_first_name": "Jan", "second_last_name": "Lipowy"}
    path = reverse("events:registration:form", args=[signup.event.slug])
    return {"path": path, "form": path, "fields": fields, **how}


def sign_ups(signup: SignUp, number: int) -> list[dict]:
    return [signing_up(signup) for _number in range(number)]


def looking(registration: Registration, name: str, purpose: str = "") -> dict:
    return {"path": reverse(f"events:registration:{name}", args=[links.token(registration, purpose or name)])}


def resigning(registration: Registration) -> dict:
    return {**looking(registration, "resign", "own"), "fields": {}}


def confirming(registration: Registration) -> dict:
    return {**looking(registration, "confirm"), "fields": {}}


def accepting(registration: Registration) -> dict:
    return {**looking(registration, "accept"), "fields": {}}


# --- What staff send --------------------------------------------------------------------------------------------------


class Clerk:
    """Somebody who is signed in and sends the forms of the desk."""

    def __init__(self):
        self.user = get_user_model().objects.create_superuser(f"urzednik{next(numbers)}")
        client = Client()
        scripted.sign_in(client, self.user)
        cookies = {name: cookie.value for name, cookie in client.cookies.items()} | {"csrftoken": CSRF}
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def looks_at(self, name: str, **query) -> dict:
        return {"path": f"{reverse(name)}?{urlencode(query)}", "headers": self.headers}

    def sends(self, page: str, signup: SignUp, *args, **fields) -> dict:
        path = reverse(f"admin:registration_desk_{page}", args=[signup.pk, *args])
        return {"path": path, "fields": {"csrfmiddlewaretoken": CSRF, **fields}, "headers": self.headers}

    def sets_capacity(self, signup: SignUp, capacity: int | None) -> dict:
        return self.sends("capacity", signup, capacity="" if capacity is None else capacity)

    def enters(self, signup: SignUp) -> dict:
        """Somebody who phoned and has no e-mail address."""
        names = {"first_name": "Maria", "last_name": f"Kowal {next(numbers)}"}
        return self.sends("add", signup, **names, channel="phone", key=str(uuid.uuid4()))

    def imports(self, signup: SignUp) -> dict:
        return self.sends("import", signup, text=f"imie;nazwisko;email\nJan;Sosnowy;{address_of_person()}", save="1")

    def gives_seat(self, registration: Registration) -> dict:
        return self.sends("act", registration.signup, registration.uid, act="promote")


# --- What stands in the database --------------------------------------------------------------------------------------


def statuses(signup: SignUp) -> Counter:
    return Counter(signup.registrations.values_list("status", flat=True))


def taken(signup: SignUp) -> int:
    return signup.registrations.with_seat().aggregate(found=Sum("seats"))["found"] or 0


def letters_of(signup: SignUp):
    return Message.objects.filter(object_id__in=signup.registrations.values("pk"), content_type__model="registration")


def all_sent(signup: SignUp) -> bool:
    return not letters_of(signup).exclude(status=MessageStatus.SENT).exists()


def no_letter_waits() -> bool:
    return not Message.objects.exclude(status=MessageStatus.SENT).exists()


def message_ids() -> set[str]:
    return {message.message_id for message in Message.objects.only("uid")}


def leave_earlier_letters():
    """Those of earlier cases count as sent, so that this one has the mail server for itself."""
    Message.objects.update(status=MessageStatus.SENT)


def letter_count(signup: SignUp, kind: str) -> int:
    return letters_of(signup).filter(kind=kind).count()


def promoted(signup: SignUp) -> list[int]:
    """Numbers in the queue of those who have moved up, in the order of moving."""
    moves = StatusChange.objects.filter(registration__signup=signup, reason=Reason.PROMOTED)
    return list(moves.order_by("pk").values_list("registration__queue_no", flat=True))


def queue_numbers(registrations) -> list[int]:
    return [registration.queue_no for registration in registrations]


def status_of(registration: Registration) -> str:
    return Registration.objects.values_list("status", flat=True).get(pk=registration.pk)


def let_holds_end(registrations) -> int:
    past = timezone.now() - timedelta(minutes=1)
    return registrations.filter(status=RegistrationStatus.HELD).update(hold_expires_at=past)
