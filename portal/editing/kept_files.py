"""Files that no row names, but a form somebody has not saved yet does, or a version that may come back."""

import base64
import binascii
import os
import re
from pathlib import Path

from reversion.models import Version

from portal.content import attachment_files, photo_files

from .models import Draft, Proposal

KEY = re.compile(r"[0-9a-f]{32}")
SIGNED = re.compile(r"\.?([\w-]+):[\w-]+:[\w-]+")


def keys_in(value: str) -> set[str]:
    """The keys of files in a signed token (django.core.signing.dumps: its first part is readable)."""
    found = SIGNED.fullmatch(value)
    if not found:
        return set()
    try:
        content = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
    except (ValueError, binascii.Error):
        return set()
    return set(KEY.findall(content.decode("utf-8", "replace")))


def still_named(keys: set[str]) -> set[str]:
    """Those of `keys` that an unsaved text, a proposed version or the history names."""
    kept = set()
    for model in (Draft, Proposal):
        for data in model.objects.values_list("data", flat=True).iterator():
            kept |= {key for values in data.values() for value in values for key in keys_in(value)}
    named = keys & kept
    for key in keys - named:
        if Version.objects.filter(serialized_data__contains=key).exists():
            named.add(key)
    return named


def photos_still_named(keys: set[str]) -> set[str]:
    return _asked_again_tomorrow(still_named(keys), photo_files.private_folder)


def attachments_still_named(keys: set[str]) -> set[str]:
    return _asked_again_tomorrow(still_named(keys), attachment_files.private_path)


def _asked_again_tomorrow(keys: set[str], path_of) -> set[str]:
    """Sweeps ask only of what is a day old: without this they would search the history every minute."""
    for key in keys:
        path: Path = path_of(key)
        if path.exists():
            os.utime(path)
    return keys
