"""Texts typed and not saved: kept on the server every few seconds, offered again after a crash or an ended session."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from portal.content import richtext
from portal.content.personal_data import private_numbers

from .models import Draft

KEPT_FOR = timedelta(days=30)
FINISHED_FOR = timedelta(days=1)  # how long a finished form is remembered
LARGEST = 4_000_000  # letters in one form
OFFERED = 5


class PrivateNumber(Exception):
    """The form holds a PESEL or the number of a payment card, which are never stored, in no draft either."""


class Finished(Exception):
    """The form was saved or its text discarded: what its window still sends is late."""


class TooLarge(Exception):
    """The form holds more than a draft may."""


def uuid_or_none(text) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        return None


def uid_of_form(text) -> UUID:
    """The one a form was sent with, or a new one if it had none, or if that one is finished."""
    uid = uuid_or_none(text)
    is_over = uid is None or Draft.objects.filter(uid=uid, is_finished=True).exists()
    return uuid4() if is_over else uid


def fields_of(post: QueryDict) -> dict[str, list[str]]:
    """What is worth keeping of a form as it was sent: nothing of the session, and no pressed button."""
    return {
        name: [value.replace("\x00", "") for value in values]
        for name, values in post.lists()
        if not name.startswith("_") and name != "csrfmiddlewaretoken"
    }


def keep(author, uid: UUID, model, object_id: int | None, title: str, data: dict[str, list[str]]) -> Draft:
    """Write down what stands in a form (see `fields_of`).

    Raises PermissionDenied for the draft of another, Finished, TooLarge, and PrivateNumber.
    """
    if sum(len(value) for values in data.values() for value in values) > LARGEST:
        raise TooLarge
    if any(private_numbers(richtext.plain_text(value)) for values in data.values() for value in values):
        raise PrivateNumber
    content_type = ContentType.objects.get_for_model(model)
    title = " ".join(title.replace("\x00", "").split())[:250]
    text = {"title": title, "data": data, "saved_at": timezone.now()}
    about = {"author": author, "content_type": content_type, "object_id": object_id}
    draft, is_new = Draft.objects.get_or_create(uid=uid, defaults=about | text)
    if draft.author_id != author.pk:
        raise PermissionDenied
    if draft.is_finished:
        raise Finished
    if (draft.content_type_id, draft.object_id) != (content_type.pk, object_id):
        raise PermissionDenied
    # The database compares once more: the form may be saved at this very moment by another process.
    if not is_new:
        if not Draft.objects.filter(pk=draft.pk, is_finished=False).update(**text):
            raise Finished
        draft.refresh_from_db()
    return draft


def of_author(author, model=None, object_id: int | None = None):
    """Somebody's unsaved texts, the newest first: all, or those of one object (None: of a new one)."""
    drafts = Draft.objects.filter(author=author, is_finished=False).order_by("-saved_at")
    if model is None:
        return drafts
    return drafts.filter(content_type=ContentType.objects.get_for_model(model), object_id=object_id)


def finish(author, uid: UUID, model):
    """Forget what was typed into a form that is now saved or discarded, also what is still on its way here."""
    empty = {"title": "", "data": {}, "saved_at": timezone.now(), "is_finished": True}
    about = {"author": author, "content_type": ContentType.objects.get_for_model(model)}
    _draft, is_new = Draft.objects.get_or_create(uid=uid, defaults=about | empty)
    if not is_new:
        Draft.objects.filter(author=author, uid=uid).update(**empty)


def purge() -> str:
    now = timezone.now()
    is_over = Q(saved_at__lt=now - KEPT_FOR) | Q(saved_at__lt=now - FINISHED_FOR, is_finished=True)
    count, _by_model = Draft.objects.filter(is_over).delete()
    return f"{count} unsaved texts forgotten"
