"""Texts typed and not saved: kept on the server every few seconds, offered again after a crash or an ended session."""

from datetime import timedelta
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone

from portal.content import richtext
from portal.content.personal_data import private_numbers

from .models import Draft

KEPT_FOR = timedelta(days=30)
LARGEST = 4_000_000  # letters in one form
OFFERED = 5


class PrivateNumber(Exception):
    """The form holds a PESEL or the number of a payment card, which are never stored, in no draft either."""


class TooLarge(Exception):
    """The form holds more than a draft may."""


def uuid_or_none(text) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        return None


def fields_of(post: QueryDict) -> dict[str, list[str]]:
    """What is worth keeping of a form as it was sent: nothing of the session, and no pressed button."""
    return {
        name: [value.replace("\x00", "") for value in values]
        for name, values in post.lists()
        if not name.startswith("_") and name != "csrfmiddlewaretoken"
    }


def keep(author, uid: UUID, model, object_id: int | None, title: str, data: dict[str, list[str]]) -> Draft:
    """Write down what stands in a form (see `fields_of`).

    Raises PermissionDenied for the draft of another, TooLarge, and PrivateNumber.
    """
    if sum(len(value) for values in data.values() for value in values) > LARGEST:
        raise TooLarge
    if any(private_numbers(richtext.plain_text(value)) for values in data.values() for value in values):
        raise PrivateNumber
    draft = Draft.objects.filter(uid=uid).first() or Draft(uid=uid, author=author)
    content_type = ContentType.objects.get_for_model(model)
    is_same = draft.pk is None or (draft.content_type_id, draft.object_id) == (content_type.pk, object_id)
    if draft.author_id != author.pk or not is_same:
        raise PermissionDenied
    draft.content_type, draft.object_id = content_type, object_id
    draft.title, draft.data = " ".join(title.replace("\x00", "").split())[:250], data
    draft.saved_at = timezone.now()
    draft.save()
    return draft


def of_author(author, model=None, object_id: int | None = None):
    """Somebody's unsaved texts, the newest first: all, or those of one object (None: of a new one)."""
    drafts = Draft.objects.filter(author=author).order_by("-saved_at")
    if model is None:
        return drafts
    return drafts.filter(content_type=ContentType.objects.get_for_model(model), object_id=object_id)


def discard(author, uid: UUID):
    Draft.objects.filter(author=author, uid=uid).delete()


def purge() -> str:
    count, _by_model = Draft.objects.filter(saved_at__lt=timezone.now() - KEPT_FOR).delete()
    return f"{count} unsaved texts forgotten"
