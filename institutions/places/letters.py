"""Once a month each institution with places is asked whether its numbers are still true."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from ..models import Institution
from ..office import Office, PlacesByMail
from . import links


def ask() -> str:
    """Job of `tick`. One letter a month to each, however often this runs."""
    office = Office.current()
    if office.places_by_mail == PlacesByMail.OFF:
        return "switched off"
    today = timezone.localdate()
    written = 0
    for institution in Institution.objects.published().exclude(places_total=None):
        key = f"places-{institution.pk}-{today:%Y-%m}"
        sent_to = institution.places_contact
        written += enqueue("places", letter(institution, office), to=sent_to, dedupe_key=key, about=institution)
    return f"{written} written"


def letter(institution: Institution, office: Office) -> Letter:
    facts = [
        (_("Places"), institution.places_total),
        (_("Free places"), institution.places_free),
        (_("People waiting"), institution.places_waiting),
        (_("As of"), institution.places_as_of and date_format(institution.places_as_of)),
    ]
    return Letter(
        subject=_("Free places: are these numbers still true? %(name)s") % {"name": institution},
        paragraphs=[
            _("Our site shows these numbers of your institution. Please confirm or correct them, and your hours."),
            _("No account is needed, only this link. It works until the end of the next month."),
        ],
        facts=[(label, str(value)) for label, value in facts if value is not None],
        buttons=[(_("Confirm or correct"), links.address(institution, timezone.localdate()))],
        ending=[_("Whoever has this link can change the numbers: please do not pass it on."), office.name],
        reply_to=office.email,
    )
