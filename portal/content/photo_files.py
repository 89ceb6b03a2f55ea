"""Where the files of photos lie, and when they may be seen.

All files of a photo lie in private storage under its unguessable key. The variants of a *visible* photo are copied to
the public path when somebody first asks for them; `sweep()`, run by tick, takes them off again when visibility ends.
Files under a key never change: a rotated photo gets a new key.
"""

import errno
import os
import secrets
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from .pictures import MASTER, Picture, digest_of

DIGEST = "digest"  # beside the files, so that those which no row names yet are known for what they are
DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def new_key() -> str:
    return secrets.token_hex(16)


def private_folder(key: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / "photos" / key


def public_folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "photos" / key


def write(key: str, picture: Picture, digest: str = ""):
    """Write all files of a new photo, or none: a crash in between leaves only a folder ending in .part.

    `digest` is that of the picture which this one was rotated from.
    """
    folder = private_folder(key)
    part = folder.with_suffix(".part")
    try:
        part.mkdir(parents=True, exist_ok=True)
        for name, content in picture.files.items():
            (part / name).write_bytes(content)
        (part / DIGEST).write_text(digest or picture.digest)
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        raise


def add(key: str, name: str, content: bytes):
    """One more file of a photo, whole or not at all; where its folder was removed meanwhile, nothing."""
    target = private_folder(key) / name
    part = target.with_name(f".{secrets.token_hex(4)}-{name}")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def exists(key: str) -> bool:
    """Whether the photo still has its files: not after a take-down, nor where a backup brought back rows alone."""
    return (private_folder(key) / MASTER).exists()


def remove(key: str):
    """Take all files of a photo away, at once and for good."""
    shutil.rmtree(public_folder(key), ignore_errors=True)
    shutil.rmtree(private_folder(key), ignore_errors=True)


def withdraw(key: str):
    """Take the files off the public path without waiting for the sweep."""
    shutil.rmtree(public_folder(key), ignore_errors=True)


def keys_with(digest: str) -> set[str]:
    """The keys under which the same picture lies, also those that no photo names: unsaved, or older than a rotation."""
    root = Path(settings.PRIVATE_ROOT) / "photos"
    return {folder.name for folder in root.glob("*") if digest and _digest_in(folder) == digest}


def _digest_in(folder: Path) -> str:
    try:
        return (folder / DIGEST).read_text()
    except OSError:
        pass
    try:
        return digest_of((folder / MASTER).read_bytes())  # from before digests were written
    except OSError:
        return ""


# --- What floors above know -------------------------------------------------------------------------------------------

_keepers: list[Callable[[set[str]], set[str]]] = []
_reasons: list[Callable[[str], str]] = []
_gone: list[Callable[[str], bool]] = []


def register_keeper(function: Callable[[set[str]], set[str]]):
    """Have `function(keys)` asked before files are forgotten: it returns those that something besides a photo names."""
    _keepers.append(function)


def register_take_downs(reason_of: Callable[[str], str], is_gone: Callable[[str], bool]):
    """`reason_of(digest)`: why this picture may not be used again, or ""; `is_gone(key)`: whether it was taken down."""
    _reasons.append(reason_of)
    _gone.append(is_gone)


def taken_down_reason(digest: str) -> str:
    return next(filter(None, (reason_of(digest) for reason_of in _reasons)), "") if digest else ""


def was_taken_down(key: str) -> bool:
    return any(is_gone(key) for is_gone in _gone)


# --- Copies, and what the public sees ---------------------------------------------------------------------------------


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
    for keeper in _keepers:
        for key in keeper(set(old)):
            old.pop(key, None)
    for path in old.values():
        shutil.rmtree(path, ignore_errors=True)
    return len(old)
