"""RSS and Atom of news and notices, as a feed reader meets them."""

from xml.etree import ElementTree

import pytest

from news.models import Article
from tests.make import in_days, make_article, make_notice, make_office

pytestmark = pytest.mark.django_db
RSS, ATOM, NOTICES = "/aktualnosci/rss/", "/aktualnosci/atom/", "/ogloszenia/rss/"
IN_ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"


def feed(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)


def test_rss_tells_the_newest_first_with_lead_and_category(client):
    make_article(title="Starszy", publish_at=in_days(-3))
    article = make_article(title="„Nowszy” & lepszy", lead="Krótko.", publish_at=in_days(-2))
    first, second = feed(client, RSS).iter("item")
    assert first.findtext("title") == "„Nowszy” & lepszy"
    assert first.findtext("description") == "Krótko."
    assert first.findtext("category") == article.category.name
    assert second.findtext("title") == "Starszy"


@pytest.mark.parametrize("address", [RSS, ATOM, NOTICES])
def test_addresses_are_those_of_the_site_whatever_host_was_asked(client, address):
    make_article(title="Artykuł")
    make_notice(title="Ogłoszenie")
    content = client.get(address, headers={"host": "localhost"}).content.decode()
    assert "//localhost" not in content
    assert f"{SITE}{address}" in content
    assert f"{SITE}/aktualnosci/artykul/" in content or f"{SITE}/ogloszenia/ogloszenie/" in content


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"status": "archived"}, {"publish_at": in_days(1)}, {"expire_at": in_days(-1)}]
)
@pytest.mark.parametrize(("make", "address"), [(make_article, RSS), (make_article, ATOM), (make_notice, NOTICES)])
def test_unpublished_is_in_no_feed(client, make, address, hidden):
    make(title="Ukryty", **hidden)
    assert "Ukryty" not in client.get(address).content.decode()


def test_atom_has_the_office_as_author_and_its_language(client):
    make_office(name="PCPR w Jarzębinie")
    make_article()
    root = feed(client, ATOM)
    assert root.findtext(f"{IN_ATOM}author/{IN_ATOM}name") == "PCPR w Jarzębinie"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "pl"
    assert len(root.findall(f"{IN_ATOM}entry")) == 1


@pytest.mark.parametrize("address", [RSS, ATOM, NOTICES])
def test_feed_is_the_same_to_the_byte_until_something_changes(client, address, time_machine):
    def read_twice() -> bytes:
        content = client.get(address).content
        time_machine.move_to(in_days(1))
        assert client.get(address).content == content
        return content

    empty = read_twice()
    make_article()
    make_notice()
    assert read_twice() != empty


@pytest.mark.parametrize("address", [RSS, ATOM, NOTICES])
def test_reader_that_has_it_already_is_answered_304_without_a_cookie(client, address):
    make_article()
    first = client.get(address)
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_corrected_title_is_no_new_entry(client):
    article = make_article(title="Z literuwką")
    before = next(feed(client, RSS).iter("guid")).text
    article.title = "Z literówką"
    article.save()
    assert next(feed(client, RSS).iter("guid")).text == before


def test_without_a_lead_the_beginning_of_the_text_stands_for_it(client):
    make_article(lead="", body="<p>" + "Długi tekst. " * 100 + "</p>")
    description = next(feed(client, RSS).iter("item")).findtext("description")
    assert description.startswith("Długi tekst.")
    assert len(description) < 450


def test_feed_costs_the_same_for_three_and_for_thirty(client, django_assert_num_queries):
    make_article()
    with django_assert_num_queries(2):
        client.get(RSS)
    for _ in range(29):
        make_article()
    with django_assert_num_queries(2):
        client.get(RSS)
    assert Article.objects.count() == 30
