"""The size of a request, refused by what it announces: not a byte of its body is read, in gunicorn alone too."""

from django.conf import settings

from .errors import no_length, too_large


class RequestSizeMiddleware:
    """Stands before everything that could read a form. What is left unread, gunicorn drops with the connection."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "HTTP_TRANSFER_ENCODING" in request.META:  # in pieces, of a length that only their end tells
            return no_length(request)
        limit = limit_of(request.path_info)
        if announced(request) > limit:
            return too_large(request, limit)
        return self.get_response(request)


def announced(request) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    # Longer numbers than any disk are not worth reading; Python refuses those of thousands of digits.
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 10**20


def limit_of(path: str) -> int:
    return next(limit for prefix, limit in settings.REQUEST_MAX_BYTES if path.startswith(prefix))
