"""Papers of an event: what is printed for the table, and for somebody without e-mail."""

import io

import pytest
from pypdf import PdfReader

from events.registration import papers, seats
from events.registration.models import PeopleAccess
from portal.content import pdf
from tests.conftest import lacking
from tests.make import in_days, make_event, make_institution, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def office():
    return make_office()


@pytest.fixture
def signup(client):
    client.force_login(make_user(groups=["Organizator"]))
    event = make_event(title="Szkolenie o więzi", starts_at=in_days(3), contact_phone="13 000 10 20")
    for number in range(1, 8):
        event.sessions.create(starts_at=in_days(3 + number), ends_at=in_days(3.1 + number))
    signup = make_signup(event, capacity=40)
    for number in range(30):
        make_registration(
            signup,
            f"Osoba{number} Żuk{number:02}",
            email=f"tajny{number}@poczta.example",
            phone=f"13 000 99 {number:02}",
        )
    return signup


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_list_has_names_and_places_to_sign_but_neither_address_nor_phone(signup):
    html = papers.attendance_list(signup)
    assert html.count('<th scope="row">') == 30 * 2  # eight dates: six side by side, then two
    for secret in ("tajny", "poczta.example", "13 000 99"):
        assert secret not in html


def test_only_people_with_a_place_stand_on_it_in_polish_order(signup):
    small = make_signup(capacity=2)
    for name in ("Ewa Żuk", "Adam Ćma", "Jan Czeka"):
        make_registration(small, name)
    html = papers.attendance_list(small)
    assert html.index("Ćma") < html.index("Żuk")
    assert "Czeka" not in html


def test_the_pdf_lies_down_has_page_numbers_and_a_head_on_every_page(client, signup):
    if not pdf.is_available():
        lacking("WeasyPrint or Pango is not installed")
    response = client.get(f"/admin/registration/signup/{signup.pk}/desk/paper/")
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    reader = PdfReader(io.BytesIO(response.content))
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, start=1):
        assert page.mediabox.width > page.mediabox.height
        assert "Lp." in page.extract_text() or "Nr" in page.extract_text()
        assert f"{number} / {len(reader.pages)}" in page.extract_text()
    assert "@poczta.example" not in text_of(response.content)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert PeopleAccess.objects.get().look == "paper"


def test_a_confirmation_for_somebody_without_e_mail_says_when_where_and_how_it_stands(client, signup):
    waiting = make_signup(make_event(title="Narada", starts_at=in_days(3), contact_phone="13 000 10 20"), capacity=0)
    clerk = seats.staff(make_user())
    registration = make_registration(waiting, "Halina Brzozowa", by=clerk, email="")
    html = papers.confirmation(registration)
    for part in ("Narada", "Halina Brzozowa", "13 000 10 20"):
        assert part in html
    response = client.get(f"/admin/registration/signup/{waiting.pk}/desk/{registration.uid}/confirmation/")
    assert response.status_code == 200
    other = f"/admin/registration/signup/{signup.pk}/desk/{registration.uid}/confirmation/"
    assert client.get(other).status_code == 404


def test_a_hidden_address_stands_on_no_paper():
    place = make_institution(name="Schronisko", street="ul. Skryta 77", address_visibility="hidden", type="sow")
    signup = make_signup(make_event(starts_at=in_days(3), institution=place))
    registration = make_registration(signup)
    for html in (papers.attendance_list(signup), papers.confirmation(registration)):
        assert "Skryta" not in html


def test_who_does_not_work_at_the_desk_prints_nothing(client, signup):
    client.force_login(make_user(groups=["Wydawca"]))
    registration = signup.registrations.first()
    for page in ("paper/", "presence/", "certificates/", f"{registration.uid}/confirmation/"):
        assert client.get(f"/admin/registration/signup/{signup.pk}/desk/{page}").status_code == 403
