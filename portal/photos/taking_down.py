"""Taking a photo down: out of every gallery, its files gone at once, and no way back for the same picture."""

from django.db import transaction
from django.db.models import Q

from portal.content import photo_files
from portal.editing import audit
from portal.editing.models import Act

from .models import TakenDownPhoto


def with_copies(photos) -> list:
    """These photos and all others that show the same picture, of whatever section."""
    digests = {photo.digest for photo in photos if photo.digest}
    keys = {photo.key for photo in photos}
    found = []
    for model in photo_files.photo_models():
        rows = model.objects.select_related(model.owner_field)
        found += rows.filter(Q(digest__in=digests) | Q(key__in=keys))
    return found


def take_down(photos, reason: str, user) -> list:
    """Remove the photos and their copies, rows and files; returns what was removed.

    A version or a draft that names one of them finds no files any more; a rotated copy or one that was sent and not
    saved lies under another key, and is found by its digest.
    """
    with transaction.atomic():
        removed = with_copies(photos)
        gone = {photo.key: (photo.digest, str(photo.owner)) for photo in removed}
        for digest in {photo.digest for photo in removed if photo.digest}:
            for key in photo_files.keys_with(digest):
                gone.setdefault(key, (digest, ""))
        for key, (digest, place) in gone.items():
            TakenDownPhoto.objects.get_or_create(
                key=key, defaults={"digest": digest, "place": place[:250], "reason": reason, "taken_by": user}
            )
        for photo in removed:
            audit.record(user, Act.TAKEN_DOWN, photo.owner, reason)
            type(photo).objects.filter(pk=photo.pk).delete()
        transaction.on_commit(lambda: [photo_files.remove(key) for key in gone])
    return removed
