"""Remarks of publishers: why a text went back to its author. One is open until the text is sent again or published."""

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from .models import Remark


def make(obj, author, text: str) -> Remark:
    answer(obj)
    return Remark.objects.create(
        content_type=ContentType.objects.get_for_model(obj),
        object_id=obj.pk,
        author=author,
        text=text,
        made_at=timezone.now(),
    )


def open_of(obj) -> Remark | None:
    return _open(obj).select_related("author").first()


def answer(obj):
    _open(obj).update(answered_at=timezone.now())


def _open(obj):
    content_type = ContentType.objects.get_for_model(obj)
    return Remark.objects.filter(content_type=content_type, object_id=obj.pk, answered_at__isnull=True)
