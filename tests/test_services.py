"""Service cards under /sprawy/: what a resident reads, what an editor is refused, and one sheet of paper for each."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions.models import ServiceCard
from portal.search.sources import reindex
from tests.forms import fill
from tests.make import in_days, make_attachment, make_card, make_institution, make_office, make_page, make_user

LIST = "/sprawy/"


def html(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def html_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="entry__title"><a [^>]*>([^<]+)</a>', page)


@pytest.mark.django_db
class TestList:
    def test_cards_stand_under_each_of_their_situations_from_a_to_z(self, client):
        make_card(title="Żądanie", situations=["niepelnosprawnosc"])
        make_card(title="Ćwiczenia", situations=["niepelnosprawnosc", "porada"])
        make_card(title="Bez sytuacji")
        page = html(client, LIST)
        assert titles(page) == ["Ćwiczenia", "Żądanie", "Ćwiczenia", "Bez sytuacji"]
        assert page.index('id="niepelnosprawnosc"') < page.index('id="porada"') < page.index('id="inne"')

    def test_a_situation_a_unit_and_words_narrow_it(self, client):
        unit = make_institution(slug="pzon", name="Zespół orzekający")
        make_card(title="Karta parkingowa", unit=unit, situations=["niepelnosprawnosc", "porada"])
        make_card(title="Turnus", situations=["niepelnosprawnosc"])
        make_card(title="Porada prawna", situations=["porada"])
        list(reindex())
        assert titles(html(client, f"{LIST}?sytuacja=porada")) == ["Karta parkingowa", "Porada prawna"]
        assert titles(html(client, f"{LIST}?jednostka=pzon")) == ["Karta parkingowa", "Karta parkingowa"]
        assert titles(html(client, f"{LIST}?q=parkingowe")) == ["Karta parkingowa", "Karta parkingowa"]

    def test_unknown_choices_are_named_and_ignored(self, client):
        make_card(title="Turnus", situations=["porada"])
        page = html(client, f"{LIST}?sytuacja=nie-ma&jednostka=%00&q=%00")
        assert titles(page) == ["Turnus"]
        assert page.count('class="errorlist"') == 3

    @pytest.mark.parametrize(
        "hidden", [{"status": "draft"}, {"publish_at": in_days(1)}, {"expire_at": in_days(-1)}, {"language": "uk"}]
    )
    def test_unpublished_card_is_in_no_list(self, client, hidden):
        unit = make_institution(slug="dom")
        make_card(title="Ukryta", unit=unit, **{"publish_at": in_days(-7), **hidden})
        assert titles(html(client, LIST)) == []
        assert "Ukryta" not in html(client, "/placowki/dom/")

    def test_an_institution_names_what_is_settled_there(self, client):
        make_card(title="Turnus", unit=make_institution(slug="dom"))
        assert '<a href="/sprawy/turnus/">Turnus</a>' in html(client, "/placowki/dom/")


@pytest.mark.django_db
class TestCard:
    def test_it_says_everything(self, client):
        make_page(slug="rodo")
        unit = make_institution(name="Centrum", street="ul. Klonowa 12", email="centrum@jarzebin.example")
        unit.phones.create(number="13 000 12 00")
        card = make_card(
            title="Turnus", unit=unit, fee="21 zł", conditions="<p>Raz w roku.</p>", result="Pismo z kwotą.",
            appeal="14 dni.", room="12", accessibility_help="Tłumacz na życzenie.", privacy_notice="<p>Klauzula.</p>",
        )  # fmt: skip
        make_attachment(card, title="Wniosek o turnus")
        page = html(client, card.get_absolute_url())
        for words in (
            "Dopłata do tego", "Osoba z orzeczeniem", "Raz w roku", "<li>wniosek</li>", "Złóż wniosek.", "albo pocztą",
            "21 zł", "30 dni", "Pismo z kwotą", "14 dni.", "Centrum", "ul. Klonowa 12", "Pokój: 12", "13 000 12 00",
            "Tłumacz na życzenie", "ustawa o pomocy społecznej", "Klauzula.", 'href="/rodo/"', "Wniosek o turnus",
            "Sprawdzono dnia", "Dział Rehabilitacji",
        ):  # fmt: skip
            assert words in page, words
        assert f'PDF, 1\xa0KB, <time datetime="{timezone.localdate()}"' in page

    def test_free_of_charge_is_said(self, client):
        assert "bezpłatnie" in html(client, make_card().get_absolute_url())

    def test_own_phone_and_hours_stand_before_those_of_the_unit(self, client):
        unit = make_institution()
        unit.phones.create(number="13 000 12 00")
        card = make_card(unit=unit, phone="13 000 12 32", extension="7", hours="wtorki 8–10")
        page = html(client, card.get_absolute_url())
        assert "13 000 12 32 wew. 7" in page and "wtorki 8–10" in page and 'href="tel:+48130001200"' not in page

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"verified_on": None}, "Nikt jeszcze nie porównał"),
            ({"verified_on": in_days(-400).date()}, "Ostatnio sprawdzono"),
        ],
    )
    def test_an_unchecked_card_says_so(self, client, fields, words):
        page = html(client, make_card(**fields).get_absolute_url())
        assert words in page and "Sprawdzono dnia" not in page

    def test_a_hidden_unit_gives_no_address(self, client):
        unit = make_institution(street="ul. Sekretna 7", town="Cichowo", address_visibility="hidden")
        card = make_card(unit=unit, room="12")
        for address in (card.get_absolute_url(), f"{card.get_absolute_url()}drukuj/", LIST):
            page = html(client, address)
            assert "Sekretna" not in page and "Cichowo" not in page and "Pokój" not in page

    def test_the_page_for_those_in_danger_says_nothing_of_its_reader(self, client):
        make_office()
        card = make_card(title="Ucieczka od sprawcy", is_sensitive=True)
        page = html(client, card.get_absolute_url())
        head = page[: page.index("</head>")]
        assert "Ucieczka" not in head and "Szybkie wyjście" in page and "Ctrl + Shift + N" in page
        assert "Ucieczka" not in html(client, f"{card.get_absolute_url()}drukuj/").split("</head>")[0]

    def test_archived_card_answers_with_a_banner_and_stays_out_of_search_engines(self, client):
        card = make_card(status="archived")
        page = html(client, card.get_absolute_url())
        assert "Treść archiwalna" in page and 'content="noindex"' in page
        assert card.title not in html(client, LIST)


@pytest.mark.django_db
class TestAdmin:
    add = reverse("admin:institutions_servicecard_add")

    def test_a_card_without_a_unit_is_refused_with_the_reason_and_keeps_what_was_typed(self, admin_client):
        page = html_of(fill(admin_client, self.add, "_save_draft", title="Turnus", lead="Dopłata."))
        assert "Wybierz jednostkę, która załatwia tę sprawę." in page and 'value="Turnus"' in page
        assert not ServiceCard.objects.exists()

    def test_what_lacks_a_part_is_kept_as_a_draft_but_not_published(self, admin_client):
        typed = {"title": "Turnus", "unit": str(make_institution().pk)}
        page = html_of(fill(admin_client, self.add, "_publish", **typed))
        assert page.count("Bez tej części nie można opublikować karty.") == len(ServiceCard.needed)
        assert "Napisz, ile to kosztuje" in page and not ServiceCard.objects.exists()
        assert fill(admin_client, self.add, "_save_draft", **typed).status_code == 302
        assert ServiceCard.objects.get().status == "draft"

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"is_free": "on", "fee": "5 zł"}, "nie jedno i drugie"),
            ({"verified_on": "2999-01-01", "verified_by": "Dział", "source": "ustawa"}, "jeszcze nie nadszedł"),
            ({"verified_on": "2026-01-01", "source": "ustawa"}, "Napisz, kto sprawdził."),
            ({"verified_on": "2026-01-01", "verified_by": "Dział"}, "Napisz, z jakim źródłem"),
            ({"phone": "12"}, "numer"),
            ({"privacy_notice": "<p>PESEL 44051401359</p>"}, "PESEL"),
        ],
    )
    def test_what_cannot_be_is_refused_beside_its_field(self, admin_client, fields, words):
        typed = {"title": "Turnus", "unit": str(make_institution().pk)} | fields
        assert words in html_of(fill(admin_client, self.add, "_save_draft", **typed))
        assert not ServiceCard.objects.exists()

    def test_the_board_names_unchecked_public_cards_only(self, client):
        make_card(title="Dawno sprawdzona", verified_on=in_days(-366).date())
        make_card(title="Sprawdzona")
        make_card(title="Szkic", verified_on=None, status="draft")
        client.force_login(make_user(groups=["Wydawca"]))
        board = html(client, "/admin/")
        card = board[board.index("Fakty do ponownego sprawdzenia") :]
        assert "Dawno sprawdzona" in card and "Sprawdzona<" not in card and "Szkic<" not in card

    def test_an_editor_of_one_unit_sees_only_its_cards(self, client):
        mine, other = make_institution(), make_institution()
        make_card(title="Moja", unit=mine)
        make_card(title="Cudza", unit=other)
        user = make_user(groups=["Redaktor"])
        user.memberships.create(institution=mine)
        client.force_login(user)
        page = html(client, reverse("admin:institutions_servicecard_changelist"))
        assert "Moja" in page and "Cudza" not in page
