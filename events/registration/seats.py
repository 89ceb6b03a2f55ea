"""Seats: the only module that gives one, takes one away or moves the waiting list.

Every act (a visitor's, a clerk's, a file's, `tick`'s) does the same three things in one transaction: it locks the
sign-up with a write, counts, and writes. The write comes first because `select_for_update()` does nothing on SQLite,
and because a count made before the lock is a count of the past. Whoever waits for the lock too long gets Busy, and
the page keeps what was typed.

Mail is written into the outbox in the same transaction; nothing is sent here.
"""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import F, Prefetch, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event, EventSession

from . import mails
from .models import (
    ACTIVE,
    TAKES_SEAT,
    Actor,
    Channel,
    Consent,
    InformationClause,
    Needs,
    Participant,
    PromotionMode,
    Reason,
    Registration,
    RegistrationStatus,
    SignUp,
    SignUpMode,
    StatusChange,
    normal_email,
)
from .told import remember_schedule

logger = logging.getLogger("portal.seats")
Status = RegistrationStatus

LOCK_TIMEOUT = "15s"  # of PostgreSQL; on SQLite it is the connection's timeout


class Refused(Exception):
    """Why an act is not possible, as a code and a sentence for the person who tried."""

    def __init__(self, code: str, message: str):
        super().__init__(code)
        self.code, self.message = code, message


class Busy(Exception):
    """So many people at once that the lock could not be had in time. Nothing was changed; trying again helps."""


class AlreadyRegistered(Exception):
    def __init__(self, registration: Registration):
        super().__init__(registration.pk)
        self.registration = registration


@dataclass(frozen=True)
class Person:
    first_name: str
    last_name: str
    institution: str = ""
    job_title: str = ""


@dataclass(frozen=True)
class Entry:
    """What a form, a clerk or a file says of one registration; `people` has one or two persons."""

    people: list[Person]
    email: str = ""
    phone: str = ""
    town: str = ""
    remarks: str = ""
    needs: dict = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)  # purpose: the words agreed to
    channel: str = Channel.WEB
    idempotency_key: uuid.UUID | None = None


@dataclass(frozen=True)
class By:
    """Who acts: the person with the link, a member of staff, or the portal itself."""

    actor: str
    user: object = None


PERSON, SYSTEM = By(Actor.PERSON), By(Actor.SYSTEM)


def staff(user) -> By:
    return By(Actor.STAFF, user)


# --- The lock ---------------------------------------------------------------------------------------------------------


@contextmanager
def locked(signup_id: int) -> Iterator[SignUp]:
    """A transaction that begins by writing the sign-up's row; yields it as it is under that lock. Raises Busy."""
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            SignUp.objects.filter(pk=signup_id).update(seq=F("seq") + 1)
            dates = EventSession.objects.select_related("institution").defer("institution__description")
            found = SignUp.objects.select_related("event").defer("event__description")
            yield found.prefetch_related(Prefetch("event__sessions", queryset=dates)).get(pk=signup_id)
    except OperationalError as error:
        if is_lock_timeout(error):
            logger.warning("no lock of sign-up %s in time: %s", signup_id, error)
            raise Busy from error
        raise


def is_lock_timeout(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in ("55P03", "40P01") or "database is locked" in str(error)


@contextmanager
def locked_registration(uid) -> Iterator[Registration]:
    """The registration, read under the lock of its sign-up after overdue holds and offers have ended."""
    signup_id = Registration.objects.filter(uid=uid).values_list("signup_id", flat=True).get()
    with locked(signup_id) as signup:
        end_overdue(signup)
        registration = signup.registrations.get(uid=uid)
        registration.signup = signup
        yield registration


def seats_taken(signup: SignUp) -> int:
    """Counted now, which is only true while the lock is held."""
    return signup.registrations.filter(status__in=TAKES_SEAT).aggregate(found=Sum("seats"))["found"] or 0


def fits(signup: SignUp, seats: int) -> bool:
    return signup.capacity is None or seats_taken(signup) + seats <= signup.capacity


# --- Signing up -------------------------------------------------------------------------------------------------------


def sign_up(signup_id: int, entry: Entry, by: By = PERSON) -> tuple[Registration, bool]:
    """Give a seat or a place on the waiting list. Returns (registration, whether it is new).

    The same `idempotency_key` again (a double click) returns the same registration. Raises AlreadyRegistered where
    the e-mail address has an active one, Refused where sign-up is not possible, Busy.
    """
    with locked(signup_id) as signup:
        if entry.idempotency_key:
            # Of this sign-up: the key of another event's form is nobody's here.
            before = signup.registrations.filter(idempotency_key=entry.idempotency_key).first()
            # A form sent anew after resigning is meant; a file read anew brings back nobody who resigned.
            if before and (before.is_active or entry.channel == Channel.IMPORT):
                return before, False
            if before:
                entry = replace(entry, idempotency_key=None)
        if by.actor == Actor.PERSON:
            refuse_if_closed(signup)
        elif signup.event.is_cancelled:
            raise Refused("cancelled", _("The event has been cancelled."))
        if len(entry.people) > signup.max_seats:
            raise Refused("seats", _("For this event people register one by one."))
        end_overdue(signup)
        promote_waiting(signup)
        if entry.email:
            known = signup.registrations.of_email(entry.email).filter(status__in=ACTIVE).first()
            if known:
                known.signup = signup
                raise AlreadyRegistered(known)
        status = status_of_newcomer(signup, entry, by)
        remember_schedule(signup)
        registration = insert(signup, entry, status, by)
        mails.received(registration)
        return registration, True


def refuse_if_closed(signup: SignUp):
    if signup.mode != SignUpMode.INTERNAL or not Event.objects.reachable().filter(pk=signup.event_id).exists():
        raise Refused("off", _("There is no sign-up for this event here."))
    window = signup.window
    if window == "soon":
        raise Refused("soon", _("Sign-up has not begun yet."))
    if window == "closed":
        raise Refused("closed", _("Sign-up is closed."))
    if window == "off":
        raise Refused("off", _("The event does not take place as planned, so nobody can sign up now."))


def status_of_newcomer(signup: SignUp, entry: Entry, by: By) -> str:
    """A seat only where it fits and nobody waits: who comes later must not overtake the queue."""
    if signup.needs_approval and by.actor == Actor.PERSON:
        return Status.PENDING
    has_queue = signup.capacity is not None and signup.registrations.waiting().exists()
    if has_queue or not fits(signup, len(entry.people)):
        if not signup.has_waiting_list:
            raise Refused("full", _("All places are taken and there is no waiting list."))
        return Status.WAITING
    return Status.HELD if signup.verifies_email and by.actor == Actor.PERSON else Status.CONFIRMED


def status_of_stranger(signup_id: int, seats: int) -> str:
    """What somebody unknown would have got just now; only to be told, so no lock."""
    signup = SignUp.objects.with_counts().get(pk=signup_id)
    if signup.needs_approval:
        return Status.PENDING
    if signup.is_full or (signup.free is not None and signup.free < seats):
        return Status.WAITING
    return Status.HELD if signup.verifies_email else Status.CONFIRMED


def insert(signup: SignUp, entry: Entry, status: str, by: By) -> Registration:
    now = timezone.now()
    registration = Registration(
        signup=signup,
        status=status,
        queue_no=signup.seq,
        seats=len(entry.people),
        email=entry.email.strip(),
        phone=entry.phone,
        town=entry.town,
        remarks=entry.remarks,
        # Whom the office enters needs no click in a mail, so it must not count as the site's.
        channel=Channel.PHONE if by.actor == Actor.STAFF and entry.channel == Channel.WEB else entry.channel,
        idempotency_key=entry.idempotency_key,
        hold_expires_at=now + timedelta(minutes=signup.hold_minutes) if status == Status.HELD else None,
        status_changed_at=now,
        clause=InformationClause.current(),
        entered_by=by.user,
    )
    registration.save(force_insert=True)
    Participant.objects.bulk_create(
        Participant(registration=registration, position=number, **vars(person))
        for number, person in enumerate(entry.people, start=1)
    )
    if any(entry.needs.values()):
        Needs.objects.create(registration=registration, **entry.needs)
    for purpose, text in entry.consents.items():
        Consent.objects.create(registration=registration, purpose=purpose, text=text)
    StatusChange.objects.create(
        registration=registration, to_status=status, reason=Reason.SIGNED_UP, actor=by.actor, user=by.user, at=now
    )
    return registration


# --- Moving between states --------------------------------------------------------------------------------------------

MOVES = {
    Status.PENDING: {Status.HELD, Status.CONFIRMED, Status.WAITING, Status.CANCELLED, Status.EXPIRED},
    Status.HELD: {Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED},
    Status.WAITING: {Status.CONFIRMED, Status.OFFERED, Status.CANCELLED, Status.EXPIRED},
    Status.OFFERED: {Status.CONFIRMED, Status.CANCELLED, Status.EXPIRED},
    Status.CONFIRMED: {Status.CANCELLED},
}


def move(registration: Registration, status: str, reason: str, by: By, **fields):
    """One step, and its line in the history. Under the lock only. Raises Refused for a step that there is not."""
    before = registration.status
    if status not in MOVES.get(before, ()):
        raise Refused("final", _("This registration cannot be changed any more."))
    registration.status = status
    registration.status_changed_at = timezone.now()
    registration.hold_expires_at = fields.get("hold_expires_at")
    registration.offer_expires_at = fields.get("offer_expires_at")
    registration.save(
        update_fields=["status", "status_changed_at", "hold_expires_at", "offer_expires_at", "updated_at"]
    )
    StatusChange.objects.create(
        registration=registration, from_status=before, to_status=status, reason=reason, actor=by.actor, user=by.user
    )


def confirm_email(uid) -> Registration:
    """The link in the mail was followed and the button pressed. Raises Refused where the hold has ended."""
    with locked_registration(uid) as registration:
        if registration.email_verified_at is None and registration.is_active:
            registration.email_verified_at = timezone.now()
            registration.save(update_fields=["email_verified_at", "updated_at"])
        if registration.status == Status.HELD:
            move(registration, Status.CONFIRMED, Reason.EMAIL_CONFIRMED, PERSON)
            mails.confirmed(registration)
        promote_waiting(registration.signup)  # who has just become promotable may be the next
        registration.refresh_from_db(fields=["status"])
    # Raised outside the lock, so that the end of the hold is kept and its seat has gone on.
    if registration.status in (Status.EXPIRED, Status.CANCELLED):
        raise Refused(registration.status, _("This registration has ended: its time to confirm is over."))
    return registration


def accept_offer(uid) -> Registration:
    with locked_registration(uid) as registration:
        if registration.status == Status.OFFERED:
            move(registration, Status.CONFIRMED, Reason.ACCEPTED, PERSON)
            mails.confirmed(registration)
        promote_waiting(registration.signup)
        registration.refresh_from_db(fields=["status"])
    if registration.status != Status.CONFIRMED:
        raise Refused(registration.status, _("The time to accept this seat is over; it went to the next person."))
    return registration


def cancel(uid, by: By, reason: str = Reason.RESIGNED) -> bool:
    """Free the seat and give it to the next person in the same transaction. False where it had ended already."""
    with locked_registration(uid) as registration:
        was_active = registration.is_active
        if was_active:
            move(registration, Status.CANCELLED, reason, by)
            mails.cancelled(registration, reason)
        promote_waiting(registration.signup)
        return was_active


def approve(uid, by: By) -> Registration:
    """The office says yes: a seat where one is free and nobody waits, else its place in the queue by arrival."""
    with locked_registration(uid) as registration:
        signup = registration.signup
        if registration.status != Status.PENDING:
            raise Refused("final", _("This registration has been decided already."))
        promote_waiting(signup)
        has_queue = signup.capacity is not None and signup.registrations.waiting().exists()
        if has_queue or not fits(signup, registration.seats):
            move(registration, Status.WAITING, Reason.APPROVED, by)
            mails.approved(registration)
            promote_waiting(signup)  # it may stand before those who wait
        elif registration.waits_for_email:
            until = timezone.now() + timedelta(minutes=signup.hold_minutes)
            move(registration, Status.HELD, Reason.APPROVED, by, hold_expires_at=until)
            mails.approved(registration)
        else:
            move(registration, Status.CONFIRMED, Reason.APPROVED, by)
            mails.confirmed(registration)
        return registration


def promote_by_hand(uid, by: By) -> Registration:
    """The office gives a free seat to somebody on the waiting list, also out of turn. Raises Refused if it is full."""
    with locked_registration(uid) as registration:
        signup = registration.signup
        if registration.status != Status.WAITING:
            raise Refused("final", _("This person does not wait for a seat."))
        if not fits(signup, registration.seats):
            raise Refused("full", _("There is no free seat. Raise the number of places first."))
        first = signup.registrations.promotable().first()
        in_turn = first is not None and first.pk == registration.pk
        move(registration, Status.CONFIRMED, Reason.PROMOTED if in_turn else Reason.PROMOTED_OUT_OF_TURN, by)
        mails.promoted(registration)
        promote_waiting(signup)
        return registration


def confirm_by_hand(uid, by: By) -> Registration:
    """The office confirms in the person's place: who has no e-mail at hand says it on the phone."""
    with locked_registration(uid) as registration:
        if registration.status not in (Status.HELD, Status.OFFERED):
            raise Refused("final", _("There is nothing to confirm here."))
        move(registration, Status.CONFIRMED, Reason.EMAIL_CONFIRMED, by)
        mails.confirmed(registration)
        return registration


def set_capacity(signup_id: int, capacity: int | None) -> SignUp:
    """Change the number of places. Nobody loses a seat; whoever can now move up does, at once."""
    with locked(signup_id) as signup:
        signup.capacity, signup.capacity_changed_at = capacity, timezone.now()
        signup.save(update_fields=["capacity", "capacity_changed_at", "updated_at"])
        end_overdue(signup)
        promote_waiting(signup)
    return SignUp.objects.with_counts().select_related("event").get(pk=signup_id)


def cancel_all(signup_id: int):
    """The event is cancelled: everybody's registration ends and everybody is told once."""
    with locked(signup_id) as signup:
        if not signup.event.is_cancelled:  # somebody took it back while we waited for the lock
            return
        for registration in signup.registrations.filter(status__in=ACTIVE).order_by("queue_no"):
            registration.signup = signup
            move(registration, Status.CANCELLED, Reason.EVENT_CANCELLED, SYSTEM)
            mails.cancelled(registration, Reason.EVENT_CANCELLED)


# --- The waiting list -------------------------------------------------------------------------------------------------


def end_overdue(signup: SignUp):
    """End holds and offers whose time is over. Called first by every act, so that no stopped `tick` keeps a seat."""
    now = timezone.now()
    overdue = signup.registrations.filter(
        Q(status=Status.HELD, hold_expires_at__lte=now) | Q(status=Status.OFFERED, offer_expires_at__lte=now)
    )
    for registration in overdue.order_by("queue_no"):
        registration.signup = signup
        if registration.status == Status.HELD:
            move(registration, Status.EXPIRED, Reason.HOLD_ENDED, SYSTEM)
        else:
            move(registration, Status.EXPIRED, Reason.OFFER_ENDED, SYSTEM)
            mails.offer_ended(registration)


def promote_waiting(signup: SignUp):
    """Give free seats to those who wait, first come first served, as far as the rules let it happen by itself."""
    if why_promotion_is_off(signup):
        return
    free = None if signup.capacity is None else signup.capacity - seats_taken(signup)
    if free is not None and free <= 0:
        return
    # Of a long queue no more rows are read than there are seats: this runs under the lock, at every act.
    for registration in signup.registrations.promotable()[:free]:
        if free is not None and registration.seats > free:
            return  # a couple waits for two seats, and nobody behind it overtakes
        registration.signup = signup
        if signup.promotion_mode == PromotionMode.OFFER:
            until = offer_ends_at(signup)
            move(registration, Status.OFFERED, Reason.OFFERED, SYSTEM, offer_expires_at=until)
            mails.offered(registration)
        else:
            move(registration, Status.CONFIRMED, Reason.PROMOTED, SYSTEM)
            mails.promoted(registration)
        if free is not None:
            free -= registration.seats


def offer_ends_at(signup: SignUp) -> datetime:
    """Never later than promotion itself: whoever is asked after that could not be told in time."""
    until = timezone.now() + timedelta(hours=signup.offer_hours)
    return min(until, signup.promotion_ends_at) if signup.promotion_ends_at else until


def why_promotion_is_off(signup: SignUp) -> str:
    """The code of what keeps this sign-up from promoting anybody by itself; empty while it does."""
    event = signup.event
    if event.is_cancelled:
        return "cancelled"
    if event.is_postponed:
        return "postponed"
    if signup.starts_at is None:
        return "no_date"
    if signup.promotion_mode == PromotionMode.MANUAL:
        return "manual"
    if timezone.now() >= signup.promotion_ends_at:
        return "cutoff"
    return ""


WHY_NOT = {
    "nobody": _("Nobody waits."),
    "cancelled": _("The event is cancelled."),
    "postponed": _("The event is postponed; when its new date is set, the waiting list moves on."),
    "no_date": _("The event has no date that takes place."),
    "manual": _("The office gives free seats itself: press “Give a seat” beside a person."),
    "cutoff": _(
        "It is too close to the start for anybody to be moved up by itself. Phone the next person, "
        "then press “Give a seat”."
    ),
    "full": _("All places are taken."),
    "exceeded": _("More places are taken than there are; somebody must resign first."),
    "zero": _("There are no places, only the waiting list."),
    "unverified": _("Nobody who waits has confirmed the e-mail address yet."),
    "couple": _("The first in the queue needs two seats and one is free. You may give it to the next person."),
}


def why_nobody_is_promoted(signup: SignUp) -> str:
    """The code, a key of WHY_NOT, of why nobody moves up just now; empty when somebody should: a fault, then."""
    if not signup.registrations.waiting().exists():
        return "nobody"
    free = None if signup.capacity is None else signup.capacity - seats_taken(signup)
    if signup.capacity == 0:
        return "zero"
    if free is not None and free < 0:
        return "exceeded"
    if free == 0:
        return "full"
    first = signup.registrations.promotable().first()
    if first is None:
        return "unverified"
    if off := why_promotion_is_off(signup):
        return off
    if free is not None and first.seats > free:
        return "couple"
    return ""


# --- What time brings -------------------------------------------------------------------------------------------------

UNVERIFIED_WAIT = timedelta(hours=48)


def settle_all() -> str:
    """End what is overdue, of cancelled events too, and move the waiting lists on. Called by `tick`."""
    now = timezone.now()
    overdue = Registration.objects.filter(
        Q(status=Status.HELD, hold_expires_at__lte=now) | Q(status=Status.OFFERED, offer_expires_at__lte=now)
    )
    # A waiting list beside free seats: a date was moved, an event taken back from "postponed", a rule changed.
    queues = Registration.objects.filter(status=Status.WAITING).order_by().values("signup")
    free = Q(capacity=None) | Q(taken__lt=F("capacity"))
    waiting = SignUp.objects.filter(pk__in=queues).not_over().with_counts().filter(free)
    cancelled = SignUp.objects.filter(event__run_state="cancelled", registrations__status__in=ACTIVE)
    for signup_id in set(cancelled.values_list("pk", flat=True)):
        cancel_all(signup_id)
    due = {*overdue.values_list("signup_id", flat=True), *waiting.values_list("pk", flat=True)}
    for signup_id in due:
        settle(signup_id)
    return f"{len(due)} sign-ups, {end_hopeless()} hopeless registrations ended"


def settle(signup_id: int):
    with locked(signup_id) as signup:
        end_overdue(signup)
        promote_waiting(signup)


def end_hopeless() -> int:
    """End what can lead to nothing: waiting unconfirmed for two days, or for an event that is over."""
    now = timezone.now()
    unseated = Registration.objects.filter(status__in=[Status.WAITING, Status.PENDING])
    unverified = unseated.filter(
        channel=Channel.WEB, email_verified_at=None, signup__verifies_email=True, created_at__lte=now - UNVERIFIED_WAIT
    )
    over = unseated.exclude(signup__event__sessions__ends_at__gt=now).filter(signup__event__sessions__isnull=False)
    ended = 0
    for found, reason in ((unverified, Reason.HOLD_ENDED), (over, Reason.EVENT_OVER)):
        for uid in found.distinct().values_list("uid", flat=True):
            with locked_registration(uid) as registration:
                if registration.status in (Status.WAITING, Status.PENDING):
                    move(registration, Status.EXPIRED, reason, SYSTEM)
                    promote_waiting(registration.signup)
                    ended += 1
    return ended


# --- Contact data -----------------------------------------------------------------------------------------------------


def change_contact(uid, *, email: str, phone: str, town: str, people: list[Person]) -> Registration:
    """Correct names and contact data. A new e-mail address makes all earlier links void and gets the new ones.

    Raises Refused where the address has a registration of its own, or this one has ended.
    """
    with locked_registration(uid) as registration:
        if not registration.is_active:
            raise Refused("final", _("This registration cannot be changed any more."))
        is_new_address = normal_email(email) != registration.email_norm
        if is_new_address:
            others = registration.signup.registrations.of_email(email).filter(status__in=ACTIVE)
            if others.exclude(pk=registration.pk).exists():
                raise Refused("email", _("The registration cannot be moved to this address."))
            registration.token_version += 1
        old_address = registration.email
        registration.email, registration.phone, registration.town = email.strip(), phone, town
        registration.save(update_fields=["email", "phone", "town", "token_version", "updated_at"])
        for participant, person in zip(registration.people, people, strict=True):
            for name, value in vars(person).items():
                setattr(participant, name, value)
            participant.save()
        if is_new_address:
            mails.address_changed(registration, old_address)
        return registration
