from django.views.decorators.http import require_safe

from .. import papers
from ..models import Look, SignUp
from .pages import desk_page, note_look
from .people import find_registration


@require_safe
@desk_page()
def attendance_list(request, signup: SignUp):
    note_look(request, Look.ATTENDANCE_LIST, signup)
    return papers.as_response(papers.attendance_list(signup), f"lista-obecnosci-{signup.event.slug}")


@require_safe
@desk_page()
def confirmation(request, signup: SignUp, uid):
    """For somebody without e-mail: handed over, or sent by post."""
    note_look(request, Look.PERSON, signup)
    registration = find_registration(signup, uid)
    return papers.as_response(papers.confirmation(registration), f"potwierdzenie-{registration.queue_no}")
