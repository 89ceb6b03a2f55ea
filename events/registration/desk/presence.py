"""Presence on one date: a table for a tablet at the door, or for the evening after."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events.models import EventSession
from portal.content.admin import is_key

from .. import attendance
from ..check_views import session_now
from ..models import Look, Presence, SignUp
from ..papers import name_key
from .pages import desk_page, desk_url, note_look, render_desk


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def presence(request, signup: SignUp):
    session = chosen_session(request, signup)
    if request.method == "POST":
        return save(request, signup, session)
    note_look(request, Look.PRESENCE, signup)
    people = sorted(attendance.participants_of(signup), key=name_key)
    hours = attendance.hours_of(signup)
    states = attendance.states_on(session, people) if session else {}
    context = {
        "session": session,
        "sessions": attendance.sessions_of(signup),
        "rows": [(person, states.get(person.pk, ""), hours.get(person.pk, 0)) for person in people],
        "states": Presence.choices,
        "without_hours": session is not None and session.didactic_hours is None,
    }
    return render_desk(request, "admin/registration/presence.html", signup, _("Presence"), context)


def chosen_session(request, signup: SignUp) -> EventSession | None:
    asked = request.GET.get("date")
    if asked is None:
        return session_now(signup)
    found = next((session for session in attendance.sessions_of(signup) if str(session.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def save(request, signup: SignUp, session: EventSession | None):
    """Only what this form has changed: what a colleague marked meanwhile stays."""
    if session is None:
        raise Http404
    changes = changes_of(request.POST)
    if "all" in request.POST:
        marked = attendance.states_on(session, attendance.participants_of(signup))
        rest = attendance.participants_of(signup).exclude(pk__in=marked).values_list("pk", flat=True)
        changes = dict.fromkeys(rest, Presence.PRESENT) | changes
    count = attendance.mark_changes(signup, session, changes, request.user)
    words = ngettext("Saved for %(count)d person.", "Saved for %(count)d people.", count)
    messages.success(request, words % {"count": count} if count else _("Nothing was changed."))
    return HttpResponseRedirect(f"{desk_url('presence', signup)}?date={session.pk}")


def changes_of(sent) -> dict[int, str]:
    """{participant id: state} where the choice is not the one that was there when the form was opened."""
    changes = {}
    for name, state in sent.items():
        key = name.removeprefix("state-")
        if name == key or not is_key(key) or state not in Presence.values:
            continue
        if state != sent.get(f"before-{key}", ""):
            changes[int(key)] = state
    return changes
