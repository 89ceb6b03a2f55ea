"""Where the files of photos lie, and when they may be seen.

All files of a photo lie in private storage under its unguessable key. The variants of a *visible* photo are copied to
the public path when somebody first asks for them; `sweep()`, run by tick, takes them off again when visibility ends.
"""

import os
import secrets
import shutil
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from .pictures import Picture


def new_key() -> str:
    return secrets.token_hex(16)


def private_folder(key: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / "photos" / key


def public_folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "photos" / key


def write(key: str, picture: Picture):
    """Write all files of a new photo, or none: a crash in between leaves only a folder ending in .part."""
    folder = private_folder(key)
    part = folder.with_suffix(".part")
    part.mkdir(parents=True, exist_ok=True)
    for name, content in picture.files.items():
        (part / name).write_bytes(content)
    part.rename(folder)


def copy(from_key: str, to_key: str):
    """Give the photo `to_key` files of its own, equal to those of `from_key`."""
    shutil.copytree(private_folder(from_key), private_folder(to_key), copy_function=_link_or_copy)


def _link_or_copy(source: str, target: str):
    """Files never change once written, so two names for one file do; where the disk cannot, a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def photo_models():
    from .photos import GalleryPhoto

    return [model for model in apps.get_models() if issubclass(model, GalleryPhoto)]


def find_photo(key: str):
    """The photo with this key, of whichever section, or None."""
    for model in photo_models():
        if photo := model.objects.filter(key=key).first():
            return photo
    return None


def publish(key: str, name: str) -> Path:
    """Copy one variant to the public path, whole or not at all."""
    target = public_folder(key) / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{secrets.token_hex(4)}-{name}")
    shutil.copyfile(private_folder(key) / name, part)
    part.replace(target)
    return target


def sweep() -> str:
    """Take files off the public path whose photo may no longer be seen, and forget files that belong to no photo."""
    root = Path(settings.MEDIA_ROOT) / "photos"
    public_keys = {path.name for path in root.iterdir()} if root.exists() else set()
    visible = set()
    for model in photo_models():
        owners = model._meta.get_field(model.owner_field).related_model.objects.reachable()
        shown = model.objects.shown().filter(key__in=public_keys, **{f"{model.owner_field}__in": owners})
        visible.update(shown.values_list("key", flat=True))
    for key in public_keys - visible:
        shutil.rmtree(root / key, ignore_errors=True)
    return f"{len(public_keys - visible)} withdrawn, {_remove_orphans()} orphans removed"


def _remove_orphans() -> int:
    root = Path(settings.PRIVATE_ROOT) / "photos"
    if not root.exists():
        return 0
    # Younger ones may belong to an upload whose row is not committed yet.
    yesterday = (timezone.now() - timedelta(days=1)).timestamp()
    old = {path.name: path for path in root.iterdir() if path.stat().st_mtime < yesterday}
    for model in photo_models():
        for key in model.objects.filter(key__in=old).values_list("key", flat=True):
            del old[key]
    for path in old.values():
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
