"""The signed stamp in a sign-up form: when it was opened, and the key by which a second press of the button is known.

It never goes stale: somebody who was called away for an hour loses nothing.
"""

import time
import uuid
from dataclasses import dataclass

from django.core import signing

SALT = "registration.stamp"
LEAST_SECONDS = 2


@dataclass(frozen=True)
class Stamp:
    key: uuid.UUID
    is_too_fast: bool


def make(signup_id: int) -> str:
    return signing.dumps([signup_id, uuid.uuid4().hex, round(time.time(), 1)], salt=SALT)


def read(text: str, signup_id: int) -> Stamp | None:
    """None for what this portal has not made, or made for the form of another event."""
    try:
        of_signup, key, made_at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if of_signup != signup_id:
        return None
    # Below 0 the clock was set back meanwhile.
    return Stamp(uuid.UUID(key), 0 <= time.time() - made_at < LEAST_SECONDS)
