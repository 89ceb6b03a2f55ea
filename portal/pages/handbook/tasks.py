"""The tasks of the handbook, as written in fixtures/handbook.toml, and the addresses they show."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.urls import reverse

from events.models import Event
from events.registration.models import SignUp
from institutions.models import FundedProject, HelpLine, Institution, ServiceCard
from news.models import Article

from ..models import StaticPage

SOURCE = settings.BASE_DIR / "fixtures" / "handbook.toml"
LAW = settings.BASE_DIR / "fixtures" / "law.toml"
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
    "access page": lambda: reverse("admin:accessibility_accessinfo_change", args=[1]),
    "access requests": lambda: reverse("admin:accessibility_accessrequest_changelist"),
    "service card": lambda: reverse("admin:institutions_servicecard_add"),
    "original card": lambda: form_of(ServiceCard.objects.get(slug="program-integracji-dla-uchodzcow")),
    "places": lambda: reverse("admin:institutions_placesreport_changelist"),
    "care home": lambda: form_of(Institution.objects.filter(monthly_costs__isnull=False).order_by("pk").first()),
    "purposes": lambda: reverse("admin:statutory_processingpurpose_changelist"),
    "child protection": lambda: reverse("admin:statutory_childprotection_change", args=[1]),
    "whistleblowing": lambda: reverse("admin:statutory_whistleblowing_change", args=[1]),
    "project": lambda: form_of(FundedProject.objects.order_by("pk").first()),
    "help line": lambda: form_of(HelpLine.objects.order_by("pk").first()),
    "reviewed page": lambda: form_of(StaticPage.objects.get(slug="rodo")),
    "duties": lambda: reverse("admin:duties_duty_changelist"),
}


@cache
def all_tasks() -> dict[str, Task]:
    with open(SOURCE, "rb") as file:
        return {slug: Task(slug=slug, **fields) for slug, fields in tomllib.load(file).items()}


@dataclass(frozen=True)
class Rule:
    """What the law asks: the numbers of the checks, in a sentence, who keeps it, and the task that says how."""

    ids: list[str]
    words: str
    kept_by: str
    task: Task

    @property
    def is_kept_by_program(self) -> bool:
        return self.kept_by == "program"


@cache
def all_rules() -> list[Rule]:
    with open(LAW, "rb") as file:
        rows = tomllib.load(file)["rule"]
    return [Rule(**row | {"task": all_tasks()[row["task"]]}) for row in rows]
