"""Filters of the editors' lists. Each has a `select` of its own, so that the board can count what a list would show."""

import re
from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .board import LineFilter
from .paging import years_of
from .publishing import Status
from .reviewed import REMINDED

SOON = timedelta(days=7)
YEAR = re.compile(r"[1-9][0-9]{3}")


class TimeFilter(LineFilter):
    title = _("visibility")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [
            ("visible", _("visible now")),
            ("scheduled", _("scheduled")),
            ("soon", _("to appear today or tomorrow")),
            ("expiring", _("to disappear within a week")),
            ("expired", _("no longer visible")),
        ]

    @staticmethod
    def select(queryset, value):
        now = timezone.now()
        published = Q(status=Status.PUBLISHED)
        day_after_tomorrow = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
        conditions = {
            "visible": published & Q(publish_at__lte=now) & (Q(expire_at__isnull=True) | Q(expire_at__gt=now)),
            "scheduled": published & Q(publish_at__gt=now),
            "soon": published & Q(publish_at__gt=now, publish_at__lt=day_after_tomorrow),
            "expiring": published & Q(expire_at__gt=now, expire_at__lt=now + SOON),
            "expired": published & Q(expire_at__lte=now),
        }
        return queryset.filter(conditions.get(value, Q()))


class StatusFilter(LineFilter):
    title = _("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    @staticmethod
    def select(queryset, value):
        return queryset.filter(status=value) if value in Status.values else queryset


class YearFilter(admin.SimpleListFilter):
    """In place of Django's hierarchy of dates, which reads every row of the table for each page of the list."""

    title = _("year of publication")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(str(year), str(year)) for year in years_of(model_admin.model._base_manager.all(), "publish_at")]

    def queryset(self, request, queryset):
        value = self.value() or ""
        return queryset.filter(publish_at__year=int(value)) if YEAR.fullmatch(value) else queryset


class CheckedFilter(LineFilter):
    title = _("checked on")
    parameter_name = "verified"

    def lookups(self, request, model_admin):
        return [("old", _("not checked, or too long ago"))]

    @staticmethod
    def select(queryset, value):
        """Of what has a publication only what is public: drafts are unfinished anyway."""
        if value != "old":
            return queryset
        rows = queryset.published() if hasattr(queryset, "published") else queryset
        return rows.filter(queryset.model.unchecked())


class ReviewFilter(LineFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request, model_admin):
        return [("due", _("due within 30 days, or overdue"))]

    @staticmethod
    def select(queryset, value):
        soon = timezone.localdate() + REMINDED
        return queryset.published().filter(review_due_on__lte=soon) if value == "due" else queryset
