"""Things for tests, so that a test shows only what matters to it: `make_article(title="Dzień Matki", status="draft")`.

Everything is published, a week ago, unless told otherwise; every title is its own.
"""

import io
from datetime import date, timedelta
from functools import cache
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from events.models import Event
from events.registration import seats
from events.registration.models import Registration, SignUp
from institutions.models import Institution, InstitutionType, LifeSituation, Municipality, Office, ServiceCard
from news.models import Article, Category, Notice
from portal.accessibility.models import Statement
from portal.content import pictures
from portal.content.publishing import Status
from portal.pages.models import StaticPage

numbers = count(1)


def in_days(days: float):
    """A moment that many days from now; negative for the past."""
    return timezone.now() + timedelta(days=days)


def published(fields: dict) -> dict:
    return {"status": Status.PUBLISHED, "publish_at": in_days(-7), **fields}


def make_article(**fields) -> Article:
    """`category` may be a slug; `institutions` a list."""
    institutions = fields.pop("institutions", [])
    category = fields.pop("category", "aktualnosci")
    if isinstance(category, str):
        category = Category.objects.get(slug=category)
    number = next(numbers)
    defaults = {"title": f"Artykuł {number}", "lead": "Krótko o sprawie.", "body": "<p>Treść artykułu.</p>"}
    article = Article.objects.create(category=category, **published(defaults | fields))
    article.institutions.set(institutions)
    return article


def make_notice(**fields) -> Notice:
    defaults = {"title": f"Ogłoszenie {next(numbers)}", "body": "<p>Treść ogłoszenia.</p>"}
    return Notice.objects.create(**published(defaults | fields))


def make_institution(**fields) -> Institution:
    """`type` and `municipality` may be a code and a name."""
    kind = fields.pop("type", "dps")
    if isinstance(kind, str):
        kind = InstitutionType.objects.get(code=kind)
    if isinstance(fields.get("municipality"), str):
        fields["municipality"], _new = Municipality.objects.get_or_create(name=fields["municipality"])
    defaults = {
        "name": f"Placówka {next(numbers)}",
        "street": "ul. Klonowa 12",
        "postal_code": "38-099",
        "town": "Jarzębin",
    }
    return Institution.objects.create(type=kind, **published(defaults | fields))


def make_card(*, situations: list[str] = (), **fields) -> ServiceCard:
    """A service card without a gap; `situations` are codes."""
    defaults = {
        "title": f"Złóż wniosek {next(numbers)}",
        "lead": "Dopłata do tego, co potrzebne.",
        "for_whom": "Osoba z orzeczeniem.",
        "required_documents": "<ul><li>wniosek</li></ul>",
        "steps": "<ol><li>Złóż wniosek.</li></ol>",
        "where": "<p>Osobiście albo pocztą.</p>",
        "is_free": "fee" not in fields,
        "time_limit": "30 dni",
        "legal_basis": "ustawa o pomocy społecznej",
        "verified_on": timezone.localdate(),
        "verified_by": "Dział Rehabilitacji",
        "source": "ustawa o pomocy społecznej",
    }
    card = ServiceCard(**published(defaults | fields))
    if card.unit_id is None:
        card.unit = make_institution()
    card.save()
    card.situations.set(LifeSituation.objects.filter(code__in=situations))
    return card


def make_event(*, starts_at=None, ends_at=None, institution=None, session: dict | None = None, **fields) -> Event:
    """An event with one session, in a week for two hours."""
    starts_at = starts_at or in_days(7)
    event = Event.objects.create(**published({"title": f"Wydarzenie {next(numbers)}"} | fields))
    event.sessions.create(
        starts_at=starts_at, ends_at=ends_at or starts_at + timedelta(hours=2), institution=institution, **session or {}
    )
    return event


def make_page(**fields) -> StaticPage:
    defaults = {"title": f"Strona {next(numbers)}", "body": "<p>Treść strony.</p>"}
    return StaticPage.objects.create(**published(defaults | fields))


def make_office(**fields) -> Office:
    defaults = {
        "name": "Powiatowe Centrum Pomocy Rodzinie w Jarzębinie",
        "site_name": "PCPR w Jarzębinie",
        "email": "sekretariat@jarzebin.example",
        "street": "ul. Klonowa 12",
        "postal_code": "38-099",
        "town": "Jarzębin",
    }
    office = Office(**defaults | fields)
    office.save()
    office.phones.create(label="Sekretariat", number="13 000 10 10")
    return office


def make_statement(**fields) -> Statement:
    """A published version without a fault; `published_at=None` makes a draft."""
    defaults = {
        "body_name": "Powiatowe Centrum Pomocy Rodzinie w Jarzębinie",
        "site_published_on": date(2020, 3, 2),
        "site_updated_on": date(2024, 5, 6),
        "compliance": "partial",
        "nonconformities": "<ul><li>Skany bez tekstu.</li></ul>",
        "prepared_on": date(2021, 2, 3),
        "reviewed_on": timezone.localdate(),
        "basis": "self",
        "basis_url": "/dokumenty/",
        "contact_name": "Lucyna Brzozowiec",
        "contact_email": "dostepnosc@jarzebin.example",
        "contact_phone": "13 000 12 40",
        "complaint_address": "PCPR w Jarzębinie, ul. Klonowa 12, 38-099 Jarzębin",
        "building": "<p>ul. Klonowa 12, 38-099 Jarzębin. Podjazd od ulicy.</p>",
        "has_online_interpreter": False,
        "published_at": timezone.now(),
    }
    return Statement.objects.create(**defaults | fields)


def make_user(username: str = "", *, groups: list[str] = (), is_staff: bool = True, **fields):
    """A member of staff in the groups named ("Redaktor" …); the password is `password`."""
    user = get_user_model().objects.create_user(
        username or f"osoba-{next(numbers)}", password="password", is_staff=is_staff, **fields
    )
    user.groups.set([Group.objects.get(name=name) for name in groups])
    return user


# --- Files ------------------------------------------------------------------------------------------------------------


def jpeg(width=640, height=480, *, exif: dict | None = None, color="seagreen", name="zdjecie.jpg"):
    """A JPEG as browsers send it. `exif` by tag number: {0x0112: 6} lies on its side, {0x8825: {1: "N"}} says where."""
    tags = Image.Exif()
    for tag, value in (exif or {}).items():
        tags[tag] = value
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "JPEG", exif=tags)
    return SimpleUploadedFile(name, buffer.getvalue(), "image/jpeg")


@cache
def decoded_picture(width: int, height: int) -> pictures.Picture:
    return pictures.decode(jpeg(width, height))


def make_photo(owner, *, size: tuple[int, int] = (640, 480), **fields):
    """The last photo of an article, event or institution, with its files."""
    defaults = {"alt": "Widok na rzekę", "author": "Michał Tarninowski", "consent_basis": "no_people"}
    return owner.photos.model.add(owner, decoded_picture(*size), **defaults | fields)


def make_attachment(owner, *, title: str = "Wniosek", content: bytes = b"%PDF-1.4\n%%EOF\n", name: str = "wniosek.pdf"):
    model = owner.attachments.model
    attachment = model(**{model.owner_field: owner}, title=title, file=SimpleUploadedFile(name, content))
    attachment.full_clean()
    attachment.save()
    return attachment


# --- Sign-up ----------------------------------------------------------------------------------------------------------


def make_signup(event: Event | None = None, **fields) -> SignUp:
    """Open now, ten places, without confirmation by e-mail; `starts_at` of the event in ten days."""
    event = event or make_event(starts_at=in_days(10), contact_phone="13 000 10 20")
    return SignUp.objects.create(event=event, **{"capacity": 10, "verifies_email": False} | fields)


def entry_of(*names: str, **fields) -> seats.Entry:
    """An entry for one or two people, "Anna Lipowa"; each has an address of its own unless `email` is given."""
    people = [seats.Person(*(name.split(" ", 1))) for name in names or ["Anna Lipowa"]]
    return seats.Entry(people=people, **{"email": f"osoba{next(numbers)}@poczta.example"} | fields)


def make_registration(signup: SignUp, *names: str, by: seats.By = seats.PERSON, **fields) -> Registration:
    registration, _is_new = seats.sign_up(signup.pk, entry_of(*names, **fields), by)
    return registration
