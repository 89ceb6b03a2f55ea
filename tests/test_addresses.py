"""Addresses follow titles, keep Polish letters readable, and never break."""

import pytest

from news.models import Article
from portal.addresses.models import OldAddress, polish_slug
from tests.make import make_article, make_page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Żółta łódź w Łęczycy", "zolta-lodz-w-leczycy"),
        ("ŚCIEŻKA źdźbło ćma ń", "sciezka-zdzblo-cma-n"),
        ("„Cudzysłów” – myślnik… 50%", "cudzyslow-myslnik-50"),
        ("!!!", "bez-tytulu"),
    ],
)
def test_the_slug_follows_polish_letters(title, slug):
    assert polish_slug(title) == slug


def test_a_long_title_is_cut_at_a_word():
    assert polish_slug("słowo " * 40) == "-".join(["slowo"] * 16)


def test_a_new_title_moves_the_page_and_the_old_address_leads_there_for_good(client):
    article = make_article(title="Stary tytuł")
    old = article.get_absolute_url()
    article.title = "Nowy tytuł"
    article.save()
    answer = client.get(f"{old}?strona=1")
    assert (answer.status_code, answer["Location"]) == (301, f"{article.get_absolute_url()}?strona=1")
    assert client.get(article.get_absolute_url()).status_code == 200


def test_every_earlier_address_leads_to_the_newest(client):
    article = make_article(title="Pierwszy")
    addresses = []
    for title in ("Drugi", "Trzeci", "Pierwszy", "Czwarty"):
        addresses.append(article.get_absolute_url())
        article.title = title
        article.save()
    for address in addresses:
        assert client.get(address)["Location"] == article.get_absolute_url()


def test_an_address_chosen_by_the_editor_stays_when_the_title_changes():
    article = make_article(title="Nabór", slug="nabor-jesienny")
    article.title = "Nabór przedłużony"
    article.save()
    assert article.slug == "nabor-jesienny"


def test_the_address_of_a_static_page_stays_when_its_title_changes():
    page = make_page(title="RODO")
    page.title = "Ochrona danych osobowych"
    page.save()
    assert page.slug == "rodo"


def test_the_old_address_of_a_draft_gives_nothing_away(client):
    article = make_article(title="Stary tytuł")
    old = article.get_absolute_url()
    article.title, article.status = "Tajny tytuł", "draft"
    article.save()
    assert client.get(old).status_code == 404


def test_an_abandoned_address_is_not_given_to_another_article():
    moved = make_article(title="Dyżur")
    moved.title = "Dyżur prawnika"
    moved.save()
    assert make_article(title="Dyżur").slug == "dyzur-2"
    assert OldAddress.objects.get().object_id == moved.pk


def test_two_articles_with_one_title_have_two_addresses():
    assert {make_article(title="Dyżur").slug, make_article(title="Dyżur").slug} == {"dyzur", "dyzur-2"}


def test_names_used_by_lists_and_feeds_are_no_slugs():
    assert make_article(title="RSS").slug == "rss-2"


def test_saving_only_the_title_moves_the_slug_too():
    article = make_article(title="Pierwszy")
    article.title = "Drugi"
    article.save(update_fields=["title"])
    assert Article.objects.get(pk=article.pk).slug == "drugi"
