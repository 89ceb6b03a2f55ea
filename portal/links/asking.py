"""What a visitor meets at an address of this site, found out by asking the site itself, within the process.

The view is called with a request of nobody, past the middleware: no view is counted, no cookie made, nothing cached.
So every rule of visibility is the one that visitors meet, and none is written down a second time.
"""

import logging
from zlib import crc32

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import override

from portal.addresses.models import Moved
from portal.content import languages
from portal.content.writing.addresses import Answer, State

logger = logging.getLogger("portal.links")

REMEMBERED_SECONDS = 20  # while somebody writes, the same links are asked about again and again
NOT_OF_VIEWS = ("/static/",)
# Personal links out of letters: not to be followed by a machine, and in no text of the site.
PERSONAL = {"own", "resign", "contact", "forget_needs", "withdraw_consent", "confirm", "accept", "presence"}


class Insider(AnonymousUser):
    """Somebody who may see every draft; exists only inside `ask`, to tell what is not published from what is not."""

    is_staff = True

    def has_perm(self, perm, obj=None):
        return True


def ask(path: str) -> Answer:
    key = f"links:{crc32(path.encode(errors='replace'))}"
    known = cache.get(key)
    if known and known[0] == path:
        return Answer(State(known[1]), known[2])
    answer = ask_now(path)
    cache.set(key, (path, answer.state.value, answer.url), REMEMBERED_SECONDS)
    return answer


def ask_now(path: str) -> Answer:
    if path.startswith(NOT_OF_VIEWS):
        return Answer(State.UNKNOWN)
    bare, _mark, query = path.partition("?")
    with override(languages.of_path(bare)):
        return _ask_in_its_language(bare, query)


def _ask_in_its_language(bare: str, query: str) -> Answer:
    try:
        match = resolve(bare)
    except Resolver404:
        return _with_slash(bare, query)
    if "admin" in match.app_names:
        return Answer(State.STAFF)
    if match.url_name in PERSONAL and "registration" in match.app_names:
        return Answer(State.STAFF)
    answer = _call(match, bare, query, AnonymousUser())
    if answer.state == State.MISSING and _call(match, bare, query, Insider()).state == State.PUBLIC:
        return Answer(State.UNPUBLISHED)
    return answer


def _with_slash(bare: str, query: str) -> Answer:
    """An address that lacks its last stroke: Django leads on to the right one, if there is one."""
    if bare.endswith("/"):
        return Answer(State.MISSING)
    answer = ask_now(f"{bare}/" + (f"?{query}" if query else ""))
    return Answer(State.MOVED, f"{bare}/") if answer.state == State.PUBLIC else answer


def _call(match, path: str, query: str, user) -> Answer:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.GET = QueryDict(query)
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80", "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1"}
    request.user, request.resolver_match = user, match
    if isinstance(user, Insider):
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "insider"
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Moved as moved:
        return Answer(State.MOVED, moved.url)
    except Http404:
        return Answer(State.MISSING)
    except PermissionDenied:
        return Answer(State.STAFF)
    except Exception:  # a page that breaks is not a matter for the person who links to it
        logger.exception("asking for %s", path)
        return Answer(State.UNKNOWN)
    # Not response.close(): that ends the request in which somebody asks, with its connection to the database.
    if file := getattr(response, "file_to_stream", None):
        file.close()
    if response.status_code in (301, 308):
        return Answer(State.MOVED, response["Location"])
    if response.status_code >= 500:
        return Answer(State.UNKNOWN)
    return Answer(State.MISSING if response.status_code >= 400 else State.PUBLIC)
