"""The accessibility statement: kept as data, published only whole, never changed, looked through each spring."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.accessibility import rules
from portal.accessibility.models import PAGE, Statement
from portal.editing.models import Act, AuditEntry
from tests.forms import fill, read
from tests.make import make_office, make_page, make_statement, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/accessibility/statement/add/"
LIST = "/admin/accessibility/statement/"


@pytest.fixture
def page():
    return make_page(slug="deklaracja-dostepnosci", title="Deklaracja dostępności", body="<p>Tekst sprzed danych.</p>")


@pytest.fixture
def publisher(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def html_of(client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def looked_through_on(day: date, statement: Statement) -> Statement:
    """Published then, and not touched since."""
    Statement.objects.filter(pk=statement.pk).update(reviewed_on=day)
    return statement


def broken(html: str) -> set[tuple[str, str]]:
    return {(finding.rule, finding.element) for finding in rules.check_page(html, timezone.localdate())}


# --- The page ---------------------------------------------------------------------------------------------------------


def test_a_published_statement_keeps_every_rule(client, page):
    make_statement()
    assert broken(html_of(client)) == set()


@pytest.mark.parametrize(
    "fields",
    [
        {"compliance": "full", "nonconformities": ""},
        {"compliance": "none", "exemptions": "<p>Mapy.</p>"},
        {"burden": "<p>Tłumaczenie archiwum.</p>", "burden_assessment_url": "https://bip.jarzebin.example/ocena"},
        {"apps": '<p>„Mój powiat”: <a href="https://jarzebin.example/app">deklaracja</a></p>'},
        {"building_url": "/dostepnosc/"},
        {"has_online_interpreter": True, "interpreter_url": "https://tlumacz.example/"},
        {"basis": "audit", "basis_by": "Fundacja Przykład"},
        {"conveniences": "<p>Kontrast.</p>", "shortcuts": "<p>Alt + 1: treść.</p>"},
        {"prepared_on": timezone.localdate(), "reviewed_on": None},
    ],
)
def test_every_kind_of_statement_keeps_them(client, page, fields):
    make_statement(**fields)
    assert broken(html_of(client)) == set()


@pytest.mark.parametrize(
    ("old", "new", "rule", "element"),
    [
        ('<html lang="pl">', "<html>", "DD-01", "html"),
        ('id="a11y-telefon"', "", "DD-02", "a11y-telefon"),
        ('id="a11y-kontakt"', 'id="a11y-email"', "DD-02", "a11y-email"),
        ('<span id="a11y-zakres">strony internetowej</span>', '<span id="a11y-zakres"></span>', "DD-02", "a11y-zakres"),
        ("Nie mamy tłumacza języka migowego online.", "Zapraszamy.", "DD-02", "a11y-komunikacja"),
        ('href="mailto:', 'href="', "DD-02", "a11y-email"),
        ('datetime="2020-03-02"', 'datetime="2.03.2020"', "DD-03", "a11y-data-publikacja"),
        ("2 marca 2020 r.", "02.03.2020", "DD-03", "a11y-data-publikacja"),
        ("2 marca 2020 r.", "3 marca 2020 r.", "DD-03", "a11y-data-publikacja"),
        ('datetime="2024-05-06">6 maja 2024', 'datetime="2019-05-06">6 maja 2019', "DD-03", "a11y-data-aktualizacja"),
        ('datetime="2024-05-06">6 maja 2024', 'datetime="2999-05-06">6 maja 2999', "DD-03", "a11y-data-aktualizacja"),
        ("<h1>Deklaracja dostępności</h1>", "<h1>Dostępność</h1>", "DD-04", "h1"),
        ("<h2>Pozostałe informacje</h2>", "<h2>Inne</h2>", "DD-05", "Pozostałe informacje"),
        ("<h3>Niezgodność z załącznikiem</h3>", "<h3>Usterki</h3>", "DD-05", "Usterki"),
        ("<h2>Niedostępne treści</h2>", "<h2>Skróty klawiszowe</h2>", "DD-05", "Niezgodność z załącznikiem"),
        ("częściowo zgodna", "w pełni zgodna", "DD-06", "Niedostępne treści"),
        ("<h2>Niedostępne treści</h2>", "", "DD-06", "Niedostępne treści"),
        ("częściowo zgodna", "dość zgodna", "DD-02", "a11y-status"),
        ("z załącznikiem do ustawy", "z ustawą", "DD-07", "a11y-status"),
        ("7 dni", "szybko", "DD-08", "a11y-procedura"),
        ("2 miesiące", "długo", "DD-08", "a11y-procedura"),
        ("bip.brpo.gov.pl", "rzecznik.example", "DD-08", "a11y-procedura"),
        ("samooceny", "pracy", "DD-09", rules.PREPARATION),
        ('<a href="/dokumenty/" rel="noopener">wyniki samooceny</a>', "wyniki", "DD-09", rules.PREPARATION),
    ],
)
def test_each_rule_finds_what_breaks_it(client, page, old, new, rule, element):
    make_statement()
    html = html_of(client)
    assert old in html
    assert (rule, element) in broken(html.replace(old, new))


def test_a_page_without_a_link_to_its_statement_is_found():
    assert ("DD-10", "a") in broken("<html lang='pl'><h1>Deklaracja dostępności</h1></html>")


def test_until_there_is_data_the_page_shows_its_text(client, page):
    make_statement(published_at=None)
    html = html_of(client)
    assert "Tekst sprzed danych." in html and "a11y-wstep" not in html
    make_statement()
    assert "Tekst sprzed danych." not in html_of(client)


# --- Publishing -------------------------------------------------------------------------------------------------------


def test_the_first_form_knows_the_office(client, publisher):
    make_office(coordinator_name="Lucyna Brzozowiec")
    fields = read(client.get(ADD)).fields
    assert fields["contact_name"] == ["Lucyna Brzozowiec"]
    assert fields["building"] == ["<p>ul. Klonowa 12, 38-099 Jarzębin</p>"]


def test_a_new_version_begins_as_a_copy_looked_through_today_and_takes_the_place_of_the_last(client, page, publisher):
    old = looked_through_on(date(2022, 3, 1), make_statement())
    fields = read(client.get(ADD)).fields
    assert fields["body_name"] == [old.body_name]
    assert fields["reviewed_on"] == [timezone.localdate().strftime("%d.%m.%Y")]
    answer = fill(client, ADD, "_publish", nonconformities="<p>Dwa stare filmy.</p>")
    new = Statement.objects.current()
    assert answer.status_code == 302 and answer["Location"] == f"{PAGE}?wersja={new.pk}"
    assert new != old and new.prepared_on == old.prepared_on
    client.logout()
    assert "Dwa stare filmy." in html_of(client) and "Skany bez tekstu." not in html_of(client)
    assert AuditEntry.objects.filter(act=Act.PUBLISHED, object_id=new.pk).exists()


@pytest.mark.parametrize(
    "name",
    ["body_name", "site_published_on", "compliance", "basis_url", "contact_phone", "building", "complaint_address"],
)
def test_without_a_prescribed_part_it_is_not_published_and_nothing_typed_is_lost(client, page, publisher, name):
    make_statement()
    answer = fill(client, ADD, "_publish", **{"nonconformities": "<p>Napisane przed chwilą.</p>", name: ""})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {name}
    assert "Napisane przed chwilą." in answer.content.decode()
    assert Statement.objects.count() == 1
    saved = fill(client, ADD, "_save", **{name: ""})
    assert saved.status_code == 302  # a draft may lack anything
    assert Statement.objects.get(published_at=None)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"site_published_on": "02.03.2024", "site_updated_on": "01.03.2024"}, "site_updated_on"),
        ({"prepared_on": "02.03.2024", "reviewed_on": "01.03.2024"}, "reviewed_on"),
        ({"reviewed_on": "01.03.2999"}, "reviewed_on"),
        ({"basis_url": "javascript:alert(1)"}, "basis_url"),
        ({"basis_url": "//zly.example"}, "basis_url"),
        ({"compliance": "full"}, "compliance"),
        ({"nonconformities": ""}, "nonconformities"),
        ({"burden": "<p>Za drogo.</p>"}, "burden_assessment_url"),
        ({"nonconformities": "<h3>Filmy</h3><p>Bez napisów.</p>"}, "__all__"),
        ({"building": '<p>ul. Klonowa 12, <a href="/dostepnosc/">opis</a></p>'}, "building_url"),
        ({"communication": '<p><a id="a11y-email" href="mailto:a@b.example">a</a></p>'}, "contact_email"),
    ],
)
def test_what_the_rules_refuse_is_said_beside_its_field(client, page, publisher, fields, beside):
    make_statement()
    answer = fill(client, ADD, "_publish", **fields)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {beside}
    assert Statement.objects.count() == 1


def test_a_pesel_is_refused(client, page, publisher):
    make_statement()
    answer = fill(client, ADD, "_publish", contact_name="Ewa 44051401359")
    assert "contact_name" in answer.context["adminform"].form.errors


def test_no_program_publishes_half_a_statement_or_changes_a_published_one(db):
    with pytest.raises(ValidationError):
        make_statement(contact_phone="")
    statement = make_statement()
    statement.body_name = "Inny urząd"
    with pytest.raises(ValidationError):
        statement.save()
    assert Statement.objects.get().body_name != "Inny urząd"


def test_a_published_version_is_only_looked_at(client, page, publisher):
    address = f"{LIST}{make_statement().pk}/change/"
    html = html_of(client, address)
    assert 'name="_publish"' not in html and ADD in html
    assert client.post(address, {"body_name": "Inny"}).status_code == 403
    assert client.post(f"{LIST}{Statement.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [Statement.objects.get().pk], "post": "yes"}
    client.post(LIST, chosen)
    assert Statement.objects.exists()


def test_who_may_not_publish_writes_a_draft(client, page):
    make_statement()
    client.force_login(make_user(groups=["Redaktor"]))
    assert 'name="_publish"' not in html_of(client, ADD)
    fill(client, ADD, "_publish")
    assert Statement.objects.published().count() == 1 and Statement.objects.count() == 2


# --- Old versions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def versions(page):
    old = make_statement(body_name="Stara nazwa", published_at=timezone.now() - timedelta(days=400))
    return old, make_statement(), make_statement(body_name="Szkic nazwy", published_at=None)


def test_staff_find_an_old_version_by_its_day_and_a_draft_by_its_number(client, versions, publisher):
    old, new, draft = versions
    day = timezone.localdate() - timedelta(days=100)
    assert "Stara nazwa" in html_of(client, f"{PAGE}?dzien={day}")
    assert "Stara nazwa" in html_of(client, f"{PAGE}?wersja={old.pk}")
    assert "Szkic nazwy" in html_of(client, f"{PAGE}?wersja={draft.pk}")
    assert client.get(f"{PAGE}?wersja={draft.pk}")["Cache-Control"] == "private, no-store"
    before = html_of(client, f"{PAGE}?dzien={timezone.localdate() - timedelta(days=500)}")
    assert "a11y-wstep" not in before and "Tekst sprzed danych." not in before
    for nonsense in (
        "dzien=2024-02-31",
        "dzien=x",
        "wersja=abc",
        "wersja=999999999999999999999",
        "wersja=99999",
        "dzien=",
    ):
        assert new.body_name in html_of(client, f"{PAGE}?{nonsense}")


def test_visitors_see_the_version_in_force_whatever_they_ask_for(client, versions):
    old, new, draft = versions
    for query in (f"wersja={old.pk}", f"wersja={draft.pk}", "dzien=2020-01-01"):
        html = html_of(client, f"{PAGE}?{query}")
        assert new.body_name in html and "Stara nazwa" not in html and "Szkic nazwy" not in html


def test_the_list_says_which_is_in_force(client, versions, publisher):
    html = html_of(client, LIST)
    assert html.count("state-published") == html.count("state-archived") == html.count("state-draft") == 1


# --- The yearly review ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "today", "is_due"),
    [
        ("2025-03-20", "2026-02-28", False),
        ("2025-03-20", "2026-03-01", True),  # thirty days before
        ("2026-01-05", "2026-03-15", False),
        ("2026-01-05", "2026-12-31", False),
        ("2026-01-05", "2027-02-28", False),
        ("2025-12-30", "2026-03-01", True),
        ("2025-12-30", "2026-06-01", True),
        ("2024-12-30", "2026-01-10", True),  # a whole spring was missed
    ],
)
def test_the_review_is_due_from_march_on(last, today, is_due):
    assert rules.review_is_due(date.fromisoformat(last), date.fromisoformat(today), ahead=30) is is_due


def test_a_missed_review_is_a_broken_rule(client, page):
    make_statement()
    html = html_of(client)
    later = date(timezone.localdate().year + 1, 4, 1)
    assert ("DD-12", "a11y-data-przeglad") in {(f.rule, f.element) for f in rules.check_page(html, later)}


def test_the_board_says_that_the_statement_is_still_a_text(client, page, publisher):
    words = "Deklaracja dostępności: wpisz ją w formularzu"
    assert words in html_of(client, "/admin/")
    make_statement()
    assert words not in html_of(client, "/admin/")


def test_the_board_reminds_of_it(client, page, publisher):
    statement = looked_through_on(date(2022, 3, 1), make_statement())
    address = f"{LIST}{statement.pk}/change/"
    assert address in html_of(client, "/admin/")
    make_statement()
    assert address not in html_of(client, "/admin/")
