"""Reporting a barrier without an account, and the scope of activity as a file for programs.

The form needs no CSRF token: it acts for nobody who is signed in, and a visitor without cookies can use it.
"""

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from institutions.models import Office
from portal.content import limits
from portal.content.preview import keep_private

from . import letters
from .forms import AccessRequestForm
from .models import AccessInfo, SignFilm
from .plain import as_plain_text

MOST_FROM_ONE_NETWORK = 20


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report(request):
    if request.method != "POST":
        return _form(request, AccessRequestForm())
    form = AccessRequestForm(request.POST)
    if not form.is_valid():
        return _form(request, form)
    if not limits.is_within(MOST_FROM_ONE_NETWORK, "access-requests", request):
        words = _("Too many requests came from your network. Please try in a quarter of an hour or phone us.")
        form.add_error(None, words)
        return _form(request, form, status=429)
    with transaction.atomic():
        found, is_new = form.save()
        if is_new:
            letters.tell_received(found)
    return HttpResponseRedirect(reverse("accessibility:received"), status=303)


def _form(request, form: AccessRequestForm, status: int = 200):
    context = {"form": form, "office": Office.current(), "breadcrumbs": _trail(_("Report a barrier"))}
    return keep_private(render(request, "accessibility/report.html", context, status=status))


@require_safe
def received(request):
    """What happens next. Says nothing of the person, so that it may be opened by anybody."""
    context = {"office": Office.current(), "breadcrumbs": _trail(_("Report a barrier"))}
    return keep_private(render(request, "accessibility/received.html", context))


@require_safe
def scope_file(request):
    info = AccessInfo.current()
    if not info.scope:
        raise Http404
    text = f"{Office.current().name}\n\n{as_plain_text(info.scope)}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-cache"})


@require_safe
def captions(request, key: str):
    """Of the film whose content has this key."""
    film = get_object_or_404(SignFilm, content_key=key)
    return HttpResponse(film.captions, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": "no-cache"})


def _trail(title: str):
    return [(_("Accessibility"), reverse("pages:page", args=["dostepnosc"])), (title, "")]
