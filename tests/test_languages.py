"""The site in three languages: addresses, words of the interface, translations of texts, and what is not translated."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from institutions.models import HelpLine, ServiceCard
from news.models import Article
from portal.content import languages
from portal.pages.models import Tile
from portal.search.sources import reindex
from tests.forms import fill
from tests.kinds import KINDS
from tests.make import (
    in_days,
    make_article,
    make_card,
    make_institution,
    make_notice,
    make_office,
    make_page,
    make_statement,
    make_user,
)

SITE = settings.SITE_URL


def html(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, (address, response.get("Location"))
    return response.content.decode()


def translated(original, language="en", **fields):
    """A translation of a made thing, published like it."""
    copied = {name: getattr(original, name) for name in ("category", "unit", "kind", "type") if hasattr(original, name)}
    maker = {"Article": make_article, "Notice": make_notice, "ServiceCard": make_card, "Institution": make_institution,
             "StaticPage": make_page}[type(original).__name__]  # fmt: skip
    return maker(**copied | fields, language=language, translation_of=original)


# --- Addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "language", "bare"),
    [
        ("/", "pl", "/"),
        ("/aktualnosci/x/", "pl", "/aktualnosci/x/"),
        ("/en/", "en", "/"),
        ("/uk/aktualnosci/", "uk", "/aktualnosci/"),
        ("/english/", "pl", "/english/"),
        ("/pl/", "pl", "/pl/"),
        ("/en", "en", "/"),
        ("", "pl", ""),
    ],
)
def test_the_first_part_of_an_address_names_the_language(path, language, bare):
    assert languages.of_path(path) == language and languages.without(path) == bare


@pytest.mark.django_db
class TestInterface:
    def test_no_header_and_no_cookie_changes_the_language(self, client):
        make_office()
        page = html(client, "/")
        asked = client.get("/", headers={"Accept-Language": "en"}).content.decode()
        assert page == asked and '<html lang="pl">' in page

    @pytest.mark.parametrize(("prefix", "words"), [("", "Aktualności"), ("/en", "News"), ("/uk", "Новини")])
    def test_every_page_is_in_the_language_of_its_address(self, client, prefix, words):
        make_office()
        response = client.get(f"{prefix}/aktualnosci/")
        page = response.content.decode()
        assert f"<h1>{words}</h1>" in page and f'<html lang="{prefix[1:] or "pl"}">' in page
        assert not response.cookies and "Vary" not in response or "Language" not in response.get("Vary", "")
        assert f'href="{prefix}/placowki/" data-menu' in page  # links stay in the language
        assert f'href="{prefix}/aktualnosci/" data-menu aria-current="page"' in page

    def test_the_switch_keeps_the_page(self, client):
        page = html(client, "/en/placowki/?typ=dps")
        assert 'href="/placowki/" lang="pl" hreflang="pl"' in page and 'href="/uk/placowki/" lang="uk"' in page
        assert f'<link rel="alternate" hreflang="uk" href="{SITE}/uk/placowki/">' in page
        assert f'<link rel="alternate" hreflang="x-default" href="{SITE}/placowki/">' in page

    def test_a_missing_page_says_so_in_its_language(self, client):
        assert "There is no such page." in html(client, "/en/nie-ma/", 404)
        assert "Такої сторінки немає." in html(client, "/uk/nie-ma/", 404)

    def test_an_address_without_its_last_stroke_leads_on(self, client):
        assert client.get("/en/aktualnosci")["Location"] == "/en/aktualnosci/"
        assert client.get("/en")["Location"] == "/en/"

    def test_the_editors_office_stays_polish(self, client):
        assert client.get("/en/admin/").status_code == 404


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_interface_is_complete(demo, client, monkeypatch, language):
    """Every phrase that any kind of page asks for is in the catalogue; English is what the code is written in."""
    asked = set()

    def recorded(name, key):
        real = getattr(trans_real, name)

        def wrapper(*args):
            if translation.get_language() == language:
                asked.add(key(*args))
            return real(*args)

        return wrapper

    keys = {
        "gettext": lambda message: str(message).replace("\r\n", "\n"),
        "pgettext": lambda context, message: f"{context}\x04{message}",
        "ngettext": lambda one, many, number: (str(one), 0),
        "npgettext": lambda context, one, many, number: (f"{context}\x04{one}", 0),
    }
    for name, key in keys.items():
        monkeypatch.setattr(translation._trans, name, recorded(name, key))
    for kind in KINDS.values():
        response = client.get(languages.path_in(kind(), language), follow=True)
        assert response.status_code in (200, 404)
    assert len(asked) > 300
    if language == "en":
        polish = {text for text in asked if re.search("[ąćęłńóśźż]", str(text))}
        assert {text for text in polish if "zł" not in text and "Prezes Urzędu" not in text} == set()
    else:
        catalogue = trans_real.translation("uk")._catalog
        missing = sorted(str(key) for key in asked if key and key not in catalogue)
        assert not missing, "\n".join(missing)


POLISH = re.compile("[ąćęłńśźżĄĆĘŁŃŚŹŻ]")


def unmarked(page: BeautifulSoup) -> list[str]:
    """Polish words that a Ukrainian voice would read aloud: told by their letters."""

    def is_marked(element) -> bool:
        return any(parent.get("lang") == "pl" for parent in [element, *element.parents])

    found = []
    for text in page.body.find_all(string=POLISH):
        in_translation = re.search("[а-я]", text) and not POLISH.search(re.sub(r"\(.*?\)", "", text))
        typed = text.find_parent("dl") and text.find_parent(class_="form-page")  # a visitor's own words
        not_read = text.parent.name in ("script", "style", "option", "textarea") or "://" in text
        if not (is_marked(text.parent) or in_translation or typed or not_read):
            found.append(" ".join(text.split()))
    for element in page.body.find_all(["img", "a", "nav", "section"]):
        found += [words for name in ("alt", "aria-label", "title") if POLISH.search(words := element.get(name, ""))
                  and not is_marked(element)]  # fmt: skip
    return found


def test_polish_words_on_a_ukrainian_page_are_marked(demo, client):
    """WCAG 3.1.2; no program looks for it. Most texts of an office are never translated."""
    found = {}
    for name, kind in KINDS.items():
        response = client.get(languages.path_in(kind(), "uk"), follow=True)
        if "html" in response.get("Content-Type", ""):
            if words := unmarked(BeautifulSoup(response.content, "html.parser")):
                found[name] = words
    assert not found, "\n".join(f"{name}: {words}" for name, words in found.items())


# --- Texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestTexts:
    def test_a_reader_is_led_to_the_translation_and_back(self, client):
        original = make_article(title="Pomoc", slug="pomoc")
        translated(original, title="Help", slug="help")
        assert client.get("/en/aktualnosci/pomoc/")["Location"] == "/en/aktualnosci/help/"
        assert client.get("/aktualnosci/help/")["Location"] == "/aktualnosci/pomoc/"
        for address in ("/aktualnosci/pomoc/", "/en/aktualnosci/help/"):
            page = html(client, address)
            assert f'<link rel="alternate" hreflang="en" href="{SITE}/en/aktualnosci/help/">' in page
            assert f'<link rel="alternate" hreflang="pl" href="{SITE}/aktualnosci/pomoc/">' in page
            assert 'hreflang="uk" href="http' not in page
        assert 'href="/uk/aktualnosci/pomoc/" lang="uk"' in page  # the switch leads to the fallback

    def test_what_nobody_translated_is_polish_and_says_so(self, client):
        make_article(title="Pomoc", slug="pomoc", body="<p>Treść.</p>")
        page = html(client, "/en/aktualnosci/pomoc/")
        assert "Nobody has translated this page yet" in page
        assert '<h1 lang="pl">Pomoc</h1>' in page and '<div class="prose" lang="pl">' in page
        assert f'<link rel="canonical" href="{SITE}/aktualnosci/pomoc/">' in page
        assert 'hreflang="en" href="http' not in page

    def test_a_text_of_another_language_without_original_is_found_at_home(self, client):
        make_article(title="Only English", slug="only", language="en")
        assert client.get("/aktualnosci/only/")["Location"] == "/en/aktualnosci/only/"
        assert "Only English" in html(client, "/en/aktualnosci/only/")

    def test_lists_show_translations_in_place_of_originals_and_mark_the_others(self, client):
        translated(make_article(title="Pomoc"), title="Help")
        make_article(title="Bez tłumaczenia")
        assert "Help" not in html(client, "/aktualnosci/")
        page = html(client, "/en/aktualnosci/")
        assert ">Help</a>" in page and ">Pomoc</a>" not in page and 'lang="pl">Bez tłumaczenia</a>' in page

    def test_a_draft_translation_replaces_nothing(self, client):
        translated(make_article(title="Pomoc", slug="pomoc"), title="Help", slug="help", status="draft")
        assert "Pomoc" in html(client, "/en/aktualnosci/")
        assert client.get("/en/aktualnosci/help/").status_code == 404
        assert "Nobody has translated" in html(client, "/en/aktualnosci/pomoc/")

    def test_an_unchecked_translation_carries_a_note_and_a_checked_one_names_who(self, client):
        card = make_card(title="Turnus")
        shown = translated(card, title="Stay", slug="stay", verified_on=None, verified_by="")
        assert "Nobody has checked this translation" in html(client, "/en/sprawy/stay/")
        ServiceCard.objects.filter(pk=shown.pk).update(
            verified_on=timezone.localdate(), verified_by="Olena, translator"
        )
        page = html(client, "/en/sprawy/stay/")
        assert (
            "Olena, translator" in page
            and "Source: ustawa" in page
            and "Nobody has checked this translation" not in page
        )

    def test_an_institution_keeps_its_numbers_and_borrows_the_words(self, client):
        home = make_institution(name="Dom", slug="dom", lead="Po polsku", places_total=9, places_free=2,
                                places_as_of=timezone.localdate())  # fmt: skip
        home.phones.create(number="13 000 10 10")
        translated(home, name="Care home", lead="In English", slug="care-home")
        page = html(client, "/en/placowki/dom/")
        assert (
            "<h1>Care home</h1>" in page and "In English" in page and "13 000 10 10" in page and "2 free places" in page
        )
        assert client.get("/en/placowki/care-home/")["Location"] == "/en/placowki/dom/"
        assert client.get("/placowki/care-home/")["Location"] == "/en/placowki/dom/"
        for address, words in (("/en/placowki/", ">Care home</a>"), ("/en/placowki/wolne-miejsca/", ">Care home</a>")):
            listed = html(client, address)
            assert words in listed and ">Dom</a>" not in listed
        assert "Care home" not in html(client, "/placowki/")

    def test_a_hidden_address_stays_hidden_in_its_translation(self, client):
        shelter = make_institution(name="Schronisko", slug="s", street="ul. Sekretna 7", address_visibility="hidden")
        translated(shelter, name="Shelter", slug="shelter", street="ul. Sekretna 7", address_visibility="public")
        assert "Sekretna" not in html(client, "/en/placowki/s/") + html(client, "/en/placowki/")

    def test_a_special_page_shows_its_rows_in_translation(self, client):
        original = make_page(slug="potrzebuje-pomocy", title="Potrzebuję pomocy")
        translated(original, title="I need help now", slug="i-need-help")
        line = HelpLine.objects.create(number="116 111", name="Telefon zaufania", hours="całą dobę")
        line.translations.create(language="en", name="Helpline for children", hours="day and night")
        page = html(client, "/en/i-need-help/")
        assert "Helpline for children" in page and "day and night" in page and "translation not checked" in page
        assert "Quick exit" in page and "i-need-help" not in page.split("</head>")[0].replace("canonical", "")[:0]
        assert '<h3 lang="pl">Telefon zaufania</h3>' in html(client, "/uk/potrzebuje-pomocy/")

    def test_a_translation_hides_its_reader_where_the_original_does(self, client):
        make_office()
        shown = translated(
            make_card(title="Ucieczka", is_sensitive=True), title="Escape", slug="escape", is_sensitive=False
        )
        page = html(client, "/en/sprawy/escape/")
        assert "Escape" not in page.split("</head>")[0].replace("escape", "") and "Quick exit" in page and shown.pk

    def test_search_finds_what_is_in_the_language_and_leads_to_the_polish_pages(self, client):
        translated(make_article(title="Pomoc prawna"), title="Legal advice")
        list(reindex())
        page = html(client, "/en/szukaj/?q=advice")
        assert "Legal advice" in page.replace("<mark>", "").replace("</mark>", "")
        assert 'href="/szukaj/?q=advice"' in page
        assert "Legal" not in html(client, "/szukaj/?q=advice")

    def test_the_statement_of_the_law_stays_polish_to_its_dates(self, client):
        make_page(slug="deklaracja-dostepnosci", title="Deklaracja dostępności")
        make_statement(prepared_on=date(2021, 2, 3))
        page = html(client, "/en/deklaracja-dostepnosci/")
        assert '<div class="prose" lang="pl">' in page and "3 lutego 2021 r." in page

    def test_the_sitemap_has_every_version_at_its_own_address(self, client):
        translated(make_article(title="Pomoc", slug="pomoc"), title="Help", slug="help")
        text = html(client, "/sitemap-aktualnosci.xml")
        assert f"{SITE}/aktualnosci/pomoc/" in text and f"{SITE}/en/aktualnosci/help/" in text
        assert f"{SITE}/uk/aktualnosci/" in html(client, "/sitemap-dzialy.xml")


# --- Editors ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestEditors:
    ADD = reverse("admin:news_article_add")

    def test_the_form_of_an_original_offers_its_translations(self, admin_client):
        original = make_article(title="Pomoc")
        page = html(admin_client, reverse("admin:news_article_change", args=[original.pk]))
        query = f"translation_of={original.pk}&amp;language=en"
        assert f"{self.ADD}?{query}" in page and "Przetłumacz: English" in page
        new = html(admin_client, f"{self.ADD}?{query}".replace("&amp;", "&"))
        assert 'value="Pomoc"' in new and "Treść artykułu." in new
        shown = translated(original, title="Help")
        page = html(admin_client, reverse("admin:news_article_change", args=[original.pk]))
        assert reverse("admin:news_article_change", args=[shown.pk]) in page and "Przetłumacz: English" not in page

    def test_a_translation_is_made_and_published(self, admin_client):
        original = make_article(title="Pomoc")
        address = f"{self.ADD}?translation_of={original.pk}&language=en"
        assert fill(admin_client, address, "_publish", title="Help").status_code == 302
        shown = Article.objects.get(language="en")
        assert (shown.translation_of, shown.title, shown.slug) == (original, "Help", "help")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [({"language": "pl"}, "w innym języku niż polski"), ({"language": "en"}, "Tłumaczenie na ten język już jest")],
    )
    def test_impossible_translations_are_refused(self, admin_client, fields, words):
        original = make_article()
        translated(original, title="Help")
        page = fill(
            admin_client, self.ADD, "_save_draft", title="X", body="<p>x</p>", translation_of=str(original.pk), **fields
        )  # noqa: E501
        assert words in page.content.decode() and Article.objects.count() == 2

    def test_a_translation_of_a_translation_is_refused(self, admin_client):
        first = translated(make_article(), title="Help")
        answer = fill(
            admin_client,
            self.ADD,
            "_save_draft",
            title="X",
            body="<p>x</p>",
            translation_of=str(first.pk),
            language="uk",
        )  # noqa: E501
        assert answer.status_code == 200 and Article.objects.count() == 2

    def test_a_bound_editor_copies_nothing_of_another_institution(self, client):
        mine, other = make_institution(), make_institution()
        secret = make_article(title="Tajny szkic", unit=other, status="draft")
        user = make_user(groups=["Wydawca"])
        user.memberships.create(institution=mine)
        client.force_login(user)
        assert "Tajny szkic" not in html(client, f"{self.ADD}?translation_of={secret.pk}&language=en")

    def test_a_draft_in_another_language_is_previewed_at_any_address(self, admin_client):
        make_article(title="Draft", slug="draft", language="en", status="draft")
        for prefix in ("", "/en", "/uk"):
            assert "Draft" in html(admin_client, f"{prefix}/aktualnosci/draft/")

    def test_a_translation_is_no_choice_of_a_unit(self, admin_client):
        translated(make_institution(name="Dom"), name="Dom in English")
        asked = {"app_label": "news", "model_name": "article", "field_name": "unit", "term": "Dom"}
        found = admin_client.get(reverse("admin:autocomplete"), asked).json()["results"]
        assert [row["text"] for row in found] == ["Dom"]

    def test_an_institutions_translation_asks_only_for_words(self, admin_client):
        home = make_institution(name="Dom")
        address = f"{reverse('admin:institutions_institution_add')}?translation_of={home.pk}&language=en"
        page = html(admin_client, address)
        assert 'name="lead"' in page and 'name="street"' not in page and "phones-0" not in page
        assert fill(admin_client, address, "_publish", name="Care home").status_code == 302
        assert home.translations.get().type == home.type

    def test_the_board_names_unchecked_translations(self, client):
        translated(make_article(), title="Unchecked")
        translated(
            make_article(), title="Checked", verified_on=in_days(-3).date(), verified_by="O.", source="przysięgły"
        )
        line = HelpLine.objects.create(
            number="116 111", name="Telefon", verified_on=timezone.localdate(), verified_by="O."
        )
        line.translations.create(language="uk", name="Телефон")
        client.force_login(make_user(groups=["Wydawca"]))
        card = html(client, "/admin/").partition("Tłumaczenia do sprawdzenia")[2].partition("</section>")[0]
        assert "Unchecked" in card and ">Checked" not in card and "116 111" in card


# --- Links inside texts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "in_polish", "in_ukrainian"),
    [
        (
            "/placowki/dps/?typ=dps&amp;gmina=a",
            "/placowki/dps/?typ=dps&amp;gmina=a",
            "/uk/placowki/dps/?typ=dps&amp;gmina=a",
        ),
        ("/", "/", "/uk/"),
        ("/en/kontakt/", "/en/kontakt/", "/en/kontakt/"),
        ("/uk/kontakt/", "/uk/kontakt/", "/uk/kontakt/"),
        ("/media/pliki/a/b/druk.pdf", "/media/pliki/a/b/druk.pdf", "/media/pliki/a/b/druk.pdf"),
        ("/pliki/abc/druk.pdf", "/pliki/abc/druk.pdf", "/pliki/abc/druk.pdf"),
        ("//example.org/", "//example.org/", "//example.org/"),
        ("https://example.org/", "https://example.org/", "https://example.org/"),
        ("#dalej", "#dalej", "#dalej"),
        ("mailto:pcpr@jarzebin.example", "mailto:pcpr@jarzebin.example", "mailto:pcpr@jarzebin.example"),
    ],
)
@pytest.mark.parametrize(
    "anchor", ['<a href="{}">słowa</a>', '<a id="tu" href="{}">słowa</a>', '<a href="{}" id="tu">słowa</a>']
)
def test_a_link_in_a_text_keeps_the_language_of_its_reader(db, client, written, in_polish, in_ukrainian, anchor):
    article = make_article(body=f"<p>{anchor.format(written)}</p>")
    for code, expected in (("pl", in_polish), ("uk", in_ukrainian)):
        page = client.get(languages.address_in(article, code)).content.decode()
        [found] = re.findall(r'<a (?:id="tu" )?href="([^"]*)"[^>]*>słowa</a>', page)
        assert found == expected


def test_a_tile_that_leads_to_a_file_leads_to_it_in_every_language(db, client):
    Tile.objects.create(title="Druk", url="/pliki/abc/druk.pdf")
    Tile.objects.create(title="Kalendarz", url="/wydarzenia/")
    page = client.get("/uk/").content.decode()
    assert 'href="/pliki/abc/druk.pdf"' in page and 'href="/uk/wydarzenia/"' in page
