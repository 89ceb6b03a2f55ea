"""What search engines are told of a service: schema.org."""

from portal.content.structured_data import absolute

from .. import structured_data as of_institutions
from .models import ServiceCard


def service(card: ServiceCard) -> dict:
    if card.hides_its_reader or not card.unit.is_published:
        return {}
    phone = card.contact_phone
    return {
        "@type": "GovernmentService",
        "name": card.title,
        "description": card.lead,
        "url": absolute(card.get_absolute_url()),
        "audience": {"@type": "Audience", "audienceType": card.for_whom},
        "provider": of_institutions.institution(card.unit),
        "availableChannel": {"@type": "ServiceChannel", "servicePhone": phone[0] if phone else ""},
    }
