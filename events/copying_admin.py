"""The button "Copy" on the form of an event, and the page that asks when the new one begins."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.content.object_tools import ObjectTool

from .copying import copy_event
from .models import Event
from .recurrence_admin import DayField


class CopyForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=250)
    first_day = DayField(label=_("First day"), help_text=_("The other dates follow at the same distance."))


def copy_view(request, event_id: int):
    original = Event.objects.filter(pk=event_id).first()
    if original is None:
        raise Http404
    if not admin.site.get_model_admin(Event).has_add_permission(request):
        raise PermissionDenied
    form = CopyForm(request.POST if request.method == "POST" else None, initial={"title": original.title})
    if not original.all_sessions:
        del form.fields["first_day"]
    if form.is_valid():
        copy = copy_event(original, form.cleaned_data["title"], form.cleaned_data.get("first_day"))
        messages.success(request, _("This is the copy, a draft. Check its dates, people and texts."))
        return HttpResponseRedirect(reverse("admin:events_event_change", args=[copy.pk]))
    context = {**admin.site.each_context(request), "title": _("Copy the event"), "event": original, "form": form}
    return render(request, "admin/events/event/copy.html", context)


def copy_of_event(request, event: Event) -> ObjectTool | None:
    if not request.user.has_perm("events.add_event"):
        return None
    return ObjectTool(_("Copy"), reverse("admin:events_event_copy", args=[event.pk]))
