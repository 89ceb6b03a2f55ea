"""Photos and attachments as addresses. A file answers as long as the thing it belongs to does; staff see all.

Browsers keep a photo for a day: who has seen one before it was taken down may see it until then, on that machine only.
Caches between keep pages for seconds and photos not at all, so the address answers 404 or 410 at once for everybody.
"""

import logging

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, register_converter
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from . import attachment_files, photo_files, ranges
from .attachments import find_attachment
from .documents import CONTENT_TYPES
from .pictures import EXTENSIONS
from .preview import keep_private, may_preview_one

logger = logging.getLogger("portal.content")

DAY = 24 * 60 * 60
# Private: the reader who has a file may keep it, but no cache between us may hand out what has been withdrawn.
KEPT_BY_THE_READER = f"private, max-age={365 * DAY}, immutable"


class KeyConverter:
    regex = "[0-9a-f]{32}"
    to_python = to_url = staticmethod(str)


class PhotoNameConverter(KeyConverter):
    regex = rf"[0-9]{{1,4}}\.(?:{'|'.join(EXTENSIONS)})"


class DocumentNameConverter(KeyConverter):
    """What documents.readable_name() makes: it may become a name on the disk."""

    regex = r"[a-z0-9-]{1,80}\.[a-z0-9]{3,4}"


register_converter(KeyConverter, "key")
register_converter(DocumentNameConverter, "document_name")
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
    """The address in links, under whatever name the file once had: leads to the content as it is now."""
    found = find_attachment(key)
    if found is None or not (found.is_public or may_preview_one(request, found.owner)):
        raise Http404
    response = redirect(found.content_url)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def attachment_content(request, key: str, content_key: str, name: str):
    """One content, which never changes; put on the public path when it is first asked for (see attachment_files)."""
    public = attachment_files.public_folder(key) / content_key / name
    if public.is_file():
        return ranges.answer(request, _document(public.open("rb"), name))
    found = find_attachment(key)
    if found is None or not (found.is_public or may_preview_one(request, found.owner)):
        raise Http404
    if (content_key, name) != (found.content_key, found.name):  # replaced since
        return attachment(request, key, name)
    return ranges.answer(request, document(found, found.is_public))


def document(found, is_public: bool):
    """The content of an attachment; the caller has decided that this person may have it."""
    try:
        if is_public:
            return _document(_published(found), found.name)
        return keep_private(_document(found.file.open("rb"), found.name))
    except FileNotFoundError:
        raise Http404 from None


def _published(found):
    try:
        return attachment_files.publish(found).open("rb")
    except FileNotFoundError:
        raise
    except OSError:  # a full disk must not take the document away from its reader
        logger.exception("the public path cannot be written")
        return found.file.open("rb")


def _document(content, name: str):
    extension = name.rsplit(".", 1)[1]
    # A PDF is read in the browser; everything else is saved.
    response = FileResponse(content, filename=name, as_attachment=extension != "pdf")
    response["Content-Type"] = CONTENT_TYPES.get(extension, "application/octet-stream")
    response["Cache-Control"] = KEPT_BY_THE_READER
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
    path("media/pliki/<key:key>/<key:content_key>/<document_name:name>", attachment_content, name="attachment_content"),
]
