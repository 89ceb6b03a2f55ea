"""Where the contents of attachments lie, and when they may be seen.

A content lies in private storage under an unguessable key and never changes. That of a *visible* attachment is copied
to the public path when somebody first asks for it; `sweep()`, run by tick, takes it off when visibility ends or when
another file has taken its place, and forgets contents that nothing names.
"""

import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import signing
from django.utils import timezone

from . import documents
from .photo_files import new_key

SALT = "portal.content.attachments"
FOLDER = "attachments"

_keepers: list[Callable[[set[str]], set[str]]] = []


@dataclass(frozen=True)
class Stored:
    """A content that lies in private storage."""

    key: str
    name: str
    format: str
    size: int
    has_text: bool | None = None

    @property
    def facts(self) -> str:
        return documents.in_words(self.format, self.size)


def attachment_models():
    from .attachments import Attachment

    return [model for model in apps.get_models() if issubclass(model, Attachment)]


def private_name(key: str) -> str:
    """In the default storage, whose root is PRIVATE_ROOT."""
    return f"{FOLDER}/{key}"


def private_path(key: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / FOLDER / key


def public_folder(key: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "pliki" / key


def describe(file, document: documents.Document, key: str) -> Stored:
    name = documents.readable_name(file.name, document.format)
    return Stored(key, name, document.format, file.size, document.has_text)


# --- What came with a form --------------------------------------------------------------------------------------------


def receive(file, examine=documents.examine) -> Stored:
    """Examine an upload and put it into private storage. Raises ValidationError with the reason, or OSError."""
    stored = describe(file, examine(file), new_key())
    write_whole(private_path(stored.key), file)
    return stored


def write_whole(target: Path, file):
    """All of the file, or nothing: on a full disk not even a part stays."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{secrets.token_hex(4)}.part")
    try:
        file.seek(0)
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640), "wb") as out:
            shutil.copyfileobj(file, out, 1024**2)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def to_token(stored: Stored) -> str:
    """What a form carries instead of the file: text like any other, valid as long as the content is there."""
    return signing.dumps(astuple(stored), salt=SALT)


def from_token(token: str) -> Stored | None:
    """The content that a form names, kept from being swept for another day; None when it is gone or not ours."""
    try:
        stored = Stored(*signing.loads(token, salt=SALT))
        os.utime(private_path(stored.key))
    except (signing.BadSignature, TypeError, OSError):
        return None
    return stored


# --- The public path --------------------------------------------------------------------------------------------------


def publish(attachment) -> Path:
    """Copy the content to the public path, whole or not at all."""
    target = public_folder(attachment.key) / attachment.content_key / attachment.name
    with attachment.file.open("rb") as content:
        write_whole(target, content)
    return target


def register_keeper(function: Callable[[set[str]], set[str]]):
    """Have `function` say which of these contents something else than a row still names (a draft, a proposed change, an
    old version). Called from AppConfig.ready()."""
    _keepers.append(function)


def sweep() -> str:
    return f"{_withdraw()} withdrawn, {_remove_orphans()} orphans removed"


def _withdraw() -> int:
    root = public_folder("")
    public = {path.name: path for path in root.iterdir()} if root.exists() else {}
    visible = {}
    for model in attachment_models():
        owners = model._meta.get_field(model.owner_field).related_model.objects.reachable()
        rows = model.objects.filter(key__in=public, **{f"{model.owner_field}__in": owners})
        visible.update(rows.values_list("key", "content_key"))
    withdrawn = 0
    for key, path in public.items():
        old = [content for content in path.iterdir() if content.name != visible.get(key)]
        for content in old:
            shutil.rmtree(content, ignore_errors=True)
        withdrawn += len(old)
        if key not in visible:
            shutil.rmtree(path, ignore_errors=True)
    return withdrawn


def _remove_orphans() -> int:
    root = private_path("")
    if not root.exists():
        return 0
    # Younger ones may belong to a form that has not been saved yet.
    yesterday = (timezone.now() - timedelta(days=1)).timestamp()
    orphans = {path.name for path in root.iterdir() if path.stat().st_mtime < yesterday}
    for model in attachment_models():
        orphans.difference_update(model.objects.filter(content_key__in=orphans).values_list("content_key", flat=True))
    for names_still in _keepers:
        orphans -= names_still(set(orphans)) if orphans else set()
    removed = 0
    for key in orphans:
        path = private_path(key)
        if path.stat().st_mtime < yesterday:  # asked again: a form may have been saved meanwhile
            path.unlink()
            removed += 1
    return removed
