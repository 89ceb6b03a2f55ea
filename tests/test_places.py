"""Free places: what residents see, how an institution confirms its numbers by a link, and how the office approves."""

import csv
import io
import logging
import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from institutions.models import Institution, PlacesReport
from institutions.places import links, reporting
from institutions.places.letters import ask
from portal.content.logs import LinksFilter
from portal.outbox.models import Message
from tests.forms import fill, messages, press, read
from tests.make import in_days, make_institution, make_office, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 12)
NUMBERS = {"places_total": 20, "places_free": 3, "places_waiting": 5}


@pytest.fixture(autouse=True)
def on_that_day():
    with time_machine.travel("2026-05-12 10:00:00+02:00", tick=False):
        yield


@pytest.fixture
def home() -> Institution:
    found = make_institution(
        name="Dom Pod Lipami", slug="dom", email="dom@jarzebin.example", places_as_of=date(2026, 4, 1), **NUMBERS
    )
    found.hours.create(weekday=0, opens="07:30", closes="15:30")
    return Institution.objects.get()


@pytest.fixture
def direct():
    return make_office(places_by_mail="direct")


@pytest.fixture
def approved():
    return make_office(places_by_mail="approved")


def link_of(institution, day=TODAY) -> str:
    return reverse("institutions:places_confirm", args=[links.token(institution, day)])


def send(client, institution, **changes):
    address = link_of(institution)
    page = client.get(address).content.decode()
    fields = dict(re.findall(r'<input [^>]*name="((?:places|day)_\w+)"[^>]*value="([^"]*)"', page))
    return client.post(address, fields | changes)


def shown(institution) -> tuple:
    institution = Institution.objects.get(pk=institution.pk)
    return institution.places_free, institution.places_as_of


class TestResidents:
    def test_table_names_numbers_and_their_day(self, client, home):
        make_institution(name="Bez miejsc")
        page = client.get("/placowki/wolne-miejsca/").content.decode()
        row = page[page.index("<tbody>") : page.index("</tbody>")]
        assert "Dom Pod Lipami" in row and "1 kwietnia 2026" in row and "Bez miejsc" not in row
        assert re.findall(r'class="number"[^>]*>(?:<[^>]+>)*(\d+|–)', row) == ["3", "20", "5"]

    def test_old_numbers_carry_a_warning(self, client, home):
        assert "sprzed ponad 90 dni" not in client.get("/placowki/wolne-miejsca/").content.decode()
        Institution.objects.update(places_as_of=in_days(-91).date())
        assert "sprzed ponad 90 dni" in client.get("/placowki/wolne-miejsca/").content.decode()

    def test_filters_narrow_table_and_file_alike(self, client, home):
        make_institution(name="Warsztat", type="wtz", places_total=30, places_free=0, places_as_of=TODAY)
        for query, names in (
            ("", ["Dom Pod Lipami", "Warsztat"]),
            ("?typ=wtz", ["Warsztat"]),
            ("?wolne=on", ["Dom Pod Lipami"]),
        ):
            page = client.get(f"/placowki/wolne-miejsca/{query}").content.decode()
            file = client.get(f"/placowki/wolne-miejsca.csv{query}").content.decode("utf-8-sig")
            assert re.findall(r'<a href="/placowki/[\w-]+/">([^<]+)</a>\n', page) == names
            assert [row["nazwa"] for row in csv.DictReader(io.StringIO(file), delimiter=";")] == names

    def test_file_for_programs_has_iso_days_and_the_codes_of_municipalities(self, client):
        make_institution(
            name="Dom", municipality="Olszyny", places_as_of=TODAY, **NUMBERS | {"places_waiting": None}
        ).phones.create(number="13 000 10 10")
        from institutions.models import Municipality

        Municipality.objects.update(teryt="1812052")
        (row,) = csv.DictReader(
            io.StringIO(client.get("/placowki/wolne-miejsca.csv").content.decode("utf-8-sig")), delimiter=";"
        )
        assert row["stan_na"] == "2026-05-12" and row["teryt_gminy"] == "1812052" and row["gmina"] == "Olszyny"
        assert (row["miejsca"], row["wolne"], row["oczekuje"]) == ("20", "3", "") and row["strona"].startswith("http")

    def test_a_hidden_place_is_not_given_away(self, client):
        make_institution(
            municipality="Olszyny", town="Cichowo", address_visibility="hidden", places_as_of=TODAY, **NUMBERS
        )
        for address in ("/placowki/wolne-miejsca/", "/placowki/wolne-miejsca.csv"):
            text = client.get(address).content.decode()
            assert "Olszyny" not in text and "Cichowo" not in text

    def test_an_institution_shows_what_it_had_before(self, client, home):
        assert "Wcześniejsze liczby" not in client.get("/placowki/dom/").content.decode()
        home.places_free, home.places_as_of = 0, TODAY
        home.save()
        page = client.get("/placowki/dom/").content.decode()
        assert "1 kwietnia 2026" in page[page.index("Wcześniejsze liczby") :]


class TestHistory:
    def test_every_save_with_other_numbers_is_kept_once_a_day(self, home):
        home.lead = "Bez zmiany liczb"
        home.save()
        home.places_free = 2
        home.save()
        assert [(r.as_of, r.places_free) for r in PlacesReport.objects.all()] == [(date(2026, 4, 1), 2)]
        home.places_as_of = TODAY
        home.save()
        assert [(r.as_of, r.places_free) for r in PlacesReport.objects.all()] == [(TODAY, 2), (date(2026, 4, 1), 2)]

    def test_who_has_no_numbers_has_no_history(self):
        make_institution()
        assert not PlacesReport.objects.exists()


class TestLetters:
    def test_nobody_is_asked_until_the_office_wants_it(self, home):
        make_office()
        assert ask() == "switched off" and not Message.objects.exists()

    def test_each_institution_with_places_is_asked_once_a_month(self, direct, home):
        make_institution(email="inna@jarzebin.example")
        make_institution(email="szkic@jarzebin.example", status="draft", **NUMBERS, places_as_of=TODAY)
        assert ask() == "1 written" and ask() == "0 written"
        (letter,) = Message.objects.all()
        assert letter.to == "dom@jarzebin.example" and "Wolne miejsca: 3" in letter.text
        assert link_of(home) in letter.text
        with time_machine.travel("2026-06-01 00:30:00+02:00"):
            assert ask() == "1 written"

    def test_an_address_of_its_own_stands_before_that_of_the_institution(self, direct, home):
        Institution.objects.update(places_email="kierownik@jarzebin.example")
        ask()
        assert Message.objects.get().to == "kierownik@jarzebin.example"


class TestLink:
    def test_following_it_changes_nothing(self, client, direct, home):
        page = client.get(link_of(home))
        assert page.status_code == 200 and page["Cache-Control"] == "private, no-store" and not page.cookies
        assert 'content="noindex"' in page.content.decode() and shown(home) == (3, date(2026, 4, 1))

    def test_unchanged_numbers_are_confirmed_as_of_today_without_approval(self, client, approved, home):
        answer = send(client, home)
        assert answer.status_code == 303 and "czeka" not in answer["Location"]
        assert shown(home) == (3, TODAY)
        assert PlacesReport.objects.first().origin == "institution"

    def test_changed_numbers_are_shown_at_once_where_the_office_wants_it(self, client, direct, home):
        send(client, home, places_free="0", day_1="8-12, 13:30–16")
        assert shown(home) == (0, TODAY)
        assert reporting.hours_of(home) == [[0, "07:30", "15:30"], [1, "08:00", "12:00"], [1, "13:30", "16:00"]]
        assert "ze stanem na dziś" in client.get(f"{link_of(home)}przyjete/").content.decode()

    def test_changed_numbers_wait_for_approval_and_a_newer_word_replaces_them(self, client, approved, home):
        answer = send(client, home, places_free="0")
        assert "czekają na urząd" in client.get(answer["Location"]).content.decode()
        send(client, home, places_free="1")
        assert shown(home) == (3, date(2026, 4, 1))
        assert [report.places_free for report in PlacesReport.objects.waiting()] == [1]

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"places_free": "21"}, "wolnych miejsc nie może być więcej"),
            ({"places_free": ""}, "wymagane"),
            ({"places_total": "99999"}, "2000"),
            ({"places_free": "-1"}, "większa lub równa 0"),
            ({"day_0": "7:30"}, "Godziny zapisz jako"),
            ({"day_0": "25-26"}, "Godziny zapisz jako"),
            ({"day_0": "16-8"}, "musi być późniejsza"),
            ({"day_0": "8-12, 11-15"}, "zachodzą na siebie"),
            ({"day_0": "8-12\x00"}, "nul"),
        ],
    )
    def test_bad_input_is_named_and_nothing_typed_is_lost(self, client, direct, home, changes, words):
        answer = send(client, home, **{"places_waiting": "17"} | changes)
        page = answer.content.decode()
        assert answer.status_code == 200 and words.lower() in page.lower() and 'value="17"' in page
        assert shown(home) == (3, date(2026, 4, 1))

    def test_day_and_night_asks_for_no_hours(self, client, direct, home):
        Institution.objects.update(is_24_7=True)
        assert "day_0" not in client.get(link_of(home)).content.decode()
        send(client, home)
        assert shown(home) == (3, TODAY) and home.hours.count() == 1

    def test_it_works_until_the_end_of_the_next_month(self, client, direct, home):
        Institution.objects.update(publish_at=in_days(-365))
        address = link_of(home, date(2026, 3, 1))
        with time_machine.travel("2026-04-30 12:00+02:00"):
            assert client.get(address).status_code == 200
        with time_machine.travel("2026-05-01 12:00+02:00"):
            assert client.get(address).status_code == 404

    def test_it_ends_with_the_address_it_was_sent_to(self, client, direct, home):
        address = link_of(home)
        Institution.objects.update(email="nowy@jarzebin.example")
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("spoil", [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.replace(".", "9.", 1),
        lambda token: "9" * 400 + token,
        lambda token: "x",
        lambda token: "1.2026-05~",
    ])  # fmt: skip
    def test_a_spoilt_link_is_refused(self, client, direct, home, spoil):
        address = reverse("institutions:places_confirm", args=[spoil(links.token(home, TODAY))])
        assert client.get(address).status_code == 404
        assert client.post(address, {"places_total": "1", "places_free": "1"}).status_code == 404
        assert client.get(f"{address}przyjete/").status_code == 404
        assert shown(home) == (3, date(2026, 4, 1))

    def test_one_institutions_link_is_none_for_another(self, direct, home):
        other = make_institution(email="dom@jarzebin.example", **NUMBERS, places_as_of=TODAY)
        key, _dot, rest = links.token(home, TODAY).partition(".")
        assert key == str(home.pk) and links.read(f"{other.pk}.{rest}") is None

    def test_switched_off_it_does_nothing(self, client, home):
        make_office()
        assert client.get(link_of(home)).status_code == 404

    def test_no_log_holds_it(self, direct, home):
        record = logging.makeLogRecord({"msg": "GET %s", "args": (links.address(home, TODAY),)})
        LinksFilter().filter(record)
        assert record.getMessage().endswith("/placowki/stan/…")

    def test_a_flood_is_stopped(self, client, direct, home):
        answers = [send(client, home, places_free=str(number % 5)).status_code for number in range(61)]
        assert set(answers[:60]) == {303} and answers[60] == 429


class TestApproval:
    LIST = reverse("admin:institutions_placesreport_changelist")

    @pytest.fixture
    def waiting(self, client, approved, home) -> PlacesReport:
        send(client, home, places_free="0", day_1="8-12")
        return PlacesReport.objects.waiting().get()

    @pytest.fixture
    def publisher(self, client, waiting):
        client.force_login(make_user(groups=["Wydawca"]))
        return client

    def form(self, report) -> str:
        return reverse("admin:institutions_placesreport_change", args=[report.pk])

    def test_the_board_says_what_waits(self, publisher):
        board = publisher.get("/admin/").content.decode()
        assert "Dom Pod Lipami" in board[board.index("Liczby miejsc do zatwierdzenia") :]

    def test_the_form_shows_numbers_and_hours_and_the_button_shows_them_to_all(self, publisher, waiting, home):
        page = publisher.get(self.form(waiting)).content.decode()
        assert "Wtorek: 08:00–12:00" in page and "_accept" in page
        answer = fill(publisher, self.form(waiting), "_accept")
        assert messages(answer.wsgi_request and publisher.get(answer["Location"])) == [
            "Pokazano: Dom Pod Lipami, 12.05.2026."
        ]
        assert shown(home) == (0, TODAY) and home.hours.filter(weekday=1).count() == 1

    def test_refused_numbers_are_never_shown(self, publisher, waiting, home):
        fill(publisher, self.form(waiting), "_refuse")
        assert shown(home) == (3, date(2026, 4, 1))
        assert PlacesReport.objects.get(pk=waiting.pk).state == "refused"

    def test_what_was_decided_meanwhile_is_not_decided_again(self, publisher, waiting, home):
        opened = read(publisher.get(self.form(waiting)))
        reporting.refuse(waiting)
        answer = press(publisher, self.form(waiting), opened, "_accept")
        page = (
            publisher.get(answer["Location"]).content.decode() if answer.status_code == 302 else answer.content.decode()
        )
        assert "Ktoś już rozstrzygnął" in page or "zapisał" in page
        assert shown(home) == (3, date(2026, 4, 1))

    def test_several_at_once_from_the_list(self, publisher, waiting, home):
        publisher.post(self.LIST, {"action": "accept_selected", "_selected_action": [waiting.pk]})
        assert shown(home) == (0, TODAY)

    def test_an_older_word_does_not_overwrite_a_newer_page(self, waiting, home):
        with time_machine.travel("2026-05-20 10:00+02:00"):
            home.places_free, home.places_as_of = 7, date(2026, 5, 20)
            home.save()
            reporting.accept(waiting)
        assert shown(home) == (7, date(2026, 5, 20))

    def test_an_editor_only_reads_none_of_it(self, client, waiting):
        client.force_login(make_user(groups=["Redaktor"]))
        assert client.get(self.LIST).status_code == 403
