"""Thirty things cost as many queries as three: relations are fetched in the queryset and printed in the template."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from events.models import EventSeries, MeetingReport
from tests.conftest import as_on_a_server, copied_database, using_database
from tests.make import (
    in_days,
    make_article,
    make_attachment,
    make_event,
    make_institution,
    make_notice,
    make_office,
    make_page,
    make_photo,
)

ADDRESSES = {
    "home": lambda county: reverse("pages:home"),
    "articles": lambda county: reverse("news:article_list"),
    "articles of a category": lambda county: reverse("news:article_list") + "?kategoria=aktualnosci",
    "article": lambda county: county.article.get_absolute_url(),
    "article in print": lambda county: reverse("news:article_print", args=[county.article.slug]),
    "RSS": lambda county: reverse("news:article_rss"),
    "Atom": lambda county: reverse("news:article_atom"),
    "notices": lambda county: reverse("news:notice_list"),
    "archive of notices": lambda county: reverse("news:notice_archive"),
    "notice": lambda county: county.notice.get_absolute_url(),
    "notices in RSS": lambda county: reverse("news:notice_rss"),
    "institutions": lambda county: reverse("institutions:list"),
    "institutions of a municipality": lambda county: reverse("institutions:list") + "?gmina=Modrzewiec",
    "map": lambda county: reverse("institutions:map_data"),
    "institution": lambda county: county.institution.get_absolute_url(),
    "events": lambda county: reverse("events:list"),
    "month": lambda county: reverse("events:month", args=[f"{timezone.localdate():%Y-%m}"]),
    "past events": lambda county: reverse("events:archive"),
    "event": lambda county: county.event.get_absolute_url(),
    "event as a calendar file": lambda county: reverse("events:ics", args=[county.event.slug]),
    "calendar": lambda county: reverse("events:calendar"),
    "page": lambda county: county.page.get_absolute_url(),
    "map of the site": lambda county: reverse("pages:sitemap_page"),
    "sitemap": lambda county: reverse("sitemap"),
    "contact": lambda county: reverse("pages:contact"),
    "search": lambda county: reverse("pages:search") + "?q=treść",
}


class County:
    """One thing of each kind, with `size` of everything tied to it."""

    def __init__(self):
        self.size = 0
        self.office = make_office()
        self.series = EventSeries.objects.create(title="Cykl", slug="cykl")
        self.institution = make_institution(municipality="Modrzewiec")
        self.page = make_page(is_in_menu=True)
        self.event = make_event(institution=self.institution, series=self.series, starts_at=in_days(-1))
        self.report = MeetingReport.objects.create(event=self.event)
        self.article = make_article(institutions=[self.institution], unit=self.institution, event=self.event)
        self.notice = make_notice(unit=self.institution)

    @transaction.atomic  # so that search documents are made once, at the end
    def grow(self, size: int):
        for number in range(self.size, size):
            self.add(number)
        self.size = size
        return self

    def add(self, number: int):
        institution = self.add_institution(number)
        self.add_events(number, institution)
        self.article.institutions.add(institution)
        make_photo(self.article)
        make_attachment(self.article)
        make_photo(make_article(institutions=[self.institution, institution], unit=institution, event=self.event))
        make_attachment(self.notice)
        make_notice(unit=self.institution, deadline_at=in_days(5))
        make_notice(unit=institution, deadline_at=in_days(-5))
        make_page(parent=self.page, is_in_menu=True)
        make_attachment(self.page)
        self.office.phones.create(number="13 000 10 11")

    def add_institution(self, number: int):
        institution = make_institution(
            municipality="Modrzewiec", latitude=50.1, longitude=21.5, supervising_unit=self.institution
        )
        make_photo(institution)
        make_photo(self.institution)
        for found in (institution, self.institution):
            found.phones.create(number="13 000 20 20")
            found.hours.create(weekday=number % 7, opens="08:00", closes="15:00")
            found.hours_exceptions.create(day=in_days(number).date(), is_closed=True)
            found.agreements.create(county="Powiat wiklinowski")
        return institution

    def add_events(self, number: int, institution):
        for days in (1, -3):
            event = make_event(institution=institution, series=self.series, starts_at=in_days(days))
            event.parties.create(role="organizer", institution=self.institution)
            make_photo(event)
        session = self.event.sessions.create(starts_at=in_days(2), ends_at=in_days(2.1), institution=institution)
        self.event.agenda.create(title="Punkt", session=session, speakers="Ewa Modrzycka – dyrektor")
        self.event.parties.create(role="partner", institution=institution)
        self.event.representatives.create(name="Ewa Modrzycka", institution=institution)
        self.event.audience_groups.create(label="seniorzy", count=number)
        self.report.topics.create(text="Temat")
        self.report.follow_ups.create(description="Krok", institution=institution, linked_event=event)
        make_photo(self.event)


def queries_of(address: str) -> list[str]:
    client = Client()
    assert client.get(address).status_code == 200, address  # this one also fills the caches
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured]


@pytest.fixture(scope="module")
def counted(django_db_setup, django_db_blocker):
    """The queries of every address, with three things of each kind and with thirty."""
    with django_db_blocker.unblock(), copied_database("counted") as name, using_database(name), as_on_a_server():
        county = County().grow(3)
        few = {name: queries_of(address(county)) for name, address in ADDRESSES.items()}
        county.grow(30)
        return few, {name: queries_of(address(county)) for name, address in ADDRESSES.items()}


@pytest.mark.parametrize("name", ADDRESSES)
def test_thirty_things_cost_as_many_queries_as_three(name, counted):
    few, many = counted
    assert len(many[name]) <= len(few[name]), "\n".join(many[name])


def test_an_article_costs_at_most_six_queries(counted):
    _few, many = counted
    assert len(many["article"]) <= 6, "\n".join(many["article"])


def test_a_page_from_the_cache_costs_none(db, settings):
    settings.PAGE_CACHE_SECONDS = 60
    make_office()
    assert queries_of(make_article().get_absolute_url()) == []
