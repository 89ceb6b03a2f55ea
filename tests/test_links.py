"""Links that lead nowhere: asking the site itself, the nightly check, asking other sites, the list on the board."""

import threading
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from portal.content.tick import run_due_jobs
from portal.content.writing import texts
from portal.content.writing.addresses import State
from portal.counters import journal
from portal.links import night, outgoing
from portal.links.asking import ask, ask_now
from portal.links.models import LinkReport, NightlyRun, OutgoingAddress
from portal.pages.models import Banner, Tile
from tests.make import (
    in_days,
    make_article,
    make_attachment,
    make_event,
    make_institution,
    make_notice,
    make_office,
    make_page,
    make_photo,
    make_signup,
    make_statement,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def office(db):
    return make_office(quick_exit_url="")  # no test asks a real site


def link(href: str, words: str = "nazwa strony") -> str:
    return f'<p>Zobacz: <a href="{href}">{words}</a>.</p>'


# --- Asking the site itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_article, make_notice, make_event, make_institution, make_page])
@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.PUBLIC),
        ({"status": "archived"}, State.PUBLIC),
        ({"status": "draft"}, State.UNPUBLISHED),
        ({"status": "review"}, State.UNPUBLISHED),
        ({"publish_at": in_days(2)}, State.UNPUBLISHED),
        ({"publish_at": in_days(-9), "expire_at": in_days(-2)}, State.UNPUBLISHED),
    ],
)
def test_a_page_is_where_a_visitor_gets_in(make, fields, state):
    assert ask(make(**fields).get_absolute_url()).state == state


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/", State.PUBLIC),
        ("/kontakt/", State.PUBLIC),
        ("/szukaj/?q=nab%C3%B3r", State.PUBLIC),
        ("/aktualnosci/rss/", State.PUBLIC),
        ("/nie-ma-takiej/", State.MISSING),
        ("/aktualnosci/nie-ma/", State.MISSING),
        ("/a/b/c/d", State.MISSING),
        ("/kontakt", State.MOVED),
        ("/admin/", State.STAFF),
        ("/admin/news/article/", State.STAFF),
        ("/wydarzenia/zgloszenie/abc/", State.STAFF),
        ("/static/img/favicon.svg", State.UNKNOWN),
        ("/%ff%00\x00", State.MISSING),
    ],
)
def test_addresses(path, state):
    assert ask(path).state == state


def test_a_renamed_page_says_its_new_address():
    article = make_article(title="Stary tytuł")
    old = article.get_absolute_url()
    article.title = "Nowy tytuł"
    article.save()
    assert ask(old).url == article.get_absolute_url()
    (finding,) = texts.check(link(old), is_rich=True)
    assert finding.code == "moved-page" and article.get_absolute_url() in finding.message


def test_files_follow_what_they_belong_to():
    article = make_article()
    attachment, photo = make_attachment(article), make_photo(article)
    assert ask_now(attachment.get_absolute_url()).state == State.PUBLIC
    assert ask_now(photo.small_url).state == State.PUBLIC
    article.status = "draft"
    article.save()
    assert ask_now(attachment.get_absolute_url()).state == State.UNPUBLISHED


def test_of_very_many_links_the_first_are_asked_about_while_writing():
    body = "".join(link(f"/nie-ma-{number}/", f"strona {number}") for number in range(100))
    findings = texts.check(body, is_rich=True)
    assert [finding.message for finding in findings if finding.code == "and-more"][0].count("30") == 1


def test_sign_up_pages_answer():
    assert ask(reverse("events:registration:form", args=[make_signup(make_event()).event.slug])).state == State.PUBLIC


def test_asking_counts_no_view_and_keeps_the_answer_for_seconds_only(django_assert_num_queries):
    article = make_article()
    path = article.get_absolute_url()
    files = lambda: {p: p.stat().st_size for p in settings.VIEW_JOURNAL_DIR.glob("*")}  # noqa: E731
    before = files()
    ask(path)
    assert files() == before
    assert journal.HEADER  # the page that a visitor opens is marked, and only the middleware writes it down
    with django_assert_num_queries(0):
        assert ask(path).state == State.PUBLIC


# --- The nightly check ------------------------------------------------------------------------------------------------


def reports() -> dict[str, str]:
    return dict(LinkReport.objects.values_list("url", "problem"))


def test_links_inside_are_reported_and_go_when_mended():
    draft = make_article(status="draft", title="Szkic")
    body = link(draft.get_absolute_url()) + link("/nie-ma/") + link("/kontakt") + link("#brak") + link("www.a.pl")
    page = make_page(body=body + link("/kontakt/") + link("https://jarzebin.example/"))
    make_article(status="draft", body=link("/tez-nie-ma/"))  # nobody reads it yet
    assert night.check_texts() == 5
    assert reports() == {
        draft.get_absolute_url(): "unpublished",
        "/nie-ma/": "missing",
        "/kontakt": "moved",
        "#brak": "anchor",
        "www.a.pl": "relative",
    }
    assert LinkReport.objects.get(url="/kontakt").detail == "/kontakt/"
    first = LinkReport.objects.get(url="/nie-ma/")
    assert (first.target, first.field, first.words, first.title) == (page, "body", "nazwa strony", page.title)

    page.body = link("/nie-ma/")
    page.save()
    night.check_texts()
    again = LinkReport.objects.get()
    assert (again.pk, again.first_seen_at) == (first.pk, first.first_seen_at)
    assert again.checked_at > first.checked_at
    page.body = "<p>Już bez.</p>"
    page.save()
    night.check_texts()
    assert not LinkReport.objects.exists()


def test_every_section_is_looked_at():
    make_notice(body=link("/brak-1/"))
    make_event(description=link("/brak-2/"))
    make_institution(description=link("/brak-3/"))
    make_page(body=link("/brak-4/"))
    make_article(body=link("/brak-5/"))
    night.check_texts()
    assert sorted(reports()) == [f"/brak-{number}/" for number in range(1, 6)]


def at(monkeypatch, hour: int, day: int = 2):
    moment = datetime(2026, 3, day, hour, 30, tzinfo=ZoneInfo("Europe/Warsaw"))
    monkeypatch.setattr(night.timezone, "localtime", lambda: moment)
    monkeypatch.setattr(night.timezone, "localdate", lambda: moment.date())


def test_it_works_once_a_night_and_a_restart_does_not_repeat_it(monkeypatch):
    make_page(body=link("/nie-ma/"))
    done = []
    for hour, day in [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (14, 2), (2, 3)]:
        at(monkeypatch, hour, day)
        done.append(night.work_at_night())
    assert done == ["day", "texts", "done", "done", "day", "day", "texts"]
    assert [str(run) for run in NightlyRun.objects.all()] == ["2026-03-03"]


def test_tick_has_the_job():
    assert run_due_jobs()["links"] in ("day", "texts", "done")


# --- Other sites ------------------------------------------------------------------------------------------------------


class Other(BaseHTTPRequestHandler):
    """/200, /404 …; /no-head answers GET only; /slow waits; /cut hangs up; /to?x leads on to x."""

    asked: list[tuple[str, str, str]] = []
    slow = threading.Event()

    def do_HEAD(self):
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        name = self.path.strip("/").partition("?")[0]
        if name == "slow":
            self.slow.wait(5)
            return
        if name == "cut":
            return
        status = {"no-head": 405 if self.command == "HEAD" else 200, "to": 302}.get(name) or int(name)
        self.send_response(status)
        if name == "to":
            self.send_header("Location", self.path.partition("?")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Other.asked, Other.slow = [], threading.Event()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        Other.slow.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def other(settings, monkeypatch):
    """The address of another site, which really answers, within this machine."""
    # The portal's own hosts are other names here: the link would be one of this site otherwise.
    settings.ALLOWED_HOSTS, settings.SITE_HOST = ["portal.example", "testserver"], "portal.example"
    monkeypatch.setattr(outgoing, "TIMEOUT", 0.5)
    with serving() as host:
        settings.LINKS_ALLOWED_HOSTS = [host]
        yield f"http://{host}"


@pytest.mark.parametrize(
    ("path", "status", "is_gone", "is_bad"),
    [
        ("/200", 200, False, False),
        ("/404", 404, True, False),
        ("/410", 410, True, False),
        ("/403", 403, False, False),
        ("/429", 429, False, False),
        ("/500", 500, False, True),
        ("/503", 503, False, True),
        ("/no-head", 200, False, False),
        ("/slow", 0, False, True),
        ("/cut", 0, False, True),
        ("/to?/200", 200, False, False),
        ("/to?/404", 404, True, False),
        ("/to?/to?/to?/200", 200, False, False),
        ("/200?q=a%20b&c=ż#tu", 200, False, False),
    ],
)
def test_what_another_site_answers(other, path, status, is_gone, is_bad):
    reply = outgoing.ask(other + path)
    assert (reply.status, reply.is_gone, reply.is_bad) == (status, is_gone, is_bad)
    assert settings.SITE_URL in Other.asked[0][2]


def test_redirects_without_end_end(other):
    loop = "/to?" * 40 + "/200"
    assert outgoing.ask(other + loop).status == 310
    assert len(Other.asked) < 20


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://localhost/", "http://10.0.0.1/",
     "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/",
     "http://[::1]/", "http://[fc00::1]/", "http://[fe80::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
     "http://[64:ff9b::7f00:1]/", "http://100.64.0.1/", "http://224.0.0.1/", "file:///etc/passwd", "ftp://8.8.8.8/",
     "gopher://127.0.0.1/", "http://8.8.8.8:22/", "http://user:pass@127.0.0.1/", "https://"],
)  # fmt: skip
def test_nothing_inside_the_office_network_is_asked(address, monkeypatch):
    opened = []
    monkeypatch.setattr(outgoing.socket, "socket", lambda *args: opened.append(args))
    assert outgoing.ask(address).status == 403
    assert opened == []


def test_a_redirect_does_not_lead_inside_either(other):
    with serving() as inside:
        asked = Other.asked
        assert outgoing.ask(f"{other}/to?http://{inside}/200").status == 403
        assert outgoing.ask(f"{other}/to?http://169.254.169.254/").status == 403
        assert {path.partition("?")[0] for _method, path, _agent in asked} <= {"/to"}


def test_a_name_that_is_looked_up_twice_is_connected_where_it_was_looked_at(monkeypatch):
    """A name server that says first a public address and then a private one changes nothing: it is asked once."""
    answers = iter(["93.184.215.14", "127.0.0.1"])
    info = lambda host, port, **more: [(2, 1, 6, "", (next(answers), port))]  # noqa: E731
    monkeypatch.setattr(outgoing.socket, "getaddrinfo", info)
    connected = []

    class Socket:
        def __init__(self, *args):
            pass

        def settimeout(self, seconds):
            pass

        def connect(self, address):
            connected.append(address)
            raise ConnectionRefusedError

        def close(self):
            pass

    monkeypatch.setattr(outgoing.socket, "socket", Socket)
    outgoing._follow("HEAD", "http://rebinding.example/")
    assert connected == [("93.184.215.14", 80)]


@pytest.fixture
def switched_on(settings):
    settings.CHECK_OUTGOING_LINKS = True


def a_night(monkeypatch, day: int):
    at(monkeypatch, 2, day)
    while night.work_at_night() not in ("done", "day"):
        pass


def test_other_sites_are_left_alone_unless_switched_on(other, monkeypatch):
    make_page(body=link(f"{other}/404"))
    a_night(monkeypatch, 2)
    assert Other.asked == [] and not OutgoingAddress.objects.exists() and reports() == {}


def test_a_page_that_is_gone_is_reported_at_once_and_a_silent_one_after_two_nights(other, monkeypatch, switched_on):
    gone, failing, refusing, fine = (f"{other}/{status}" for status in (404, 503, 403, 200))
    page = make_page(body=link(gone) + link(failing) + link(refusing) + link(fine))
    a_night(monkeypatch, 2)
    assert reports() == {gone: "gone"}
    a_night(monkeypatch, 2)  # the same night again changes nothing
    assert OutgoingAddress.objects.get(url=failing).bad_nights == 1
    a_night(monkeypatch, 3)
    assert reports() == {gone: "gone", failing: "failing"}
    assert LinkReport.objects.get(url=failing).detail.startswith("503")

    OutgoingAddress.objects.filter(url=failing).update(url=f"{other}/200?teraz")
    page.body = link(f"{other}/200?teraz") + link(fine)
    page.save()
    a_night(monkeypatch, 4)
    assert reports() == {}
    assert set(OutgoingAddress.objects.values_list("url", flat=True)) == {fine, f"{other}/200?teraz"}


def test_one_site_is_asked_one_address_at_a_time_and_each_once_a_night(other, monkeypatch, switched_on):
    make_page(body="".join(link(f"{other}/200?{number}") for number in range(5)))
    at(monkeypatch, 2)
    assert night.work_at_night() == "texts"
    for count in range(1, 6):
        assert night.work_at_night() == "outgoing"
        assert len(Other.asked) == count
    assert night.work_at_night() == "done"
    assert len({path for _method, path, _agent in Other.asked}) == 5


def test_no_more_than_so_many_a_night(other, monkeypatch, switched_on):
    monkeypatch.setattr(night, "A_NIGHT", 2)
    make_page(body="".join(link(f"{other}/200?{number}") for number in range(5)))
    a_night(monkeypatch, 2)
    assert len(Other.asked) == 2
    a_night(monkeypatch, 3)
    a_night(monkeypatch, 4)
    assert len({path for _method, path, _agent in Other.asked}) == 5  # in the end all of them


def test_the_command_checks_now(other, capsys):
    make_page(body=link("/nie-ma/") + link(f"{other}/404"))
    call_command("check_links")
    assert "1" in capsys.readouterr().out and Other.asked == []
    call_command("check_links", "--outgoing")
    assert reports() == {"/nie-ma/": "missing", f"{other}/404": "gone"}


# --- The list and the board -------------------------------------------------------------------------------------------


def test_the_board_names_them_and_the_list_leads_to_the_form(client):
    article = make_article(title="Nabór", body=link("/nie-ma/", "regulamin") + link("/kontakt", "dane"))
    night.check_texts()
    client.force_login(make_user(groups=["Redaktor"]))
    board = client.get("/admin/").content.decode()
    assert (
        "/admin/links/linkreport/?problem=broken" in board
        and "Nabór: regulamin" in board
        and "Nabór: dane" not in board
    )
    form = reverse("admin:news_article_change", args=[article.pk])
    report = LinkReport.objects.get(url="/nie-ma/")
    assert client.get(reverse("admin:links_linkreport_change", args=[report.pk])).url == form
    page = client.get("/admin/links/linkreport/?problem=broken").content.decode()
    assert form in page and "/nie-ma/" in page and "/kontakt<" not in page
    assert client.get("/admin/links/linkreport/add/").status_code == 403
    assert client.post(reverse("admin:links_linkreport_delete", args=[report.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:links_linkreport_change", args=[report.pk]), {"title": "x"}).status_code == 302
    report.refresh_from_db()
    assert report.title == "Nabór"


def test_who_writes_no_texts_sees_no_list(client):
    client.force_login(make_user(groups=["Organizator"]))
    assert client.get("/admin/links/linkreport/").status_code == 403


def test_a_report_is_text_and_never_markup(client):
    make_article(title="<script>alert(1)</script>", body=link("/nie-ma/?<script>", "<b>x</b>&lt;script&gt;"))
    night.check_texts()
    client.force_login(make_user(groups=["Wydawca"]))
    assert "<script>alert" not in client.get("/admin/links/linkreport/").content.decode()


def test_thirty_reports_cost_as_many_queries_as_three(client, django_assert_max_num_queries):
    client.force_login(make_user(groups=["Wydawca"]))
    make_article(body="".join(link(f"/nie-ma-{number}/") for number in range(30)))
    night.check_texts()
    with django_assert_max_num_queries(14):
        client.get("/admin/links/linkreport/")


def test_addresses_that_stand_in_no_text_are_watched_too(office):
    office.bip_url = "https://bip.jarzebin.example/"
    office.save()
    make_statement(basis_url="/dokumenty/nie-ma/")
    Tile.objects.create(title="Kafelek", url="/nie-ma-kafelka/")
    Tile.objects.create(title="Zdjęty", url="/nie-ma-zdjetego/", is_active=False)
    Banner.objects.create(text="Powódź", link="/nie-ma-banera/")
    Banner.objects.create(text="Dawna", link="/nie-ma-dawnej/", starts_at=in_days(-9), ends_at=in_days(-1))
    night.check_texts(is_outside_too=True)
    assert set(LinkReport.objects.values_list("url", flat=True)) == {
        "/dokumenty/nie-ma/", "/nie-ma-kafelka/", "/nie-ma-banera/",
    }  # fmt: skip
    assert OutgoingAddress.objects.filter(url="https://bip.jarzebin.example/").exists()
