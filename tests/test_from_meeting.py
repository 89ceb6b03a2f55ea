"""From the record of a meeting to a draft article in one click."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import translation

from events.models import Event, MeetingReport
from institutions.models import FundedProject
from news.from_meeting import dates_in_words, draft_article, gender_of_name, gender_of_person, plural, punctuated
from news.models import Article, Category
from portal.content import photo_files
from portal.content.publishing import Status
from portal.content.richtext import plain_text
from tests.make import in_days, make_event, make_institution, make_photo, make_user

pytestmark = pytest.mark.django_db
WARSAW = ZoneInfo("Europe/Warsaw")


def day(text: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=WARSAW)


@pytest.fixture
def report():
    """The meeting of seed 001, with names of the demo county."""
    pcpr = make_institution(name="Powiatowe Centrum Pomocy Rodzinie w Jarzębinie", short_name="PCPR w Jarzębinie")
    event = make_event(
        title="Narada kadry kierowniczej jednostek pomocy społecznej",
        kind="staff_meeting",
        starts_at=day("2017-09-26"),
        ends_at=day("2017-09-26", 14),
        institution=pcpr,
        session={"room": "sala 12"},
    )
    event.parties.create(role="organizer", institution=pcpr)
    event.representatives.create(name="dr hab. Marek Klimowicz", role_title="dyrektor PCPR w Jarzębinie", act="opened")
    event.representatives.create(name="dr hab. Marek Klimowicz", role_title="dyrektor PCPR w Jarzębinie", act="led")
    event.representatives.create(
        name="Małgorzata Frantowa", role_title="kierownik oddziału", institution_name="Urząd Wojewódzki", act="attended"
    )
    event.representatives.create(
        name="Albin Mazurski", role_title="dyrektor wydziału", institution_name="Urząd Wojewódzki", act="attended"
    )
    event.audience_groups.create(label="kierownicy ośrodków pomocy społecznej", count=22)
    report = MeetingReport.objects.create(
        event=event,
        headline="Pomoc społeczna o sobie",
        lead="Powiat i gminy rozmawiały o pieczy zastępczej.",
        goal="wymiana doświadczeń.",
        body="<p>Uczestnicy podzielili się <strong>doświadczeniami</strong>.</p>",
        conclusions="Potrzebne są szkolenia.\n\nSpotkania będą co pół roku.",
        headcount=24,
        text_credit="Krzysztof Pulik",
        photo_credit="Michał Botn",
    )
    for text in ["wspieranie rodziny, w tym piecza zastępcza", "orzekanie o niepełnosprawności;"]:
        report.topics.create(text=text)
    report.follow_ups.create(description="II Forum Organizacji Pozarządowych", planned_on=date(2017, 11, 17))
    report.follow_ups.create(
        description="szkolenie zawodowe", planned_on=date(2017, 12, 1), precision="month", institution=pcpr
    )
    report.follow_ups.create(description="zarzucony pomysł", status="dropped")
    return report


def text_of(report) -> str:
    return plain_text(draft_article(report)[0].body)


# --- The text ---------------------------------------------------------------------------------------------------------


def test_the_draft_says_who_organised_what_when_and_where(report):
    text = text_of(report)
    assert text.startswith("26 września 2017 r. odbyła się narada kadry kierowniczej jednostek pomocy społecznej.")
    assert "Naradę zorganizowało Powiatowe Centrum Pomocy Rodzinie w Jarzębinie." in text
    assert "Miejscem narady było PCPR w Jarzębinie, sala 12." in text


def test_the_draft_says_who_opened_led_and_attended(report):
    text = text_of(report)
    assert "Naradę otworzył i poprowadził dyrektor PCPR w Jarzębinie dr hab. Marek Klimowicz." in text
    assert (
        "W spotkaniu uczestniczyli kierownik oddziału Małgorzata Frantowa (Urząd Wojewódzki)"
        " i dyrektor wydziału Albin Mazurski (Urząd Wojewódzki)."
    ) in text
    assert "kierownicy ośrodków pomocy społecznej (22 osoby)" in text
    assert "Łącznie w spotkaniu wzięły udział 24 osoby." in text


def test_topics_and_next_steps_are_numbered_lists(report):
    body = draft_article(report)[0].body
    assert (
        "<ol><li>wspieranie rodziny, w tym piecza zastępcza;</li><li>orzekanie o niepełnosprawności.</li></ol>" in body
    )
    assert "<li>II Forum Organizacji Pozarządowych – 17 listopada 2017 r.;</li>" in body
    assert (
        "<li>szkolenie zawodowe – grudzień 2017 r. (odpowiada: Powiatowe Centrum Pomocy Rodzinie w Jarzębinie).</li>"
        in body
    )
    assert "zarzucony" not in body


def test_the_words_of_the_record_stand_in_it_as_they_are(report):
    body = draft_article(report)[0].body
    assert "<p>Uczestnicy podzielili się <strong>doświadczeniami</strong>.</p>" in body
    assert "<h2>Wnioski</h2>\n<p>Potrzebne są szkolenia.</p>" in body


def test_title_lead_credits_links_and_photos_come_along(report):
    photo = make_photo(report.event, caption="Sala narad", author="Michał Botn")
    report.event.project = FundedProject.objects.create(title="Projekt", slug="projekt", notice="Dofinansowano.")
    report.event.save()
    article, is_new = draft_article(report)
    assert is_new
    assert (article.title, article.lead) == (
        "Pomoc społeczna o sobie",
        "Powiat i gminy rozmawiały o pieczy zastępczej.",
    )
    assert (article.text_credit, article.photo_credit) == ("Krzysztof Pulik", "Michał Botn")
    assert (article.status, article.event, article.project) == (Status.DRAFT, report.event, report.event.project)
    assert article.unit.short_name == "PCPR w Jarzębinie"
    assert [institution.short_name for institution in article.institutions.all()] == ["PCPR w Jarzębinie"]
    copy = article.photos.get()
    assert (copy.caption, copy.author, copy.alt) == ("Sala narad", "Michał Botn", photo.alt)
    assert copy.key != photo.key
    assert (photo_files.private_folder(copy.key) / "480.jpg").exists()


def test_what_is_empty_leaves_no_trace():
    report = MeetingReport.objects.create(
        event=make_event(title="Spotkanie", starts_at=day("2026-03-29"), kind="other")
    )
    body = draft_article(report)[0].body
    assert body == "<p>29 marca 2026 r. odbyło się spotkanie.</p>"


def test_a_hidden_place_is_not_told(report):
    secret = make_institution(name="Ośrodek Przystań", address_visibility="hidden", street="ul. Cicha 7")
    report.event.sessions.update(institution=secret)
    article, _new = draft_article(report)
    assert "Przystań" not in article.body and "Cicha" not in article.body and "Miejscem" not in article.body
    assert secret not in article.institutions.all()


def test_markup_in_names_stays_text(report):
    report.event.representatives.create(name="<script>alert(1)</script>", act="spoke")
    report.topics.create(text="<img src=x onerror=alert(1)>")
    body = draft_article(report)[0].body
    assert "<script" not in body and "<img" not in body
    assert "&lt;script&gt;" in body


# --- The click --------------------------------------------------------------------------------------------------------


def address(report) -> str:
    return reverse("admin:news_article_from_meeting", args=[report.pk])


@pytest.fixture
def clerk(client):
    client.force_login(make_user(groups=["Organizator"]))
    return client


def test_one_click_on_the_record_opens_the_draft(clerk, report):
    page = clerk.get(reverse("admin:events_meetingreport_change", args=[report.pk]))
    assert [tool.url for tool in page.context["tools"] if tool.is_post] == [address(report)]
    answer = clerk.post(address(report))
    article = Article.objects.get()
    assert answer.url == reverse("admin:news_article_change", args=[article.pk])
    assert clerk.get(answer.url).status_code == 200


def test_the_event_has_the_button_too(clerk, report):
    page = clerk.get(reverse("admin:events_event_change", args=[report.event_id]))
    assert address(report) in [tool.url for tool in page.context["tools"]]


def test_a_second_click_opens_the_same_article_and_overwrites_nothing(clerk, report):
    clerk.post(address(report))
    Article.objects.update(title="Poprawiony tytuł")
    answer = clerk.post(address(report))
    article = Article.objects.get()
    assert article.title == "Poprawiony tytuł"
    assert answer.url == reverse("admin:news_article_change", args=[article.pk])
    page = clerk.get(reverse("admin:events_meetingreport_change", args=[report.pk]))
    assert not any(tool.is_post for tool in page.context["tools"])


def test_a_double_click_that_both_see_no_article_makes_one(report, monkeypatch):
    first, _new = draft_article(report)
    real = QuerySet.first
    monkeypatch.setattr(QuerySet, "first", lambda found: None if found.model is Article else real(found))
    second, is_new = draft_article(report)
    assert (second.pk, is_new) == (first.pk, False)


def test_a_link_alone_makes_nothing(clerk, report):
    assert clerk.get(address(report)).status_code == 405
    assert not Article.objects.exists()


def test_a_post_from_elsewhere_makes_nothing(report):
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(make_user(groups=["Organizator"]))
    assert stranger.post(address(report)).status_code == 403
    assert not Article.objects.exists()


def test_who_may_not_write_articles_has_no_button(client, report):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_meetingreport", "change_meetingreport"]))
    client.force_login(user)
    page = client.get(reverse("admin:events_meetingreport_change", args=[report.pk]))
    assert not any(tool.is_post for tool in page.context["tools"])
    assert client.post(address(report)).status_code == 403


def test_without_a_category_the_clerk_is_told_what_to_do(client, report):
    client.force_login(make_user(groups=["Administrator"]))
    Category.objects.all().delete()
    assert client.post(address(report)).url == reverse("admin:news_category_add")
    assert not Article.objects.exists()


def test_a_record_that_does_not_exist_is_a_404(clerk):
    assert clerk.post("/admin/news/article/from-meeting/999999/").status_code == 404


# --- Polish -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (["2017-09-26"], "26 września 2017 r."),
        (["2017-11-17", "2017-11-18"], "17 i 18 listopada 2017 r."),
        (["2026-09-30", "2026-10-01"], "30 września i 1 października 2026 r."),
        (["2026-03-02", "2026-03-09", "2026-03-16"], "2, 9 i 16 marca 2026 r."),
        (["2026-12-31", "2027-01-01"], "31 grudnia 2026 r. i 1 stycznia 2027 r."),
    ],
)
def test_days_in_words(days, words):
    with translation.override("pl"):
        assert dates_in_words([date.fromisoformat(text) for text in days]) == words


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Powiatowe Centrum Pomocy Rodzinie", 2),
        ("Starostwo Powiatowe", 2),
        ("Dom Pomocy Społecznej", 0),
        ("Regionalny Ośrodek Polityki Społecznej", 0),
        ("Fundacja Otwarte Okno", 1),
        ("Warsztaty Terapii Zajęciowej", 4),
        ("PCPR w Jarzębinie", 2),
        ("DPS Pod Lipami", 0),
        ("", 0),
    ],
)
def test_the_gender_of_an_institution(name, gender):
    assert gender_of_name(name) == gender


@pytest.mark.parametrize(
    ("name", "is_woman"),
    [
        ("Ewa Modrzycka", True),
        ("dr hab. Marek Klimek", False),
        ("Pani Róża Dyrka", True),
        ("Kuba Sosna", False),
        ("", False),
    ],
)
def test_the_gender_of_a_person(name, is_woman):
    assert (gender_of_person(name) == 1) == is_woman


@pytest.mark.parametrize(
    ("count", "word"), [(1, "osoba"), (2, "osoby"), (5, "osób"), (12, "osób"), (22, "osoby"), (112, "osób")]
)
def test_plurals(count, word):
    assert plural(count, "osoba", "osoby", "osób") == word


def test_lists_are_punctuated():
    assert punctuated(["a;", "b,", " c"]) == ["a;", "b;", "c."]
    assert punctuated([]) == []


@pytest.mark.parametrize(
    ("title", "kind", "words"),
    [
        ("Narada kadry", "staff_meeting", "odbyła się narada kadry."),
        ("Powiatowe Forum Seniorów", "forum", "odbyło się Powiatowe Forum Seniorów."),
        ("Razem dla rodziny", "conference", "odbyła się konferencja „Razem dla rodziny”."),
        ("Pierwsza pomoc", "training", "odbyło się szkolenie „Pierwsza pomoc”."),
    ],
)
def test_the_title_stands_in_the_first_sentence_as_the_kind_of_meeting_allows(title, kind, words):
    report = MeetingReport.objects.create(event=make_event(title=title, kind=kind, starts_at=in_days(-3)))
    assert words in text_of(report)


def test_several_days_and_organisers():
    event = make_event(title="Forum", kind="forum", starts_at=day("2017-11-17"))
    event.sessions.create(starts_at=day("2017-11-18"), ends_at=day("2017-11-18", 15))
    event.parties.create(role="organizer", name="Starostwo Powiatowe")
    event.parties.create(role="organizer", name="Fundacja Otwarte Okno")
    event.parties.create(role="partner", name="Szpital")
    text = text_of(MeetingReport.objects.create(event=Event.objects.get(pk=event.pk)))
    assert text.startswith("W dniach 17 i 18 listopada 2017 r. odbyło się forum.")
    assert "Forum zorganizowały Starostwo Powiatowe i Fundacja Otwarte Okno." in text
    assert "Partner: Szpital." in text
