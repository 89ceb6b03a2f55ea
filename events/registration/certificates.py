"""Certificates: who has earned one, its number, what stands in it for good, and its revocation.

A number is taken from the register by writing first, as a seat is (seats.py): two clerks never get the same, and a
revoked one never comes again.
"""

import secrets

from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.models import Role
from institutions.models import Office
from portal.content.structured_data import absolute
from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from . import attendance, mails
from .models import Certificate, CertificateKind, NumberRegister, Participant, RegistrationStatus, SignUp

PREFIX = {CertificateKind.ATTENDANCE: "ZU", CertificateKind.STATUTORY: "SW"}


class Refused(Exception):
    """Why no certificate can be issued, as a sentence."""

    def __init__(self, code: str, message: str):
        super().__init__(code)
        self.code, self.message = code, message


def why_not(participant: Participant, hours, signup: SignUp, kind: str) -> tuple[str, str] | None:
    """(code, sentence) of what is missing; None for who has earned it. `hours` is None for who was never there."""
    if kind == CertificateKind.STATUTORY and not signup.programme_decision:
        return "no_decision", gettext_lazy(
            "The statutory certificate needs the decision that approved the programme: enter it in the rules first."
        )
    if participant.registration.status != RegistrationStatus.CONFIRMED:
        return "no_place", gettext_lazy("This person had no confirmed place.")
    if not participant.name:
        return "forgotten", gettext_lazy("The name of this person is forgotten already.")
    if hours is None:
        return "absent", gettext_lazy("This person was present on no date.")
    if signup.min_hours_for_certificate is not None and hours < signup.min_hours_for_certificate:
        return "hours", gettext_lazy("%(hours)s of %(needed)s hours: too few.") % {
            "hours": floatformat(hours),
            "needed": floatformat(signup.min_hours_for_certificate),
        }
    return None


def issue(participant: Participant, signup: SignUp, kind: str, user) -> Certificate:
    """A new certificate, or the valid one that there is. Raises Refused."""
    with transaction.atomic():
        # Locks the participant: two clerks who press at once issue one. What is read after that is as it stands now.
        Participant.objects.filter(pk=participant.pk).update(position=F("position"))
        participant = Participant.objects.select_related("registration").get(pk=participant.pk)
        hours = attendance.hours_of(signup).get(participant.pk)
        valid = Certificate.objects.filter(participant=participant, kind=kind, revoked_at=None).first()
        if valid:
            return valid
        if missing := why_not(participant, hours, signup, kind):
            raise Refused(*missing)
        certificate = Certificate.objects.create(
            participant=participant, signup=signup, kind=kind, number=next_number(kind), code=secrets.token_hex(16),
            content=content_of(participant, signup, hours, kind), issued_by=user,
        )  # fmt: skip
        tell(certificate, participant)
        return certificate


def issue_to_all(signup: SignUp, kind: str, user) -> list[Certificate]:
    """To everybody who has earned one and has none; one transaction each."""
    hours = attendance.hours_of(signup)
    has_one = Certificate.objects.filter(signup=signup, kind=kind, revoked_at=None).values("participant")
    people = attendance.participants_of(signup).exclude(pk__in=has_one).order_by("registration__queue_no", "position")
    earned = [person for person in people if not why_not(person, hours.get(person.pk), signup, kind)]
    return [issue(person, signup, kind, user) for person in earned]


def next_number(kind: str) -> str:
    """ "ZU/12/2027". In the caller's transaction, so that a number is used or was never given."""
    year = timezone.localdate().year
    register = NumberRegister.objects.filter(kind=kind, year=year)
    if not register.update(last=F("last") + 1):
        try:
            with transaction.atomic():
                NumberRegister.objects.create(kind=kind, year=year, last=0)
        except IntegrityError:
            pass  # somebody began the year in the same moment
        register.update(last=F("last") + 1)
    return f"{PREFIX[kind]}/{register.get().last}/{year}"


def content_of(participant: Participant, signup: SignUp, hours, kind: str) -> dict:
    """Everything that stands in it, as it is today: plain text, which no later change reaches."""
    event, office = signup.event, Office.objects.filter(pk=1).first() or Office()
    organisers = [str(party) for party in event.parties.all() if party.role in (Role.ORGANIZER, Role.CO_ORGANIZER)]
    decision = signup.programme_decision if kind == CertificateKind.STATUTORY else ""
    return {
        "name": participant.name,
        "initials": participant.initials,
        "title": signup.certificate_title or event.title,
        "dates": [mails.when(session) for session in attendance.sessions_of(signup)],
        "hours": floatformat(hours) if hours else "",
        "organisers": ", ".join(organisers) or office.name,
        "office": office.name,
        "town": office.town,
        "decision": decision,
        "issued_on": date_format(timezone.localdate(), "j E Y"),
    }


def check_address(certificate: Certificate) -> str:
    return absolute(certificate.get_absolute_url())


def tell(certificate: Certificate, participant: Participant):
    registration = participant.registration
    event, office = certificate.signup.event, Office.objects.filter(pk=1).first() or Office()
    letter = Letter(
        subject=_("Your certificate: %(event)s") % {"event": event.title},
        paragraphs=[
            _("Good morning,"),
            _("your certificate no. %(number)s is ready. The office hands it over; ask it for the PDF if you like.")
            % {"number": certificate.number},
        ],
        buttons=[(_("Check the certificate"), check_address(certificate))],
        ending=["\n".join(filter(None, [office.name, office.full_address]))],
        reply_to=event.contact_email or office.email,
    )
    enqueue(
        "certificate", letter, to=registration.email, dedupe_key=f"certificate-{certificate.code}", about=registration
    )


def revoke(certificate: Certificate, reason: str, user):
    """The check page says so from now on; the number stays taken."""
    Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=user, revocation_reason=reason
    )
