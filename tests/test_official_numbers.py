"""Numbers of Polish registers and phones: typed in any usual way, kept in one spelling, refused in words."""

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse

from institutions import validators
from institutions.models import InstitutionPhone, Municipality, Office
from portal.content import phones
from portal.content.writing.forms import is_written
from tests.forms import fill, messages, read
from tests.make import make_institution, make_office, make_user

OFFICE = "/admin/institutions/office/1/change/"
PESEL = "44051401359"


# --- Numbers of registers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "typed", "kept"),
    [
        (validators.nip, "1234563218", "123-456-32-18"),
        (validators.nip, "PL 123-456-32-18", "123-456-32-18"),
        (validators.regon, "123 456 785", "123456785"),
        (validators.regon, "100000050", "100000050"),
        (validators.regon, "12345678500010", "12345678500010"),
        (validators.ade, "ae:pl-12345-67890-abcde-25", "AE:PL-12345-67890-ABCDE-25"),
        (validators.teryt_of_county, "0201", "0201"),
        (validators.teryt_of_county, "3263", "3263"),
        (validators.teryt_of_municipality, "1860012", "1860012"),
    ],
)
def test_one_spelling_is_kept(number, typed, kept):
    assert number(typed) == kept


@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        (validators.nip, "1234563219"),
        *((validators.nip, f"100000016{last}") for last in range(10)),
        (validators.nip, "0000000000"),
        (validators.nip, "1111111111"),
        (validators.nip, "123"),
        (validators.nip, "١٢٣٤٥٦٣٢١٨"),
        (validators.regon, "123456786"),
        (validators.regon, "12345678500001"),
        (validators.regon, "00000000000000"),
        (validators.regon, "1234567850001"),
        (validators.ade, "AE:PL-1234-67890-ABCDE-25"),
        (validators.ade, "12345"),
        (validators.teryt_of_county, "1960"),  # no voivodeship has an odd number
        (validators.teryt_of_county, "3401"),
        (validators.teryt_of_county, "0200"),
        (validators.teryt_of_county, "186"),
        (validators.teryt_of_municipality, "1860017"),
        (validators.teryt_of_municipality, "1860002"),
    ],
)
def test_what_is_no_number_of_that_register_is_refused(number, wrong):
    with pytest.raises(ValidationError):
        number(wrong)


@pytest.mark.parametrize(
    ("ade", "fits"),
    [
        ("AE:PL-12345-67890-ABCDE-25", True),
        ("AE:PL-00000-00000-AAAAA-10", True),
        ("AE:PL-12345-67890-ABCDE-12", False),
    ],
)
def test_the_sum_of_an_address_for_delivery(ade, fits):
    assert validators.ade_sum_fits(ade) is fits


# --- Phones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown", "link"),
    [
        ("756464300", "75 646 43 00", "tel:+48756464300"),
        ("+48 / 756464 300", "75 646 43 00", "tel:+48756464300"),
        ("(75) 646-43-00", "75 646 43 00", "tel:+48756464300"),
        ("600-000-120", "600 000 120", "tel:+48600000120"),
        ("0048 600 000 120", "600 000 120", "tel:+48600000120"),
        ("75 646 43 00 wew. 12", "75 646 43 00 wew. 12", "tel:+48756464300;ext=12"),
        ("75 646 43 00 w.12", "75 646 43 00 wew. 12", "tel:+48756464300;ext=12"),
        ("+49 30 123456", "+49 30 123456", "tel:+4930123456"),
        ("112", "112", "tel:112"),
        ("116 111", "116 111", "tel:116111"),
        ("800 12 12 12", "800 12 12 12", "tel:800121212"),
        ("+48 800120002", "800 120 002", "tel:800120002"),
    ],
)
def test_a_phone_is_shown_as_poles_read_it_and_dialled_in_e164(typed, shown, link):
    assert phones.tidy(typed) == shown
    assert phones.link_to(typed) == phones.link_to(shown) == link


@pytest.mark.parametrize(
    "wrong", ["12", "75 646 43 0", "75 646 43 00 00", "telefon", "646 43 00", "+999 123456789", "75 646 43 00; 1"]
)
def test_what_cannot_be_dialled_is_refused(wrong):
    with pytest.raises(ValidationError):
        phones.tidy(wrong)


def test_old_numbers_that_nobody_can_read_still_make_a_link():
    assert phones.link_to("646 43 00 do 15:00") == "tel:64643001500"


def test_an_extension_is_dialled_too():
    assert InstitutionPhone(number="75 646 43 00", extension="7").link == "tel:+48756464300;ext=7"


# --- In the forms -----------------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(client, db):
    client.force_login(make_user(groups=["Administrator"]))


def test_the_office_keeps_its_numbers_tidy(client, administrator):
    make_office()
    typed = {
        "nip": "1234563218",
        "teryt": "1860",
        "coordinator_phone": "130001240",
        "phones-0-number": "(13) 000-10-10",
    }
    fill(client, OFFICE, "_continue", **typed)
    office = Office.objects.get()
    assert (office.nip, office.teryt) == ("123-456-32-18", "1860")
    assert (office.coordinator_phone, office.main_phone.number) == ("13 000 12 40", "13 000 10 10")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("nip", "1234563219"),
        ("regon", "1"),
        ("ade", "AE:PL-1"),
        ("teryt", "1960"),
        ("postal_code", "38099"),
        ("dpo_phone", "12"),
    ],
)
def test_a_wrong_number_is_named_beside_its_field_and_stays_there(client, administrator, name, wrong):
    make_office()
    answer = fill(client, OFFICE, "_save", **{name: wrong, "motto": "Razem"})
    assert answer.context["adminform"].form.errors.keys() == {name}
    fields = read(answer).fields
    assert fields[name] == [wrong] and fields["motto"] == ["Razem"]


def test_a_wrong_sum_of_the_address_for_delivery_is_a_warning_only(client, administrator):
    make_office()
    answer = fill(client, OFFICE, "_continue", ade="AE:PL-12345-67890-ABCDE-12")
    assert any("ABCDE-12" in words for words in messages(client.get(answer["Location"])))
    assert Office.objects.get().ade.endswith("12")
    institution = make_institution()
    address = reverse("admin:institutions_institution_change", args=[institution.pk])
    answer = fill(client, address, "_continue", ade="AE:PL-12345-67890-ABCDE-25")
    assert not any("ABCDE-25" in words for words in messages(client.get(answer["Location"])))


def test_a_municipality_needs_a_real_teryt(client, administrator):
    add = reverse("admin:institutions_municipality_add")
    assert fill(client, add, "_save", name="Gmina", teryt="1860017").status_code == 200
    fill(client, add, "_save", name="Gmina", teryt="1860012")
    assert Municipality.objects.get().teryt == "1860012"


# --- PESEL ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label)
def test_no_form_of_the_office_takes_a_pesel(client, db, model):
    client.force_login(make_user(is_superuser=True))
    opened = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"))
    if opened.status_code != 200:
        return  # nobody adds one by hand
    form = opened.context["adminform"].form
    free = [
        name for name, field in form.fields.items()
        if is_written(field) and (field.max_length or 11) >= 11 and name != "usable_password"
    ]  # fmt: skip
    answer = fill(client, opened.request["PATH_INFO"], "_save", **dict.fromkeys(free, PESEL))
    assert answer.status_code == 200
    errors = answer.context["adminform"].form.errors
    assert [name for name in free if name not in errors] == []
