"""Certificates: earned by hours, numbered once and for good, frozen, revocable, and to be checked by everybody."""

import io
import threading

import pytest
from django.db import connection
from pypdf import PdfReader

from events.registration import attendance, certificates, papers, seats
from events.registration.models import Certificate, CertificateKind, NumberRegister
from portal.content import pdf
from portal.outbox.models import Message
from tests.conftest import lacking
from tests.make import entry_of, in_days, make_event, make_office, make_registration, make_signup, make_user

ATTENDANCE, STATUTORY = CertificateKind.ATTENDANCE, CertificateKind.STATUTORY
LETTERS = "Żółćisława Ąęśźńó-Ćłżź"


def training(*hours: float, needed=8, **rules):
    """A past training with a date for each number of hours."""
    event = make_event(title="Zażółć gęślą jaźń", starts_at=in_days(-20), session={"didactic_hours": hours[0]})
    for number, count in enumerate(hours[1:], start=1):
        event.sessions.create(starts_at=in_days(number - 20), ends_at=in_days(number - 19.9), didactic_hours=count)
    event.parties.create(role="organizer", name="PCPR w Jarzębinie")
    return make_signup(event, min_hours_for_certificate=needed, **rules)


def came(signup, name: str, *numbers: int):
    """Somebody who was there on the dates with these numbers."""
    participant = make_registration(signup, name, by=seats.staff(None)).participants.get()
    for number in numbers:
        attendance.mark(participant, list(signup.event.sessions.all())[number], "present", None)
    return participant


def refusal(participant, signup, kind=ATTENDANCE) -> str:
    with pytest.raises(certificates.Refused) as refused:
        certificates.issue(participant, signup, kind, None)
    assert str(refused.value.message)
    return refused.value.code


@pytest.fixture
def weasyprint():
    if not pdf.is_available():
        lacking("WeasyPrint or Pango is not installed")


@pytest.fixture
def office(db):
    return make_office()


# --- Who earns one ----------------------------------------------------------------------------------------------------


def test_eight_of_ten_hours_are_enough_and_seven_are_not(office):
    signup = training(5, 3, 2)
    certificate = certificates.issue(came(signup, LETTERS, 0, 1), signup, ATTENDANCE, None)
    assert (certificate.content["hours"], certificate.content["name"]) == ("8", LETTERS)
    assert refusal(came(signup, "Adam Krótki", 0, 2), signup) == "hours"
    assert refusal(came(signup, "Ewa Nieobecna"), signup) == "absent"


def test_without_a_threshold_one_presence_is_enough(office):
    signup = training(5, 3, needed=None)
    assert certificates.issue(came(signup, "Adam Raz", 1), signup, ATTENDANCE, None)
    assert refusal(came(signup, "Ewa Nieobecna"), signup) == "absent"


def test_the_statutory_kind_needs_the_decision_on_the_programme(office):
    signup = training(8)
    person = came(signup, "Adam Lis", 0)
    assert refusal(person, signup, STATUTORY) == "no_decision"
    signup.programme_decision = "DPR 7/2024 z 12 marca 2024 r."
    signup.save()
    certificate = certificates.issue(person, signup, STATUTORY, None)
    assert certificate.number.startswith("SW/1/")
    assert certificate.content["decision"] == "DPR 7/2024 z 12 marca 2024 r."
    assert certificates.issue(person, signup, ATTENDANCE, None).content["decision"] == ""


def test_who_has_just_lost_the_place_gets_none(office):
    signup = training(8)
    person = came(signup, "Adam Lis", 0)
    seats.cancel(person.registration.uid, seats.PERSON)
    assert refusal(person, signup) == "no_place"


def test_nobody_earns_one_before_the_training_whatever_was_marked_ahead(office):
    event = make_event(starts_at=in_days(5), session={"didactic_hours": 8})
    signup = make_signup(event, min_hours_for_certificate=8)
    assert refusal(came(signup, "Adam Lis", 0), signup) == "absent"


# --- Numbers ----------------------------------------------------------------------------------------------------------


def test_issuing_again_gives_the_same_one_and_a_revoked_number_never_comes_back(office):
    signup = training(8)
    person = came(signup, "Adam Lis", 0)
    first = certificates.issue(person, signup, ATTENDANCE, None)
    assert certificates.issue(person, signup, ATTENDANCE, None) == first
    certificates.revoke(first, "błąd w nazwisku", make_user())
    second = certificates.issue(person, signup, ATTENDANCE, None)
    assert [c.number.split("/")[1] for c in (first, second)] == ["1", "2"]


def test_all_who_have_earned_one_get_it_in_the_order_of_signing_up(office):
    signup = training(8)
    people = [came(signup, name, 0) for name in ("Zofia A", "Adam B")] + [came(signup, "Ewa Nieobecna")]
    issued = certificates.issue_to_all(signup, ATTENDANCE, None)
    assert [certificate.participant for certificate in issued] == people[:2]
    assert certificates.issue_to_all(signup, ATTENDANCE, None) == []


def test_a_hundred_at_once_get_a_hundred_numbers_without_a_gap(own_database):
    make_office()
    signup = training(8)
    signup.capacity = None
    signup.save()
    people = [came(signup, f"Osoba {number}", 0) for number in range(100)]
    failed = []

    def issue(part):
        try:
            for person in part:
                certificates.issue(person, signup, ATTENDANCE, None)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=issue, args=[people[number::10]]) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    numbers = [int(number.split("/")[1]) for number in Certificate.objects.values_list("number", flat=True)]
    assert sorted(numbers) == list(range(1, 101))
    assert NumberRegister.objects.get().last == 100


# --- What stands in it ------------------------------------------------------------------------------------------------


def test_what_was_issued_does_not_change_with_the_event(office):
    signup = training(8)
    person = came(signup, "Adam Lis", 0)
    certificate = certificates.issue(person, signup, ATTENDANCE, None)
    before = papers.certificate(certificate)
    signup.event.title = "Zupełnie inny tytuł"
    signup.event.save()
    person.last_name = "Wilk"
    person.save()
    assert papers.certificate(Certificate.objects.get()) == before
    assert "Zażółć gęślą jaźń" in before and "Adam Lis" in before


def test_the_pdf_is_tagged_and_has_every_polish_letter(office, weasyprint):
    signup = training(8)
    certificate = certificates.issue(came(signup, LETTERS, 0), signup, ATTENDANCE, None)
    content = pdf.from_html(papers.certificate(certificate))
    reader = PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for part in (LETTERS, "Zażółć gęślą jaźń", certificate.number, certificate.code):
        assert part in text, part
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], "/StructTreeRoot" in root) == ("pl", True, True)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert len(reader.pages) == 1
    assert pdf.from_html(papers.certificate(certificate)) == content


def test_a_long_training_with_a_long_title_fits_on_one_page(office, weasyprint):
    signup = training(*[3] * 12, programme_decision="DPR-III.071.7.2024 z 12 marca 2024 r.")
    signup.certificate_title = "Rodzina zastępcza jako zespół: jak rozmawiać z dzieckiem o tym, co trudne. " * 3
    person = came(signup, LETTERS, 0, 1, 2)
    content = pdf.from_html(papers.certificate(certificates.issue(person, signup, STATUTORY, None)))
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


def test_the_person_is_told_once_and_without_an_address_nobody_is(office):
    signup = training(8)
    person = came(signup, "Adam Lis", 0)
    certificates.issue(person, signup, ATTENDANCE, None)
    certificates.issue(person, signup, ATTENDANCE, None)
    letter = Message.objects.get(kind="certificate")
    assert (letter.to, letter.reply_to) == (person.registration.email, "sekretariat@jarzebin.example")


# --- The check page ---------------------------------------------------------------------------------------------------


def test_everybody_can_check_it_and_sees_initials_only(client, office):
    signup = training(8)
    certificate = certificates.issue(came(signup, "Zenobia Tajemnicza", 0), signup, ATTENDANCE, None)
    response = client.get("/wydarzenia/zaswiadczenie/", {"kod": f" {certificate.code.upper()} "}, follow=True)
    page = response.content.decode()
    assert response.status_code == 200 and not response.cookies
    assert certificate.number in page and "Zażółć gęślą jaźń" in page and "Z. T." in page
    assert "Zenobia" not in page and "Tajemnicza" not in page
    assert "noindex" in response["X-Robots-Tag"]


def test_a_revoked_one_says_so(client, office):
    signup = training(8)
    certificate = certificates.issue(came(signup, "Adam Lis", 0), signup, ATTENDANCE, None)
    valid = client.get(certificate.get_absolute_url()).content.decode()
    certificates.revoke(certificate, "tajny powód", make_user())
    revoked = client.get(certificate.get_absolute_url()).content.decode()
    assert "badge--good" in valid and "badge--bad" not in valid
    assert "badge--bad" in revoked and "badge--good" not in revoked
    assert "tajny powód" not in revoked


@pytest.mark.parametrize("code", ["x", "a%00b", "%00"])
def test_an_address_that_was_mistyped_is_not_found(client, office, code):
    assert client.get(f"/wydarzenia/zaswiadczenie/{code}/").status_code == 404


@pytest.mark.parametrize("code", ["x", "0" * 32, "ZU/1/2026", "' OR 1=1", "ż" * 40])
def test_an_unknown_code_gets_a_friendly_page(client, office, code):
    response = client.get("/wydarzenia/zaswiadczenie/", {"kod": code}, follow=True)
    assert response.status_code in (200, 404)
    assert 'name="kod"' in response.content.decode()


# --- At the desk ------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(client, office):
    user = make_user(groups=["Organizator"])
    client.force_login(user)
    return user


def desk(signup, page: str = "") -> str:
    return f"/admin/registration/signup/{signup.pk}/desk/certificates/{page}"


def test_a_clerk_issues_to_all_opens_the_paper_and_revokes_with_a_reason(client, clerk):
    signup = training(8)
    came(signup, "Adam Lis", 0)
    came(signup, "Ewa Nieobecna")
    assert client.get(desk(signup)).status_code == 200
    client.post(desk(signup, "issue/"), {"kind": "attendance"})
    certificate = Certificate.objects.get()
    assert certificate.issued_by == clerk
    assert client.get(desk(signup, f"{certificate.pk}/")).status_code == 200
    refused = client.post(desk(signup, f"{certificate.pk}/revoke/"), {"reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    client.post(desk(signup, f"{certificate.pk}/revoke/"), {"reason": "pomyłka"})
    certificate.refresh_from_db()
    assert (certificate.is_revoked, certificate.revoked_by) == (True, clerk)
    assert client.get(desk(signup)).status_code == 200


def test_for_one_person_the_reason_of_a_refusal_is_told(client, clerk):
    signup = training(8)
    person = came(signup, "Ewa Nieobecna")
    response = client.post(desk(signup, "issue/"), {"participant": person.pk, "kind": "attendance"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    for fields in ({"participant": "x"}, {"participant": "999999"}, {"kind": "złote"}):
        assert client.post(desk(signup, "issue/"), fields).status_code == 404


def test_without_weasyprint_certificates_are_issued_and_printed_by_the_browser(client, clerk, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    signup = training(8)
    came(signup, "Adam Lis", 0)
    client.post(desk(signup, "issue/"), {"kind": "attendance"})
    response = client.get(desk(signup, f"{Certificate.objects.get().pk}/"))
    assert response["Content-Type"].startswith("text/html")
    assert "Adam Lis" in response.content.decode()


def test_the_register_is_read_and_not_edited(client, clerk):
    signup = training(8)
    certificate = certificates.issue(came(signup, "Zenobia Tajemnicza", 0), signup, ATTENDANCE, None)
    page = client.get("/admin/registration/certificate/").content.decode()
    assert certificate.number in page and "Tajemnicza" not in page
    assert client.get(f"/admin/registration/certificate/{certificate.pk}/change/").status_code == 200
    assert client.get("/admin/registration/certificate/add/").status_code == 403
    assert client.post(f"/admin/registration/certificate/{certificate.pk}/delete/", {"post": "yes"}).status_code == 403


def test_entry_of_two_people_gives_each_their_own(office):
    signup = training(8, max_seats=2)
    registration, _new = seats.sign_up(signup.pk, entry_of("Ewa Lis", "Jan Lis"), seats.staff(None))
    for person in registration.participants.all():
        attendance.mark(person, signup.event.sessions.get(), "present", None)
    issued = certificates.issue_to_all(signup, ATTENDANCE, None)
    assert [certificate.content["name"] for certificate in issued] == ["Ewa Lis", "Jan Lis"]
