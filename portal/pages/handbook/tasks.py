"""The tasks of the handbook, as written in fixtures/handbook.toml, and the addresses they show."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.urls import reverse

from events.models import Event
from events.registration.models import SignUp
from institutions.models import Institution
from news.models import Article

SOURCE = settings.BASE_DIR / "fixtures" / "handbook.toml"
PICTURES = "admin/handbook"  # among the static files


@dataclass(frozen=True)
class Task:
    slug: str
    title: str
    when: str
    page: str  # a name of PAGES: what the picture shows
    alt: str
    steps: list[str]
    role: str = "Wydawca"
    words: list[str] = field(default_factory=list)  # must stand on that page: labels that the steps name
    note: str = ""
    scroll_to: str = ""  # a CSS selector, for what is not at the top of the page

    @property
    def picture(self) -> str:
        return f"{PICTURES}/{self.slug}.jpg"


def form_of(thing, page: str = "change") -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_{page}", args=[thing.pk])


def _published() -> Article:
    return Article.objects.published().filter(photos__isnull=False).order_by("-publish_at").first()


def _draft() -> Article:
    return Article.objects.filter(status__in=["draft", "review"]).order_by("pk").first()


def _desk(page: str) -> str:
    signup = SignUp.objects.filter(registrations__isnull=False).order_by("pk").first()
    return reverse(f"admin:registration_desk_{page}", args=[signup.pk])


# What a task can show, in the demo county.
PAGES = {
    "board": lambda: reverse("admin:index"),
    "new article": lambda: reverse("admin:news_article_add"),
    "new statement": lambda: reverse("admin:accessibility_statement_add"),
    "published article": lambda: form_of(_published()),
    "article for review": lambda: form_of(Article.objects.filter(status="review").first()),
    "history": lambda: form_of(_published(), "history"),
    "preview links": lambda: form_of(_draft(), "preview_links"),
    "new notice": lambda: reverse("admin:news_notice_add"),
    "event": lambda: form_of(Event.objects.filter(signup__isnull=False).order_by("pk").first()),
    "desk": lambda: _desk("list"),
    "institution": lambda: form_of(Institution.objects.published().filter(hours__isnull=False).order_by("pk").first()),
    "new banner": lambda: reverse("admin:pages_banner_add"),
    "audit": lambda: reverse("admin:editing_auditentry_changelist"),
    "own account": lambda: reverse("admin:account"),
    "accounts": lambda: reverse("admin:auth_user_add"),
}


@cache
def all_tasks() -> dict[str, Task]:
    with open(SOURCE, "rb") as file:
        return {slug: Task(slug=slug, **fields) for slug, fields in tomllib.load(file).items()}
