"""The demo county is of a real kind, shows every feature, never grows old, and leaves without a trace."""

import html
import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from events.models import DiscussedTopic, Event, EventParty, EventRepresentative, EventSession, FollowUp
from institutions.models import AddressVisibility, CooperationAgreement, FundedProject, HelpLine, Institution, Office
from news.models import Article, ArticleAttachment, Notice
from portal.accessibility.rules import check_page
from portal.content.photo_files import photo_models, private_folder
from portal.content.richtext import plain_text
from portal.counters.models import ViewTotal
from portal.pages.demo import loading, removing
from portal.pages.models import Banner, StaticPage, Tile
from tests.make import decoded_picture, make_article, make_event, make_institution

STATUTORY = """
    deklaracja-dostepnosci dostepnosc rodo polityka-cookies standardy-ochrony-maloletnich o-nas projekty dokumenty
    sygnalisci przemoc-domowa potrzebuje-pomocy
""".split()


# --- How much there is ------------------------------------------------------------------------------------------------


def test_there_are_twenty_five_institutions_of_fifteen_types(demo):
    listed = Institution.objects.published()
    assert listed.count() >= 25
    assert listed.order_by().values("type").distinct().count() >= 15


def test_there_are_sixty_articles_over_three_years(demo):
    articles = Article.objects.published()
    assert Article.objects.count() >= 60 and articles.count() >= 50
    oldest, newest = articles.earliest("publish_at").publish_at, articles.latest("publish_at").publish_at
    assert (newest - oldest).days >= 2.5 * 365


def test_there_are_twenty_notices_current_and_closed(demo):
    assert Notice.objects.count() >= 20
    assert Notice.objects.published().current().count() >= 5
    assert Notice.objects.published().closed().count() >= 5


def test_there_are_thirty_events_past_and_to_come(demo):
    assert Event.objects.count() >= 30
    assert Event.objects.published().upcoming().count() >= 8
    assert Event.objects.published().past().count() >= 8


def test_there_are_tiles_and_every_statutory_page(demo):
    assert Tile.objects.filter(is_active=True).count() >= 6
    assert set(STATUTORY) - set(StaticPage.objects.published().values_list("slug", flat=True)) == set()


def test_the_accessibility_statement_keeps_every_rule_of_the_law(demo, client):
    page = client.get("/deklaracja-dostepnosci/").content.decode()
    assert check_page(page, timezone.localdate()) == []


def test_photos_are_of_photographic_size_credited_and_lawful(demo):
    photos = [photo for model in photo_models() for photo in model.objects.all()]
    assert len(photos) >= 100
    assert [photo for photo in photos if photo.width < 1600 or not photo.is_shown] == []
    assert [photo for photo in photos if not (photo.author or getattr(photo.owner, "photo_credit", ""))] == []
    assert [photo for photo in photos if not (private_folder(photo.key) / "1600.webp").exists()] == []


# --- How it is written ------------------------------------------------------------------------------------------------


def words(text: str) -> int:
    return len(re.findall(r"\w+", text))


def sentences(article) -> set[str]:
    """Whole sentences of four words and more, in lower case; a heading or an item of a list counts as one."""
    parts = re.split(r"</(?:p|li|h\d|td|th|caption)>", article.body) + [article.lead]
    split = [
        sentence for part in parts for sentence in re.split(r"(?<=[.!?…])\s+(?=[\"„A-ZĄĆĘŁŃÓŚŹŻ])", plain_text(part))
    ]
    return {" ".join(re.findall(r"\w+", sentence.lower())) for sentence in split if words(sentence) >= 4}


def test_no_article_is_under_120_words(demo):
    short = {article.slug: words(plain_text(article.body)) for article in Article.objects.all()}
    assert {slug: count for slug, count in short.items() if count < 120} == {}


def test_no_two_articles_share_a_sentence(demo):
    articles_of = defaultdict(set)
    for article in Article.objects.all():
        for sentence in sentences(article):
            articles_of[sentence].add(article.slug)
    assert {sentence: slugs for sentence, slugs in articles_of.items() if len(slugs) > 1} == {}


def test_no_text_holds_a_gap_or_an_entity_printed_twice(demo):
    texts = [
        text for article in Article.objects.all() for text in (article.title, article.lead, plain_text(article.body))
    ]
    texts += [plain_text(page.body) for page in StaticPage.objects.all()]
    gaps = [text for text in texts if re.search(r"\{\{|\}\}|&amp;|&lt;|lorem|TODO|xxx", text, re.IGNORECASE)]
    assert gaps == []
    assert [text for text in texts if html.unescape(text) != text] == []


def test_every_address_of_mail_and_web_is_invented(demo):
    """Nobody real is written to: `.example`, except the addresses of the state's own services."""
    mails = re.findall(r"[\w.+-]+@[\w.-]+\.\w+", " ".join(article.body for article in Article.objects.all()))
    mails += [found.email for found in Institution.objects.exclude(email="")] + [Office.objects.get().email]
    assert mails
    assert [mail for mail in mails if not mail.endswith(".example")] == []


# --- Every feature of the five seed pages -----------------------------------------------------------------------------


def has(model, **conditions):
    return lambda: model.objects.filter(**conditions).exists()


def values(model, field: str) -> set:
    return set(model.objects.order_by().values_list(field, flat=True))


FEATURES = {
    "an article with a gallery of four photos": lambda: any(a.photos.count() >= 4 for a in Article.objects.all()),
    "text and photo credits": has(Article, text_credit__gt="", photo_credit__gt=""),
    "an author unit": has(Article, unit__isnull=False),
    "a pinned article": has(Article, is_pinned=True),
    "an attachment of each format": lambda: {"pdf", "docx", "xlsx"} <= values(ArticleAttachment, "format"),
    "related institutions": has(Article, institutions__isnull=False),
    "a related event": has(Article, event__isnull=False),
    "a co-funding notice": has(Article, project__isnull=False),
    "a quotation with its author": has(Article, body__contains='class="attribution"'),
    "a table": has(Article, body__contains="<table"),
    "headings": has(Article, body__contains="<h2"),
    "lists": has(Article, body__contains="<li"),
    "counted views": has(ViewTotal, total__gt=100),
    "articles of every state": lambda: {"draft", "review", "published", "archived"} <= values(Article, "status"),
    "a scheduled article": lambda: any(article.is_scheduled for article in Article.objects.all()),
    "an article that will expire": has(Article, expire_at__isnull=False),
    "notices of five kinds": lambda: len(values(Notice, "kind")) >= 5,
    "a hidden address": has(Institution, address_visibility=AddressVisibility.HIDDEN),
    "an address known by its town": has(Institution, address_visibility=AddressVisibility.TOWN_ONLY),
    "an institution open day and night": has(Institution, is_24_7=True),
    "hours with an exception": has(Institution, hours_exceptions__isnull=False),
    "free places and a waiting list": has(Institution, places_free__gt=0, places_waiting__isnull=False),
    "agreements with other counties": lambda: CooperationAgreement.objects.count() >= 3,
    "a supervising unit": has(Institution, supervising_unit__isnull=False),
    "accessibility of a building": has(Institution, step_free_entrance="yes"),
    "an institution that is only a party": has(Institution, is_listed=False),
    "events of five kinds": lambda: len(values(Event, "kind")) >= 5,
    "an event of several dates": lambda: any(event.sessions.count() > 1 for event in Event.objects.all()),
    "an event of several days": lambda: any(s.first_day != s.last_day for s in EventSession.objects.all()),
    "an event held online": has(EventSession, mode="online"),
    "a cancelled and a postponed event": lambda: {"cancelled", "postponed"} <= values(Event, "run_state"),
    "a programme with speakers": has(Event, agenda__speakers__contains="–"),
    "parties in five roles": lambda: len(values(EventParty, "role")) >= 5,
    "representatives of two sides": lambda: {"host", "guest"} <= values(EventRepresentative, "side"),
    "groups of participants": has(Event, audience_groups__count__gt=0),
    "topics as a numbered list": lambda: DiscussedTopic.objects.count() >= 5,
    "next steps with dates": has(FollowUp, planned_on__isnull=False),
    "a motto": has(Event, motto__gt=""),
    "a series of events": has(Event, series__isnull=False),
    "an event for staff only": has(Event, visibility="internal"),
    "a funded project": has(FundedProject, notice__gt=""),
    "help lines": lambda: HelpLine.objects.filter(is_in_strip=True).count() >= 3,
    "a banner": lambda: Banner.objects.current().exists(),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_the_demo_shows(feature, demo):
    assert FEATURES[feature]()


# --- Fresh, and gone --------------------------------------------------------------------------------------------------


def test_something_was_published_this_week_and_something_happens_next_week(demo):
    week = timedelta(days=7)
    assert Article.objects.published().filter(publish_at__gt=timezone.now() - week).exists()
    assert Event.objects.published().upcoming().filter(first_start__lt=timezone.now() + 2 * week).exists()
    assert not Institution.objects.filter(places_as_of__lt=timezone.localdate() - timedelta(days=90)).exists()


def test_nothing_was_changed_before_it_was_published_or_after_now(demo):
    assert not Article.objects.published().filter(updated_at__gt=timezone.now()).exists()
    assert [article.slug for article in Article.objects.published() if article.was_updated] == []


def row_counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def files_below(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def demo_of_its_own(own_database, tmp_path, monkeypatch):
    """The demo loaded into an empty place, with one photo in place of fifty, which take a while."""
    folders = {"PRIVATE_ROOT": tmp_path / "private", "MEDIA_ROOT": tmp_path / "public"}
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "private"}}
    monkeypatch.setattr("portal.pages.demo.photos._decode", lambda name: decoded_picture(640, 480))
    with override_settings(**folders, STORAGES={**settings.STORAGES, "default": storage}):
        yield tmp_path


def test_removing_the_demo_leaves_what_the_office_made_and_nothing_else(demo_of_its_own):
    make_article(title="Nasz własny artykuł", institutions=[make_institution(name="Nasz własny dom")])
    rows, files = row_counts(), files_below(demo_of_its_own)
    loading.load(progress=lambda step: None)
    assert row_counts() != rows
    assert len(files_below(demo_of_its_own)) > 100
    removing.remove()
    assert row_counts() == rows
    assert files_below(demo_of_its_own) == files


@pytest.mark.once
def test_the_demo_is_not_removed_while_the_office_uses_it(demo_of_its_own):
    loading.load(progress=lambda step: None)
    make_event(institution=Institution.objects.get(slug="pcpr"))
    before = row_counts()
    with pytest.raises(removing.DemoInUse):
        removing.remove()
    assert row_counts() == before


def test_the_demo_is_loaded_into_an_empty_database_only(db):
    make_institution()
    with pytest.raises(CommandError):
        call_command("load_demo")
