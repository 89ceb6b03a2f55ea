"""What the office and the person are told of an accessibility request. The office's letter has no personal data."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from institutions.models import Office
from portal.content import languages
from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from .access_requests import AccessRequest


def tell_received(request: AccessRequest):
    office = Office.current()
    with override(languages.ORIGINAL):  # in whatever language somebody wrote, the office reads Polish
        _tell_office(request, office)
    _tell(request, office, "received", _("We have your accessibility request %(number)s"), [
        _("Thank you. We answer by %(day)s. If we need more time, we tell you why and until when.")
        % {"day": date_format(request.due_on)},
    ])  # fmt: skip


def _tell_office(request: AccessRequest, office: Office):
    day = date_format(request.due_on)
    form = reverse("admin:accessibility_accessrequest_change", args=[request.pk])
    to_office = Letter(
        subject=_("Accessibility request %(number)s, answer by %(day)s") % {"number": request.number, "day": day},
        paragraphs=[_("Somebody reports what they cannot use, or asks for it in another form.")],
        facts=[(_("Kind"), request.get_subject_display()), (_("To be answered by"), day)],
        buttons=[(_("Open the request"), urljoin(settings.SITE_URL, form))],
    )
    to = office.coordinator_email or office.email
    enqueue("access_request", to_office, to=to, dedupe_key=f"access-request-{request.pk}-office", about=request)


def tell_extended(request: AccessRequest):
    day = date_format(request.due_on)
    paragraphs = [_("We need more time and answer by %(day)s.") % {"day": day}, request.extension_reason]
    subject = _("Your accessibility request %(number)s takes longer")
    _tell(request, Office.current(), f"extended-{request.due_on}", subject, paragraphs)


def _tell(request: AccessRequest, office: Office, what: str, subject: str, paragraphs: list[str]):
    """To the person, where they gave an address; whoever wants a call or a letter is answered by the office itself."""
    letter = Letter(subject=subject % {"number": request.number}, paragraphs=paragraphs, ending=[office.name])
    key = f"access-request-{request.pk}-{what}"
    enqueue("access_request", letter, to=request.email, dedupe_key=key, about=request)
