"""A county in which every visible thing is tied to hidden ones, each with a word of its own that no output may hold."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events.models import EventSeries, MeetingReport
from institutions.models import InstitutionType
from portal.content.publishing import Status
from portal.pages.models import Banner, Tile
from tests.make import (
    in_days,
    make_article,
    make_attachment,
    make_card,
    make_event,
    make_institution,
    make_notice,
    make_office,
    make_page,
    make_photo,
)

VISIBLE = "jawny"
HIDDEN = "tajemnica"  # stands in every hidden thing, so that a search for it would find them all
STATES = {
    "draft": {"status": Status.DRAFT, "publish_at": None},
    "review": {"status": Status.REVIEW},
    "scheduled": {"publish_at": in_days(2)},
    "expired": {"expire_at": in_days(-1)},
    "archived": {"status": Status.ARCHIVED},
}
# Coordinates and addresses are looked for as they would be printed.
SHELTER = {
    "street": "ul. Qwulicaskryta 7",
    "postal_code": "99-987",
    "town": "Qwmiastoskryte",
    "municipality": "Qwgminaskryta",
    "latitude": 50.123457,
    "longitude": 21.987654,
    "getting_there": "Qwdojazdskryty",
    "accessibility_note": "Qwwejscieskryte",
}
SHELTER_SECRETS = [
    "qwulicaskryta",
    "99-987",
    "qwmiastoskryte",
    "qwgminaskryta",
    "50.1234",
    "50,1234",
    "21.9876",
    "qwdojazdskryty",
    "qwwejscieskryte",
]
TOWN_ONLY = {
    "street": "ul. Qwulicadyskretna 7",
    "postal_code": "98-976",
    "town": "Jarzębin",
    "latitude": 50.765432,
    "longitude": 21.345678,
    "getting_there": "Qwdojazddyskretny",
    "accessibility_note": "Qwwejsciedyskretne",
}
TOWN_ONLY_SECRETS = [
    "qwulicadyskretna",
    "98-976",
    "50.7654",
    "50,7654",
    "21.3456",
    "qwdojazddyskretny",
    "qwwejsciedyskretne",
]


def middle_of_month(offset: int):
    """Noon of a day in the middle of this month (0), the one before (-1), the one after (1)."""
    first = timezone.localtime().replace(day=1, hour=12)
    return (first + timedelta(days=14 + 30 * offset)).replace(day=15)


class HiddenWorld:
    """`things` by name ("draft article"), `secrets`: words (folded, lower case) and where each stands."""

    @transaction.atomic  # so that search documents are made once, at the end
    def __init__(self):
        self.things, self.photos, self.attachments = {}, {}, {}
        self.secrets: dict[str, str] = {}
        self.make_visible()
        self.make_hidden()
        self.tie_visible_to_hidden()
        self.make_secret_addresses()
        self.make_secret_photos()
        self.make_secret_parts()

    def secret(self, where: str) -> str:
        """A new word to hide, at home in no language: "qwdraftarticle"."""
        word = "qw" + "".join(filter(str.isalpha, where))
        self.secrets[word] = where
        return word

    def make_visible(self):
        self.series = EventSeries.objects.create(title=f"{VISIBLE} cykl", slug="jawny-cykl")
        self.institution = make_institution(
            name=f"{VISIBLE} dom",
            municipality="Modrzewiec",
            latitude=50.25,
            longitude=21.75,
            places_total=9,
            places_free=2,
            places_as_of=timezone.localdate(),
        )
        self.event = make_event(title=f"{VISIBLE} zjazd", institution=self.institution, series=self.series)
        self.past_event = make_event(
            title=f"{VISIBLE} miniony zjazd", starts_at=in_days(-20), institution=self.institution
        )
        for offset in (-1, 0, 1):
            make_event(title=f"{VISIBLE} comiesięczny zjazd {offset}", starts_at=middle_of_month(offset))
        self.article = make_article(title=f"{VISIBLE} artykuł", body=f"<p>{HIDDEN} poliszynela</p>", event=self.event)
        self.notice = make_notice(title=f"{VISIBLE} konkurs", deadline_at=in_days(9))
        self.closed_notice = make_notice(title=f"{VISIBLE} dawny konkurs", deadline_at=in_days(-2))
        self.page = make_page(title=f"{VISIBLE} strona", is_in_menu=True)
        self.card = make_card(title=f"{VISIBLE} sprawa", unit=self.institution)

    def make_hidden(self):
        court = InstitutionType.objects.filter(is_public_directory=False).first()
        makers = {
            "article": make_article,
            "notice": make_notice,
            "institution": make_institution,
            "event": make_event,
            "page": make_page,
            "card": make_card,
        }
        for state, fields in STATES.items():
            for kind, maker in makers.items():
                self.hide(f"{state} {kind}", maker, **fields)
        self.hide("draft past event", make_event, status=Status.DRAFT, starts_at=in_days(-20))
        self.hide("draft event of last month", make_event, status=Status.DRAFT, starts_at=middle_of_month(-1))
        self.hide("draft event of next month", make_event, status=Status.DRAFT, starts_at=middle_of_month(1))
        self.hide("internal event", make_event, visibility="internal")
        self.hide("unlisted event", make_event, visibility="unlisted")
        self.hide("unlisted institution", make_institution, is_listed=False)
        self.hide("institution of a type not listed", make_institution, type=court or "dps", is_listed=bool(court))

    def hide(self, where: str, maker, **fields):
        word = self.secret(where)
        text = f"<p>{HIDDEN} {word}</p>"
        extra = {
            make_article: {"lead": word, "body": text, "is_pinned": True},
            make_notice: {"summary": word, "body": text},
            make_institution: {
                "lead": word,
                "description": text,
                "municipality": "Modrzewiec",
                "latitude": 50.5,
                "longitude": 21.5,
            },
            make_event: {"summary": word, "description": text, "series": self.series, "institution": self.institution},
            make_page: {"lead": word, "body": text, "is_in_menu": True, "parent": self.page},
            make_card: {"lead": word, "steps": text, "unit": self.institution, "situations": ["porada"]},
        }[maker]
        title = {"name" if maker is make_institution else "title": f"{HIDDEN} {word}"}
        thing = self.things[where] = maker(**title, **extra | fields)
        if hasattr(thing, "photos"):
            self.photos[where] = make_photo(thing, alt=word, caption=word, author=word)
        if hasattr(thing, "attachments"):
            self.attachments[where] = make_attachment(thing, title=word, name=f"{word}.pdf")

    def tie_visible_to_hidden(self):
        institutions = [thing for where, thing in self.things.items() if "institution" in where]
        self.article.institutions.set([self.institution, *institutions])
        for number, thing in enumerate(institutions):
            make_article(title=f"{VISIBLE} opis {number}", unit=thing)
            make_notice(title=f"{VISIBLE} nabór {number}", unit=thing)
            make_institution(name=f"{VISIBLE} filia {number}", supervising_unit=thing)
            make_card(title=f"{VISIBLE} sprawa {number}", unit=thing)
            self.event.parties.create(name=f"{VISIBLE} gość", institution=thing)
            self.event.representatives.create(name=f"{VISIBLE} delegat", institution_name="Gość", institution=thing)
        self.report = MeetingReport.objects.create(event=self.past_event, headline=f"{VISIBLE} zapis")
        for where, thing in self.things.items():
            if "event" in where:
                make_article(title=f"{VISIBLE} opis: {thing.pk}", event=thing)
                self.report.follow_ups.create(description=f"{VISIBLE} krok", linked_event=thing)
                thing.parties.create(institution=self.institution)
            if where.endswith(" article"):
                thing.institutions.set([self.institution])
                thing.event = self.event
                thing.save()
            if where.endswith((" article", " notice")):
                thing.unit = self.institution
                thing.save()
            if where.endswith(" institution"):
                thing.supervising_unit = self.institution
                thing.save()
        make_office(institution=self.things["draft institution"])

    def make_secret_addresses(self):
        shelter = make_institution(name=f"{VISIBLE} ośrodek", address_visibility="hidden", **SHELTER)
        discreet = make_institution(name=f"{VISIBLE} mieszkanie", address_visibility="town_only", **TOWN_ONLY)
        self.secrets |= dict.fromkeys(SHELTER_SECRETS, "hidden address")
        self.secrets |= dict.fromkeys(TOWN_ONLY_SECRETS, "address known by its town only")
        room = self.secret("room in a hidden place")
        link = self.secret("link to the meeting")
        self.shelter, self.discreet = shelter, discreet
        for number, place in enumerate([shelter, discreet]):
            session = {"online_url": f"https://spotkanie.example/{link}"} | ({"room": room} if place is shelter else {})
            event = make_event(title=f"{VISIBLE} dyżur {number}", institution=place, session=session)
            event.parties.create(role="host", institution=place)
            make_event(title=f"{VISIBLE} miniony dyżur {number}", starts_at=in_days(-9), institution=place)
            make_article(title=f"{VISIBLE} dzień otwarty {number}", institutions=[place], unit=place, event=event)
        self.shelter_event, self.discreet_event = (
            shelter.hosted_sessions.first().event,
            discreet.hosted_sessions.first().event,
        )

    def make_secret_photos(self):
        yesterday = timezone.localdate() - timedelta(days=1)
        for owner in (self.article, self.institution, self.event):
            kind = owner._meta.model_name
            make_photo(owner, alt=f"{VISIBLE} widok", caption=f"{VISIBLE} podpis")
            for where, fields in {
                "photo without consent": {"consent_basis": ""},
                "photo with ended consent": {"consent_expires_on": yesterday},
                "photo without description": {"alt": ""},
            }.items():
                word = self.secret(f"{kind} {where}")
                self.photos[f"{kind} {where}"] = make_photo(
                    owner, **{"alt": word, "caption": word, "author": word} | fields
                )

    def make_secret_parts(self):
        private = make_event(title=f"{VISIBLE} zjazd z zapisem", starts_at=in_days(-5))
        word = self.secret("private meeting record")
        report = MeetingReport.objects.create(
            event=private,
            is_public=False,
            headline=word,
            lead=word,
            goal=word,
            conclusions=word,
            body=f"<p>{HIDDEN} {word}</p>",
        )
        report.topics.create(text=word)
        report.follow_ups.create(description=word)
        self.private_record_event = private
        Tile.objects.create(title=self.secret("inactive tile"), url="/kontakt/", is_active=False)
        Banner.objects.create(text=self.secret("ended banner"), starts_at=in_days(-3), ends_at=in_days(-1))
        Banner.objects.create(text=self.secret("coming banner"), starts_at=in_days(1))
