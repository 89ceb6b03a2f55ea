"""What is hidden is hidden everywhere: each hidden thing is asked of every output, and found in none."""

import io
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.content.folding import fold
from portal.pages.sitemaps import SITEMAPS
from tests.conftest import as_on_a_server, copied_database, lacking, using_database
from tests.hidden_world import HIDDEN, VISIBLE, HiddenWorld, middle_of_month


def address(name: str, *things: str, args=(), **query):
    """A function from the world to an address, which holds the slugs of the world's things of these names."""

    def of(world):
        path = reverse(name, args=[*args, *(getattr(world, thing).slug for thing in things)])
        return f"{path}?{urlencode(query)}" if query else path

    return of


def month(offset: int):
    return lambda world: reverse("events:month", args=[f"{middle_of_month(offset):%Y-%m}"])


OUTPUTS = {
    "home": address("pages:home"),
    "articles": address("news:article_list"),
    "articles, second page": address("news:article_list", page=2),
    "articles of a category": address("news:article_list", kategoria="aktualnosci"),
    "articles of this year": address("news:article_list", rok=str(timezone.localdate().year)),
    "articles with the word": address("news:article_list", q=HIDDEN),
    "article": address("news:article", "article"),
    "article in print": address("news:article_print", "article"),
    "article as PDF": address("news:article_pdf", "article"),
    "articles in RSS": address("news:article_rss"),
    "articles in Atom": address("news:article_atom"),
    "notices": address("news:notice_list"),
    "notices of a kind": address("news:notice_list", rodzaj="announcement"),
    "notice": address("news:notice", "notice"),
    "closed notice": address("news:notice", "closed_notice"),
    "archive of notices": address("news:notice_archive"),
    "notices in RSS": address("news:notice_rss"),
    "institutions": address("institutions:list"),
    "institutions of a type": address("institutions:list", typ="dps"),
    "institutions of a municipality": address("institutions:list", gmina="Modrzewiec"),
    "institutions with free places": address("institutions:list", wolne="1"),
    "institutions with the word": address("institutions:list", q=HIDDEN),
    "map": address("institutions:map_data"),
    "map of a municipality": address("institutions:map_data", gmina="Modrzewiec"),
    "institution": address("institutions:detail", "institution"),
    "institution with a hidden address": address("institutions:detail", "shelter"),
    "institution with a known town": address("institutions:detail", "discreet"),
    "events": address("events:list"),
    "events of a kind": address("events:list", rodzaj="staff_meeting"),
    "events since last year": address("events:list", od=str(timezone.localdate() - timedelta(days=365))),
    "events of the last month": month(-1),
    "events of this month": month(0),
    "events of the next month": month(1),
    "past events": address("events:archive"),
    "event": address("events:detail", "event"),
    "past event with a record": address("events:detail", "past_event"),
    "event with a private record": address("events:detail", "private_record_event"),
    "event in a hidden place": address("events:detail", "shelter_event"),
    "event in a discreet place": address("events:detail", "discreet_event"),
    "event as a calendar file": address("events:ics", "event"),
    "event in a hidden place as a calendar file": address("events:ics", "shelter_event"),
    "event in a discreet place as a calendar file": address("events:ics", "discreet_event"),
    "calendar": address("events:calendar"),
    "search": address("pages:search", q=HIDDEN),
    "search, second page": address("pages:search", q=VISIBLE, strona=2, page=2),
    "contact": address("pages:contact"),
    "page": lambda world: world.page.get_absolute_url(),
    "service cards": address("services:list"),
    "service card": lambda world: world.card.get_absolute_url(),
    "free places": address("institutions:free_places"),
    "free places as a file": address("institutions:places_csv"),
    "monthly costs": address("institutions:monthly_costs"),
    "map of the site": address("pages:sitemap_page"),
    "sitemap.xml": address("sitemap"),
    **{f"sitemap of {section}": address("sitemap_section", args=[section]) for section in SITEMAPS},
    "robots.txt": address("robots"),
    "page that does not exist": lambda world: "/nie-ma-takiej-strony/",
}
# They name nothing of the county, or nothing surely.
WITHOUT_VISIBLE_WORDS = {
    "articles with the word", "articles, second page", "institutions with the word", "institutions with free places",
    "robots.txt", "contact", "sitemap.xml", "sitemap of dzialy", "page that does not exist",
}  # fmt: skip
# The archive of notices is where archived notices are shown.
AT_HOME = {("archive of notices", "archived notice")}


@pytest.fixture(scope="module")
def hidden_database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), copied_database("hidden") as name:
        with using_database(name):
            made = HiddenWorld()
        yield name, made


@pytest.fixture
def world(hidden_database, django_db_blocker):
    name, made = hidden_database
    with django_db_blocker.unblock(), using_database(name), as_on_a_server():
        yield made


def words_of(response) -> str:
    """All that the answer says, folded, whatever its format."""
    if response.get("Content-Type") == "application/pdf":
        from pypdf import PdfReader

        return fold("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages))
    text = response.content.decode()
    if response.get("Content-Type", "").startswith("text/calendar"):
        text = text.replace("\r\n ", "")
    return fold(text)


@pytest.mark.parametrize("output", OUTPUTS)
def test_nothing_hidden_is_in(output, world):
    response = Client().get(OUTPUTS[output](world))
    if output.endswith("PDF") and response.status_code == 404:
        lacking("WeasyPrint or its libraries are not installed")
    assert response.status_code == (404 if output == "page that does not exist" else 200) or output.endswith(
        "second page"
    )
    text = words_of(response)
    found = [where for secret, where in world.secrets.items() if secret in text]
    assert [where for where in found if (output, where) not in AT_HOME] == []
    assert [where for where, photo in world.photos.items() if photo.key in text] == []
    assert output in WITHOUT_VISIBLE_WORDS or VISIBLE in text, "this output shows nothing at all, so it proves nothing"


@pytest.mark.parametrize("where", ["draft article", "expired institution", "internal event", "private meeting record"])
def test_the_search_suggests_no_hidden_word(where, world):
    """A word with a wrong last letter would be answered with the right one."""
    secret = next(secret for secret, place in world.secrets.items() if place == where)
    assert secret not in words_of(Client().get(reverse("pages:search"), {"q": secret[:-1] + "x"}))


def test_the_search_finds_what_is_visible(world):
    assert "jawny artykul" in words_of(Client().get(reverse("pages:search"), {"q": f"{VISIBLE} artykuł"}))


@pytest.mark.parametrize("kind", ["article", "notice", "institution", "event", "page"])
@pytest.mark.parametrize("state", ["draft", "review", "scheduled", "expired"])
def test_hidden_things_do_not_answer_at_their_own_address(state, kind, world):
    thing = world.things[f"{state} {kind}"]
    addresses = [thing.get_absolute_url()]
    if kind == "article":
        addresses += [f"{addresses[0]}drukuj/", f"{addresses[0]}pdf/"]
    if kind == "event":
        addresses += [reverse("events:ics", args=[thing.slug])]
    assert {Client().get(found).status_code for found in addresses} == {404}


@pytest.mark.parametrize("where", ["internal event", "unlisted institution", "institution of a type not listed"])
def test_internal_things_do_not_answer_either(where, world):
    assert Client().get(world.things[where].get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", ["article", "notice", "institution", "event", "page"])
def test_archived_things_answer_at_their_own_address_only_and_ask_robots_to_stay_away(kind, world):
    response = Client().get(world.things[f"archived {kind}"].get_absolute_url())
    assert response.status_code == 200
    assert "noindex" in response.content.decode() + response.get("X-Robots-Tag", "")


def test_an_event_known_by_its_address_answers_there(world):
    response = Client().get(world.things["unlisted event"].get_absolute_url())
    assert response.status_code == 200
    assert "noindex" in response.content.decode() + response.get("X-Robots-Tag", "")


def test_files_of_hidden_photos_do_not_answer(world):
    hidden = {
        where: photo for where, photo in world.photos.items() if not where.startswith(("archived", "unlisted event"))
    }
    assert len(hidden) > 20
    answers = {where: Client().get(photo.url(480)).status_code for where, photo in hidden.items()}
    assert {where: status for where, status in answers.items() if status != 404} == {}


def test_hidden_attachments_do_not_answer(world):
    hidden = {where: attachment for where, attachment in world.attachments.items() if not where.startswith("archived")}
    assert len(hidden) > 10
    answers = {where: Client().get(attachment.get_absolute_url()).status_code for where, attachment in hidden.items()}
    assert {where: status for where, status in answers.items() if status != 404} == {}


def test_a_filter_does_not_tell_in_which_municipality_a_shelter_is(world):
    for output in ("institutions:list", "institutions:map_data"):
        answer = words_of(Client().get(reverse(output), {"gmina": "Qwgminaskryta"}))
        others = words_of(Client().get(reverse(output), {"gmina": "Nieistniejaca"}))
        assert ("jawny osrodek" in answer) == ("jawny osrodek" in others)


@pytest.mark.parametrize("word", ["Qwulicaskryta", "Qwmiastoskryte", "99-987", "Qwdojazdskryty", "Qwulicadyskretna"])
def test_a_search_for_a_hidden_street_does_not_find_the_shelter(word, world):
    for name in ("pages:search", "institutions:list"):
        answer = words_of(Client().get(reverse(name), {"q": word}))
        assert not {"jawny osrodek", "jawny dyzur", "jawny mieszkanie"} & {
            line.strip() for line in re.split("[<>]", answer)
        }


def test_the_old_address_of_a_withdrawn_article_tells_nothing_of_the_new_one(world):
    article = world.things["draft article"]
    old = article.get_absolute_url()
    article.title = "Zupełnie inny tytuł"
    article.save()
    assert article.get_absolute_url() != old
    assert Client().get(old).status_code == 404
