"""From a file that came in to files in private storage and a token: for whole forms and for single files alike."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import photo_files, pictures
from .photo_tokens import StoredPhoto
from .upload_handler import is_lost


def store(file, name: str) -> StoredPhoto:
    """Decode an upload and write its files. Raises ValidationError with the reason in words, and leaves nothing then.

    Its `code` is "busy" where trying again will help, "disk_full" where the server is out of room.
    """
    if is_lost(file):
        raise no_room()
    try:
        picture = pictures.decode_in_turn(file)
    except pictures.Busy:
        raise ValidationError(_("The server is busy with other photos. Try again in a moment."), code="busy") from None
    refuse_taken_down(picture.digest)
    return _write(picture, picture.digest, name)


def rotate(key: str, digest: str, degrees: int, name: str = "") -> StoredPhoto:
    """The same photo turned, under a new key: what was cached under the old one never shows in its place."""
    try:
        master = (photo_files.private_folder(key) / pictures.MASTER).read_bytes()
    except OSError:
        raise ValidationError(_("The file of this photo is no longer there."), code="gone") from None
    return _write(pictures.rotate(master, degrees), digest, name)


def refuse_taken_down(digest: str):
    if reason := photo_files.taken_down_reason(digest):
        text = _("This photo was taken down from the site and may not be added again. Reason: %(reason)s")
        raise ValidationError(text % {"reason": reason}, code="taken_down")


def _write(picture: pictures.Picture, digest: str, name: str) -> StoredPhoto:
    key = photo_files.new_key()
    try:
        photo_files.write(key, picture, digest)
    except OSError as error:
        if error.errno not in photo_files.DISK_IS_FULL:
            raise
        raise no_room() from None
    return StoredPhoto(key, picture.width, picture.height, digest, name[:100])


def no_room() -> ValidationError:
    text = _("The server has run out of room. Nothing was saved of this photo; please tell the administrator.")
    return ValidationError(text, code="disk_full")
