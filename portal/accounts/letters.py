"""Letters to the owners of accounts. Those with a link that opens an account are secret, also to those who see mail."""

import time

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from institutions.models import Office
from portal.outbox.letters import Letter
from portal.outbox.queueing import enqueue

from . import tokens

ONE_IN = 10 * 60  # seconds; so often a letter with a link goes to one account, however often it is asked for


def send_invitation(user: User) -> bool:
    """False where one was written a moment ago."""
    letter = Letter(
        subject=_("Your account in the editors' office: %(site)s") % {"site": _site()},
        paragraphs=[
            _("An account was made for you on the site of %(office)s. Choose a password, and you can begin.")
            % {"office": _office()}
        ],
        facts=[(_("User name"), user.get_username())],
        buttons=[(_("Choose a password"), _link("admin:invitation", user, tokens.invitations))],
        ending=[
            _("The link works once, for three days. If it has ended, ask for another on the log-in page."),
            _("If you know nothing of this, do nothing: without the link nobody can use the account."),
        ],
    )
    return _send("invitation", user, letter, is_secret=True)


def send_new_password_link(user: User) -> bool:
    letter = Letter(
        subject=_("A new password: %(site)s") % {"site": _site()},
        paragraphs=[_("Somebody, we hope you, asked for a new password to your account on the site of %(office)s.")
        % {"office": _office()}],
        facts=[(_("User name"), user.get_username())],
        buttons=[(_("Choose a new password"), _link("admin:new_password", user, tokens.new_passwords))],
        ending=[
            _("The link works once, for an hour."),
            _("If it was not you, do nothing: your password stays as it is."),
        ],
    )  # fmt: skip
    return _send("password", user, letter, is_secret=True)


def send_notice(user: User, what: str) -> bool:
    """Tell the owner what was changed, so that a stranger's change does not go unnoticed."""
    letter = Letter(
        subject=_("A change of your account: %(site)s") % {"site": _site()},
        paragraphs=[what, _("If it was not you, tell your administrator at once.")],
        facts=[(_("User name"), user.get_username())],
    )
    return _send("account", user, letter, is_secret=False)


def _send(kind: str, user: User, letter: Letter, is_secret: bool) -> bool:
    moment = int(time.time() / ONE_IN) if is_secret else time.time_ns()
    return enqueue(
        kind, letter, to=user.email, dedupe_key=f"{kind}:{user.pk}:{moment}", about=user, is_secret=is_secret
    )


def _link(name: str, user: User, generator: tokens.LinkTokens) -> str:
    number = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse(name, args=[number, generator.make_token(user)])


def _office() -> str:
    return Office.objects.filter(pk=1).values_list("name", flat=True).first() or settings.SITE_HOST


def _site() -> str:
    return Office.objects.filter(pk=1).values_list("site_name", flat=True).first() or settings.SITE_HOST
