"""A generous limit of registrations from one network, so that a script cannot fill an event.

Offices, schools and whole villages share one address: the limit is far above what people do. Kept as a keyed hash in
the cache for a quarter of an hour; no address of a visitor is stored.
"""

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

from portal.content.client_address import client_address

PERIOD = 15 * 60


def may_sign_up(request) -> bool:
    if not settings.SIGNUPS_PER_ADDRESS:
        return True
    key = "signups-" + salted_hmac("registration.limits", client_address(request) or "").hexdigest()
    cache.add(key, 0, PERIOD)
    try:
        return cache.incr(key) <= settings.SIGNUPS_PER_ADDRESS
    except ValueError:  # it ended between the two calls
        return True
