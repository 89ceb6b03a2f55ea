"""One person's rights (art. 15 and 17 RODO): a copy of everything about them, and its erasure."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.outbox.models import Message

from . import seats
from .models import Erasure, Reason, Registration
from .retention import anonymise


class HeldBack(Exception):
    """Why somebody cannot be erased now: `events` are under a legal hold."""

    def __init__(self, events: list[str]):
        super().__init__(events)
        self.message = _("There is a legal hold on: %(events)s.") % {"events": ", ".join(events)}


def of_same_person(registration: Registration):
    """All registrations under the same e-mail address; without one, this alone."""
    if not registration.email_norm:
        return Registration.objects.filter(pk=registration.pk)
    return Registration.objects.of_email(registration.email_norm)


def everything_about(registrations) -> list[dict]:
    """As plain data, for a file that the person can read."""
    rows = registrations.select_related("signup__event", "needs", "clause").prefetch_related(
        "participants__attendance__session", "participants__certificates", "consents", "history"
    )
    return [one_registration(row) for row in rows.order_by("pk")]


def one_registration(row: Registration) -> dict:
    return {
        "wydarzenie": row.signup.event.title,
        "stan": str(row.get_status_display()),
        "numer": row.queue_no,
        "zapisano": row.created_at.isoformat(),
        "sposób zapisu": str(row.get_channel_display()),
        "klauzula informacyjna": str(row.clause or ""),
        "e-mail": row.email,
        "telefon": row.phone,
        "miejscowość": row.town,
        "uwagi": row.remarks,
        "uczestnicy": [one_participant(person) for person in row.people],
        "potrzeby": row.needs.in_words() if hasattr(row, "needs") else "",
        "zgody": [
            {"treść": consent.text, "udzielono": str(consent.given_at), "wycofano": str(consent.withdrawn_at or "")}
            for consent in row.consents.all()
        ],
        "historia": [
            {"kiedy": change.at.isoformat(), "stan": str(change.get_to_status_display()),
             "powód": str(change.get_reason_display())}
            for change in row.history.all()
        ],
        "wiadomości": [
            {"kiedy": letter.created_at.isoformat(), "temat": letter.subject, "treść": letter.text}
            for letter in Message.objects.about(row).order_by("pk")
        ],
    }  # fmt: skip


def one_participant(person) -> dict:
    return {
        "imię": person.first_name,
        "nazwisko": person.last_name,
        "instytucja": person.institution,
        "stanowisko": person.job_title,
        "obecność": [f"{mark.session}: {mark.get_state_display()}" for mark in person.attendance.all()],
        "zaświadczenia": [certificate.number for certificate in person.certificates.all()],
    }


def erase(registrations, user) -> Erasure:
    """Cancel what is active, empty everything at once whatever its period, and remember which rows. Raises HeldBack."""
    rows = list(registrations.select_related("signup__event"))
    if held := sorted({row.signup.event.title for row in rows if row.signup.legal_hold}):
        raise HeldBack(held)
    for row in rows:
        seats.cancel(row.uid, seats.staff(user), Reason.ERASED)
    with transaction.atomic():
        anonymise([row.pk for row in rows])
        return Erasure.objects.create(by=user, registrations=[str(row.uid) for row in rows])


def replay(also: Iterable[str] = ()) -> int:
    """Erase again whom the register names, and `also` (uids): a backup that was put back knows them still.

    Returns how many rows.
    """
    uids = {uid for erasure in Erasure.objects.all() for uid in erasure.registrations}
    lost = set(also) - uids
    rows = Registration.objects.filter(uid__in=uids | lost, anonymised_at=None)
    keys = list(rows.values_list("pk", flat=True))
    for uid in rows.values_list("uid", flat=True):
        seats.cancel(uid, seats.SYSTEM, Reason.ERASED)
    anonymise(keys)
    if lost:
        Erasure.objects.create(registrations=sorted(lost))
    return len(keys)
