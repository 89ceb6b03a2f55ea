"""What a reader finds under /ogloszenia/."""

import json
import re

import pytest
import time_machine
from django.utils import translation

from news.models import NoticeKind
from tests.make import in_days, make_attachment, make_institution, make_notice, make_office

pytestmark = pytest.mark.django_db
LIST = "/ogloszenia/"
ARCHIVE = "/ogloszenia/archiwum/"


def html(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="entry__title"><a [^>]*>([^<]+)</a>', page)


def test_nearest_deadline_comes_first_and_those_without_one_last(client):
    make_notice(title="Bez terminu")
    make_notice(title="Za miesiąc", deadline_at=in_days(30))
    make_notice(title="Jutro", deadline_at=in_days(1))
    assert titles(html(client, LIST)) == ["Jutro", "Za miesiąc", "Bez terminu"]


def test_past_its_deadline_a_notice_moves_to_the_archive_by_itself(client):
    make_notice(title="Nabór", deadline_at=in_days(1))
    with time_machine.travel(in_days(2)):
        assert titles(html(client, LIST)) == []
        assert titles(html(client, ARCHIVE)) == ["Nabór"]


def test_archive_holds_what_was_archived_by_hand_the_newest_first(client):
    make_notice(title="Dawny", publish_at=in_days(-90), deadline_at=in_days(-60))
    make_notice(title="Odłożony", publish_at=in_days(-30), status="archived")
    make_notice(title="Bieżący")
    assert titles(html(client, ARCHIVE)) == ["Odłożony", "Dawny"]


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"publish_at": in_days(1)}, {"expire_at": in_days(-1)}, {"language": "uk"}]
)
@pytest.mark.parametrize("deadline_at", [in_days(3), in_days(-3)])
def test_unpublished_notice_is_in_neither_list(client, hidden, deadline_at):
    make_notice(title="Ukryty", **{"publish_at": in_days(-7), **hidden}, deadline_at=deadline_at)
    assert titles(html(client, LIST)) == titles(html(client, ARCHIVE)) == []


def test_kind_narrows_the_list(client):
    make_notice(title="Praca", kind=NoticeKind.RECRUITMENT)
    make_notice(title="Przetarg", kind=NoticeKind.PROCUREMENT)
    assert titles(html(client, f"{LIST}?rodzaj=recruitment")) == ["Praca"]


def test_archive_offers_its_own_years_only(client):
    make_notice(publish_at=in_days(-800), deadline_at=in_days(-790))
    page = html(client, ARCHIVE)
    assert f'value="{in_days(-800).year}"' in page
    assert f'value="{in_days(0).year}"' not in page


@pytest.mark.parametrize("address", [f"{LIST}?rodzaj=nieznany", f"{ARCHIVE}?rodzaj=x&rok=abc", f"{ARCHIVE}?rok=%00"])
def test_unknown_filter_is_ignored(client, address):
    make_notice(title="Ogłoszenie", deadline_at=in_days(-1) if "archiwum" in address else None)
    assert titles(html(client, address)) == ["Ogłoszenie"]


@pytest.mark.parametrize("address", [LIST, ARCHIVE])
def test_page_that_does_not_exist_is_a_404(client, address):
    html(client, f"{address}?page=9999", status=404)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-1, "the deadline has passed"), (2, "today is the last day"), (24, "1 day left"), (72, "3 days left")],
)
@time_machine.travel("2026-03-10T10:00:00+01:00", tick=False)
def test_deadline_is_told_in_words(hours, words):
    with translation.override("en"):
        assert make_notice(deadline_at=in_days(hours / 24)).deadline_in_words == words


def test_notice_shows_everything_it_is_made_of(client):
    notice = make_notice(
        title="Pracownik socjalny", summary="Pełny etat.", body="<p>Wymagania: dyplom.</p>",
        kind=NoticeKind.RECRUITMENT, deadline_at=in_days(5), unit=make_institution(name="DPS Pod Lipami"),
    )  # fmt: skip
    make_attachment(notice, title="Kwestionariusz osobowy")
    page = html(client, notice.get_absolute_url())
    for part in [
        "Pracownik socjalny",
        "Pełny etat.",
        "Wymagania: dyplom.",
        "DPS Pod Lipami",
        "Kwestionariusz osobowy",
        "PDF, 1\xa0KB",
    ]:
        assert part in page, part
    assert page.count("<h1") == 1


def job_posting(page: str) -> dict | None:
    blocks = map(json.loads, re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL))
    return next((block for block in blocks if block["@type"] == "JobPosting"), None)


def test_job_offer_that_runs_is_told_to_search_engines(client):
    make_office(name="PCPR", town="Jarzębin")
    page = html(
        client, make_notice(title="Psycholog", kind=NoticeKind.RECRUITMENT, deadline_at=in_days(5)).get_absolute_url()
    )
    posting = job_posting(page)
    assert posting["title"] == "Psycholog"
    assert posting["hiringOrganization"]["name"] == "PCPR"
    assert posting["jobLocation"]["address"]["addressLocality"] == "Jarzębin"


@pytest.mark.parametrize(
    "fields", [{"deadline_at": in_days(-1)}, {"status": "archived"}, {"kind": NoticeKind.TRAINING}]
)
def test_closed_or_other_notice_is_no_job_offer(client, fields):
    notice = make_notice(**{"kind": NoticeKind.RECRUITMENT, **fields})
    assert job_posting(html(client, notice.get_absolute_url())) is None


def test_job_in_a_shelter_does_not_tell_where_it_is(client):
    shelter = make_institution(name="Przystań", street="ul. Ukryta 7", town="Tajne", address_visibility="hidden")
    notice = make_notice(kind=NoticeKind.RECRUITMENT, deadline_at=in_days(5), unit=shelter)
    page = html(client, notice.get_absolute_url())
    assert "Przystań" in page
    assert "Ukryta" not in page
    assert "Tajne" not in page
