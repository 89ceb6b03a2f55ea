"""The photos of the demo: each drawn picture is decoded once, by all cores, and given to everything that shows it."""

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

from django.core.files import File
from django.db import transaction

from events.models import Event, EventPhoto
from institutions.models import Institution, InstitutionPhoto
from news.models import Article, ArticlePhoto
from portal.content import pictures

from .reading import FOLDER, read

SECTIONS = [
    (("articles_a.json", "articles_b.json"), Article, ArticlePhoto),
    (("events.json",), Event, EventPhoto),
    (("institutions.json",), Institution, InstitutionPhoto),
]


def load_photos(progress):
    uses = defaultdict(list)
    for names, owner_model, photo_model in SECTIONS:
        owners = {owner.slug: owner for owner in owner_model.objects.all()}
        for row in (row for name in names for row in read(name)):
            for position, photo in enumerate(row.get("photos", []), start=1):
                uses[photo["file"]].append((photo_model, owners[row["key"]], position, photo))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        # Pillow lets go of the interpreter while it works, so threads are enough.
        for number, (name, picture) in enumerate(zip(uses, pool.map(_decode, uses), strict=True), start=1):
            progress(f"Zdjęcia {number}/{len(uses)}")
            with transaction.atomic():
                _add(picture, uses[name])


def _decode(name: str) -> pictures.Picture:
    with open(FOLDER / "photos" / f"{name}.jpg", "rb") as file:
        return pictures.decode(File(file))


def _add(picture, uses):
    first = None
    for model, owner, position, row in uses:
        fields = {
            "alt": row["alt"],
            "caption": row.get("caption", ""),
            "author": row.get("author", ""),
            "consent_basis": row["consent"],
        }
        photo = model.add_copy(owner, first, **fields) if first else model.add(owner, picture, **fields)
        first = first or photo
        model.objects.filter(pk=photo.pk).update(position=position)
