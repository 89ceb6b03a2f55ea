"""The signed stamp in a visitor's form: when it was opened, and the key by which a second press of the button is known.

It never goes stale: somebody who was called away for an hour loses nothing.
"""

import time
import uuid
from dataclasses import dataclass

from django.core import signing

SALT = "portal.content.stamps"
LEAST_SECONDS = 2


@dataclass(frozen=True)
class Stamp:
    key: uuid.UUID
    is_too_fast: bool


def make(subject: str) -> str:
    """`subject` names the form, such as "sign-up 7"."""
    return signing.dumps([subject, uuid.uuid4().hex, int(time.time() * 10) / 10], salt=SALT)


def read(text: str, subject: str) -> Stamp | None:
    """None for what this portal has not made, or made for another form."""
    try:
        made_for, key, made_at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    if made_for != subject:
        return None
    # Below 0 the clock was set back meanwhile.
    return Stamp(uuid.UUID(key), 0 <= time.time() - made_at < LEAST_SECONDS)
