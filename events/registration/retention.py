"""Forgetting, by itself: each kind of data when its period is over (RetentionPolicy), the sensitive first.

Rows are emptied, not deleted, so that counts, seats, history and presence stay true. Everything hangs on what a row is
now, so a second run finds nothing, and a run that was killed is finished by the next.
"""

import logging
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import EventSession
from portal.outbox.models import Message, MessageStatus
from portal.outbox.purging import purge

from .models import (
    Certificate,
    Needs,
    Participant,
    PeopleAccess,
    Reason,
    Registration,
    RegistrationStatus,
    RetentionPolicy,
    RetentionRun,
    StatusChange,
)

logger = logging.getLogger("portal.retention")

BATCH = 500  # rows in one short transaction
NO_CONTACT = {"email": "", "email_norm": "", "phone": "", "town": "", "remarks": "", "idempotency_key": None}
NO_NAMES = {"first_name": "", "last_name": "", "institution": "", "job_title": ""}


# --- Whose time is over -----------------------------------------------------------------------------------------------


def ended_before(registrations, days: int):
    """Of a queryset of registrations those whose event ended so many days ago."""
    last_end = EventSession.objects.filter(event=OuterRef("signup__event")).order_by("-ends_at").values("ends_at")[:1]
    # An event without dates: what last happened to the registration.
    found = registrations.annotate(over_at=Coalesce(Subquery(last_end), F("status_changed_at")))
    return found.filter(over_at__lte=timezone.now() - timedelta(days=days)).exclude(signup__legal_hold=True)


def named():
    return Registration.objects.filter(anonymised_at=None)


def unconfirmed(policy: RetentionPolicy):
    """Signed up over the site and never confirmed: perhaps somebody else typed the address."""
    in_vain = StatusChange.objects.filter(registration=OuterRef("pk"), reason=Reason.HOLD_ENDED)
    before = timezone.now() - timedelta(hours=policy.unconfirmed_hours)
    found = named().filter(
        status=RegistrationStatus.EXPIRED, email_verified_at=None, created_at__lte=before, signup__legal_hold=False
    )
    return found.filter(Exists(in_vain))


def inactive(policy: RetentionPolicy):
    """Who had no seat in the end; who got a certificate nevertheless stands in its register."""
    certified = Certificate.objects.filter(participant__registration=OuterRef("pk"))
    found = named().exclude(status=RegistrationStatus.CONFIRMED).exclude(Exists(certified))
    return ended_before(found, policy.inactive_days)


def reachable(policy: RetentionPolicy):
    """Whose e-mail, phone, town and remarks are still known though the event is long over."""
    return ended_before(Registration.objects.filter(contact_erased_at=None), policy.contact_days)


def long_known(policy: RetentionPolicy):
    if policy.names_years is None:
        return named().none()
    return ended_before(named(), policy.names_years * 365)


def needy(policy: RetentionPolicy):
    return ended_before(Registration.objects.filter(needs__isnull=False), policy.needs_days)


def written_to(policy: RetentionPolicy):
    """Forgotten while a letter was on its way to the mail server."""
    content_type = ContentType.objects.get_for_model(Registration)
    letters = Message.objects.filter(content_type=content_type, object_id=OuterRef("pk"), purged_at=None)
    forgotten = Registration.objects.exclude(contact_erased_at=None)
    return forgotten.filter(Exists(letters.exclude(status=MessageStatus.SENDING)))


# --- Emptying ---------------------------------------------------------------------------------------------------------


def forget_contact(keys: list[int]):
    """E-mail, phone, town, remarks, letters; the links of these registrations work no more."""
    Registration.objects.filter(pk__in=keys).update(
        **NO_CONTACT, contact_erased_at=timezone.now(), token_version=F("token_version") + 1
    )
    forget_letters(keys)


def anonymise(keys: list[int]):
    """Everything that says who it was. What remains: that somebody had a seat, and came."""
    forget_contact(keys)
    forget_needs(keys)
    Participant.objects.filter(registration__in=keys).update(**NO_NAMES)
    for certificate in Certificate.objects.filter(participant__registration__in=keys):
        certificate.content = {**certificate.content, "name": "", "initials": ""}
        certificate.save(update_fields=["content"])
    Registration.objects.filter(pk__in=keys).update(anonymised_at=timezone.now())


def forget_needs(keys: list[int]):
    Needs.objects.filter(registration__in=keys).delete()


def forget_letters(keys: list[int]):
    """One that still waits is given up first: nobody is written to after being forgotten."""
    content_type = ContentType.objects.get_for_model(Registration)
    letters = Message.objects.filter(content_type=content_type, object_id__in=keys, purged_at=None)
    letters.filter(status=MessageStatus.QUEUED).update(status=MessageStatus.FAILED)
    purge(letters)


# --- The run ----------------------------------------------------------------------------------------------------------

# (name, whose time is over, what is done with them), the first for whom it is true.
CLASSES: list[tuple[str, Callable, Callable]] = [
    ("unconfirmed", unconfirmed, anonymise),
    ("inactive", inactive, anonymise),
    ("needs", needy, forget_needs),
    ("names", long_known, anonymise),
    ("contact", reachable, forget_contact),
    ("letters", written_to, forget_letters),
]
NAMES = {
    "unconfirmed": _("registrations with an unconfirmed e-mail"),
    "inactive": _("people without a seat"),
    "needs": _("needs"),
    "names": _("names"),
    "contact": _("contact data"),
    "letters": _("letters to forgotten people"),
    "access": _("looks at people's data"),
}


class NothingHappened(Exception):
    """Rolls a dry run back."""


def forget(is_dry_run: bool = False) -> RetentionRun:
    """Forget what is due, or count it. A dry run does the same and takes it back, so that it counts exactly that."""
    run = RetentionRun(is_dry_run=is_dry_run)
    try:
        with transaction.atomic() if is_dry_run else nullcontext():
            _forget_all(run)
            if is_dry_run:
                raise NothingHappened
    except NothingHappened:
        pass
    if is_dry_run or run.error or any(run.counts.values()):
        run.save()
    return run


def _forget_all(run: RetentionRun):
    policy = RetentionPolicy.current()
    steps = {name: lambda find=find, act=act: _in_batches(find(policy), act) for name, find, act in CLASSES}
    steps["access"] = lambda: _forget_access(policy)
    for name, step in steps.items():
        try:
            with transaction.atomic() if run.is_dry_run else nullcontext():
                run.counts[name] = step()
        except Exception as error:  # one kind that fails must not keep the others
            logger.exception("%s are not forgotten", name)
            run.error = f"{name}: {error}"[:500]


def _in_batches(registrations, act: Callable[[list[int]], None]) -> int:
    done = 0
    while keys := list(registrations.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            act(keys)
        done += len(keys)
    return done


def _forget_access(policy: RetentionPolicy) -> int:
    before = timezone.now() - timedelta(days=policy.access_days)
    return PeopleAccess.objects.filter(at__lt=before).delete()[0]


def report(run: RetentionRun) -> list[str]:
    lines = [f"{NAMES[name]}: {count}" for name, count in run.counts.items()]
    return [*lines, *filter(None, [run.error])]
