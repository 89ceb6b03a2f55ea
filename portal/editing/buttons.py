"""The buttons under an editor's form: each says what it will do."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from portal.content.publishing import Status

PUBLIC = (Status.PUBLISHED, Status.ARCHIVED)


@dataclass(frozen=True)
class Button:
    """`words` are for the script that keeps the label true while a time is being typed (portal-form.js)."""

    name: str
    label: str
    is_main: bool = False
    words: dict[str, str] = field(default_factory=dict)
    opens_window: bool = False


SAVE_DRAFT = Button("_save_draft", _("Save draft"))
BACK_TO_DRAFTS = Button("_save_draft", _("Back to drafts"))
GO_ON = Button("_continue", _("Save and continue editing"))
LOOK = Button("_look", _("See the page without saving"), opens_window=True)
RETURN = Button("_return", _("Return to the author with the remark"))


def of_proposing(has_proposal: bool, is_popup: bool) -> list[Button]:
    """For who may not publish, at the form of something public."""
    if has_proposal:
        found = [
            Button("_save", _("Send the changed proposal"), is_main=True),
            Button("_withdraw", _("Withdraw the proposal")),
        ]
    else:
        found = [Button("_save", _("Send the change to a publisher"), is_main=True)]
    return found if is_popup else [*found, Button("_continue", _("Keep for later")), LOOK]


def of_flow(obj, status: str, is_publisher: bool, has_proposal: bool, is_popup: bool) -> list[Button]:
    """What can be done with something that has this status, the harmless first."""
    if has_proposal:
        return [
            Button("_save", _("Publish the proposed changes"), is_main=True),
            Button("_return_proposal", RETURN.label),
            LOOK,
        ]
    found = _of_publisher(obj, status) if is_publisher else _of_writer(status)
    if is_popup:
        return found
    return [*found, GO_ON, LOOK if status in PUBLIC else Button("_preview", _("Save and preview"))]


def _of_writer(status: str) -> list[Button]:
    if status == Status.REVIEW:
        return [BACK_TO_DRAFTS, Button("_save", _("Save"), is_main=True)]
    return [SAVE_DRAFT, Button("_to_review", _("Send to review"), is_main=True)]


def _of_publisher(obj, status: str) -> list[Button]:
    if status == Status.DRAFT:
        return [SAVE_DRAFT, Button("_to_review", _("Send to review")), _publish(obj)]
    if status == Status.REVIEW:
        return [Button("_save", _("Save")), BACK_TO_DRAFTS, RETURN, _publish(obj)]
    changes = Button("_save", _("Save changes"), is_main=True)
    if status == Status.PUBLISHED:
        return [changes, BACK_TO_DRAFTS, Button("_archive", _("Move to the archive"))]
    return [changes, Button("_publish", _("Publish again"))]


def _publish(obj) -> Button:
    words = {"now": gettext("Publish now"), "later": gettext("Publish on %(when)s"), "moment": day_at_hour()}
    is_later = obj.publish_at and obj.publish_at > timezone.now()
    label = words["later"] % {"when": in_words(obj.publish_at)} if is_later else words["now"]
    return Button("_publish", label, is_main=True, words=words)


# --- Words ------------------------------------------------------------------------------------------------------------


def state_of(obj) -> tuple[str, str]:
    """(code, words) of what has become of a Publishable: the status, or what time has made of it."""
    if obj.is_scheduled:
        return "scheduled", _("Scheduled")
    if obj.status == Status.PUBLISHED and obj.is_expired:
        return "expired", _("No longer visible")
    return obj.status, obj.get_status_display()


def in_words(moment) -> str:
    """ "12 maja o 8:00", with the year where it is not this one."""
    local = timezone.localtime(moment)
    day = date_format(local, "j E" if local.year == timezone.localdate().year else "j E Y")
    return day_at_hour() % {"day": day, "hour": date_format(local, "G:i")}


def day_at_hour() -> str:
    return pgettext("a day at an hour", "%(day)s at %(hour)s")
