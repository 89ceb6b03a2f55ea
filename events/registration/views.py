"""Signing up, without an account and without a cookie.

These forms need no CSRF token: they act for nobody who is signed in, and a visitor without cookies can use them.
"""

from django.conf import settings
from django.db.models import Prefetch
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events.models import Event, EventSession, with_institution
from portal.addresses.models import get_by_address
from portal.content import languages, limits
from portal.content.preview import keep_private

from . import mails, seats
from .forms import VisitorForm
from .models import InformationClause, SignUp, SignUpMode
from .words import state_of, until_words


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request, slug: str):
    event, signup = find(slug)
    if request.method != "POST":
        return show(request, event, signup, VisitorForm(signup))
    form = VisitorForm(signup, request.POST)
    if not form.is_valid():
        return show(request, event, signup, form)
    if not limits.is_within(settings.SIGNUPS_PER_ADDRESS, "signups", request):
        form.add_error(
            None, _("Too many registrations came from your network. Please try in a quarter of an hour or phone us.")
        )
        return show(request, event, signup, form, status=429)
    try:
        registration, _is_new = seats.sign_up(signup.pk, form.entry(idempotency_key=form.seal.key))
        state = registration.status
    except seats.AlreadyRegistered as known:
        # The answer on the screen is the same as for a new one: who is registered is nobody else's business.
        mails.already_registered(known.registration)
        state = seats.status_of_stranger(signup.pk, len(form.people()))
    except seats.Refused as refused:
        form.add_error(None, refused.message)
        return show(request, event, signup, form, status=409)
    except seats.Busy:
        form.add_error(
            None, _("Very many people are signing up just now. Nothing is lost: please press the button again.")
        )
        return show(request, event, signup, form, status=503)
    address = reverse("events:registration:received", args=[event.slug])
    return HttpResponseRedirect(f"{address}?stan={state}", status=303)


def find(slug: str) -> tuple[Event, SignUp]:
    """The event and its sign-up on this site, not counted yet. Raises Http404, or Moved for an old address."""
    # Only its dates, not all that its page shows: this page is asked for by everybody at once.
    dates = Prefetch("sessions", queryset=with_institution(EventSession))
    event = get_by_address(Event.objects.reachable().defer("description").prefetch_related(dates), slug)
    signup = SignUp.objects.filter(event=event).first()
    if signup is None or signup.mode != SignUpMode.INTERNAL:
        raise Http404
    signup.event = event
    return event, signup


def show(request, event: Event, signup: SignUp, form: VisitorForm, status: int = 200):
    counted = SignUp.objects.with_counts().get(pk=signup.pk)
    signup.taken, signup.waiting = counted.taken, counted.waiting
    context = {
        "event": event,
        "signup": signup,
        "form": form,
        "state": state_of(signup),
        "until": until_words(signup),
        "clause": InformationClause.current(),
        "breadcrumbs": trail(event, _("Sign-up")),
    }
    return keep_private(render(request, "registration/form.html", context, status=status))


@require_safe
def received(request, slug: str):
    """What happens next. Says nothing that the person did not know: it has no data of anybody in it."""
    event, signup = find(slug)
    context = {
        "event": event,
        "signup": signup,
        "outcome": request.GET.get("stan") if request.GET.get("stan") in OUTCOMES else "held",
        "breadcrumbs": trail(event, _("Sign-up")),
    }
    return keep_private(render(request, "registration/received.html", context))


OUTCOMES = ["held", "confirmed", "waiting", "pending"]


def trail(event: Event, title: str):
    return [
        (_("Events"), reverse("events:list")),
        (languages.Written(event.title, event.language), event.get_absolute_url()),
        (title, ""),
    ]
