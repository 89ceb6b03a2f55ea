"""A county of a thousand articles, made in bulk. Its paragraphs are those of the demo, mixed anew."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from events.models import Event, EventParty, EventPhoto, EventSession, Kind
from institutions.models import (
    Institution,
    InstitutionPhone,
    InstitutionPhoto,
    InstitutionType,
    Municipality,
    Office,
    OpeningHours,
)
from news.models import Article, ArticlePhoto, Category, Notice, NoticeKind
from portal.content.publishing import Status
from portal.pages.demo.reading import read
from portal.pages.models import StaticPage, Tile
from portal.search.sources import reindex

BATCH = 100


@dataclass(frozen=True)
class Size:
    articles: int = 1000
    institutions: int = 60
    events: int = 200
    notices: int = 200


PHOTO = {
    "width": 1600,
    "height": 1067,
    "alt": "Sala narad z długim stołem",
    "caption": "Przed rozpoczęciem",
    "author": "Michał Tarninowski",
    "consent_basis": "no_people",
    "awaits_description": False,
}


class County:
    """Everything is drawn from one seed, so that every run measures the same pages."""

    def __init__(self, size: Size):
        self.size = size
        self.random = random.Random(2026)
        rows = read("articles_a.json") + read("articles_b.json")
        self.paragraphs = [part for row in rows for part in re.findall(r"<p>.*?</p>", row["body"], re.DOTALL)]
        self.titles = [row["title"] for row in rows]
        self.leads = [row["lead"] for row in rows]
        self.now = timezone.now()

    def title(self, number: int) -> str:
        return f"{self.random.choice(self.titles)} ({number})"

    def body(self, paragraphs: int = 6) -> str:
        return "".join(self.random.sample(self.paragraphs, paragraphs))

    def published(self, number: int) -> dict:
        """A different minute for each, the lower the number the newer; over three years for a thousand."""
        return {"status": Status.PUBLISHED, "publish_at": self.now - timedelta(days=1.1 * number, minutes=5)}

    # --- The rows -----------------------------------------------------------------------------------------------------

    def institutions(self) -> Iterator[Institution]:
        types = list(InstitutionType.objects.filter(is_public_directory=True))
        municipalities = [Municipality.objects.create(name=f"Gmina {number}") for number in range(6)]
        for number in range(self.size.institutions):
            yield Institution(
                name=f"Dom pomocy numer {number}", slug=f"dom-{number}", type=types[number % len(types)],
                municipality=municipalities[number % 6], town="Jarzębin", street=f"ul. Klonowa {number + 1}",
                postal_code="38-099", latitude=50 + number / 500, longitude=21 + number / 500,
                lead=self.leads[number % 50], description=self.body(3), places_total=40, places_free=number % 4,
                places_as_of=self.now.date(),
                **self.published(number),
            )  # fmt: skip

    def articles(self) -> Iterator[Article]:
        categories, units = list(Category.objects.all()), list(Institution.objects.all())
        for number in range(self.size.articles):
            yield Article(
                title=self.title(number), slug=f"artykul-{number}", category=categories[number % len(categories)],
                lead=self.random.choice(self.leads), body=self.body(), text_credit="Kinga Wrzosek",
                photo_credit="Michał Tarninowski", unit=units[number % len(units)], **self.published(number),
            )  # fmt: skip

    def notices(self) -> Iterator[Notice]:
        kinds = NoticeKind.values
        for number in range(self.size.notices):
            yield Notice(
                title=self.title(number), slug=f"ogloszenie-{number}", kind=kinds[number % len(kinds)],
                summary=self.leads[number % 50], body=self.body(3), **self.published(number),
                deadline_at=self.now + timedelta(days=number - 150),
            )  # fmt: skip

    def events(self) -> Iterator[Event]:
        for number in range(self.size.events):
            yield Event(
                title=self.title(number), slug=f"wydarzenie-{number}", kind=Kind.values[number % len(Kind.values)],
                summary=self.leads[number % 50], description=self.body(2), **self.published(number),
            )  # fmt: skip


def fill(progress: Callable[[str], None] = print, size: Size = Size()):
    """Fill an empty, migrated database."""
    county = County(size)
    office = Office(
        name="Powiatowe Centrum Pomocy Rodzinie", site_name="PCPR w Jarzębinie", email="pcpr@jarzebin.example"
    )
    office.street, office.postal_code, office.town = "ul. Klonowa 12", "38-099", "Jarzębin"
    office.save()
    StaticPage.objects.bulk_create(
        StaticPage(
            title=f"Strona {n}", slug=f"strona-{n}", is_in_menu=n < 3, body=county.body(2), **county.published(n)
        )
        for n in range(10)
    )
    Tile.objects.bulk_create(Tile(title=f"Kafelek {n}", url="/kontakt/") for n in range(8))
    create(Institution, county.institutions(), progress)
    institutions = list(Institution.objects.order_by("pk"))
    create(Event, county.events(), progress)
    create(Article, county.articles(), progress)
    create(Notice, county.notices(), progress)
    hang_on(county, institutions)
    for label, done, total in reindex():
        if done == total:
            progress(f"search: {label} {done}")


def create(model, rows: Iterator, progress: Callable[[str], None]):
    """In batches, so that memory stays small however many there are."""
    done = 0
    while batch := list(islice(rows, BATCH)):
        done += len(model.objects.bulk_create(batch))
    progress(f"{model._meta.model_name}: {done}")


def hang_on(county: County, institutions: list[Institution]):
    """Photos (rows only, no files), dates, places, phones, hours and relations."""
    articles, events = Article.objects.order_by("pk"), Event.objects.order_by("pk")
    ArticlePhoto.objects.bulk_create(
        (ArticlePhoto(article=a, position=n, **PHOTO) for a in articles for n in range(4)), BATCH
    )
    InstitutionPhoto.objects.bulk_create(InstitutionPhoto(institution=found, **PHOTO) for found in institutions)
    EventPhoto.objects.bulk_create(EventPhoto(event=found, **PHOTO) for found in events)
    related = Article.institutions.through
    related.objects.bulk_create(
        related(article_id=found.pk, institution_id=institutions[(number + step) % len(institutions)].pk)
        for number, found in enumerate(articles)
        for step in range(2)
    )
    starts = [county.now + timedelta(days=number - county.size.events // 2) for number in range(county.size.events)]
    EventSession.objects.bulk_create(
        EventSession(
            event=event,
            starts_at=start,
            ends_at=start + timedelta(hours=3),
            institution=institutions[start.day % len(institutions)],
        )
        for event, start in zip(events, starts, strict=True)
    )
    EventParty.objects.bulk_create(
        EventParty(event=event, institution=institutions[number % len(institutions)], name="Organizator")
        for number, event in enumerate(events)
    )
    InstitutionPhone.objects.bulk_create(
        InstitutionPhone(institution=found, number="13 000 10 10") for found in institutions
    )
    OpeningHours.objects.bulk_create(
        OpeningHours(institution=found, weekday=day, opens="07:30", closes="15:30")
        for found in institutions
        for day in range(5)
    )
