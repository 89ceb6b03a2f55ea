"""What is written about a request, and under which number, so that a call to the office leads to the right line.

No line of the portal names a visitor's address; nginx's own access log does, and is kept for fourteen days.
"""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings

GIVEN = re.compile(r"[0-9a-f]{32}")  # nginx's $request_id

# The words of addresses after which comes what only its owner may know (events/registration/urls.py,
# institutions/urls.py, portal/urls.py, portal/accounts/urls.py).
SECRET_LINK = re.compile(
    r"(/(?:zgloszenie|potwierdzenie|propozycja|obecnosc|podglad|zaproszenie|nowe-haslo|placowki/stan)/)[^\s'\"]+"
)

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """Of the request that is being answered; empty outside of one."""
    return _request_id.get()


class RequestIdMiddleware:
    """Outermost: everything logged while a request is answered has its number, nginx's where nginx gave one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_NGINX else ""
        token = _request_id.set(given if GIVEN.fullmatch(given) else uuid4().hex)
        try:
            return self.get_response(request)
        finally:
            _request_id.reset(token)


class RequestIdFilter(logging.Filter):
    def filter(self, record) -> bool:
        record.request_id = request_id() or "-"
        return True


class LinksFilter(logging.Filter):
    """Who has the address of one's own registration, of a preview or of an invitation may act: no line holds one."""

    def filter(self, record) -> bool:
        text = record.getMessage()
        if (safe := SECRET_LINK.sub(r"\1…", text)) != text:
            record.msg, record.args = safe, ()
        return True


class JsonFormatter(logging.Formatter):
    """A line of JSON for programs that collect logs: time (UTC), level, logger, message, request_id, exception."""

    def format(self, record) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
