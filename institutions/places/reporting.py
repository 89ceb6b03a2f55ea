"""Taking numbers of places: into the history, and onto the page when they may be shown."""

from datetime import time

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from ..models import Institution
from .models import NUMBERS, Origin, PlacesReport, State


@receiver(post_save, sender=Institution)
def keep_history(instance: Institution, raw=False, **kwargs):
    """Whatever the office saves becomes the report of its day; of several of one day the last one stays."""
    if raw or instance.places_as_of is None:
        return
    reports = PlacesReport.objects.accepted().filter(institution=instance, as_of=instance.places_as_of)
    numbers = numbers_of(instance)
    known = reports.first()
    if known is None:
        PlacesReport.objects.create(institution=instance, as_of=instance.places_as_of, **numbers)
    elif known.numbers != numbers:
        reports.update(**numbers, origin=Origin.OFFICE, updated_at=timezone.now())


@transaction.atomic
def take(institution: Institution, numbers: dict, hours: list | None, needs_approval: bool) -> PlacesReport:
    """What an institution says today. What has not changed needs nobody's approval."""
    institution = Institution.objects.select_for_update(of=("self",)).get(pk=institution.pk)
    is_news = numbers != numbers_of(institution) or (hours is not None and hours != hours_of(institution))
    said = {"as_of": timezone.localdate(), "hours": hours, "origin": Origin.INSTITUTION, **numbers}
    institution.places_reports.waiting().delete()  # a newer word replaces what still waits
    if is_news and needs_approval:
        return institution.places_reports.create(**said, state=State.WAITING)
    return _show(institution, PlacesReport(institution=institution, **said))


@transaction.atomic
def accept(report: PlacesReport) -> bool:
    """Show what waits. False where somebody has decided already."""
    institution = Institution.objects.select_for_update(of=("self",)).get(pk=report.institution_id)
    waiting = PlacesReport.objects.waiting().filter(pk=report.pk).first()
    if waiting is None:
        return False
    _show(institution, waiting)
    return True


def refuse(report: PlacesReport) -> bool:
    return bool(PlacesReport.objects.waiting().filter(pk=report.pk).update(state=State.REFUSED))


def numbers_of(institution: Institution) -> dict:
    return {name: getattr(institution, name) for name in NUMBERS}


def hours_of(institution: Institution) -> list:
    """[day, opens, closes] of each span, as PlacesReport keeps them."""
    return [[span.weekday, f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in institution.hours.all()]


def _show(institution: Institution, report: PlacesReport) -> PlacesReport:
    """Onto the page, unless that already says something of a later day; and into the history in any case."""
    institution.places_reports.accepted().filter(as_of=report.as_of).delete()
    report.state = State.ACCEPTED
    report.save()
    if institution.places_as_of is None or institution.places_as_of <= report.as_of:
        for name, number in report.numbers.items():
            setattr(institution, name, number)
        institution.places_as_of = report.as_of
        if report.hours is not None and report.hours != hours_of(institution):
            institution.hours.all().delete()
            for day, opens, closes in report.hours:
                institution.hours.create(
                    weekday=day, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes)
                )
        institution.save()
    return report
