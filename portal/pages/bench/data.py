"""A county of a thousand articles or more, made in bulk. Its paragraphs are those of the demo, mixed anew."""

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice

from django.db import connection
from django.utils import timezone

from events.models import Event, EventParty, EventPhoto, EventSession, Kind
from events.registration.models import Participant, Registration, RegistrationStatus, SignUp
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
from portal.search.sources import refresh

BATCH = 500
SHOWN = 20_000  # rows between two words of progress
EVENTS_TO_COME = 100  # however long the past
BUSY_INSTITUTIONS = 100  # that articles and events are about, however many there are


@dataclass(frozen=True)
class Size:
    """How much there is. Articles lie `days_apart`: the thousandth of the usual county is three years old."""

    articles: int = 1000
    institutions: int = 60
    events: int = 200
    notices: int = 200
    registrations: int = 0  # shared out among the events
    days_apart: float = 1.1


NOTHING = Size(0, 0, 0, 0)


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
    """Everything is drawn from one seed, so that every run measures the same pages. Rows from `start` up to `size`."""

    def __init__(self, size: Size, start: Size = NOTHING):
        self.size, self.start = size, start
        self.random = random.Random(f"2026-{start.articles}")
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
        """A different minute for each, the lower the number the newer."""
        moment = self.now - timedelta(days=self.size.days_apart * number, minutes=5)
        return {"status": Status.PUBLISHED, "publish_at": moment}

    def numbers(self, what: str) -> range:
        return range(getattr(self.start, what), getattr(self.size, what))

    def new(self, model) -> list[int]:
        """The keys of the rows made in this round, in the order of their numbers."""
        numbers = self.numbers(f"{model._meta.model_name}s")
        return list(model.objects.order_by("pk").values_list("pk", flat=True)[numbers.start : numbers.stop])

    # --- The rows -----------------------------------------------------------------------------------------------------

    def institutions(self) -> Iterator[Institution]:
        types = list(InstitutionType.objects.filter(is_public_directory=True))
        municipalities = [Municipality.objects.get_or_create(name=f"Gmina {number}")[0] for number in range(6)]
        for number in self.numbers("institutions"):
            yield Institution(
                name=f"Dom pomocy numer {number}", slug=f"dom-{number}", type=types[number % len(types)],
                municipality=municipalities[number % 6], town="Jarzębin", street=f"ul. Klonowa {number + 1}",
                postal_code="38-099", latitude=49 + number % 500 / 500, longitude=21 + number % 500 / 500,
                lead=self.leads[number % 50], description=self.body(3), places_total=40, places_free=number % 4,
                places_as_of=self.now.date(),
                **self.published(number),
            )  # fmt: skip

    def articles(self) -> Iterator[Article]:
        categories = list(Category.objects.all())
        units = list(Institution.objects.order_by("pk").values_list("pk", flat=True))
        for number in self.numbers("articles"):
            yield Article(
                title=self.title(number), slug=f"artykul-{number}", category=categories[number % len(categories)],
                lead=self.random.choice(self.leads), body=self.body(), text_credit="Kinga Wrzosek",
                photo_credit="Michał Tarninowski", unit_id=units[number % len(units)], **self.published(number),
            )  # fmt: skip

    def notices(self) -> Iterator[Notice]:
        kinds = NoticeKind.values
        for number in self.numbers("notices"):
            yield Notice(
                title=self.title(number), slug=f"ogloszenie-{number}", kind=kinds[number % len(kinds)],
                summary=self.leads[number % 50], body=self.body(3), **self.published(number),
                deadline_at=self.now + timedelta(days=50 - number),
            )  # fmt: skip

    def events(self) -> Iterator[Event]:
        for number in self.numbers("events"):
            yield Event(
                title=self.title(number), slug=f"wydarzenie-{number}", kind=Kind.values[number % len(Kind.values)],
                summary=self.leads[number % 50], description=self.body(2), **self.published(number),
            )  # fmt: skip

    def session(self, number: int, event: int, institution: int) -> EventSession:
        """One event a day, the first hundred to come; the higher the number the earlier."""
        start = self.now + timedelta(days=min(EVENTS_TO_COME, self.size.events // 2) - number)
        return EventSession(
            event_id=event, starts_at=start, ends_at=start + timedelta(hours=3), institution_id=institution
        )


def fill(progress: Callable[[str], None] = print, size: Size = Size(), start: Size = NOTHING):
    """Fill a migrated database: an empty one, or one that was filled as far as `start`."""
    county = County(size, start)
    if start == NOTHING:
        lay_out(county)
    create(Institution, county.institutions(), progress)
    hang_on_institutions(county.new(Institution))
    institutions = list(Institution.objects.order_by("pk").values_list("pk", flat=True)[:BUSY_INSTITUTIONS])
    create(Event, county.events(), progress)
    hang_on_events(county, county.new(Event), institutions)
    create(Article, county.articles(), progress)
    hang_on_articles(county.new(Article), institutions)
    create(Notice, county.notices(), progress)
    sign_up(county, county.new(Event), progress)
    for model in (Institution, Event, Article, Notice):
        index(model, county.new(model), progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def lay_out(county: County):
    """What there is only once: the office, its pages and tiles."""
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


def create(model, rows: Iterable, progress: Callable[[str], None] = lambda step: None):
    """In batches, so that memory stays small however many there are."""
    done = 0
    for batch in batches(rows):
        done += len(model.objects.bulk_create(batch))
        if done % SHOWN == 0:
            progress(f"{model._meta.model_name}: {done:,} …")
    if done:
        progress(f"{model._meta.model_name}: {done:,}")


def batches(rows: Iterable) -> Iterator[list]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def hang_on_institutions(new: list[int]):
    create(InstitutionPhoto, (InstitutionPhoto(institution_id=pk, **PHOTO) for pk in new))
    create(InstitutionPhone, (InstitutionPhone(institution_id=pk, number="13 000 10 10") for pk in new))
    hours = (
        OpeningHours(institution_id=pk, weekday=day, opens="07:30", closes="15:30") for pk in new for day in range(5)
    )
    create(OpeningHours, hours)


def hang_on_events(county: County, new: list[int], institutions: list[int]):
    places = list(zip(county.numbers("events"), new, cycle(institutions), strict=False))
    create(EventPhoto, (EventPhoto(event_id=pk, **PHOTO) for pk in new))
    create(EventSession, (county.session(number, pk, place) for number, pk, place in places))
    create(
        EventParty, (EventParty(event_id=pk, institution_id=place, name="Organizator") for _number, pk, place in places)
    )


def hang_on_articles(new: list[int], institutions: list[int]):
    create(ArticlePhoto, (ArticlePhoto(article_id=pk, position=n, **PHOTO) for pk in new for n in range(4)))
    related, places = Article.institutions.through, len(institutions)
    pairs = {
        (pk, institutions[(number + step) % places]) for number, pk in enumerate(new) for step in range(min(2, places))
    }
    create(related, (related(article_id=pk, institution_id=place) for pk, place in sorted(pairs)))


def sign_up(county: County, new: list[int], progress: Callable[[str], None]):
    """As many people to each event, every one with a seat. The first sign-up's are copied by the database itself."""
    people = county.size.registrations // county.size.events
    if not people:
        return
    create(SignUp, (SignUp(event_id=pk, capacity=2 * people, seq=people, verifies_email=False) for pk in new))
    signups = list(SignUp.objects.filter(event__in=new).order_by("pk").values_list("pk", flat=True))
    first, last = signups[0], signups[-1]
    create(Registration, (person(first, number) for number in range(1, people + 1)))
    registration = Registration.objects.filter(signup=first).first()
    pattern = Participant.objects.create(registration=registration, first_name="Ewa", last_name="Lipowska")
    copied(Registration, f"t.signup_id = {first} AND o.id > {first} AND o.id <= {last}", SignUp, "signup_id", uid=UUID)
    others = f"t.id = {pattern.pk} AND o.signup_id >= {first} AND o.id <> t.registration_id"
    copied(Participant, others, Registration, "registration_id")
    progress(f"registrations in all: {Registration.objects.count():,}")


# An expression of each database for a new UUID as Django stores it.
UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}


def copied(model, which: str, owner, key: str, **made: dict[str, str]):
    """Copy the rows `t` of `model` for the rows `o` of `owner`, whose id stands in `key`; `made` is new in each."""
    quote = connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields if field.column not in ("id", key, *made)]
    into = ", ".join(map(quote, [key, *made, *columns]))
    new = [made[name][connection.vendor] for name in made]
    values = ", ".join(["o.id", *new, *(f"t.{quote(name)}" for name in columns)])
    tables = f"{model._meta.db_table} t, {owner._meta.db_table} o"
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {model._meta.db_table} ({into}) SELECT {values} FROM {tables} WHERE {which}"  # noqa: S608
        cursor.execute(statement)


def person(signup: int, number: int) -> Registration:
    email = f"osoba-{number}@example.org"
    return Registration(
        signup_id=signup, queue_no=number, email=email, email_norm=email, status=RegistrationStatus.CONFIRMED
    )


def index(model, new: list[int], progress: Callable[[str], None]):
    """What the search knows of the new rows."""
    done = 0
    for batch in batches(new):
        refresh(model, batch)
        done += len(batch)
        if done % SHOWN == 0 or done == len(new):
            progress(f"search: {model._meta.model_name} {done:,}")
