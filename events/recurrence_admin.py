"""The wizard on the form of an event: a rule is filled in, its dates are looked at, then they are written."""

from datetime import date

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from institutions.models import Institution
from portal.content.object_tools import ObjectTool

from . import recurrence
from .models import Event, EventSession, SessionMode

WHICH_HOUR = [("", "–"), ("first", _("the first, before the change")), ("second", _("the second, after the change"))]


class DayField(forms.DateField):
    """A day of our time: far off ones are slips of the keyboard, and the calendar of a computer ends with 9999."""

    default_validators = [
        MinValueValidator(date(2000, 1, 1), _("Write a year from 2000 to 2099.")),
        MaxValueValidator(date(2099, 12, 31), _("Write a year from 2000 to 2099.")),
    ]


class DaysField(forms.CharField):
    """Days with commas between them, as a set."""

    def clean(self, value):
        parts = [part.strip() for part in super().clean(value).replace(";", ",").split(",") if part.strip()]
        try:
            return {forms.DateField().clean(part) for part in parts}
        except ValidationError:
            raise ValidationError(_("Write the days as 24.12.2026, with commas between them.")) from None


class RuleForm(forms.Form):
    first = DayField(label=_("First day"))
    starts = forms.TimeField(label=pgettext_lazy("hour", "From"), help_text=_("For example 9:00."))
    ends = forms.TimeField(label=pgettext_lazy("hour", "To"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days"), coerce=int, choices=[(n, name) for n, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    every_weeks = forms.IntegerField(label=_("Every how many weeks"), min_value=1, max_value=26, initial=1)
    count = forms.IntegerField(label=_("How many dates"), min_value=1, max_value=recurrence.MOST_DATES, required=False)
    until = DayField(label=_("Last day"), required=False)
    skipped = DaysField(
        label=_("Days left out"),
        required=False,
        max_length=2000,
        help_text=_("For example holidays: 24.12.2026, 31.12.2026."),
    )
    which_hour = forms.ChoiceField(
        label=_("When the clocks are put back, which hour"), choices=WHICH_HOUR, required=False,
        help_text=_("Only for the night in October in which an hour comes twice."),
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Form"), choices=SessionMode.choices)
    institution = forms.ModelChoiceField(
        label=_("In the institution"), queryset=Institution.objects.all(), required=False
    )
    venue = forms.CharField(label=_("Place"), max_length=200, required=False)
    room = forms.CharField(label=_("Room"), max_length=100, required=False)
    didactic_hours = forms.DecimalField(
        label=_("Hours counted"), min_value=0, max_digits=5, decimal_places=1, required=False, localize=True
    )
    dates: list = []

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if cleaned["starts"] == cleaned["ends"]:
            self.add_error("ends", _("The end must come after the start."))
        elif not cleaned["count"] and not cleaned["until"]:
            self.add_error("count", _("Say how many dates, or until which day."))
        elif cleaned["until"] and cleaned["until"] < cleaned["first"]:
            self.add_error("until", _("The last day is before the first."))
        else:
            self._find_dates(cleaned)
        return cleaned

    def _find_dates(self, cleaned: dict):
        names = ("first", "starts", "ends", "every_weeks", "count", "until", "skipped")
        answer = {"first": False, "second": True}.get(cleaned["which_hour"])
        rule = recurrence.Rule(
            weekdays=set(cleaned["weekdays"]), is_second_hour=answer, **{name: cleaned[name] for name in names}
        )
        try:
            self.dates = recurrence.dates_of(rule)
        except recurrence.ComesTwice as error:
            self.add_error("which_hour", error)
        except ValidationError as error:
            self.add_error("starts", error)

    def new_sessions(self, event: Event) -> list[EventSession]:
        """Not saved yet; without dates that the event has already, so that a second press adds nothing."""
        there = set(event.sessions.values_list("starts_at", flat=True))
        shared = {name: self.cleaned_data[name] for name in ("mode", "institution", "venue", "room", "didactic_hours")}
        return [
            EventSession(event=event, starts_at=starts_at, ends_at=ends_at, **shared)
            for starts_at, ends_at in self.dates
            if starts_at not in there
        ]


def event_for_change(request, pk: int) -> Event:
    """Raises Http404, PermissionDenied where this person may not change that event."""
    event = Event.objects.filter(pk=pk).first()
    if event is None:
        raise Http404
    if not admin.site.get_model_admin(Event).has_change_permission(request, event):
        raise PermissionDenied
    return event


@transaction.atomic
def write(form: RuleForm, event: Event) -> int:
    """Saves the new dates, all or none; returns how many."""
    # Locked before it is looked what is there: else two presses in the same moment would both add them. SQLite locks
    # with the beginning of the transaction.
    Event._base_manager.select_for_update().get(pk=event.pk)
    sessions = form.new_sessions(event)
    for session in sessions:
        session.save()
    return len(sessions)


def recurrence_view(request, event_id: int):
    event = event_for_change(request, event_id)
    form = RuleForm(request.POST if request.method == "POST" else None)
    is_checked = form.is_bound and form.is_valid()
    if is_checked and "write" in request.POST and (count := write(form, event)):
        words = ngettext("%(count)d date was added.", "%(count)d dates were added.", count)
        messages.success(request, words % {"count": count})
        return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.pk]))
    context = {
        **admin.site.each_context(request),
        "title": _("Add dates by a rule"),
        "event": event,
        "form": form,
        "sessions": form.new_sessions(event) if is_checked else [],
        "is_checked": is_checked,
    }
    return render(request, "admin/events/event/recurrence.html", context)


def dates_by_rule(request, event: Event) -> ObjectTool | None:
    if not admin.site.get_model_admin(Event).has_change_permission(request, event):
        return None
    return ObjectTool(_("Add dates by a rule"), reverse("admin:events_event_recurrence", args=[event.pk]))
