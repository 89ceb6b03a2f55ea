"""Is this certificate real? And: who stands at the entrance with this code?"""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from . import attendance, codes
from .models import Attendance, Certificate, Look, PeopleAccess, Presence, RegistrationStatus
from .own_views import confidential


@require_safe
def certificate_check(request):
    """The form; with `?kod=` it leads on to what the code stands for."""
    code = "".join(request.GET.get("kod", "").lower().split())[:64]
    if is_code(code):
        return HttpResponseRedirect(reverse("events:registration:certificate", args=[code]))
    return confidential(render(request, "registration/certificate_check.html", {"is_asked": "kod" in request.GET}))


def is_code(text: str) -> bool:
    return text.isascii() and text.isalnum()


@require_safe
def certificate(request, code: str):
    """Number, title, date and initials; never the name: whoever has the paper can compare."""
    found = Certificate.objects.filter(code=code.lower()).first() if is_code(code) else None
    if found is None:
        return confidential(render(request, "registration/certificate_check.html", {"is_unknown": True}, status=404))
    return confidential(render(request, "registration/certificate.html", {"certificate": found}))


@require_http_methods(["GET", "HEAD", "POST"])
def presence(request, token: str):
    """Staff mark the person present by a button; everybody else is told to show the code at the entrance."""
    participant = codes.read_entry_token(token) if is_clerk(request) else None
    if participant is None or participant.registration.anonymised_at:
        return confidential(render(request, "registration/presence_code.html"))
    signup = participant.registration.signup
    session = session_shown(request, signup) if request.method == "POST" else session_now(signup)
    is_expected = participant.registration.status == RegistrationStatus.CONFIRMED and session is not None
    if request.method == "POST" and is_expected:
        attendance.mark(participant, session, Presence.PRESENT, request.user)
        messages.success(request, _("Marked as present."))
        return HttpResponseRedirect(request.path)
    PeopleAccess.objects.create(user=request.user, look=Look.PRESENCE, signup=signup)
    mark = Attendance.objects.filter(participant=participant, session=session).first() if session else None
    context = {
        "participant": participant,
        "event": signup.event,
        "session": session,
        "is_expected": is_expected,
        "is_present": mark is not None and mark.state == Presence.PRESENT,
    }
    return confidential(render(request, "registration/presence_clerk.html", context))


def is_clerk(request) -> bool:
    # Without a session cookie `request.user` is not touched: it would put Vary: Cookie on an anonymous page.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_active and request.user.has_perm("registration.work_at_desk")


def session_shown(request, signup):
    """The date that stood above the button; by the time it is pressed another one may be the nearest."""
    asked = request.POST.get("date")
    return next((session for session in attendance.sessions_of(signup) if str(session.pk) == asked), None)


def session_now(signup):
    """The date that runs, is next, or was last: whoever stands at the door means the nearest."""
    sessions = attendance.sessions_of(signup)
    return next((session for session in sessions if not session.is_past), sessions[-1] if sessions else None)
