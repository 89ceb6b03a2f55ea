"""Two people write the same meeting record: the second sees both texts and loses neither."""

import pytest

from events.models import MeetingReport
from tests.forms import press, read
from tests.make import in_days, make_article, make_event, make_institution, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    client.force_login(make_user(groups=["Organizator"]))
    report = MeetingReport.objects.create(event=make_event(starts_at=in_days(-2)), lead="Wstęp", goal="Cel")
    return f"/admin/events/meetingreport/{report.pk}/change/"


def test_the_second_sees_the_saved_text_beside_their_own(client, page):
    first, second = read(client.get(page)), read(client.get(page))
    first_text = {"lead": "Wstęp <b>pierwszej</b> osoby", "body": "<p>Treść <strong>pierwszej</strong> osoby</p>"}
    second_text = {"lead": "Wstęp drugiej osoby", "conclusions": "Wnioski drugiej osoby"}
    assert press(client, page, first, "_save", **first_text).status_code == 302
    response = press(client, page, second, "_save", **second_text)
    html = response.content.decode()
    assert response.status_code == 200
    assert "Wstęp <del>&lt;b&gt;pierwszej&lt;/b&gt; </del>osoby" in html
    assert "Treść pierwszej osoby" in {found.before for found in response.context["conflict_differences"]}
    for text in second_text.values():
        assert text in html
    report = MeetingReport.objects.get()
    assert (report.lead, report.conclusions) == (first_text["lead"], "")


def test_fields_in_which_both_agree_are_not_repeated(client, page):
    first, second = read(client.get(page)), read(client.get(page))
    press(client, page, first, "_save", lead="Inny wstęp")
    response = press(client, page, second, "_save", conclusions="Wnioski")
    differences = response.context["conflict_differences"]
    assert [(found.before, found.after) for found in differences] == [("Inny wstęp", "Wstęp"), ("", "Wnioski")]


def test_after_comparing_the_second_may_replace_it(client, page):
    first, second = read(client.get(page)), read(client.get(page))
    press(client, page, first, "_save", lead="Pierwsza")
    conflict = press(client, page, second, "_save", lead="Druga")
    form = read(conflict)
    overwrite = conflict.content.decode().split('name="_overwrite" value="')[1].split('"')[0]
    assert press(client, page, form, "_save", _overwrite=overwrite).status_code == 302
    assert MeetingReport.objects.get().lead == "Druga"


def test_a_form_opened_after_the_save_has_no_conflict(client, page):
    press(client, page, read(client.get(page)), "_save", lead="Pierwsza")
    assert press(client, page, read(client.get(page)), "_save", lead="Druga").status_code == 302


def test_related_institutions_are_told_by_name(client, page):
    client.force_login(make_user(groups=["Wydawca"]))
    article = make_article()
    page = f"/admin/news/article/{article.pk}/change/"
    second = read(client.get(page))
    article.institutions.set([make_institution(name="DPS Pod Lipami")])
    article.save()
    response = press(client, page, second, "_save")
    assert [found.before for found in response.context["conflict_differences"]] == ["DPS Pod Lipami"]


def test_rows_are_compared_too(client, page):
    first, second = read(client.get(page)), read(client.get(page))
    press(client, page, first, "_save", **{"topics-0-text": "Temat pierwszej osoby"})
    response = press(client, page, second, "_save", **{"topics-0-text": "Temat drugiej osoby"})
    differences = response.context["conflict_differences"]
    assert ("Temat drugiej osoby", "") not in [(found.before, found.after) for found in differences]
    assert {found.after for found in differences if found.after} == {"Temat drugiej osoby"}
    assert {found.before for found in differences if found.before} == {"Temat pierwszej osoby"}


def test_a_row_deleted_by_the_other_is_named(client, page):
    report = MeetingReport.objects.get()
    topic = report.topics.create(text="Rodziny zastępcze", position=10)
    mine = read(client.get(page))
    report.topics.create(text="Nowy temat", position=20)
    report.save()
    response = press(client, page, mine, "_save", **{"topics-0-DELETE": "on"})
    told = [(found.before, found.after) for found in response.context["conflict_differences"]]
    assert ("Rodziny zastępcze", "") in told and ("Nowy temat", "") in told
    assert report.topics.filter(pk=topic.pk).exists()
