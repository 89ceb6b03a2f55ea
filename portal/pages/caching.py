"""The page cache: whole anonymous pages, in memory, fresh for a few seconds and true until something changes.

Django's own cache middleware with four rules of ours: a visitor with a session never meets it, browsers are told to
ask again each time (so that every view is counted, as a 304), pages carry an ETag made before compression, and a page
that is no longer fresh is made anew only if something has changed since. Behind nginx the pages lie in nginx's cache
instead: it keeps nothing but what is told here to be kept, and asks with the moment at which the page was made.
"""

import time

from django.conf import settings
from django.http import HttpResponseNotModified
from django.middleware.cache import FetchFromCacheMiddleware, UpdateCacheMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import has_vary_header, set_response_etag
from django.utils.http import http_date, parse_http_date_safe

from portal.changes.unchanged import is_unchanged_since
from portal.counters.journal import HEADER as VIEW_MARK

BROWSER_RULE = "no-cache"
# For nginx, which tells browsers BROWSER_RULE in its place. When it shows an older page because the portal is away is
# said in deploy/nginx/portal.conf.
NGINX_RULE = "max-age={0}, stale-while-revalidate={0}"


def _has_session(request) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class UpdatePageCache(UpdateCacheMiddleware):
    def __init__(self, get_response):
        super().__init__(get_response)
        self.cache_alias, self.key_prefix = "pages", "page"
        self.page_timeout = max(settings.PAGE_CACHE_SECONDS, settings.PAGE_UNCHANGED_SECONDS)

    def process_response(self, request, response):
        if (
            _has_session(request)
            or response.cookies
            or not settings.PAGE_CACHE_SECONDS
            or has_vary_header(response, "Cookie")
        ):
            if not response.has_header("Cache-Control"):
                response["Cache-Control"] = "private, no-store"
            return response
        if response.has_header("Cache-Control"):  # the view has decided: a file, a feed, a page never to be stored
            return response
        if settings.BEHIND_NGINX:
            if response.status_code == 200 and not response.streaming and self._should_update_cache(request, response):
                response["Cache-Control"] = NGINX_RULE.format(settings.PAGE_CACHE_SECONDS)
                response["Last-Modified"] = http_date(request.began_at)
            return response
        if self._should_update_cache(request, response):
            response.made_at = request.began_at
        response = super().process_response(request, response)
        if response.status_code in (200, 304) and not response.streaming:
            response["Cache-Control"] = BROWSER_RULE
            response.headers.pop("Expires", None)
        return response


class FetchPageFromCache(FetchFromCacheMiddleware):
    def __init__(self, get_response):
        super().__init__(get_response)
        self.cache_alias, self.key_prefix = "pages", "page"

    def process_request(self, request):
        request.began_at = time.time()
        if _has_session(request) or not settings.PAGE_CACHE_SECONDS:
            request._cache_update_cache = False
            return None
        if settings.BEHIND_NGINX:
            request._cache_update_cache = request.method in ("GET", "HEAD")
            return self._unchanged_for_nginx(request)
        response = super().process_request(request)
        if response is None:
            return None
        is_fresh = 0 <= time.time() - response.made_at <= settings.PAGE_CACHE_SECONDS
        if not is_fresh and not is_unchanged_since(response.made_at, request.get_full_path()):
            request._cache_update_cache = True
            return None
        response["Cache-Control"] = BROWSER_RULE
        for name in ("Expires", "Age"):
            response.headers.pop(name, None)
        return response

    def _unchanged_for_nginx(self, request):
        """304 to nginx, which asks whether the page that it made a kept copy of would still be the same."""
        made_at = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        if made_at is None or not is_unchanged_since(made_at, request.get_full_path()):
            return None
        response = HttpResponseNotModified()
        response["ETag"] = request.headers.get("If-None-Match", "")
        response["Cache-Control"] = NGINX_RULE.format(settings.PAGE_CACHE_SECONDS)
        return response


class ConditionalGet(ConditionalGetMiddleware):
    """Django's, whose 304 carries only a few headers; ours keeps the mark by which a view is counted."""

    def process_response(self, request, response):
        seen = response.get(VIEW_MARK)
        response = super().process_response(request, response)
        if seen:
            response[VIEW_MARK] = seen
        return response


class EntityTag:
    """Set the ETag from the page itself, before GZip adds its random bytes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            request.method in ("GET", "HEAD")
            and response.status_code == 200
            and not response.streaming
            and not response.has_header("ETag")
        ):
            set_response_etag(response)
        return response


class CompressText(GZipMiddleware):
    """Django's GZip for what it makes smaller; photos and documents are compressed already."""

    TYPES = (
        "text/",
        "application/json",
        "application/xml",
        "application/rss+xml",
        "application/atom+xml",
        "application/geo+json",
    )

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith(self.TYPES):
            return super().process_response(request, response)
        return response
