"""AVIF variants, half the size of the others, made by tick for what the public sees: encoding takes seconds."""

import logging
import time

from PIL import Image

from . import photo_files, pictures

logger = logging.getLogger("portal.avif")
SECONDS = 10  # of one run, so that mail need not wait


def make_some(seconds: float = SECONDS) -> str:
    """Make the variants of photos of published things, the newest first, until the time is over."""
    if not pictures.HAS_AVIF:
        return "Pillow without AVIF"
    until, made = time.monotonic() + seconds, 0
    for photo in _waiting():
        if time.monotonic() > until:
            break
        try:
            made += _make(photo)
        except OSError as error:
            if error.errno in photo_files.DISK_IS_FULL:
                raise
            logger.warning("photo %s has no master that can be read: %s", photo.key, error)
    return f"{made} made"


def _waiting():
    for model in photo_files.photo_models():
        owners = model._meta.get_field(model.owner_field).related_model.objects.reachable()
        photos = model.objects.shown().filter(has_avif=False, **{f"{model.owner_field}__in": owners})
        yield from (photo for photo in photos.order_by("-pk").iterator() if photo_files.exists(photo.key))


def _make(photo) -> bool:
    folder = photo_files.private_folder(photo.key)
    with Image.open(folder / pictures.MASTER, formats=["JPEG"]) as master:
        contents = {f"{width}.avif": pictures.avif(master, width) for width in photo.widths}
    for name, content in contents.items():
        photo_files.add(photo.key, name, content)
    # By its key too: meanwhile somebody may have rotated it, and the row names other files.
    return bool(type(photo).objects.filter(pk=photo.pk, key=photo.key).update(has_avif=True))
