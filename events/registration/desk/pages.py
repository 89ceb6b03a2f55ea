"""What all pages of the desk share: who may open them, what they know, and that somebody looked."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.models import EventSession
from institutions.memberships import only_theirs
from portal.editing import audit
from portal.editing.models import Act

from ..models import Look, PeopleAccess, SignUp


def find_signup(user, pk: int) -> SignUp:
    """With `taken` and `waiting`, its event and the event's dates. Raises Http404, also where it is not `user`'s."""
    sessions = Prefetch("event__sessions", queryset=EventSession.objects.select_related("institution"))
    found = (
        only_theirs(user, SignUp.objects.all())
        .with_counts()
        .select_related("event")
        .prefetch_related(sessions)
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def desk_page(permission: str = "work_at_desk"):
    """For a view(request, signup, …) of one event's sign-up. `permission` is one of the app "registration"."""

    def decorate(view):
        @wraps(view)
        def checked(request, signup_id: int, **kwargs):
            require(request, permission)
            return view(request, find_signup(request.user, signup_id), **kwargs)

        return admin.site.admin_view(checked)

    return decorate


def office_page(permission: str = "work_at_desk"):
    """For a view(request, …) across events."""

    def decorate(view):
        @wraps(view)
        def checked(request, **kwargs):
            require(request, permission)
            return view(request, **kwargs)

        return admin.site.admin_view(checked)

    return decorate


def require(request, permission: str):
    if not request.user.has_perm(f"registration.{permission}"):
        raise PermissionDenied


def note_look(request, look: Look, signup: SignUp | None = None):
    """Remember that this member of staff has seen people's data; never what was searched for."""
    PeopleAccess.objects.create(user=request.user, look=look, signup=signup)
    if look in (Look.EXPORT, Look.PERSON_EXPORT):
        audit.record(request.user, Act.EXPORTED, signup, str(look.label))


def desk_url(name: str, signup: SignUp, **kwargs) -> str:
    return reverse(f"admin:registration_desk_{name}", kwargs={"signup_id": signup.pk, **kwargs})


def render_desk(request, template: str, signup: SignUp | None, title: str, context: dict, status: int = 200):
    """A page in the admin's frame, with tabs where there is a sign-up (admin/registration/desk_base.html)."""
    tabs = tabs_of(request, signup) if signup is not None else []
    frame = {
        **admin.site.each_context(request),
        "title": title,
        "signup": signup,
        "tabs": [(label, url, url == request.path) for label, url in tabs],
        **context,
    }
    response = render(request, template, frame, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def tabs_of(request, signup: SignUp) -> list[tuple]:
    """(label, address) of what this person may do here."""
    may = request.user.has_perm
    tabs = [(label, desk_url(name, signup)) for name, label, needed in TABS if may(f"registration.{needed}")]
    if may("registration.change_signup"):
        tabs.append((_("Rules"), reverse("admin:registration_signup_change", args=[signup.pk])))
    return tabs


# (name of the address, label, permission), in the order of a clerk's work.
TABS = [
    ("list", _("People"), "work_at_desk"),
    ("add", _("Sign somebody up"), "work_at_desk"),
    ("import", _("From a file"), "work_at_desk"),
    ("message", _("Write to people"), "message_people"),
    ("export", _("Export"), "export_people"),
    ("paper", _("Attendance list"), "work_at_desk"),
    ("presence", _("Presence"), "work_at_desk"),
    ("certificates", _("Certificates"), "work_at_desk"),
]
