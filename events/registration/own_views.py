"""The pages behind the links in mails: each shows on GET and acts on POST only, because mail gateways follow links.

Whoever has the link is the person: no cookie, so no CSRF token either. Never stored, never indexed, and no address of
such a page leaves in a Referer.
"""

from functools import wraps

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events.feeds import answer, calendar_of
from events.models import SessionMode

from . import codes, links, seats
from .forms import ContactForm
from .models import Needs, Purpose, Registration, RegistrationStatus


def by_link(purpose: str):
    """For a view(request, registration, token); a link that is not good gets a friendly page without any data."""

    def decorate(view):
        @csrf_exempt
        @wraps(view)
        def checked(request, token: str):
            registration = links.read(token, purpose)
            if registration is None:
                return confidential(render(request, "registration/bad_link.html", status=404))
            try:
                return confidential(view(request, registration, token))
            except seats.Busy:
                return confidential(render(request, "registration/busy.html", status=503))

        return checked

    return decorate


def confidential(response):
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def page(request, name: str, registration: Registration, token: str, status: int = 200, **context):
    frame = {"registration": registration, "event": registration.signup.event, "token": token, **context}
    return render(request, f"registration/{name}.html", frame, status=status)


def to_own_page(registration: Registration):
    address = reverse("events:registration:own", args=[links.token(registration, "own")])
    return HttpResponseRedirect(address, status=303)


@require_safe
@by_link("own")
def own(request, registration: Registration, token: str):
    return page(
        request, "own", registration, token,
        needs=Needs.objects.filter(registration=registration).first(),
        consents=registration.consents.filter(withdrawn_at=None),
        confirm_token=links.token(registration, "confirm") if registration.waits_for_email else "",
        accept_token=links.token(registration, "accept") if registration.status == "offered" else "",
        is_over=registration.signup.event.is_past,
        codes=entry_codes(registration),
    )  # fmt: skip


def entry_codes(registration: Registration) -> list[tuple]:
    """(participant, picture) for each who will be asked at the door: not for meetings in the internet."""
    event = registration.signup.event
    is_on_site = any(session.mode != SessionMode.ONLINE and not session.is_past for session in event.all_sessions)
    if registration.status != RegistrationStatus.CONFIRMED or not is_on_site:
        return []
    return [(person, codes.entry_code(person)) for person in registration.people]


@require_http_methods(["GET", "HEAD", "POST"])
@by_link("confirm")
def confirm(request, registration: Registration, token: str):
    if request.method != "POST":
        return page(request, "confirm", registration, token, has_ended=not registration.is_active)
    try:
        return to_own_page(seats.confirm_email(registration.uid))
    except seats.Refused as refused:
        registration.refresh_from_db()
        return page(request, "ended", registration, token, status=410, message=refused.message)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link("accept")
def accept(request, registration: Registration, token: str):
    if request.method != "POST":
        can_accept = registration.status == RegistrationStatus.OFFERED
        return page(request, "accept", registration, token, can_accept=can_accept)
    try:
        return to_own_page(seats.accept_offer(registration.uid))
    except seats.Refused as refused:
        registration.refresh_from_db()
        return page(request, "ended", registration, token, status=410, message=refused.message)


@require_http_methods(["GET", "HEAD", "POST"])
@by_link("own")
def resign(request, registration: Registration, token: str):
    was_active = registration.is_active
    if request.method == "POST":
        was_active = seats.cancel(registration.uid, seats.PERSON)
        registration.refresh_from_db()
    return page(request, "resign", registration, token, was_active=was_active, is_done=request.method == "POST")


@require_http_methods(["GET", "HEAD", "POST"])
@by_link("own")
def contact(request, registration: Registration, token: str):
    form = ContactForm(registration, request.POST if request.method == "POST" else None)
    if form.is_valid():
        known = {name: form.cleaned_data.get(name, getattr(registration, name)) for name in ("email", "phone", "town")}
        try:
            return to_own_page(seats.change_contact(registration.uid, people=form.people(), **known))
        except seats.Refused as refused:
            form.add_error("email" if refused.code == "email" else None, refused.message)
        except seats.Busy:
            form.add_error(
                None, _("Very many people use the sign-up just now. Nothing is lost: press the button again.")
            )
    return page(request, "contact", registration, token, form=form)


@require_POST
@by_link("own")
def forget_needs(request, registration: Registration, token: str):
    Needs.objects.filter(registration=registration).delete()
    return to_own_page(registration)


@require_POST
@by_link("own")
def withdraw_consent(request, registration: Registration, token: str):
    purpose = request.POST.get("purpose")
    if purpose in Purpose.values:
        registration.consents.filter(withdrawn_at=None, purpose=purpose).update(withdrawn_at=timezone.now())
    return to_own_page(registration)


@require_safe
@by_link("own")
def calendar(request, registration: Registration, token: str):
    """The event's own file, the same as everybody's: nothing of the person is in it."""
    response = answer(calendar_of(registration.signup.event.all_sessions))
    response["Content-Disposition"] = 'attachment; filename="wydarzenie.ics"'
    return response
