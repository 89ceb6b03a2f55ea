"""A person asks for a copy of their data, or for its erasure: for administrators only."""

import json

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from .. import erasure, seats
from ..models import Look, Registration
from .pages import note_look, office_page, render_desk
from .people import as_uuid


class ErasureForm(forms.Form):
    is_sure = forms.BooleanField(
        label=_("I have checked who asks, and that no rule obliges the office to keep these data"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@office_page("delete_registration")
def person(request):
    """All registrations of the person whom `?uid=` names by one of them."""
    first = Registration.objects.filter(uid=as_uuid(request.GET.get("uid", ""))).first()
    if first is None or first.anonymised_at:
        raise Http404
    found = erasure.of_same_person(first)
    if request.method == "POST" and "copy" in request.POST:
        note_look(request, Look.PERSON_EXPORT)
        return as_file(erasure.everything_about(found))
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            done = erasure.erase(found, request.user)
        except erasure.HeldBack as held:
            form.add_error(None, held.message)
        except seats.Busy:
            form.add_error(None, _("Very many people use the sign-up just now. Please try again."))
        else:
            return back_to_search(request, len(done.registrations))
    context = {"form": form, "registrations": found.for_list()}
    return render_desk(request, "admin/registration/erasure.html", None, _("Data of one person"), context)


def as_file(data: list[dict]) -> HttpResponse:
    content = json.dumps({"zgłoszenia": data}, ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dane-osoby.json"'
    return response


def back_to_search(request, count: int):
    words = ngettext(
        "The data of %(count)d registration are erased.", "The data of %(count)d registrations are erased.", count
    )
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("admin:registration_find"))
