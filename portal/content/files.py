"""Photos and attachments as addresses. A file answers as long as the thing it belongs to does; staff see all.

Browsers keep a photo for a day: who has seen one before it was taken down may see it until then, on that machine only.
Caches between keep pages for seconds and photos not at all, so the address answers 404 or 410 at once for everybody.
"""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, register_converter
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from . import photo_files
from .attachments import find_attachment
from .pictures import EXTENSIONS

DAY = 24 * 60 * 60


class KeyConverter:
    regex = "[0-9a-f]{32}"
    to_python = to_url = staticmethod(str)


class PhotoNameConverter(KeyConverter):
    regex = rf"[0-9]{{1,4}}\.(?:{'|'.join(EXTENSIONS)})"


register_converter(KeyConverter, "key")
register_converter(PhotoNameConverter, "photo_name")


@require_safe
def photo(request, key: str, name: str):
    """One variant of a photo; put on the public path when it is first asked for (see photo_files)."""
    public = photo_files.public_folder(key) / name
    if public.exists():
        return _answer(public, name)
    private = photo_files.private_folder(key) / name
    found = photo_files.find_photo(key) if private.exists() else None
    if found and found.is_public:
        return _answer(photo_files.publish(key, name), name)
    # Also what no photo names yet: it has just been sent, and its form is not saved.
    if private.exists() and request.user.is_staff:
        return private_photo(key, name)
    if photo_files.was_taken_down(key):
        return HttpResponse(status=410)
    raise Http404


def private_photo(key: str, name: str):
    """A variant of a photo that is not public; the caller has decided that this person may see it."""
    file = photo_files.private_folder(key) / name
    if not file.exists():
        raise Http404
    return _answer(file, name, "private, no-store")


@require_safe
def attachment(request, key: str, name: str):
    found = find_attachment(key)
    is_public = found is not None and found.is_public
    if found is None or not (is_public or request.user.is_staff):
        raise Http404
    if name != found.name:
        return redirect(found)
    return document(found, is_public)


def document(found, is_public: bool):
    """The file of an attachment; the caller has decided that this person may have it."""
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, filename=found.name, content_type=found.content_type)
    response["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # A document is never a page of this site: no script in it runs in the portal's name.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _answer(file, name: str, cache_control: str = f"public, max-age={DAY}"):
    content_type = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}[name.rsplit(".", 1)[1]]
    response = FileResponse(file.open("rb"), content_type=content_type)
    response["Cache-Control"] = cache_control
    response["Last-Modified"] = http_date(file.stat().st_mtime)
    return response


urlpatterns = [
    path("media/photos/<key:key>/<photo_name:name>", photo, name="photo"),
    path("pliki/<key:key>/<str:name>", attachment, name="attachment"),
]
