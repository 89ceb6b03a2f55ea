"""What Prometheus reads: how the portal is, in numbers. Requests and their times are nginx's to count.

Every number comes from the database or the shared folder, so it does not matter which process answers.
"""

import shutil
import time

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Sum
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from events.registration.models import Registration
from news.models import Article, Notice
from portal.accounts.networks import is_inside
from portal.backup.archive import last_success
from portal.content.tick import last_round
from portal.counters.models import ViewTotal
from portal.outbox.models import Message, MessageStatus

# A proxy that nobody has told the portal of says where visitors come from; behind it everybody seems to be inside.
PROXY_HEADERS = {"HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"}


@require_safe
def metrics(request):
    is_behind_stranger = not settings.SECURE_PROXY_SSL_HEADER and PROXY_HEADERS & request.META.keys()
    if is_behind_stranger or not is_inside(request, settings.METRICS_NETWORKS):
        raise Http404
    registry = CollectorRegistry()
    registry.register(State())
    headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    return HttpResponse(generate_latest(registry), headers=headers)


class State:
    def describe(self):
        return []  # else the registry would collect once more to learn the names

    def collect(self):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        yield gauge("portal_database_seconds", "Time of the simplest query.", time.perf_counter() - began)
        yield age("portal_tick_age_seconds", "Since the last round of tick, of whichever machine.", last_round())
        yield age("portal_backup_age_seconds", "Since the last backup.", last_success())
        yield gauge("portal_files_free_bytes", "Free for uploads.", shutil.disk_usage(settings.FILES_DIR).free)
        yield from self.letters()
        yield counts("portal_registrations", "Registrations for events, by state.", Registration, "status")
        yield counts("portal_articles", "Articles, by status.", Article, "status")
        yield counts("portal_notices", "Notices, by status.", Notice, "status")
        views = ViewTotal.objects.aggregate(found=Sum("total"))["found"] or 0
        yield CounterMetricFamily("portal_views", "Views of pages, counted so far.", value=views)

    def letters(self):
        yield counts("portal_letters", "E-mails, by state.", Message, "status")
        waiting = Message.objects.filter(status=MessageStatus.QUEUED).aggregate(first=Min("created_at"))["first"]
        yield age(
            "portal_letters_oldest_seconds", "How long the oldest unsent e-mail has waited.", waiting or timezone.now()
        )


def gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, documentation, value=value)


def age(name: str, documentation: str, moment) -> GaugeMetricFamily:
    """In seconds; without a sample where it has never been."""
    family = GaugeMetricFamily(name, documentation)
    if moment is not None:
        family.add_metric([], max(0.0, (timezone.now() - moment).total_seconds()))
    return family


def counts(name: str, documentation: str, model, field: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=[field])
    for value, found in model._base_manager.order_by().values_list(field).annotate(Count("pk")):
        family.add_metric([value], found)
    return family
