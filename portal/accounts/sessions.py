"""An editor who has gone away is logged out; what was typed lies on the server as a draft (portal/editing)."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.core.management import call_command
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext

BEGAN, SEEN = "began_at", "seen_at"
WRITTEN_EVERY = 60  # seconds; a session is not written for each request


@receiver(user_logged_in)
def begin(sender, request, **kwargs):
    request.session[BEGAN] = request.session[SEEN] = time.time()


class EndSessions:
    """After SESSION_IDLE_MINUTES without a request, and SESSION_COOKIE_AGE after the log-in in any case.

    Also of somebody who still owes a code. Where there is no session, none is touched: reading one would put
    `Vary: Cookie` on anonymous pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not request.signed_in.is_authenticated:
            return self.get_response(request)
        now, session = time.time(), request.session
        if now - session.get(BEGAN, 0) > settings.SESSION_COOKIE_AGE:
            words = gettext("You were logged out at the end of the day. What you typed waits for you in the form.")
            return self._end(request, words)
        if now - session.get(SEEN, 0) > settings.SESSION_IDLE_MINUTES * 60:
            words = gettext(
                "You were logged out after %(minutes)d minutes without work. What you typed waits for you in the form."
            )
            return self._end(request, words % {"minutes": settings.SESSION_IDLE_MINUTES})
        # The script that asks whether the session still runs must not keep it up.
        if now - session[SEEN] > WRITTEN_EVERY and request.path != reverse("admin:session"):
            session[SEEN] = now
        return self.get_response(request)

    def _end(self, request, words: str):
        logout(request)
        office = reverse("admin:index")
        if not request.path.startswith(office) or request.path == reverse("admin:session"):
            # What residents see, they see; and the script is told.
            request.signed_in = request.user
            return self.get_response(request)
        messages.info(request, words)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def forget_ended():
    call_command("clearsessions")
