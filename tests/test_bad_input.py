"""Whatever is asked, the answer is a page: never an error of ours."""

from functools import cache
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import as_on_a_server, copied_database, using_database
from tests.make import in_days, make_article, make_event, make_institution, make_notice, make_office, make_page
from tests.reading import PageReader

LISTS = """
    news:article_list news:notice_list news:notice_archive institutions:list events:list events:archive pages:search
""".split()
OTHER_PAGES = ["pages:home", "institutions:map_data", "pages:contact", "pages:sitemap_page"]
ROOTS = [
    "/",
    "/aktualnosci/",
    "/ogloszenia/",
    "/placowki/",
    "/wydarzenia/",
    "/pliki/",
    "/media/photos/",
    "/wydarzenia/miesiac/",
]
STRANGE_NAMES = {
    "unknown": "nie-ma-takiego",
    "with a NUL byte": "%00",
    "that is no UTF-8": "%ff%fe",
    "of 5,000 letters": "a" * 5000,
    "that climbs": "..%2f..%2fetc%2fpasswd",
    "with a line break": "a%0d%0aSet-Cookie:x=1",
    "in Polish letters": quote("żółw"),
    "of a number too large": "9" * 40,
    "with an apostrophe": "'%22%3E%3Cscript%3E",
}
STRANGE_VALUES = {
    "10,000 letters": "a" * 10_000,
    "10,000 words": "dom " * 2500,
    "a NUL byte": "\0",
    "letters": "abc",
    "a number too large": "9" * 40,
    "a negative number": "-1",
    "a fraction": "1.5",
    "a date that is none": "2026-02-31",
    "the year 0": "0000-01-01",
    "the last year": "9999-12-31",
    "quotes and brackets": "\"'<>(){}[]:*&|!\\",
    "SQL": "' OR 1=1 --",
    "the search engine's own words": 'AND OR NOT NEAR( title: * "',
    "wildcards": "%_",
    "emoji": "👩‍👩‍👧 \u202e",
    "spaces": "   ",
}


@pytest.fixture(scope="module")
def small_database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), copied_database("small") as name:
        with using_database(name):
            make_office()
            institution = make_institution(municipality="Modrzewiec", latitude=50.1, longitude=21.5)
            make_event(institution=institution)
            make_event(institution=institution, starts_at=in_days(-40))
            make_article(title="Dom")
            make_notice()
            make_notice(deadline_at=in_days(-1))
            make_page()
        yield name


@pytest.fixture
def small_county(small_database, django_db_blocker):
    with django_db_blocker.unblock(), using_database(small_database), as_on_a_server():
        yield


@cache
def parameters_of(name: str) -> list[str]:
    """The fields that the page itself offers, and the page's number."""
    return sorted(PageReader(Client().get(reverse(name)).content.decode()).fields | {"page", "q"})


@pytest.mark.parametrize("name", STRANGE_NAMES)
@pytest.mark.parametrize("root", ROOTS)
def test_an_address_is_not_found(root, name, small_county):
    response = Client().get(f"{root}{STRANGE_NAMES[name]}/", follow=True)
    assert response.status_code == 404


@pytest.mark.parametrize(
    "month", ["0000-01", "2026-00", "2026-13", "9999-12", "1000-01", "2026-1", "20260-1", "abcd-ef", "-001-01"]
)
def test_a_month_is_not_found(month, small_county):
    assert Client().get(f"/wydarzenia/miesiac/{month}/").status_code == 404


@pytest.mark.parametrize("number", ["9999", "0", "-1", "abc", "1.5", "", "9" * 30, "\0"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_list_is_there_or_not_found(name, number, small_county):
    assert Client().get(reverse(name), {"page": number, "q": "dom"}).status_code in (200, 404)


@pytest.mark.parametrize("name", LISTS)
def test_a_strange_value_in_any_field_is_answered(name, small_county):
    for parameter in parameters_of(name):
        for value, text in STRANGE_VALUES.items():
            response = Client().get(reverse(name), {parameter: text})
            assert response.status_code in (200, 400, 404), (parameter, value)


@pytest.mark.parametrize("name", LISTS)
def test_a_query_that_is_no_text_is_answered(name, small_county):
    for query in [
        "%ff=%fe",
        "q=%ff%fe",
        "q=%00",
        "q",
        "=",
        "&&&",
        "q=1&q=2",
        "q[]=1",
        "%",
        "page=%31%00",
        "kategoria=%ff",
    ]:
        assert Client().get(f"{reverse(name)}?{query}").status_code in (200, 400, 404), query


@pytest.mark.parametrize("name", LISTS)
@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_combination_of_filters_is_answered(name, data, small_county):
    value = (
        st.text(max_size=30)
        | st.integers().map(str)
        | st.dates().map(str)
        | st.sampled_from(list(STRANGE_VALUES.values()))
    )
    parameters = data.draw(st.lists(st.tuples(st.sampled_from(parameters_of(name)), value), max_size=5))
    query = urlencode(parameters, errors="surrogatepass")
    assert Client().get(f"{reverse(name)}?{query}").status_code in (200, 400, 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", LISTS + OTHER_PAGES)
def test_a_page_to_read_takes_no_other_method(name, method, small_county):
    assert getattr(Client(), method)(reverse(name)).status_code == 405


@pytest.mark.parametrize("name", LISTS + OTHER_PAGES)
def test_head_is_answered_like_get_without_the_page(name, small_county):
    head, get = Client().head(reverse(name)), Client().get(reverse(name))
    assert (head.status_code, head.content) == (get.status_code, b"")


@pytest.mark.parametrize("name", LISTS)
def test_what_was_typed_comes_back_as_text_not_as_code(name, small_county):
    for parameter in parameters_of(name):
        page = Client().get(reverse(name), {parameter: "<script>alert(1)</script>"}).content.decode()
        assert "<script>alert(1)" not in page


def test_a_wrong_host_is_refused(small_county):
    assert Client().get("/", headers={"host": "zly.example"}).status_code == 400


def test_the_error_page_names_the_phone_number(small_county):
    page = Client().get("/nie-ma-takiej-strony/").content.decode()
    assert "13 000 10 10" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_a_portal_without_an_office_still_answers(db):
    for name in LISTS + OTHER_PAGES:
        assert Client().get(reverse(name)).status_code == 200, name
    assert Client().get("/nie-ma/").status_code == 404


def test_a_month_without_events_is_no_error(small_county):
    assert Client().get(reverse("events:month", args=[f"{timezone.localdate():%Y-%m}"])).status_code == 200
