"""Is everything right with seats, queues and letters? Asked by `manage.py events_check`, nightly or after an accident.

Nothing is repaired here: a fault means that something went past seats.py. What looks wrong is looked at once more
under the lock, so that a transaction still on its way is no fault.
"""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from portal.outbox.models import Message

from . import mails, seats
from .models import TAKES_SEAT, Reason, Registration, SignUp, StatusChange

PROMOTIONS = {
    Reason.PROMOTED: "promoted",
    Reason.PROMOTED_OUT_OF_TURN: "promoted",
    Reason.OFFERED: "offered",
}  # the kind of letter that tells of it


def faults() -> Iterator[tuple[SignUp, str]]:
    """(sign-up, what is wrong with it in words), event by event; memory does not grow with their number."""
    for signup_id in SignUp.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
        signup = SignUp.objects.select_related("event").get(pk=signup_id)
        if any(faults_of(signup)):
            with seats.locked(signup_id) as signup:
                for fault in list(faults_of(signup)):
                    yield signup, fault


def faults_of(signup: SignUp) -> Iterator[str]:
    yield from too_many_seats(signup)
    yield from somebody_forgotten(signup)
    yield from queue_numbers_twice(signup)
    yield from people_without_seats(signup)
    yield from states_without_history(signup)
    yield from promotions_without_letter(signup)
    yield from letters_without_promotion(signup)


def too_many_seats(signup: SignUp) -> Iterator[str]:
    """Fewer places than people is the office's right; giving a seat afterwards, while there are too many, is not."""
    taken = seats.seats_taken(signup)
    if signup.capacity is None or taken <= signup.capacity:
        return
    given = StatusChange.objects.filter(
        registration__signup=signup, to_status__in=TAKES_SEAT, at__gt=signup.capacity_changed_at
    ).exclude(from_status__in=TAKES_SEAT)
    if given.exists():
        yield _("%(taken)d places are taken of %(capacity)d.") % {"taken": taken, "capacity": signup.capacity}


def somebody_forgotten(signup: SignUp) -> Iterator[str]:
    if seats.why_nobody_is_promoted(signup) == "" and not signup.event.is_past:
        first = signup.registrations.promotable().first()
        yield _("Registration no. %(number)s waits beside a free place.") % {"number": first.queue_no}


def queue_numbers_twice(signup: SignUp) -> Iterator[str]:
    numbers = signup.registrations.order_by().values("queue_no").annotate(times=Count("pk")).filter(times__gt=1)
    for row in numbers:
        yield _("The number %(number)s in the queue was given twice.") % {"number": row["queue_no"]}
    for registration in signup.registrations.filter(queue_no__gt=signup.seq):
        yield _("Registration no. %(number)s has a number that was never given.") % {"number": registration.queue_no}


def people_without_seats(signup: SignUp) -> Iterator[str]:
    counted = signup.registrations.annotate(people_count=Count("participants"))
    for registration in counted.exclude(people_count=F("seats")):
        yield _("Registration no. %(number)s has %(people)d people on %(seats)d places.") % {
            "number": registration.queue_no,
            "people": registration.people_count,
            "seats": registration.seats,
        }


def states_without_history(signup: SignUp) -> Iterator[str]:
    last = StatusChange.objects.filter(registration=OuterRef("pk")).order_by("-pk").values("to_status")[:1]
    told = signup.registrations.annotate(last_status=Subquery(last))
    for registration in told.filter(Q(last_status=None) | ~Q(last_status=F("status"))):
        yield _("The state of registration no. %(number)s does not follow from its history.") % {
            "number": registration.queue_no
        }


def promotions_without_letter(signup: SignUp) -> Iterator[str]:
    """Whoever has an address and moved up was written to, once: the letter's key says so for good."""
    for change in promotions_of(signup).exclude(registration__email=""):
        key = mails.key_of(change.registration, PROMOTIONS[change.reason])
        if not Message.objects.filter(dedupe_key=key).exists():
            yield _("Registration no. %(number)s moved up and no letter says so.") % {
                "number": change.registration.queue_no
            }


def letters_without_promotion(signup: SignUp) -> Iterator[str]:
    promoted = set(promotions_of(signup).values_list("registration", flat=True))
    letters = Message.objects.filter(
        kind__in=set(PROMOTIONS.values()),
        content_type__app_label="registration",
        content_type__model="registration",
        object_id__in=signup.registrations.values("pk"),
    )
    for registration in Registration.objects.filter(pk__in=set(letters.values_list("object_id", flat=True)) - promoted):
        yield _("Registration no. %(number)s was told of a place that it was not given.") % {
            "number": registration.queue_no
        }


def promotions_of(signup: SignUp):
    found = StatusChange.objects.filter(registration__signup=signup, reason__in=PROMOTIONS)
    return found.select_related("registration").order_by("pk")
