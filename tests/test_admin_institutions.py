"""An editor at work on institutions and on the office."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from institutions.models import Institution, InstitutionType, Office
from portal.changes.noticing import note_change
from tests.forms import fill, read
from tests.make import jpeg, make_institution, make_office, make_photo, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/institutions/institution/", "/admin/institutions/institution/add/"
OFFICE = "/admin/institutions/office/1/change/"


@pytest.fixture(autouse=True)
def administrator(client):
    client.force_login(make_user(groups=["Administrator"]))


def form_of(institution) -> str:
    return reverse("admin:institutions_institution_change", args=[institution.pk])


def names(response) -> list[str]:
    return [row.name for row in response.context["cl"].result_list]


def hours(institution) -> list[str]:
    return [str(span) for span in institution.hours.all()]


# --- Institutions -----------------------------------------------------------------------------------------------------


def test_an_institution_is_entered_with_phones_a_week_of_hours_and_agreements(client):
    fields = {
        "name": "Środowiskowy Dom Samopomocy",
        "type": InstitutionType.objects.get(code="sds").pk,
        "phones-0-label": "Sekretariat",
        "phones-0-number": "13 000 12 00",
        "hours-0-opens": "7:30",
        "hours-0-closes": "15:30",
        "hours-4-opens": "08:00",
        "hours-4-closes": "12:00",
        "agreements-0-county": "powiat górowski",
        "agreements-0-since": "2016",
        "hours_exceptions-0-day": "24.12.2026",
        "hours_exceptions-0-is_closed": "on",
        "new_photos": [jpeg()],
    }
    fill(client, ADD, "_publish", **fields)
    institution = Institution.objects.get()
    assert institution.is_published
    assert institution.main_phone.number == "13 000 12 00"
    assert [(span.weekday, f"{span.opens:%H:%M}") for span in institution.hours.all()] == [(0, "07:30"), (4, "08:00")]
    assert institution.agreements.get().county == "powiat górowski"
    assert institution.hours_exceptions.get().is_closed
    assert institution.photos.count() == 1


def test_every_day_of_the_week_has_its_row(client):
    institution = make_institution()
    institution.hours.create(weekday=2, opens="08:00", closes="16:00")
    fields = read(client.get(form_of(institution))).fields
    days = [fields[f"hours-{row}-weekday"][0] for row in range(7)]
    assert sorted(days) == list("0123456")
    assert days[0] == "2" and fields["hours-0-opens"] == ["08:00"]


def test_saving_without_touching_the_hours_changes_nothing(client):
    institution = make_institution()
    institution.hours.create(weekday=2, opens="08:00", closes="16:00")
    before = hours(institution)
    fill(client, form_of(institution))
    assert hours(institution) == before


def test_emptying_a_day_closes_it_but_half_a_day_is_refused(client):
    institution = make_institution()
    institution.hours.create(weekday=0, opens="08:00", closes="16:00")
    answer = fill(client, form_of(institution), **{"hours-0-opens": ""})
    assert answer.status_code == 200 and hours(institution)
    answer = fill(client, form_of(institution), **{"hours-0-opens": "ósma", "hours-0-closes": ""})
    assert answer.status_code == 200 and hours(institution)
    fill(client, form_of(institution), **{"hours-0-opens": "", "hours-0-closes": ""})
    assert not hours(institution)


def test_closing_before_opening_is_refused_in_words(client):
    answer = fill(client, form_of(make_institution()), **{"hours-0-opens": "16:00", "hours-0-closes": "8:00"})
    assert answer.status_code == 200
    assert any(answer.context["errors"])


def test_numbers_of_places_need_their_day(client):
    institution = make_institution()
    answer = fill(client, form_of(institution), places_total="10", places_free="2")
    assert "places_as_of" in answer.context["adminform"].form.errors
    answer = fill(client, form_of(institution), places_total="10", places_free="12", places_as_of="01.11.2026")
    assert answer.status_code == 200


def test_rows_keep_the_order_they_were_given(client):
    institution = make_institution()
    for position, number in enumerate(["111 111 111", "222 222 222"]):
        institution.phones.create(number=number, position=position)
    more = {"phones-TOTAL_FORMS": "4", "phones-2-number": "333 333 333", "phones-2-position": "0"}
    fill(client, form_of(institution), **more, **{"phones-3-number": "999 999 999", "phones-3-position": "1"})
    assert [phone.number[0] for phone in institution.phones.all()] == ["1", "2", "9", "3"]
    between = {"phones-TOTAL_FORMS": "5", "phones-4-number": "555 555 555", "phones-4-position": "15"}
    fill(client, form_of(institution), **between)
    assert [phone.number[0] for phone in institution.phones.all()] == ["1", "5", "2", "9", "3"]


def test_staff_see_a_hidden_address_in_the_form(client):
    institution = make_institution(address_visibility="hidden", street="ul. Cicha 7")
    assert read(client.get(form_of(institution))).fields["street"] == ["ul. Cicha 7"]


def test_only_subtypes_of_its_own_type_are_offered(client):
    institution = make_institution(type="dps")
    page = client.get(form_of(institution)).context["adminform"].form
    assert {subtype.type.code for subtype in page.fields["subtypes"].queryset} == {"dps"}


def test_the_list_finds_and_filters(client):
    make_institution(name="Ośrodek Łączność", type="ops")
    hidden = make_institution(name="Dom Przystań", type="sow", address_visibility="hidden")
    assert names(client.get(LIST, {"q": "LACZNOSC"})) == ["Ośrodek Łączność"]
    assert names(client.get(LIST, {"type__id__exact": hidden.type_id})) == ["Dom Przystań"]
    assert names(client.get(LIST, {"address_visibility__exact": "hidden"})) == ["Dom Przystań"]


def test_the_list_follows_the_polish_alphabet(client):
    for name in ["Żuraw", "Ćma", "Zima", "Cień"]:
        make_institution(name=name)
    assert names(client.get(LIST)) == ["Cień", "Ćma", "Zima", "Żuraw"]


def test_the_list_asks_as_many_queries_for_thirty_as_for_three(client):
    def queries() -> int:
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    for _number in range(3):
        make_photo(make_institution(municipality="Olszyny"))
    few = queries()
    for _number in range(27):
        make_photo(make_institution(municipality="Jarzębin"))
    assert queries() == few


# --- The office -------------------------------------------------------------------------------------------------------


def png(size=(900, 1000)) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGBA", size, (10, 90, 40, 128)).save(buffer, "PNG")
    return SimpleUploadedFile("Herb powiatu.png", buffer.getvalue())


def test_the_menu_leads_straight_to_the_form_of_the_office(client):
    assert client.get("/admin/institutions/office/").url == "/admin/institutions/office/add/"
    make_office()
    assert client.get("/admin/institutions/office/").url == OFFICE
    assert client.get("/admin/institutions/office/add/").status_code == 403
    assert client.post("/admin/institutions/office/1/delete/", {"post": "yes"}).status_code == 403


def test_the_first_office_is_entered_with_its_hours(client):
    fields = {
        "name": "Starostwo",
        "site_name": "Powiat",
        "street": "Rynek 1",
        "postal_code": "38-099",
        "town": "Jarzębin",
        "email": "a@b.example",
    }
    fill(
        client,
        "/admin/institutions/office/add/",
        "_save",
        **fields,
        **{"hours-0-opens": "7:30", "hours-0-closes": "15:30"},
    )
    assert Office.current().hours.get().weekday == 0


def test_a_colour_on_which_white_cannot_be_read_is_refused(client):
    make_office()
    answer = fill(client, OFFICE, accent_color="#ffdd00")
    assert "accent_color" in answer.context["adminform"].form.errors
    fill(client, OFFICE, accent_color="#7a1f3d")
    assert Office.current().accent_color == "#7a1f3d"


def test_the_coat_of_arms_becomes_a_small_png_and_the_old_file_goes(client, django_capture_on_commit_callbacks):
    make_office()
    fill(client, OFFICE, new_coat_of_arms=png())
    first = Office.current().coat_of_arms
    with Image.open(first.open("rb")) as image:
        assert (image.format, image.size) == ("PNG", (461, 512))
    assert "data:image/png;base64," in client.get(OFFICE).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        fill(client, OFFICE, new_coat_of_arms=png((300, 300)))
    assert Office.current().coat_of_arms.name != first.name  # browsers keep the picture by its name
    assert not first.storage.exists(first.name)
    with django_capture_on_commit_callbacks(execute=True):
        fill(client, OFFICE, remove_coat_of_arms="on")
    assert not Office.current().coat_of_arms
    fill(client, OFFICE, new_coat_of_arms=png())
    assert Office.current().coat_of_arms.name != first.name


def test_the_sign_of_the_bip_is_the_link_to_it_once_the_office_has_given_it(client):
    make_office(bip_url="https://bip.jarzebin.example/")
    assert '<a href="https://bip.jarzebin.example/" rel="noopener">BIP</a>' in Client().get("/").content.decode()
    assert client.get("/logo-bip/").status_code == 404
    fill(client, OFFICE, new_bip_logo=png((600, 300)))
    note_change()
    page = Client().get("/").content.decode()
    [address] = re.findall(r'<a href="https://bip.jarzebin.example/"[^>]*><img class="bip-logo" src="([^"]+)"', page)
    answer = Client().get(address)
    assert answer["Content-Type"] == "image/png" and "immutable" in answer["Cache-Control"]
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as image:
        assert image.size == (512, 256)
    wrong = fill(client, OFFICE, new_bip_logo=SimpleUploadedFile("bip.png", b"GIF?"), remove_coat_of_arms="on")
    assert "new_bip_logo" in wrong.context["adminform"].form.errors
    assert Office.current().bip_logo
    fill(client, OFFICE, remove_bip_logo="on")
    assert not Office.current().bip_logo and client.get("/logo-bip/").status_code == 404


def test_a_coat_of_arms_that_is_no_picture_is_refused_beside_its_field(client):
    make_office()
    svg = SimpleUploadedFile("herb.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    answer = fill(client, OFFICE, new_coat_of_arms=svg, motto="Blisko ludzi")
    assert "new_coat_of_arms" in answer.context["adminform"].form.errors
    assert read(answer).fields["motto"] == ["Blisko ludzi"]
    assert not Office.current().coat_of_arms
