from datetime import date

from django.urls import include, path, register_converter

from . import feeds, views
from .calendar import Month


class MonthConverter:
    """ "2026-03"; a thirteenth month and the year 0 are no addresses."""

    regex = "[0-9]{4}-[0-9]{2}"
    to_url = staticmethod(str)

    def to_python(self, value: str) -> Month:
        return Month.of(date.fromisoformat(f"{value}-01"))


register_converter(MonthConverter, "month")

app_name = "events"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("miesiac/<month:month>/", views.month, name="month"),
    path("archiwum/", views.archive, name="archive"),
    path("kalendarz.ics", feeds.calendar_feed, name="calendar"),
    path("", include("events.registration.urls")),
    path("<slug:slug>.ics", feeds.event_file, name="ics"),
    path("<slug:slug>/", views.event, name="detail"),
]
