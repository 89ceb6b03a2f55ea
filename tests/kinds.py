"""One address of every kind of public page, in the demo county; to be called with its database in use."""

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from events.registration import links
from events.registration.models import Certificate, Registration
from institutions.models import AddressVisibility, Institution, ServiceCard
from institutions.places import links as links_of_places
from news.models import Article, Notice


def address(name: str, query: str = ""):
    return lambda: reverse(name) + query


def of(queryset):
    """The address of the first of these; the queryset is asked when the address is needed."""
    return lambda: queryset().first().get_absolute_url()


def articles():
    return Article.objects.published()


def events():
    return Event.objects.published()


def sign_up_of(slug: str, query: str = ""):
    return lambda: reverse("events:registration:form", args=[slug]) + query


def registration(status: str, name: str = "own", purpose: str = "own"):
    """A page behind a link in somebody's mail."""
    return lambda: reverse(
        f"events:registration:{name}", args=[links.token(Registration.objects.filter(status=status).first(), purpose)]
    )


def places_of_an_institution():
    """The page behind the link in an institution's mail; the office of the demo asks for numbers."""
    found = Institution.objects.published().with_places().exclude(email="").first()
    return reverse("institutions:places_confirm", args=[links_of_places.token(found, timezone.localdate())])


KINDS = {
    "home": address("pages:home"),
    "articles": address("news:article_list"),
    "articles, second page": address("news:article_list", "?page=2"),
    "articles of a category": address("news:article_list", "?kategoria=seniorzy"),
    "articles, wrong filter": address("news:article_list", "?kategoria=nie-ma&rok=abc"),
    "article with a gallery": of(lambda: articles().annotate(n=Count("photos")).filter(n__gt=2)),
    "article with files": of(lambda: articles().filter(attachments__isnull=False)),
    "article with a table": of(lambda: articles().filter(body__contains="<table")),
    "article of a project": of(lambda: articles().filter(project__isnull=False)),
    "article of an event": of(lambda: articles().filter(event__isnull=False)),
    "archived article": of(lambda: Article.objects.reachable().filter(status="archived")),
    "article in print": lambda: articles().first().get_absolute_url() + "drukuj/",
    "notices": address("news:notice_list"),
    "archive of notices": address("news:notice_archive"),
    "job offer": of(lambda: Notice.objects.published().current().filter(kind="recruitment")),
    "closed notice": of(lambda: Notice.objects.published().closed()),
    "institutions": address("institutions:list"),
    "institutions, none found": address("institutions:list", "?q=nieznane"),
    "institution": of(lambda: Institution.objects.published().filter(slug="pcpr")),
    "institution with free places": of(lambda: Institution.objects.published().filter(places_free__gt=0)),
    "institution with photos": of(lambda: Institution.objects.published().filter(photos__isnull=False)),
    "institution with a hidden address": of(
        lambda: Institution.objects.published().filter(address_visibility=AddressVisibility.HIDDEN)
    ),
    "free places": address("institutions:free_places"),
    "free places, none found": address("institutions:free_places", "?q=nieznane"),
    "link of an institution that does not work": lambda: "/placowki/stan/x/",
    "question about places": places_of_an_institution,
    "service cards": address("services:list"),
    "service cards, none found": address("services:list", "?q=nieznane"),
    "service card with forms": of(lambda: ServiceCard.objects.published().filter(attachments__isnull=False)),
    "service card for those in need": of(lambda: ServiceCard.objects.published().filter(is_sensitive=True)),
    "service card in print": lambda: ServiceCard.objects.published().first().get_absolute_url() + "drukuj/",
    "events": address("events:list"),
    "events of this month": lambda: reverse("events:month", args=[f"{timezone.localdate():%Y-%m}"]),
    "past events": address("events:archive"),
    "event to come": of(lambda: events().upcoming().filter(run_state="planned")),
    "event with a programme": of(lambda: events().filter(agenda__isnull=False)),
    "event with a record": of(lambda: events().past().filter(report__is_public=True)),
    "cancelled event": of(lambda: events().filter(run_state="cancelled")),
    "event of several dates": of(lambda: events().annotate(n=Count("sessions")).filter(n__gt=1)),
    "sign-up": sign_up_of("szkolenie-pierwsza-pomoc"),
    "sign-up of couples": sign_up_of("szkolenie-rodzin-zastepczych"),
    "sign-up, waiting list": sign_up_of("warsztat-pierwsza-rozmowa"),
    "sign-up, not open yet": sign_up_of("dzien-otwarty-sds-olszyny"),
    "sign-up, received": sign_up_of("szkolenie-pierwsza-pomoc", "przyjete/?stan=waiting"),
    "own registration": registration("confirmed"),
    "own registration, waiting": registration("waiting"),
    "own data": registration("confirmed", "contact"),
    "resigning": registration("confirmed", "resign"),
    "confirming": registration("confirmed", "confirm", "confirm"),
    "certificate": of(lambda: Certificate.objects.all()),
    "check of a certificate": address("events:registration:certificate_check"),
    "code for the entrance": lambda: "/wydarzenia/obecnosc/x/",
    "link that does not work": lambda: "/wydarzenia/zgloszenie/x/",
    "search": address("pages:search"),
    "search, found": address("pages:search", "?q=opieka"),
    "search, nothing found": address("pages:search", "?q=qwertyuiop"),
    "contact": address("pages:contact"),
    "map of the site": address("pages:sitemap_page"),
    "accessibility statement": lambda: "/deklaracja-dostepnosci/",
    "accessibility page": lambda: "/dostepnosc/",
    "report of a barrier": address("accessibility:report"),
    "report of a barrier, received": address("accessibility:received"),
    "page for those in need": lambda: "/potrzebuje-pomocy/",
    "privacy": lambda: "/rodo/",
    "cookies": lambda: "/polityka-cookies/",
    "protection of minors": lambda: "/standardy-ochrony-maloletnich/",
    "whistle-blowers": lambda: "/sygnalisci/",
    "documents": lambda: "/dokumenty/",
    "monthly costs": address("institutions:monthly_costs"),
    "care home": of(lambda: Institution.objects.published().filter(monthly_costs__isnull=False)),
    "projects": lambda: "/projekty/",
    "home in English": lambda: "/en/",
    "institutions in English": lambda: "/en/placowki/",
    "article that nobody translated": lambda: "/en" + articles().first().get_absolute_url(),
    "help in Ukrainian": lambda: "/uk/meni-potribna-dopomoha/",
    "service card in Ukrainian": lambda: "/uk/sprawy/prohrama-intehratsii/",
    "sign-up in Ukrainian": lambda: "/uk" + sign_up_of("szkolenie-pierwsza-pomoc")(),
    "page that does not exist": lambda: "/nie-ma-takiej-strony/",
}
