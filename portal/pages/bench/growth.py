"""What each page costs as the county grows: the same page at three sizes, beside a bare Django view each time.

The bare view says how fast the machine was at that moment; without it a slower hour would look like growth.
"""

import random
import re
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from events.registration.models import SignUp
from news.models import Article, Category
from portal.content.admin import EditingAdmin
from portal.search import query
from portal.search.fulltext import matching
from portal.search.models import SearchDocument

from . import data
from .asking import Editor, Visitor
from .server import Server, running

# As many institutions each time: a county gets no more of them, and of lists that are not full nothing can be said.
SIZES = [
    data.Size(1_000, institutions=1_000, events=200, notices=200, registrations=20_000, days_apart=0.07),
    data.Size(10_000, institutions=1_000, events=1_000, notices=1_000, registrations=100_000, days_apart=0.07),
    data.Size(100_000, institutions=1_000, events=10_000, notices=5_000, registrations=1_000_000, days_apart=0.07),
]
SMALL_SIZES = [
    data.Size(40, institutions=10, events=20, notices=20, registrations=100, days_apart=3),
    data.Size(120, institutions=20, events=40, notices=40, registrations=200, days_apart=3),
]
DETAIL, LIST = 1.3, 1.5  # how many times as long a page may take at the largest size as at the smallest
TIMES = 9
BARE_TIMES = 5  # for each of these: what takes half a millisecond is easily disturbed
BARE_BYTES = 20_000
RARE_MILLISECONDS, COMMON_MILLISECONDS = 50, 150
RARE_WORDS = 30


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    limit: float | None  # None: what it holds grows with the county
    is_for_staff: bool = False


@dataclass(frozen=True)
class Cost:
    milliseconds: float
    bare: float  # of the bare view at that time
    queries: int

    @property
    def in_bare_views(self) -> float:
        return self.milliseconds / self.bare


@dataclass
class Row:
    page: Page
    costs: list[Cost]

    @property
    def growth(self) -> float:
        return self.costs[-1].in_bare_views / self.costs[0].in_bare_views

    @property
    def is_right(self) -> bool:
        return self.page.limit is None or self.growth <= self.page.limit

    def __str__(self) -> str:
        times = "".join(f"{cost.milliseconds:9.1f}" for cost in self.costs)
        queries = "/".join(str(cost.queries) for cost in self.costs)
        limit = f"limit {self.page.limit:.1f}" if self.page.limit else "no limit "
        verdict = "" if self.is_right else "  TOO MUCH"
        return f"{self.page.name:34}{times}   ×{self.growth:5.2f}  {limit}   SQL {queries}{verdict}"


@dataclass(frozen=True)
class Search:
    name: str
    seconds: list[float]
    limit: float  # milliseconds

    @property
    def p95(self) -> float:
        return 1000 * statistics.quantiles(self.seconds, n=20)[18]

    @property
    def is_right(self) -> bool:
        return self.p95 <= self.limit

    def __str__(self) -> str:
        middle = 1000 * statistics.median(self.seconds)
        verdict = "" if self.is_right else "  TOO SLOW"
        return f"{self.name:34}p50 {middle:6.1f} ms   p95 {self.p95:6.1f} ms   limit {self.limit:.0f} ms{verdict}"


def pages(size: data.Size) -> list[Page]:
    """Public pages and those of the staff. `size` is the smallest: what is asked for must be there from the start."""
    articles, events, admin = reverse("news:article_list"), reverse("events:list"), reverse("admin:index")
    category = Category.objects.order_by("pk").values_list("slug", flat=True).first()
    year = Article.objects.order_by("-publish_at").first().publish_at.year
    signup = SignUp.objects.order_by("pk").values_list("pk", flat=True).first()
    last = size.articles - 1
    further = min(5, size.articles // EditingAdmin.list_per_page + 1)
    number = size.articles - 23  # of one article at every size, and in the text of none
    public = [
        Page("article", reverse("news:article", args=["artykul-7"]), DETAIL),
        Page("article, an old one", reverse("news:article", args=[f"artykul-{last}"]), DETAIL),
        Page("notice", reverse("news:notice", args=["ogloszenie-7"]), DETAIL),
        Page("event", reverse("events:detail", args=["wydarzenie-7"]), DETAIL),
        Page("institution", reverse("institutions:detail", args=["dom-7"]), DETAIL),
        Page("static page", "/strona-1/", DETAIL),
        Page("home", reverse("pages:home"), LIST),
        Page("articles", articles, LIST),
        Page("articles, third page", f"{articles}?page=3", LIST),
        Page("articles of a year", f"{articles}?rok={year}", LIST),
        Page("articles of a category", f"{articles}?kategoria={category}", LIST),
        Page("articles with a number", f"{articles}?q={number}", LIST),
        Page("notices", reverse("news:notice_list"), LIST),
        Page("closed notices", reverse("news:notice_archive"), LIST),
        Page("institutions", reverse("institutions:list"), LIST),
        Page("institutions of a type", f"{reverse('institutions:list')}?typ=dps", LIST),
        Page("events", events, LIST),
        Page("events of this month", f"{events}?kiedy=miesiac", LIST),
        Page("month", f"{events}miesiac/{timezone.localdate():%Y-%m}/", LIST),
        Page("past events", reverse("events:archive"), LIST),
        Page("search, a number", f"{reverse('pages:search')}?q={number}", LIST),
        Page("search, a number and a word", f"{reverse('pages:search')}?q={number}+powiat", LIST),
        Page("RSS of articles", reverse("news:article_rss"), LIST),
        Page("Atom of articles", reverse("news:article_atom"), LIST),
        Page("RSS of notices", reverse("news:notice_rss"), LIST),
        Page("calendar feed", reverse("events:calendar"), LIST),
        Page("site map, a file", "/sitemap-aktualnosci.xml", LIST),
        Page("site map, the index", "/sitemap.xml", None),
        Page("site map, the page", reverse("pages:sitemap_page"), None),
        Page("map of institutions", reverse("institutions:map_data"), None),
    ]
    staff = [
        Page("board", admin, LIST, True),
        Page("admin: articles", f"{admin}news/article/", LIST, True),
        Page(f"admin: articles, page {further}", f"{admin}news/article/?p={further}", LIST, True),
        Page("admin: articles, searched", f"{admin}news/article/?q=rodzin+{number}", LIST, True),
        Page("admin: events", f"{admin}events/event/", LIST, True),
        Page("admin: institutions", f"{admin}institutions/institution/", LIST, True),
        Page("admin: sign-ups", f"{admin}registration/signup/", LIST, True),
        Page("desk: people of an event", reverse("admin:registration_desk_list", args=[signup]), LIST, True),
        Page("desk: find a person", f"{reverse('admin:registration_find')}?q=osoba-7@example.org", LIST, True),
    ]
    return public + staff


def run(sizes: list[data.Size], scratch: Path, progress: Callable[[str], None]) -> tuple[list[Row], list[Search]]:
    (scratch / "%2F").write_bytes(b"x" * BARE_BYTES)
    rows, before = {}, data.NOTHING
    for size in sizes:
        progress(f"{size.articles:,} articles, {size.events:,} events, {size.registrations:,} sign-ups")
        data.fill(progress, size, before)
        with (
            running("portal.pages.bench.portal_app") as portal,
            running("portal.pages.bench.bare_app", BENCH_PAGES=str(scratch)) as bare,
        ):
            progress("every page, again and again, beside the bare view")
            for page in pages(sizes[0]):
                row = rows.setdefault(page.name, Row(page, []))
                row.costs.append(cost(page, portal, bare))
                progress(str(row))
            before = size
            if size == sizes[-1]:
                return list(rows.values()), searches(portal)


def cost(page: Page, portal: Server, bare: Server) -> Cost:
    visitor, yardstick = (Editor if page.is_for_staff else Visitor)(portal), Visitor(bare)
    for _worker in range(4):  # both have read their templates, menu and footer
        visitor.ask(page.path)
    seconds, of_bare = [], []
    for _number in range(TIMES):
        seconds.append(visitor.seconds(page.path))
        of_bare += [yardstick.seconds("/") for _bare in range(BARE_TIMES)]
    return Cost(1000 * statistics.median(seconds), 1000 * statistics.median(of_bare), visitor.queries(page.path))


# --- Searching --------------------------------------------------------------------------------------------------------


def searches(portal: Server) -> list[Search]:
    """At the largest size: words that few documents have, and the one that most have."""
    found = {word: documents_with(word) for word in words_of_articles()}
    rare = [word for word, total in found.items() if 0 < total <= query.RANKED_AT_MOST][:RARE_WORDS]
    commonest = max(found, key=found.get)
    visitor = Visitor(portal)
    return [
        Search(f"{len(rare)} words of at most 3,000", times_of(visitor, rare, 3), RARE_MILLISECONDS),
        Search(
            f"„{commonest}”, {found[commonest]:,} documents", times_of(visitor, [commonest], 40), COMMON_MILLISECONDS
        ),
    ]


def documents_with(word: str) -> int:
    expression = query.parse(word)  # none of "oraz"
    return SearchDocument.objects.filter(matching(expression)).count() if expression else 0


def words_of_articles() -> list[str]:
    texts = " ".join(Article.objects.order_by("pk").values_list("body", flat=True)[:60])
    words = sorted({word.lower() for word in re.findall(r"\b[^\W\d_]{4,}\b", texts)})
    return random.Random(2026).sample(words, min(200, len(words)))


def times_of(visitor: Visitor, words: list[str], times: int) -> list[float]:
    paths = [f"{reverse('pages:search')}?{urlencode({'q': word})}" for word in words]
    for path in paths:
        visitor.ask(path)
    return [visitor.seconds(path) for _number in range(times) for path in paths]
