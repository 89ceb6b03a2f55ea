"""The office and its site in the words of schema.org."""

from django.conf import settings
from django.urls import reverse

from institutions.models import Office, OfficeHours
from portal.content.structured_data import absolute

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def office_data(office: Office) -> dict:
    return {
        "@type": "GovernmentOffice",
        "@id": f"{settings.SITE_URL}/#office",
        "name": office.name or office.site_name,
        "description": office.wording("about").text,
        "url": absolute(reverse("pages:home")),
        "logo": absolute(reverse("pages:coat_of_arms")),
        "email": office.email,
        "telephone": office.main_phone.number if office.main_phone else "",
        "taxID": office.nip,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": office.street,
            "postalCode": office.postal_code,
            "addressLocality": office.town,
            "addressCountry": "PL",
        },
        "geo": _position(office),
        "openingHoursSpecification": [_opening(hours) for hours in (office.hours.all() if office.pk else [])],
    }


def _position(office: Office) -> dict | None:
    if office.latitude is None or office.longitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": office.latitude, "longitude": office.longitude}


def _opening(hours: OfficeHours) -> dict:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": DAYS[hours.weekday],
        "opens": f"{hours.opens:%H:%M}",
        "closes": f"{hours.closes:%H:%M}",
    }


def site_data(office: Office) -> dict:
    """For the home page: the office, and how to search its site."""
    search = absolute(reverse("pages:search")) + "?q={search_term_string}"
    return {
        "@graph": [
            office_data(office),
            {
                "@type": "WebSite",
                "name": office.site_name,
                "url": absolute(reverse("pages:home")),
                "inLanguage": "pl",
                "publisher": {"@id": f"{settings.SITE_URL}/#office"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": search,
                    "query-input": "required name=search_term_string",
                },
            },
        ]
    }
