"""The list of people as a file: asked for by a button, without what its reader may not see, harmless in Excel."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from events.registration import seats
from events.registration.models import PeopleAccess
from tests.make import make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
ALL_COLUMNS = ["names", "contact", "needs"]


@pytest.fixture(autouse=True)
def clerk(client):
    make_office()
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def page_of(signup, page: str = "") -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/export/{page}"


def ask(client, signup, **fields):
    return client.post(page_of(signup, "file/"), {"state": "active", "columns": ["names"], "format": "csv", **fields})


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def column(response, number: int) -> list[str]:
    return [row[number] for row in table(response)[1:]]


FIRST_NAME, LAST_NAME = 4, 5


def test_a_file_comes_only_from_a_button_and_is_remembered(client, clerk):
    signup = make_signup()
    make_registration(signup, "Anna Lipowa")
    page = client.get(page_of(signup))
    assert page.status_code == 200 and "Lipowa" not in page.content.decode()
    assert client.get(page_of(signup, "file/")).status_code == 405
    assert not PeopleAccess.objects.exists()
    response = ask(client, signup)
    assert response["Content-Disposition"] == f'attachment; filename="{signup.event.slug}.csv"'
    assert "no-store" in response["Cache-Control"]
    looked = PeopleAccess.objects.get()
    assert (looked.user, looked.signup, looked.look) == (clerk, signup, "export")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_like_a_formula_stays_text_and_polish_letters_are_right(client, kind):
    signup = make_signup()
    make_registration(signup, '=HYPERLINK("x") Żółć')
    make_registration(signup, "Ąę Żółć")
    response = ask(client, signup, format=kind)
    if kind == "csv":
        names = column(response, FIRST_NAME)
    else:
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert {sheet.cell(row, FIRST_NAME + 1).data_type for row in (2, 3)} == {"s"}
        names = [sheet.cell(row, FIRST_NAME + 1).value for row in (2, 3)]
    assert names == ['\'=HYPERLINK("x")', "Ąę"]


def test_only_the_columns_and_states_that_were_chosen(client):
    signup = make_signup(capacity=1)
    make_registration(signup, "Anna Lipowa", email="anna@poczta.example", phone="13 000 10 20")
    make_registration(signup, "Jan Wilk")
    gone = make_registration(signup, "Adam Ryś")
    seats.cancel(gone.uid, seats.PERSON)
    assert "anna@poczta.example" not in ask(client, signup).content.decode()
    assert "anna@poczta.example" in ask(client, signup, columns=["contact"]).content.decode()
    people = {
        state: column(ask(client, signup, state=state), LAST_NAME)
        for state in ("active", "seat", "waiting", "cancelled", "all")
    }
    assert people == {
        "active": ["Lipowa", "Wilk"], "seat": ["Lipowa"], "waiting": ["Wilk"], "cancelled": ["Ryś"],
        "all": ["Lipowa", "Wilk", "Ryś"],
    }  # fmt: skip


def test_a_couple_has_two_rows_and_its_needs_are_counted_once(client):
    signup = make_signup(max_seats=2)
    make_registration(signup, "Anna Lipowa", "Piotr Lipowy", email="anna@poczta.example", needs={"vegetarian": True})
    response = ask(client, signup, columns=ALL_COLUMNS)
    assert column(response, FIRST_NAME) == ["Anna", "Piotr"]
    assert column(response, 8) == ["anna@poczta.example", ""]
    assert [bool(cell) for cell in column(response, -1)] == [True, False]


def test_needs_leave_the_portal_only_with_their_own_permission(client):
    signup = make_signup()
    make_registration(signup, needs={"other": "schodołaz"})
    assert "schodołaz" in ask(client, signup, columns=ALL_COLUMNS).content.decode()
    plain = make_user()
    plain.user_permissions.add(Permission.objects.get(codename="export_people"))
    client.force_login(plain)
    response = ask(client, signup, columns=ALL_COLUMNS)
    assert list(response.context["form"].errors) == ["columns"]
    assert "schodołaz" not in response.content.decode()
    assert "schodołaz" not in ask(client, signup).content.decode()


def test_the_data_of_forgotten_people_are_not_even_empty_rows(client):
    signup = make_signup()
    registration = make_registration(signup)
    registration.email = ""
    registration.anonymised_at = timezone.now()
    registration.save()
    assert len(table(ask(client, signup))) == 1


@pytest.mark.parametrize("fields", [{"format": "exe"}, {"state": "nie ma"}, {"columns": []}, {"columns": ["hasła"]}])
def test_a_wrong_choice_is_said_beside_its_field_and_makes_no_file(client, fields):
    response = ask(client, make_signup(), **fields)
    assert list(response.context["form"].errors) == list(fields)
    assert not PeopleAccess.objects.exists()


def test_who_may_only_work_at_the_desk_takes_no_list_out(client):
    signup = make_signup()
    for groups, permissions in ((["Redaktor"], []), ([], ["work_at_desk"])):
        user = make_user(groups=groups)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)
        assert client.get(page_of(signup)).status_code == 403
        assert ask(client, signup).status_code == 403


def test_a_long_list_costs_as_many_queries_as_a_short_one(client):
    signup = make_signup(capacity=None)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(client, signup, columns=ALL_COLUMNS)
        return len(queries)

    make_registration(signup, needs={"other": "pętla"})
    cost()
    short = cost()
    for _number in range(9):
        make_registration(signup, needs={"other": "pętla"})
    assert cost() == short
