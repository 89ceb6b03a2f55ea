"""The state of a sign-up in words: never by colour or number alone."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import SignUp, SignUpMode

FEW = 10  # so many free places are told exactly; more are just "free places"


@dataclass(frozen=True)
class State:
    """`tone` is "good", "warn" or "" (plain); `can_sign_up` says whether the form takes registrations now."""

    text: str
    tone: str = ""
    can_sign_up: bool = False


def state_of(signup: SignUp) -> State:
    """In words, of a sign-up from `with_counts()` whose event has its sessions at hand."""
    window = signup.window
    if window == "off":
        return State(_("Sign-up is closed"))
    if signup.mode == SignUpMode.EXTERNAL:
        return State(_("Sign-up on the organiser's site"))
    if signup.mode == SignUpMode.PHONE:
        return State(_("Sign-up by phone or in person"))
    if window == "soon":
        opens = date_format(timezone.localtime(signup.opens_at), "j E, G:i")
        return State(_("Sign-up opens on %(when)s") % {"when": opens})
    if window == "closed":
        return State(_("Sign-up is closed"))
    if signup.is_full:
        if not signup.has_waiting_list:
            return State(_("All places are taken"), "warn")
        return State(_("All places are taken – waiting list"), "warn", can_sign_up=True)
    if signup.free is None:
        return State(_("Sign-up is open"), "good", can_sign_up=True)
    if signup.free > FEW:
        return State(_("There are free places"), "good", can_sign_up=True)
    left = ngettext("%(count)d place left", "%(count)d places left", signup.free) % {"count": signup.free}
    return State(left, "good", can_sign_up=True)


def until_words(signup: SignUp) -> str:
    """ "do 3 maja, 15:00"; empty where the first date itself is the end."""
    if not signup.closes_at:
        return ""
    return _("until %(when)s") % {"when": date_format(timezone.localtime(signup.closes_at), "j E Y, G:i")}
