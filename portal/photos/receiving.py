"""Single photos sent by the script of the form (portal-photos.js): one file a request, answered with a token.

The file is the body itself, not a part of a form: Django would read a form whole before any of this is asked, so that a
full disk or a cut connection ended in its error page.
"""

import tempfile
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import JsonResponse
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.content import photo_files, photo_storing, photo_tokens

from .access import may_send

CHUNK = 64 * 1024
CODES = {"too_large": 413, "disk_full": 507, "busy": 503, "taken_down": 409, "gone": 410, "cut": 400}
DEGREES = (90, 180, 270)


@require_POST
def upload(request):
    if not may_send(request.user):
        return _not_allowed()
    name = unquote(request.headers.get("X-File-Name", ""))[:200]
    try:
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:
            _receive(request, file)
            return _answer(photo_storing.store(File(file, name), name))
    except ValidationError as error:
        return _refusal(error)
    except UnreadablePostError:
        return _refusal(_cut())
    except OSError as error:
        if error.errno in photo_files.DISK_IS_FULL:
            return _refusal(photo_storing.no_room())
        raise


def _receive(request, file):
    """The body into the file, no further than a photo may be long."""
    length = request.headers.get("Content-Length", "")
    expected = int(length) if length.isascii() and length.isdecimal() else 0
    if expected > settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // 1024**2
        text = _("The file is too large: at most %(limit)s MB.") % {"limit": limit}
        raise ValidationError(text, code="too_large")
    received = 0
    while chunk := request.read(CHUNK):
        received += len(chunk)
        file.write(chunk)
    file.flush()
    if received != expected or not received:
        raise _cut()


def _cut() -> ValidationError:
    return ValidationError(_("The file did not arrive whole. Send it again."), code="cut")


@require_POST
def rotate(request):
    """The files of a photo, named by its number and section or by a token, turned and stored under a new key."""
    if not may_send(request.user):
        return _not_allowed()
    stored = photo_tokens.read(request.POST.get("stored", "")) or _of_photo(request.POST.get("key", ""))
    degrees = request.POST.get("degrees", "")
    if stored is None or degrees not in map(str, DEGREES):
        return _refusal(ValidationError(_("The file of this photo is no longer there."), code="gone"))
    try:
        return _answer(photo_storing.rotate(stored.key, stored.digest, int(degrees), stored.name))
    except ValidationError as error:
        return _refusal(error)


def _of_photo(key: str) -> photo_tokens.StoredPhoto | None:
    photo = photo_files.find_photo(key) if key else None
    return photo and photo_tokens.StoredPhoto(photo.key, photo.width, photo.height, photo.digest, str(photo)[:100])


def _answer(stored: photo_tokens.StoredPhoto) -> JsonResponse:
    token, thumb = stored.token(), stored.small_url
    return JsonResponse({"token": token, "thumb": thumb, "width": stored.width, "height": stored.height})


def _refusal(error: ValidationError) -> JsonResponse:
    return JsonResponse({"error": " ".join(error.messages)}, status=CODES.get(error.code, 422))


def _not_allowed() -> JsonResponse:
    text = _("Your session has ended or you may not add photos. Sign in again in another window, then try again.")
    return JsonResponse({"error": text}, status=403)
