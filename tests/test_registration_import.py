"""People from a spreadsheet: whatever Excel has saved is read, a broken row stops nobody, and twice is once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.registration import importing, seats
from events.registration.models import Registration
from portal.outbox.models import Message
from tests.forms import FormReader
from tests.make import make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db
FILE = """Imię;Nazwisko;E-mail;Telefon
Łucja;Żółw;lucja@poczta.example;13 000 10 20
Jan;Wilk;;+48 600 000 001
"""


@pytest.fixture(autouse=True)
def clerk(client):
    make_office()
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def page_of(signup) -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/import/"


def upload(client, signup, data: bytes):
    return client.post(page_of(signup), {"file": SimpleUploadedFile("lista.csv", data)})


def save(client, signup, text: str):
    return client.post(page_of(signup), {"text": text, "save": "1"})


def names(signup) -> list[str]:
    return [registration.names for registration in signup.registrations.order_by("queue_no")]


def understood(client, signup, data) -> list[str]:
    """The names in the preview."""
    table = upload(client, signup, data if isinstance(data, bytes) else data.encode()).context["preview"]
    return [f"{person.first_name} {person.last_name}" for row in table.good for person in row.entry.people]


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_what_a_spreadsheet_saves_is_read(client, encoding, delimiter, line_end):
    data = FILE.replace(";", delimiter).replace("\n", line_end).encode(encoding)
    assert understood(client, make_signup(), data) == ["Łucja Żółw", "Jan Wilk"]


@pytest.mark.parametrize(
    "header", ["Nazwisko;IMIĘ", "last name;First name", "nazwisko; imię ;nic", '"Nazwisko";"Imię"']
)
def test_columns_are_known_by_name_in_any_order_and_spelling(client, header):
    assert understood(client, make_signup(), f"{header}\nŻółw;Łucja\n") == ["Łucja Żółw"]


def test_empty_rows_and_the_hint_of_excel_are_no_rows(client):
    assert understood(client, make_signup(), "sep=;\nImię;Nazwisko\n;;\n\nJan;Wilk\n") == ["Jan Wilk"]


def test_couples_stand_in_one_row(client):
    signup = make_signup(max_seats=2)
    text = "Imię;Nazwisko;Imię 2;Nazwisko drugiej osoby\nAnna;Lipowa;Piotr;Lipowy\nJan;Wilk;;\nEwa;Bór;Adam;\n"
    save(client, signup, text)
    assert list(signup.registrations.order_by("queue_no").values_list("seats", flat=True)) == [2, 1]
    rows = save(client, make_signup(max_seats=1), text).context["done"].rows
    assert [bool(row.problems) for row in rows] == [True, False, True]


def test_columns_that_the_sign_up_does_not_ask_for_are_named_and_not_kept(client):
    signup = make_signup(asks_institution="optional")
    text = "Imię;Nazwisko;Instytucja;Miejscowość;Uwagi\nJan;Wilk;Dom;Jarzębin;uczulony\n"
    preview = upload(client, signup, text.encode()).context["preview"]
    assert preview.left_out == ["Miejscowość", "Uwagi"]
    save(client, signup, text)
    registration = signup.registrations.get()
    assert (registration.town, registration.remarks, registration.people[0].institution) == ("", "", "Dom")


def test_a_list_from_our_own_export_comes_back_as_it_was(client):
    signup = make_signup()
    make_registration(signup, "Ąę Żółć", email="", phone="+48 600 000 009")
    exported = client.post(
        f"/admin/registration/signup/{signup.pk}/desk/export/file/",
        {"state": "active", "columns": ["names", "contact"], "format": "csv"},
    )
    other = make_signup()
    save(client, other, importing.decode(exported.content))
    registration = other.registrations.get()
    assert (registration.names, registration.phone) == ("Ąę Żółć", "+48 600 000 009")


def test_a_nul_byte_is_a_letter_that_was_lost():
    assert importing.decode(b"Wi\0lk") == "Wi\ufffdlk"


# --- Faults -----------------------------------------------------------------------------------------------------------

FAULTS = {
    "no last name": "Jan;;;",
    "an address that is none": "Jan;Wilk;jan(at)poczta;",
    "a phone that is none": "Jan;Wilk;;brak",
    "a PESEL": "Jan;44051401359;;",
    "a control character": "Jan;Wi\x07lk;;",
    "a quotation mark that is not closed": 'Jan;"Wilk;;',
    "too many cells": "Jan;Wilk;;;Dom",
    "too long a name": f"Jan;{'x' * 81};;",
    "a cell of 200 KB": f"Jan;{'x' * 200_000};;",
    "a letter that was lost": "Jan;Wi\ufffdk;;",
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_broken_row_stops_nobody_and_comes_back_to_be_corrected(client, fault):
    signup = make_signup()
    text = f"{FILE.splitlines()[0]}\n{fault}\nEwa;Bór;ewa@poczta.example;\n"
    preview = client.post(page_of(signup), {"text": text}).context["preview"]
    assert [bool(row.problems) for row in preview.rows] == [True, False]
    assert not signup.registrations.exists()
    response = save(client, signup, text)
    assert names(signup) == ["Ewa Bór"]
    again = FormReader(response.content.decode(), "file_form").fields["text"][0]
    assert again.splitlines() == [FILE.splitlines()[0], fault]


def test_a_file_in_cp1250_with_a_broken_row_loses_nothing_between_the_two_steps(client):
    signup = make_signup()
    data = (FILE + "Świętosława;;;13 000 10 21\n").encode("cp1250")
    response = upload(client, signup, data)
    carried = FormReader(response.content.decode(), "save_form").fields["text"][0]
    response = save(client, signup, carried)
    assert names(signup) == ["Łucja Żółw", "Jan Wilk"]
    again = FormReader(response.content.decode(), "file_form").fields["text"][0]
    save(client, signup, again.replace("Świętosława;;", "Świętosława;Źródło;"))
    assert names(signup) == ["Łucja Żółw", "Jan Wilk", "Świętosława Źródło"]


@pytest.mark.parametrize("text", ["", "  ", "Jan;Wilk", "Imię;Nazwisko;imiona\na;b;c", "Imię i nazwisko\nJan Wilk"])
def test_what_is_no_list_is_explained_and_stays_in_the_form(client, text):
    response = client.post(page_of(make_signup()), {"text": text, "save": "1"})
    assert response.context["form"].errors
    assert FormReader(response.content.decode(), "file_form").fields["text"][0] == text
    assert not Registration.objects.exists()


def test_too_much_at_once_is_refused(client):
    signup = make_signup(capacity=None)
    rows = "Imię;Nazwisko\n" + "".join(f"Jan;Wilk{number}\n" for number in range(1001))
    assert client.post(page_of(signup), {"text": rows, "save": "1"}).context["form"].errors
    assert list(upload(client, signup, b"x" * (1024 * 1024 + 1)).context["form"].errors) == ["file"]
    assert not signup.registrations.exists()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=200).map(lambda data: "Imię;Nazwisko;Telefon\n".encode() + data),
    st.text(max_size=200).map(lambda text: f"Imię,Nazwisko,E-mail\n{text}".encode("utf-16", "surrogatepass")),
))  # fmt: skip
def test_any_bytes_get_an_answer(client, data):
    signup = make_signup()
    response = upload(client, signup, data)
    assert response.status_code == 200
    if text := FormReader(response.content.decode(), "save_form").fields.get("text"):
        assert save(client, signup, text[0]).status_code == 200


# --- Signing up -------------------------------------------------------------------------------------------------------


def test_people_are_signed_up_as_by_the_office_in_the_order_of_the_file(client, clerk):
    signup = make_signup(verifies_email=True)
    save(client, signup, FILE)
    rows = signup.registrations.order_by("queue_no")
    assert [(row.names, row.status, row.channel, row.entered_by) for row in rows] == [
        ("Łucja Żółw", "confirmed", "import", clerk), ("Jan Wilk", "confirmed", "import", clerk),
    ]  # fmt: skip
    assert list(Message.objects.values_list("to", flat=True)) == ["lucja@poczta.example"]


def test_who_does_not_fit_waits_in_the_order_of_the_file(client):
    signup = make_signup(capacity=2)
    save(client, signup, "Imię;Nazwisko\n" + "".join(f"Jan;Wilk {letter}\n" for letter in "abcd"))
    states = [(row.names[-1], row.status) for row in signup.registrations.order_by("queue_no")]
    assert states == [("a", "confirmed"), ("b", "confirmed"), ("c", "waiting"), ("d", "waiting")]


def test_where_there_is_no_waiting_list_the_rest_is_said_and_can_be_sent_again(client):
    signup = make_signup(capacity=1, has_waiting_list=False)
    response = save(client, signup, FILE)
    assert names(signup) == ["Łucja Żółw"]
    assert [bool(row.problems) for row in response.context["done"].rows] == [False, True]
    assert "Wilk" in FormReader(response.content.decode(), "file_form").fields["text"][0]


def test_the_same_file_twice_adds_nobody(client):
    signup = make_signup()
    save(client, signup, FILE)
    table = save(client, signup, FILE).context["done"]
    assert len(names(signup)) == 2 and Message.objects.count() == 1
    assert (len(table.signed_up), len(table.known)) == (0, 2)
    preview = client.post(page_of(signup), {"text": FILE}).context["preview"]
    assert (len(preview.to_sign_up), len(preview.known)) == (0, 2)


def test_who_is_registered_already_is_known_by_address_or_by_name_and_phone(client):
    signup = make_signup()
    make_registration(signup, "Łucja Żółw", email="LUCJA@poczta.example")
    make_registration(signup, "JAN WILK", email="inny@poczta.example", phone="600-000-001")
    table = save(client, signup, FILE).context["done"]
    assert (len(table.known), len(names(signup))) == (2, 2)


def test_a_row_that_stands_twice_is_signed_up_once(client):
    signup = make_signup()
    save(client, signup, FILE + "jan;wilk;;600 000 001\nLucja;Zolw;lucja@poczta.example;\n")
    assert names(signup) == ["Łucja Żółw", "Jan Wilk"]


def test_a_file_does_not_bring_back_who_resigned(client):
    signup = make_signup()
    save(client, signup, FILE)
    seats.cancel(signup.registrations.first().uid, seats.PERSON)
    table = save(client, signup, FILE).context["done"]
    assert [row.registration.status for row in table.known] == ["cancelled", "confirmed"]


def test_who_is_no_organiser_imports_nobody(client):
    signup = make_signup()
    client.force_login(make_user(groups=["Redaktor"]))
    assert client.get(page_of(signup)).status_code == 403
    assert save(client, signup, FILE).status_code == 403
