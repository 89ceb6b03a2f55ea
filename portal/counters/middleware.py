import logging

from django.conf import settings

from . import journal

logger = logging.getLogger("portal.counters")


class ViewJournalMiddleware:
    """Take the mark off every answer and put a line into the journal. Outermost: sees pages from every cache.

    Behind nginx the mark stays: nginx has a cache in front of this one, so it counts, and takes the mark off.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        seen = response.get(journal.HEADER)
        if seen and not settings.BEHIND_NGINX:
            del response[journal.HEADER]
            headers = request.META
            try:
                journal.append(
                    seen,
                    response.status_code,
                    request.method,
                    headers.get("HTTP_SEC_PURPOSE", "") or headers.get("HTTP_PURPOSE", ""),
                    settings.SESSION_COOKIE_NAME in request.COOKIES,
                    headers.get("HTTP_USER_AGENT", ""),
                )
            except OSError:  # a full disk must not take the page away from its reader
                logger.exception("the view journal cannot be written")
        return response
