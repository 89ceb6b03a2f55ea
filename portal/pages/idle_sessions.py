"""An editor who has gone away is logged out; what was typed lies on the server as a draft (portal/editing)."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse
from django.utils.translation import gettext

SEEN = "seen_at"
WRITTEN_EVERY = 60  # seconds; a session is not written for each request


class EndIdleSessions:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Elsewhere the session is not touched: reading it would put Vary: Cookie on anonymous pages.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        if request.path == reverse("admin:session"):  # asks whether the session still runs, and must not keep it up
            return self.get_response(request)
        now, seen_at = time.time(), request.session.get(SEEN)
        if seen_at is not None and now - seen_at > settings.SESSION_IDLE_MINUTES * 60 and request.user.is_authenticated:
            return self._end(request)
        if request.user.is_authenticated and (seen_at is None or now - seen_at > WRITTEN_EVERY):
            request.session[SEEN] = now
        return self.get_response(request)

    def _end(self, request):
        logout(request)
        words = gettext(
            "You were logged out after %(minutes)d minutes without work. What you typed waits for you in the form."
        )
        messages.info(request, words % {"minutes": settings.SESSION_IDLE_MINUTES})
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
