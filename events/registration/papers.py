"""Papers of an event: the attendance list to sign, the confirmation for somebody without e-mail, the certificate.

Each is one HTML document: made into a PDF where WeasyPrint can run, printed by the browser elsewhere.
"""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from institutions.models import Office
from portal.content import pdf
from portal.content.folding import sort_key

from . import attendance, codes
from .certificates import check_address
from .models import Certificate, Registration, SignUp

COLUMNS_ON_A_PAGE = 6  # signatures side by side on A4 lying down


def attendance_list(signup: SignUp) -> str:
    """Number, name, institution, a place to sign for each date; neither e-mail nor phone: the list lies on a table."""
    people = sorted(attendance.participants_of(signup), key=name_key)
    sessions = attendance.sessions_of(signup)
    parts = [sessions[n : n + COLUMNS_ON_A_PAGE] for n in range(0, len(sessions), COLUMNS_ON_A_PAGE)] or [[]]
    context = {"signup": signup, "event": signup.event, "people": people, "parts": parts, "office": office()}
    return render_to_string("registration/paper_attendance.html", context)


def name_key(person) -> tuple[str, str]:
    return sort_key(person.last_name), sort_key(person.first_name)


def confirmation(registration: Registration) -> str:
    event = registration.signup.event
    context = {"registration": registration, "event": event, "office": office()}
    return render_to_string("registration/paper_confirmation.html", context)


def certificate(certificate: Certificate) -> str:
    """From what was frozen when it was issued, and nothing else."""
    address = check_address(certificate)
    context = {"certificate": certificate, "content": certificate.content, "address": address,
               "code": codes.picture(address)}  # fmt: skip
    return render_to_string("registration/paper_certificate.html", context)


def office() -> Office:
    return Office.objects.filter(pk=1).first() or Office()


def as_response(html: str, name: str) -> HttpResponse:
    """A PDF, or the page itself where none can be made."""
    if pdf.is_available():
        with pdf.one_at_a_time:
            content = pdf.from_html(html)
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = content_disposition_header(False, f"{name}.pdf")
    else:
        response = HttpResponse(html)
    response["Cache-Control"] = "private, no-store"
    return response
