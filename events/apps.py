from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Meetings and trainings")

    def ready(self):
        from institutions.memberships import belongs_by

        from . import search
        from .models import Event, MeetingReport

        search.register()
        belongs_by(Event, "sessions__institution", "parties__institution")
        belongs_by(MeetingReport, "event__sessions__institution", "event__parties__institution")
