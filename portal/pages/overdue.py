"""What should have happened by now and has not: the board and /readyz say so, since nobody sees what does not run."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.backup.archive import last_success
from portal.content.tick import last_round

# A round takes seconds; ten of them were missed.
TICK_LIMIT = timedelta(minutes=2)
NEVER = "never"


def overdue() -> dict[str, str]:
    """(what, for how long or NEVER) in words of a program; empty when all is well."""
    found = {}
    if (alive := last_round()) is None or timezone.now() - alive > TICK_LIMIT:
        found["tick"] = _age(alive)
    limit = settings.BACKUP_MAX_HOURS
    if limit and ((made := last_success()) is None or timezone.now() - made > timedelta(hours=limit)):
        found["backup"] = _age(made)
    return found


def _age(moment) -> str:
    return NEVER if moment is None else f"{(timezone.now() - moment).total_seconds() / 3600:.1f} h"


def in_words() -> list[str]:
    """For the board."""
    words = {
        "tick": _("The program that counts views, sends mail and withdraws what has ended is not running"),
        "backup": _("There is no fresh backup"),
    }
    never = _("never")
    return [f"{words[what]} ({never if age == NEVER else age})" for what, age in overdue().items()]
