"""nginx in front of two gunicorns: what it keeps, what it counts, and that nothing private ever stays there."""

import gzip
import http.client
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from events.registration import links
from portal.counters.fold import fold_journal
from portal.counters.models import JournalPosition, with_views
from portal.pages.bench.views import READER
from portal.pages.stack import services
from tests.conftest import copied_database, database_url, keeping_files_in, lacking, using_database
from tests.documents import office
from tests.forms import FormReader
from tests.make import (
    make_article,
    make_attachment,
    make_office,
    make_page,
    make_photo,
    make_registration,
    make_signup,
    make_user,
)
from tests.test_preview_links import make_link

ROOT = Path(__file__).resolve().parents[1]
on_one_database = pytest.mark.postgres  # the same on both; where they could differ, a test has no mark
FRESH = 1  # seconds; as long again a page may be shown while the next one is made


class Site:
    """The address of nginx, its web processes, and the folders that all of them use."""

    def __init__(self, folder: Path, database: str):
        self.folder, self.database = folder, database
        self.port = services.free_port()
        self.environment = {
            "VAR_DIR": str(folder), "FILES_DIR": str(folder),
            "DATABASE_URL": database_url(database), "SECRET_KEY": settings.SECRET_KEY,
            "DJANGO_SETTINGS_MODULE": "portal.settings", "SITE_URL": f"http://127.0.0.1:{self.port}",
            "BEHIND_NGINX": "1", "PAGE_CACHE_SECONDS": str(FRESH), "DEBUG": "1",
        }  # fmt: skip
        ports = [services.free_port() for _number in range(2)]
        self.second_host = folder / "second-host"
        self.webs = [
            services.web(f"web-{port}", folder, port, 1, **{**self.environment, "VAR_DIR": str(host)})
            for port, host in zip(ports, (folder, self.second_host), strict=True)
        ]
        self.web_ports = ports
        self.nginx = services.nginx_of(folder, self.port, self.configuration(ports))

    def configuration(self, ports: list[int]) -> str:
        command = [sys.executable, "manage.py", "nginx_config", "--listen", f"127.0.0.1:{self.port}"]
        command += [word for port in ports for word in ("--portal", f"127.0.0.1:{port}")]
        command += ["--cache", str(self.folder / "nginx" / "cache"), "--access-log", str(self.folder / "access.log")]
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    def start(self):
        """What runs already goes on."""
        (self.folder / "tick-alive").touch()
        for program in (*self.webs, self.nginx):
            program.start()

    def end(self):
        for program in (self.nginx, *self.webs):
            program.end()

    def get(self, address: str, method="GET", body=None, port=0, **headers) -> http.client.HTTPResponse:
        """From nginx, or from the web process on `port` itself."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        named = {"User-Agent": READER} | {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, body, named)
        response = connection.getresponse()
        response.raw = response.read()
        response.text = response.raw.decode("utf-8", "replace")
        connection.close()
        return response

    def journals(self) -> list[Path]:
        return sorted((self.folder / "views").glob("views-*-nginx.log"))

    def journal(self) -> list[list[str]]:
        settle()
        return [line.split("\t") for file in self.journals() for line in file.read_text().splitlines()]

    def empty_journal(self):
        for file in self.journals():
            os.truncate(file, 0)
        JournalPosition.objects.all().delete()

    def fold(self):
        settle()
        fold_journal()


def settle():
    """nginx writes its line when the answer has left it."""
    time.sleep(0.2)


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory, django_db_setup, django_db_blocker):
    """The portal behind nginx, with two web processes that share a database and the folder of files."""
    if not services.found("nginx"):
        lacking("no nginx on PATH: install Debian's nginx")
    with django_db_blocker.unblock(), copied_database("nginx") as name:
        with using_database(name):
            make_office()
        site = Site(tmp_path_factory.mktemp("site"), name)
        yield site
        site.end()


@pytest.fixture
def site(shared_site, django_db_blocker):
    """All of it at work, and nothing in the journal. Things that earlier tests made are still there."""
    with (
        django_db_blocker.unblock(),
        using_database(shared_site.database),
        keeping_files_in(shared_site.folder),
        override_settings(VIEW_JOURNAL_DIR=shared_site.folder / "views"),
    ):
        shared_site.start()
        shared_site.empty_journal()
        yield shared_site


def views_of(thing) -> int:
    return with_views(type(thing).objects.filter(pk=thing.pk)).get().views


# --- Kept and counted -------------------------------------------------------------------------------------------------


def test_each_view_is_counted_once_whoever_answered(site):
    article = make_article()
    address = article.get_absolute_url()
    first = site.get(address)
    assert first.status == 200
    again = [site.get(address) for _visit in range(8)]
    unchanged = site.get(address, If_None_Match=first.headers["ETag"])
    assert unchanged.status == 304
    site.fold()
    assert views_of(article) == 10
    assert {answer.status for answer in again} == {200}
    # Fewer were rendered: the page came from nginx's cache.
    assert any((site.folder / "nginx" / "cache").rglob("*"))


@on_one_database
def test_the_portal_itself_writes_no_line_behind_nginx(site):
    site.get(make_article().get_absolute_url())
    assert [path.name for path in (site.folder / "views").glob("views-????-??-??.log")] == []
    assert len(site.journal()) == 1


@on_one_database
def test_who_is_not_a_reader_is_not_counted(site):
    article = make_article()
    address = article.get_absolute_url()
    site.get(address, User_Agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    site.get(address, User_Agent="")
    site.get(address, Sec_Purpose="prefetch;prerender")
    site.get(address, Purpose="prefetch")
    site.get(address, method="HEAD")
    site.get(address, Cookie="sessionid=anything")
    site.get(address, Cookie="theme=x; __Host-sessionid=anything")
    site.fold()
    assert views_of(article) == 0
    assert len(site.journal()) == 7


@on_one_database
def test_a_name_of_a_browser_cannot_forge_a_line(site):
    article, other = make_article(), make_article()
    site.get(article.get_absolute_url(), User_Agent=f"{READER}\t1\tnews.article:{other.pk}\t200\tGET\t\t0\tFirefox")
    site.fold()
    assert (views_of(article), views_of(other)) == (1, 0), site.journal()


@on_one_database
def test_the_visitor_sees_neither_the_mark_nor_the_rule_of_the_cache(site):
    address = make_article().get_absolute_url()
    for _visit in range(2):
        headers = site.get(address).headers
        assert "X-Portal-Viewed" not in headers
        assert headers["Cache-Control"] == "no-cache"
        assert headers.get_all("Cache-Control") == ["no-cache"]
        assert "Set-Cookie" not in headers


@on_one_database
def test_who_looks_for_help_is_in_no_log(site):
    pages = [make_page(slug=slug, is_sensitive=slug == "ucieczka") for slug in ("przemoc-domowa", "ucieczka", "o-nas")]
    for page in pages:
        for _visit in range(2):  # made, then kept
            answer = site.get(page.get_absolute_url())
            assert answer.status == 200 and "X-Portal-Sensitive" not in answer.headers
    site.get("/przemoc-domowa/nie-ma-takiej/")
    settle()
    log = (site.folder / "access.log").read_text()
    assert log.count("/o-nas/") == 2 and "127.0.0.1" in log
    assert "przemoc-domowa" not in log and "ucieczka" not in log
    assert {line[1] for line in site.journal()} == {f"pages.staticpage:{pages[-1].pk}"}


@on_one_database
def test_compressed_and_plain_do_not_mix(site):
    address = make_article(title="Łódka na Jarzębince").get_absolute_url()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    for encoding in ("gzip, deflate, br", "", "gzip", "identity"):
        connection.request("GET", address, headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        content = answer.read()
        is_compressed = "gzip" in encoding
        assert (answer.headers["Content-Encoding"] == "gzip") == is_compressed
        assert "Łódka" in (gzip.decompress(content) if is_compressed else content).decode()
    connection.close()


# --- Invalidation -----------------------------------------------------------------------------------------------------


def seconds_until(condition, at_most: float = 15) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < at_most
        time.sleep(0.1)
    return time.monotonic() - began


def test_a_change_is_seen_by_residents_within_seconds_and_by_its_editor_at_once(site):
    article = make_article(title="Przed zmianą")
    address = article.get_absolute_url()
    client = Client()
    client.force_login(make_user(groups=["Wydawca"]))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    assert "Przed zmianą" in site.get(address).text
    type(article).objects.filter(pk=article.pk).update(title="Po zmianie")
    assert "Po zmianie" in site.get(address, Cookie=cookie).text
    assert seconds_until(lambda: "Po zmianie" in site.get(address).text) < 10


@on_one_database
def test_an_article_that_is_withdrawn_is_gone_within_seconds(site):
    article = make_article()
    address = article.get_absolute_url()
    assert site.get(address).status == 200
    type(article).objects.filter(pk=article.pk).update(status="draft")
    assert seconds_until(lambda: site.get(address).status == 404) < 10


@on_one_database
def test_what_is_published_or_ends_at_a_set_moment_does_so_for_residents_within_seconds(site):
    moment = timezone.now() + timedelta(seconds=4)
    coming, going = make_article(publish_at=moment), make_article(expire_at=moment)
    assert [site.get(article.get_absolute_url()).status for article in (coming, going)] == [404, 200]
    time.sleep(max(0, (moment - timezone.now()).total_seconds()))
    assert seconds_until(lambda: site.get(coming.get_absolute_url()).status == 200) < 10
    assert seconds_until(lambda: site.get(going.get_absolute_url()).status in (404, 410)) < 10


SETTLED = 6  # seconds after a change, by which pages are no longer made of older pieces


@on_one_database
def test_a_page_that_would_be_the_same_is_not_made_anew(site):
    article = make_article()
    address, port = article.get_absolute_url(), site.web_ports[0]
    time.sleep(SETTLED)
    page = site.get(address, port=port)
    asked = {"If_Modified_Since": page.headers["Last-Modified"], "If_None_Match": page.headers["ETag"]}
    unchanged = site.get(address, port=port, **asked)
    assert (unchanged.status, unchanged.text) == (304, "")
    assert unchanged.headers["Cache-Control"] == page.headers["Cache-Control"]
    made_at = page.headers["Last-Modified"]
    assert site.get(address, port=port, If_Modified_Since=made_at, Cookie="sessionid=anything").status == 200
    type(article).objects.filter(pk=article.pk).update(title="Po zmianie")
    time.sleep(1.1)  # so long a process believes what it has read
    assert site.get(address, port=port, **asked).status == 200


@on_one_database
def test_nginx_asks_for_what_it_keeps_instead_of_having_it_made_anew(site):
    """Each time a page is made it has another random byte before it was compressed."""
    article = make_article()
    address, kept = article.get_absolute_url(), {}
    time.sleep(SETTLED)
    for _visit in range(3):
        answer = site.get(address, Accept_Encoding="gzip")
        assert "Last-Modified" not in answer.headers
        kept.setdefault(answer.raw, answer)
        time.sleep(2 * FRESH + 0.5)
    assert len(kept) == 1
    site.fold()
    assert views_of(article) == 3


def test_what_an_editor_saves_in_the_form_is_seen_by_residents_within_seconds(site):
    article = make_article(lead="Przed zmianą", publish_at=timezone.now() - timedelta(days=1))
    address, form = article.get_absolute_url(), reverse("admin:news_article_change", args=[article.pk])
    client = Client()
    client.force_login(make_user(groups=["Wydawca"]))
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={'c' * 32}"
    time.sleep(SETTLED)
    assert "Przed zmianą" in site.get(address).text
    fields = FormReader(site.get(form, Cookie=cookie).text).fields
    fields |= {"lead": ["Po zmianie"], "csrfmiddlewaretoken": ["c" * 32], "_save": ["1"]}
    sent = urlencode(fields, doseq=True)
    headers = {"Content_Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{site.port}"}
    saved = site.get(form, "POST", sent, Cookie=cookie, **headers)
    assert saved.status == 302, saved.text
    assert "Po zmianie" in site.get(address, Cookie=cookie).text
    assert seconds_until(lambda: "Po zmianie" in site.get(address).text) < 10


# --- Nothing private stays --------------------------------------------------------------------------------------------


def kept_pages(site: Site) -> str:
    cache = site.folder / "nginx" / "cache"
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in cache.rglob("*") if path.is_file())


def test_nothing_private_is_ever_kept(site):
    draft = make_article(title="Szkic tajny", status="draft")
    signup = make_signup()
    event, registration = signup.event, make_registration(signup, "Zenobia Tajemnicza")
    client = Client()
    client.force_login(make_user(is_superuser=True))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    own = reverse("events:registration:own", args=[links.token(registration, "own")])
    preview = make_link(client, draft)
    site.get("/kontakt/")
    assert "/kontakt/" in kept_pages(site)
    for address in (draft.get_absolute_url(), "/admin/", "/admin/news/article/", event.get_absolute_url(), "/"):
        answer = site.get(address, Cookie=cookie, Accept_Encoding="identity")
        assert answer.status == 200
        assert "private" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"]
    for address in (own, preview, "/admin/login/", "/healthz", "/readyz", event.get_absolute_url() + "zapisy/"):
        for _visit in range(2):
            assert site.get(address).status == 200, address
    assert site.get("/nie-ma/").status == 404
    kept = kept_pages(site)
    assert "Zenobia" not in kept
    assert "Szkic tajny" not in kept
    assert "csrfmiddlewaretoken" not in kept
    assert "Set-Cookie" not in kept
    for address in ("/admin", "/healthz", "/readyz", "zapisy", own, preview, "/nie-ma/", draft.get_absolute_url()):
        assert not any(line.endswith(address) or f"{address}/" in line for line in kept.splitlines() if "KEY:" in line)
    # And the page that staff saw is not what the next visitor gets.
    assert site.get(draft.get_absolute_url()).status == 404
    assert site.get("/").headers["Cache-Control"] == "no-cache"


# --- Files ------------------------------------------------------------------------------------------------------------


@on_one_database
def test_a_photo_comes_from_nginx_once_it_is_public_and_goes_with_its_article(site):
    article = make_article()
    photo = make_photo(article)
    name = next(file.name for file in (site.folder / "private" / "photos" / photo.key).glob("*.webp"))
    address = f"/media/photos/{photo.key}/{name}"
    from_the_portal, from_nginx = site.get(address), site.get(address)
    assert (from_the_portal.status, from_nginx.status) == (200, 200)
    assert from_nginx.headers["Cache-Control"] == "public, max-age=86400"
    assert from_nginx.headers["Content-Type"] == "image/webp"
    assert from_nginx.headers["X-Content-Type-Options"] == "nosniff"
    shutil.rmtree(site.folder / "public" / "photos" / photo.key)
    type(article).objects.filter(pk=article.pk).update(status="draft")
    assert site.get(address).status == 404


@on_one_database
def test_a_document_comes_from_nginx_as_from_the_portal(site):
    article = make_article()
    attachments = [make_attachment(article), make_attachment(article, name="wzór.docx", content=office())]
    for attachment in attachments:
        address = attachment.content_url
        from_the_portal, from_nginx = site.get(address), site.get(address)
        assert (from_the_portal.status, from_nginx.status) == (200, 200)
        assert from_nginx.headers["ETag"] != from_the_portal.headers["ETag"]  # nginx's own: the file lies there now
        for name in (
            "Content-Type", "Content-Disposition", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy"
        ):  # fmt: skip
            assert from_nginx.headers.get_all(name) == from_the_portal.headers.get_all(name), name


# --- Two hosts --------------------------------------------------------------------------------------------------------


@on_one_database
def test_two_hosts_share_nothing_but_database_files_and_key(site):
    """Each has its own VAR_DIR; who begins on one goes on with the other."""
    client = Client()
    client.force_login(make_user(is_superuser=True))
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    draft = make_article(title="Szkic na dwóch maszynach", status="draft")
    photo = make_photo(draft)
    name = next(file.name for file in (site.folder / "private" / "photos" / photo.key).glob("*.webp"))
    preview = make_link(client, draft)
    for port in site.web_ports:
        assert site.get("/admin/", port=port, Cookie=cookie).status == 200
        assert site.get(draft.get_absolute_url(), port=port, Cookie=cookie).status == 200
        assert site.get(preview, port=port).status == 200  # signed with the key
        assert site.get(f"/media/photos/{photo.key}/{name}", port=port, Cookie=cookie).status == 200
    kept = {path.name for path in site.second_host.iterdir()} if site.second_host.exists() else set()
    assert kept <= {"views", "errors", "tick.lock"}, "the second host keeps nothing that the first would miss"


# --- When the portal is away ------------------------------------------------------------------------------------------


@on_one_database
def test_one_of_two_web_processes_is_enough(site):
    address = make_article().get_absolute_url()
    site.webs[0].kill()
    assert [site.get(f"{address}?{number}").status for number in range(10)] == [200] * 10


def test_pages_seen_before_stay_when_the_portal_is_killed_and_others_name_the_phone(site):
    article, other = make_article(title="Widziany"), make_article(title="Nowy")
    assert site.get(article.get_absolute_url()).status == 200
    for web in site.webs:
        web.kill()
    time.sleep(2 * FRESH + 1)  # no longer fresh
    kept = site.get(article.get_absolute_url())
    assert kept.status == 200
    assert "Widziany" in kept.text
    away = site.get(other.get_absolute_url())
    assert away.status == 503
    assert "13 " in away.text
    assert away.headers["Retry-After"] == "30"
    site.fold()
    assert views_of(article) == 2


@on_one_database
def test_who_looks_for_help_while_the_portal_is_away_is_in_no_log_either(site):
    make_page(slug="potrzebuje-pomocy")
    kept, other = "/potrzebuje-pomocy/", make_article()
    assert site.get(kept).status == 200
    for web in site.webs:
        web.kill()
    time.sleep(2 * FRESH + 1)  # no longer fresh
    assert site.get(kept).status == 200
    for address in ("/uk/potrzebuje-pomocy/", "/przemoc-domowa/nie-ma-takiej/", other.get_absolute_url()):
        assert site.get(address).status == 503
    settle()
    [log] = [file.read_text() for file in site.folder.rglob("error.log")]
    assert other.get_absolute_url() in log
    assert "potrzebuje-pomocy" not in log and "przemoc-domowa" not in log


@on_one_database
def test_a_form_that_is_too_large_is_refused_by_nginx_with_words(site):
    answer = site.get("/kontakt/", method="POST", body=b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert answer.status == 413
    assert "13 " in answer.text


# --- Too much of one address ------------------------------------------------------------------------------------------


@on_one_database
@pytest.mark.parametrize(
    ("method", "address", "at_least"),
    [("POST", "/static/brak.css", 100), ("GET", "/szukaj/?q=dom", 30)],
    ids=["forms", "search"],
)
def test_a_script_is_stopped_and_told_and_pages_go_on(site, method, address, at_least):
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    statuses, texts = [], []
    for number in range(at_least + 120):
        line.request(method, f"{address}&{number}" if "?" in address else address, b"" if method == "POST" else None)
        response = line.getresponse()
        statuses.append(response.status)
        texts.append(response.read().decode())
    line.close()
    assert 429 not in statuses[:at_least]
    assert 429 in statuses
    assert "13 " in texts[statuses.index(429)]
    assert site.get("/").status == 200
