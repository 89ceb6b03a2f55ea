"""A photo that lies in private storage and belongs to nothing yet, as one signed word in a form field.

The word stands in an ordinary hidden field, so it survives an error in the form, an autosaved draft and a proposed
version. It is valid as long as its files are there and no photo names them, for everybody who opens such a form: the
key in it cannot be guessed, and the signature says that it came from here.
"""

from dataclasses import astuple, dataclass

from django.conf import settings
from django.core import signing

from .pictures import widths_for

SALT = "portal.content.photo_tokens"


@dataclass(frozen=True)
class StoredPhoto:
    key: str
    width: int
    height: int
    digest: str
    name: str  # of the file as the editor knows it

    def token(self) -> str:
        return signing.dumps(astuple(self), salt=SALT)

    @property
    def small_url(self) -> str:
        return f"{settings.MEDIA_URL}photos/{self.key}/{widths_for(self.width)[0]}.jpg"


def read(token: str) -> StoredPhoto | None:
    """The photo of a token; None for a word that is none."""
    try:
        return StoredPhoto(*signing.loads(token, salt=SALT)) if token else None
    except (signing.BadSignature, TypeError):
        return None
