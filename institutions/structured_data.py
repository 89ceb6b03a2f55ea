"""What search engines are told of an institution: schema.org. Where it is comes from `location` alone."""

from portal.content.structured_data import absolute

from .models import Institution, Location, Operator

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
PUBLIC_OPERATORS = {Operator.COUNTY, Operator.MUNICIPALITY, Operator.VOIVODESHIP, Operator.STATE}


def institution(found: Institution) -> dict:
    phone = found.main_phone
    return {
        "@type": "GovernmentOrganization" if found.operator in PUBLIC_OPERATORS else "Organization",
        "name": found.name,
        "alternateName": found.short_name,
        "description": found.lead,
        "url": absolute(found.get_absolute_url()),
        "sameAs": found.website,
        "email": found.email,
        "telephone": phone.number if phone else "",
        "foundingDate": str(found.founded or ""),
        "image": absolute(found.cover.largest_url) if found.cover else "",
        "areaServed": found.area_served,
        "address": address(found.location),
        "location": place(found),
    }


def place(found: Institution) -> dict:
    """The building with its hours, where it may be known."""
    if not found.location.street:
        return {}
    return {
        "@type": "Place",
        "name": found.name,
        "address": address(found.location),
        "geo": coordinates(found.location),
        "openingHoursSpecification": opening_hours(found),
    }


def address(location: Location) -> dict:
    if not location.town:
        return {}
    return {
        "@type": "PostalAddress",
        "streetAddress": location.street,
        "postalCode": location.postal_code,
        "addressLocality": location.town,
        "addressCountry": "PL",
    }


def coordinates(location: Location) -> dict:
    if not location.has_position:
        return {}
    return {"@type": "GeoCoordinates", "latitude": location.latitude, "longitude": location.longitude}


def opening_hours(found: Institution) -> list[dict]:
    if found.is_24_7:
        return [{"@type": "OpeningHoursSpecification", "dayOfWeek": DAYS, "opens": "00:00", "closes": "23:59"}]
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": DAYS[hours.weekday],
            "opens": f"{hours.opens:%H:%M}",
            "closes": f"{hours.closes:%H:%M}",
        }
        for hours in found.hours.all()
    ]
