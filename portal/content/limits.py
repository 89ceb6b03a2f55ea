"""A generous limit of what one network may send, so that a script cannot fill an event or a mailbox.

Offices, schools and whole villages share one address: a limit is far above what people do. Kept as a keyed hash in the
cache for a quarter of an hour; no address of a visitor is stored.
"""

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from .client_address import client_address

PERIOD = 15 * 60


def is_within(most: int, what: str, request) -> bool:
    """Whether this is at most the `most`-th `what` of that network within the period. No limit where `most` is 0."""
    if not most:
        return True
    key = f"{what}-" + salted_hmac("portal.content.limits", client_address(request) or "").hexdigest()
    cache.add(key, 0, PERIOD)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ended between the two calls
        return True
