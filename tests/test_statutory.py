"""What the law asks of a site beside accessibility: pages made of data, costs of care homes, projects, reviews."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from institutions.models import FundedProject, HelpLine, Institution, MonthlyCost
from portal.pages.models import StaticPage
from portal.statutory.models import ChildProtection, ProcessingPurpose, Whistleblowing
from tests.forms import fill
from tests.make import (
    in_days,
    jpeg,
    make_article,
    make_attachment,
    make_card,
    make_event,
    make_institution,
    make_office,
    make_page,
    make_user,
)

pytestmark = pytest.mark.django_db


def html(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.fixture
def publisher(client):
    client.force_login(make_user(groups=["Wydawca"]))
    return client


class TestPrivacy:
    def test_page_names_controller_officer_purposes_rights_and_notices_of_matters(self, client):
        make_page(slug="rodo", body="<p>Krótko o danych.</p>")
        make_office(dpo_name="Norbert Jarzmikowski", dpo_email="iod@jarzebin.example")
        ProcessingPurpose.objects.create(
            name="Zapisy", data="imię", legal_basis="art. 6", recipients="nikt", retention="rok"
        )
        make_card(title="Turnus", privacy_notice="<p>Klauzula.</p>")
        make_card(title="Bez klauzuli")
        page = html(client, "/rodo/")
        for words in (
            "Krótko o danych.", "Powiatowe Centrum", "Norbert Jarzmikowski", "iod@jarzebin.example",
            "Zapisy", "art. 6", "nikt", "rok", "uodo.gov.pl", "/sprawy/turnus/#data",
        ):  # fmt: skip
            assert words in page, words
        assert "Bez klauzuli" not in page

    def test_page_stands_without_any_data(self, client):
        make_page(slug="rodo")
        assert "Twoje prawa" in html(client, "/rodo/")


class TestChildProtection:
    FORM = reverse("admin:statutory_childprotection_add")
    TYPED = {
        "adopted_on": "2024-08-15", "responsible": "Anna Lipowa, psycholog", "phone": "13 000 12 24",
        "full_text": "<p>Zasady pełne.</p>", "childrens_text": "<p>Masz prawo czuć się bezpiecznie.</p>",
    }  # fmt: skip

    def test_children_come_first_with_their_help_lines(self, client):
        make_page(slug="standardy-ochrony-maloletnich")
        ChildProtection.objects.create(**self.TYPED)
        HelpLine.objects.create(number="116 111", name="Dla dzieci", is_for_children=True)
        HelpLine.objects.create(number="116 123", name="Dla dorosłych")
        page = html(client, "/standardy-ochrony-maloletnich/")
        order = [page.index(words) for words in ("Masz prawo", "116 111", "Anna Lipowa", "Zasady pełne.")]
        assert order == sorted(order) and "116 123" not in page and "15 sierpnia 2024" in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"childrens_text": ""}, "wymagane"),
            ({"full_text": ""}, "wymagane"),
            ({"phone": ""}, "wymagane"),
            ({"phone": "1"}, "numer"),
            ({"adopted_on": "2999-01-01"}, "jeszcze nie nadszedł"),
            ({"revised_on": "2020-01-01"}, "nie może poprzedzać"),
        ],
    )
    def test_what_is_missing_or_impossible_is_refused(self, publisher, changes, words):
        page = fill(publisher, self.FORM, "_save", **self.TYPED | changes).content.decode()
        assert words in page and "Anna Lipowa" in page and not ChildProtection.objects.exists()

    def test_a_publisher_enters_it(self, publisher):
        assert fill(publisher, self.FORM, "_save", **self.TYPED).status_code == 302
        assert ChildProtection.objects.get().pk == 1


class TestWhistleblowing:
    FORM = reverse("admin:statutory_whistleblowing_add")
    TYPED = {"procedure_on": "2024-09-25", "receiver": "inspektor", "email": "s@jarzebin.example", "external": "Tak."}

    def test_page_names_ways_and_terms(self, client):
        make_page(slug="sygnalisci")
        Whistleblowing.objects.create(**self.TYPED)
        page = html(client, "/sygnalisci/")
        assert "s@jarzebin.example" in page and "7 dni" in page and "3 miesięcy" in page and "brpo.gov.pl" in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [({"email": ""}, "co najmniej jedną drogę"), ({"procedure_on": "2999-01-01"}, "jeszcze nie nadszedł")],
    )
    def test_what_is_missing_or_impossible_is_refused(self, publisher, changes, words):
        assert words in fill(publisher, self.FORM, "_save", **self.TYPED | changes).content.decode()


class TestMonthlyCosts:
    @pytest.fixture
    def home(self) -> Institution:
        found = make_institution(name="Dom Pod Lipami", slug="dom")
        for year, amount in ((2025, "6900.50"), (2026, "7350.12")):
            found.monthly_costs.create(
                year=year, amount=amount, gazette="Dz. Urz. Woj.", gazette_position=812, published_on=date(year, 3, 2)
            )
        return found

    def test_home_and_table_show_amount_and_place_in_the_gazette_the_newest_first(self, client, home):
        for address in ("/placowki/dom/", "/placowki/koszty-utrzymania/"):
            page = html(client, address)
            assert "Dz. Urz. Woj. 2026, poz. 812" in page and re.search(r"7\s350,12\szł", page.replace("&nbsp;", " "))
            assert page.index('poz. 812, <time datetime="2026') < page.index('poz. 812, <time datetime="2025')

    def test_file_for_programs(self, client, home):
        lines = client.get("/placowki/koszty-utrzymania.csv").content.decode("utf-8-sig").splitlines()
        assert lines[0] == "nazwa;rok;kwota_zl;dziennik;pozycja;ogloszono"
        assert lines[1] == "Dom Pod Lipami;2026;7350,12;Dz. Urz. Woj.;812;2026-03-02"

    def test_an_unpublished_home_is_in_neither(self, client, home):
        Institution.objects.update(status="draft")
        assert "Dom Pod Lipami" not in html(client, "/placowki/koszty-utrzymania/")
        assert "Dom" not in client.get("/placowki/koszty-utrzymania.csv").content.decode()

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"amount": "0"}, "większa lub równa 1"),
            ({"published_on": "2999-01-01"}, "jeszcze nie nadszedł"),
            ({"published_on": "2020-03-01"}, "ogłasza się w tym roku"),
            ({"year": "26"}, "większa lub równa 2004"),
            ({"gazette_position": "0"}, "większa lub równa 1"),
            ({"gazette": ""}, "wymagane"),
        ],
    )
    def test_impossible_costs_are_refused(self, admin_client, changes, words):
        home = make_institution()
        address = reverse("admin:institutions_institution_change", args=[home.pk])
        row = {
            "year": "2026",
            "amount": "7000",
            "gazette": "Dz. Urz.",
            "gazette_position": "5",
            "published_on": "2026-03-01",
        }
        typed = {f"monthly_costs-0-{name}": value for name, value in (row | changes).items()}
        page = fill(admin_client, address, "_publish", **typed).content.decode()
        assert words in page and not MonthlyCost.objects.exists()

    def test_the_board_names_homes_without_a_cost_of_this_year(self, publisher, home):
        today = timezone.localdate()
        make_institution(name="Dom bez kosztu")
        home.monthly_costs.create(year=today.year + 1, amount=1, gazette="x", gazette_position=1, published_on=today)
        card = html(publisher, "/admin/").partition("Domy pomocy bez kosztu utrzymania")[2]
        assert "Dom bez kosztu" in card and "Dom Pod Lipami" not in card.partition("</section>")[0]


class TestProjects:
    @pytest.fixture
    def project(self) -> FundedProject:
        return FundedProject.objects.create(title="Bliżej", slug="blizej", notice="Dofinansowano.", grant_amount=60_000)

    def test_related_pages_carry_the_notice_and_lead_to_the_project(self, client, project):
        make_page(slug="projekty")
        unit = make_institution(slug="dom")
        project.institutions.add(unit)
        for thing in (make_article(project=project), make_event(project=project), unit):
            page = html(client, thing.get_absolute_url())
            assert "Dofinansowano." in page and 'href="/projekty/#blizej"' in page

    def test_logos_are_made_small_and_carry_words(self, admin_client, project):
        make_page(slug="projekty")
        address = reverse("admin:institutions_fundedproject_change", args=[project.pk])
        upload = jpeg(2000, 500, exif={0x8825: {1: "N"}}, name="logo.jpg")
        assert fill(admin_client, address, "_save", **{"logos-0-image": upload, "logos-0-alt": ""}).status_code == 200
        upload.seek(0)
        typed = {"logos-0-image": upload, "logos-0-alt": "Flaga i godło Polski"}
        assert fill(admin_client, address, "_save", **typed).status_code == 302
        logo = project.logos.get()
        page = html(admin_client, "/projekty/")
        assert f'<img src="{logo.get_absolute_url()}" alt="Flaga i godło Polski"' in page
        picture = admin_client.get(logo.get_absolute_url())
        assert picture["Content-Type"] == "image/png" and b"".join(picture.streaming_content).startswith(b"\x89PNG")

    def test_files_of_logos_that_are_replaced_or_gone_do_not_stay(
        self, admin_client, project, django_capture_on_commit_callbacks
    ):
        address = reverse("admin:institutions_fundedproject_change", args=[project.pk])
        typed = {"logos-0-image": jpeg(200, 50, name="logo.jpg"), "logos-0-alt": "Flaga"}
        fill(admin_client, address, "_save", **typed)
        first = project.logos.get().image
        with django_capture_on_commit_callbacks(execute=True):
            fill(admin_client, address, "_save", **{"logos-0-image": jpeg(300, 50, name="logo.jpg")})
        second = project.logos.get().image
        assert second.storage.exists(second.name) and not first.storage.exists(first.name)
        with django_capture_on_commit_callbacks(execute=True):
            fill(admin_client, address, "_save", **{"logos-0-alt": "Flaga Polski"})
        assert second.storage.exists(second.name)
        with django_capture_on_commit_callbacks(execute=True):
            project.delete()
        assert not second.storage.exists(second.name)

    def test_a_file_that_is_no_picture_is_refused(self, admin_client, project):
        address = reverse("admin:institutions_fundedproject_change", args=[project.pk])
        typed = {"logos-0-image": SimpleUploadedFile("logo.png", b"<svg>"), "logos-0-alt": "Flaga"}
        answer = fill(admin_client, address, "_save", **typed)
        assert answer.status_code == 200 and 'value="Flaga"' in answer.content.decode() and not project.logos.exists()

    def test_a_large_grant_without_logos_is_warned_of(self, admin_client, project):
        address = reverse("admin:institutions_fundedproject_change", args=[project.pk])
        page = admin_client.get(fill(admin_client, address, "_save")["Location"]).content.decode()
        assert "barwy i godło" in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "po"),
            ({"grant_amount": "-5"}, "mniejsza od zera"),
            ({"grant_amount": "10", "total_amount": "5"}, "wyższe od całkowitej"),
        ],
    )
    def test_impossible_projects_are_refused(self, admin_client, project, changes, words):
        address = reverse("admin:institutions_fundedproject_change", args=[project.pk])
        answer = fill(admin_client, address, "_save", **changes)
        assert answer.status_code == 200 and words in answer.content.decode()


class TestReviews:
    def form(self, page: StaticPage) -> str:
        return reverse("admin:pages_staticpage_change", args=[page.pk])

    def test_a_page_says_when_it_was_reviewed_and_the_board_when_it_is_due(self, publisher, client):
        make_page(title="Cookies", slug="cookies", reviewed_on=in_days(-350).date(), review_months=12)
        make_page(title="Świeża", reviewed_on=timezone.localdate(), review_months=12)
        make_page(title="Bez przeglądów")
        assert "Przegląd: <time" in html(client, "/cookies/")
        card = html(publisher, "/admin/").partition("Strony do przeglądu")[2].partition("</section>")[0]
        assert "Cookies" in card and "Świeża" not in card and "Bez przeglądów" not in card

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"reviewed_on": "2026-01-01"}, "albo zostaw oba pola puste"),
            ({"review_months": "12"}, "albo zostaw oba pola puste"),
            ({"reviewed_on": "2999-01-01", "review_months": "12"}, "jeszcze nie nadszedł"),
            ({"reviewed_on": "2026-01-01", "review_months": "0"}, "większa lub równa 1"),
        ],
    )
    def test_half_a_review_is_refused(self, publisher, changes, words):
        page = make_page()
        assert words in fill(publisher, self.form(page), "_publish", **changes).content.decode()

    def test_files_stand_under_their_headings(self, client):
        page = make_page(slug="dokumenty")
        for title, heading in (("A", "Programy"), ("B", ""), ("C", "Programy")):
            attachment = make_attachment(page, title=title)
            attachment.heading = heading
            attachment.save()
        text = html(client, "/dokumenty/").partition('id="files"')[2]
        order = [text.index(part) for part in (">B</a>", "<h3>Programy</h3>", ">A</a>", ">C</a>")]
        assert order == sorted(order) and text.count("Programy") == 1
