"""The benchmark measures what it says it measures."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

import pytest
from django.test import Client

from events.models import Event
from events.registration.models import Participant, Registration
from institutions.models import Institution
from news.models import Article, Notice
from portal.pages.bench import data, growth, kept, load, pages, report, written
from portal.pages.bench.client import FEWEST_REQUESTS, drive
from portal.pages.bench.load import Result
from portal.pages.bench.shares import shares_of
from portal.pages.management.commands.bench import databases
from portal.search.models import SearchDocument
from tests.conftest import as_on_a_server
from tests.make import make_article

WRK = """
Running 1s test @ http://127.0.0.1:8000/
  1 threads and 8 connections
  Latency Distribution
     50%  812.00us
     75%    1.45ms
     90%    2.00ms
     99%    1.20s
  1520 requests in 1.10s, 12.42MB read
Requests/sec:   1381.79
Transfer/sec:     11.29MB
"""


@pytest.fixture
def small_server():
    """A server that answers 200, and 500 at /broken."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(500 if self.path == "/broken" else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_numbers_of_wrk_are_read():
    assert load.read_wrk(WRK) == Result(requests=1520, per_second=1381.79, p50=0.812, p99=1200.0)


@pytest.mark.parametrize(
    "line", ["  Non-2xx or 3xx responses: 3", "  Socket errors: connect 0, read 1, write 0, timeout 0"]
)
def test_errors_do_not_pass_as_fast_answers(line):
    with pytest.raises(ValueError):
        load.read_wrk(f"{WRK}\n{line}\n")


def test_without_wrk_a_client_of_our_own_asks_again_and_again(small_server):
    result = load.with_own_client(f"{small_server}/", seconds=0.3)
    assert result.requests > 10
    assert 0 < result.p50 <= result.p99
    assert 0 < result.per_second <= result.requests / 0.3


def test_the_own_client_does_not_pass_errors_as_fast_answers_either(small_server):
    with pytest.raises(ValueError):
        load.with_own_client(f"{small_server}/broken", seconds=0.1)


def test_the_own_client_measures_this_machine_only():
    with pytest.raises(ValueError):
        drive("http://portal.example/", seconds=0.1, connections=1)


def test_rounds_are_summed_up_by_their_median():
    rounds = [Result(10, 100, 1, 5, 2.0), Result(10, 300, 3, 9, 4.0), Result(10, 200, 2, 7, None)]
    assert load.middle(rounds) == Result(30, 200, 2, 7, 3.0)


def test_half_the_load_is_asked_for_by_the_clock(small_server):
    answer = drive(f"{small_server}/", seconds=0.5, connections=4, rate=100)
    assert len(answer["latencies"]) == 50
    assert 0.4 < answer["seconds"] < 5
    assert 0 < load.first_byte_p99(f"{small_server}/", 0.3, 50) < 5000


def test_half_of_very_little_is_still_enough_to_judge_by(small_server):
    assert len(drive(f"{small_server}/", seconds=0.01, connections=4, rate=100)["latencies"]) == FEWEST_REQUESTS


def test_the_time_of_a_page_is_shared_out(db):
    make_article()
    shares = shares_of("list", "/aktualnosci/", Client()).milliseconds
    assert set(shares) == {"queries", "templates", "framework"}
    assert min(shares.values()) > 0


def test_the_table_compares_each_page_with_the_bare_view():
    row = report.Row(
        "article", Result(100, 250, 8, 20, 4.0), Result(100, 1000, 2, 4, 1.0), queries=5, size=20480, p99_at_half=44.4
    )
    heading, line = report.table([row]).splitlines()
    assert heading.split()[0] == "page"
    assert line.split() == ["article", "250", "8.0", "20.0", "4.00", "5", "20.0", "1000", "1.00", "0.250", "4.0", "44"]


def test_the_measured_county_has_its_pages_and_the_article_makes_few_queries(db):
    data.fill(lambda step: None, data.Size(articles=40, institutions=40, events=130, notices=40))
    with as_on_a_server():
        answers = {name: Client().get(path) for name, path in pages.addresses().items()}
        assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)
        assert "artykul-" in answers["search"].content.decode()
        assert pages.count_queries(pages.addresses()["article"], Client()) <= pages.MOST_QUERIES_OF_AN_ARTICLE


def test_a_page_may_cost_more_only_as_far_as_the_bare_view_does():
    page = growth.Page("article", "/", 1.3)
    slower_machine = growth.Row(page, [growth.Cost(10, 1, 6), growth.Cost(20, 2, 6)])
    dearer = growth.Row(page, [growth.Cost(10, 1, 6), growth.Cost(14, 1, 6)])
    assert (slower_machine.growth, slower_machine.is_right) == (1, True)
    assert (dearer.is_right, "TOO MUCH" in str(dearer)) == (False, True)
    assert growth.Row(growth.Page("map", "/", None), dearer.costs).is_right


def test_a_search_is_judged_by_its_slow_ones():
    quick = growth.Search("rare", [0.01] * 98 + [0.4] * 2, 50)
    slow = growth.Search("rare", [0.01] * 90 + [0.4] * 10, 50)
    assert (quick.is_right, slow.is_right) == (True, False)


def test_a_county_grows_from_where_it_was(db):
    small = data.Size(articles=20, institutions=10, events=20, notices=20, registrations=40, days_apart=3)
    large = data.Size(articles=30, institutions=20, events=30, notices=30, registrations=60, days_apart=3)
    data.fill(lambda step: None, small)
    data.fill(lambda step: None, large, small)
    assert [model.objects.count() for model in (Article, Institution, Event, Notice)] == [30, 20, 30, 30]
    assert (Registration.objects.count(), Participant.objects.count()) == (60, 60)
    assert SearchDocument.objects.count() == 110
    with as_on_a_server():
        public = [page for page in growth.pages(small) if not page.is_for_staff]
        assert {page.name: Client().get(page.path).status_code for page in public} == {
            page.name: 200 for page in public
        }


def test_the_report_is_written_of_what_was_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "FOLDER", tmp_path)
    monkeypatch.setattr(written, "FOLDER", tmp_path)
    kept.Kept(
        "growth", "sqlite3", lines=["article 1"], figures={"sizes": [10, 100], "costs": {"article": [4, 5]}}
    ).save()
    pair = {"portal": 90.0, "static": 100.0}
    kept.Kept("edge", "postgresql", lines=["edge 0.9"], figures={"one article, the fold stopped": pair}).save()
    assert set(written.write()) == {"README.md", "throughput.svg", "growth-sqlite3.svg"}
    text = (tmp_path / "README.md").read_text()
    assert "article 1" in text and "edge 0.9" in text and kept.machine() in text
    for name in ("throughput.svg", "growth-sqlite3.svg"):
        drawing = ElementTree.parse(tmp_path / name).getroot()
        assert drawing.tag.endswith("svg") and name.removesuffix(".svg") in text
    assert "×1.25" in (tmp_path / "growth-sqlite3.svg").read_text()


def test_pages_are_measured_on_one_database_and_sign_up_is_tried_on_each(monkeypatch):
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    assert databases("pages", "postgres://a") == ["postgres://a"]
    assert databases("signup", "") == [""]
    assert databases("signup", "postgres://a") == ["", "postgres://a"]
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://b")
    assert databases("signup", "") == ["", "postgres://b"]
