"""Every link of the portal: rich text and address fields of whatever answers to visitors.

A model without rich text, or with links in other fields than URLFields, names them: `link_fields = ("url",)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from portal.content.richtext import RichTextField
from portal.content.writing import blocks
from portal.content.writing.addresses import own_path


@dataclass(frozen=True)
class FoundLink:
    obj: models.Model
    field: str
    url: str
    words: str
    anchors: frozenset[str]

    @property
    def is_outgoing(self) -> bool:
        return self.url.lower().startswith(("http://", "https://", "//")) and own_path(self.url) is None


def every_link() -> Iterator[FoundLink]:
    for model, fields in _fields().items():
        rows = model.objects.reachable() if hasattr(model.objects, "reachable") else model.objects.all()
        for obj in rows.order_by("pk").iterator(chunk_size=200):
            for field in fields:
                yield from _links(obj, field)


def _fields() -> dict[type[models.Model], list[models.Field]]:
    """Models with texts for visitors, and their fields that hold links."""
    found = {}
    for model in apps.get_models():
        texts = [field for field in model._meta.fields if isinstance(field, RichTextField)]
        addresses = [field for field in model._meta.fields if isinstance(field, models.URLField)] if texts else []
        addresses += [model._meta.get_field(name) for name in getattr(model, "link_fields", ())]
        if texts or addresses:
            found[model] = texts + addresses
    return found


def _links(obj, field) -> Iterator[FoundLink]:
    value = getattr(obj, field.name)
    if not value:
        return
    if not isinstance(field, RichTextField):
        yield FoundLink(obj, field.name, value, str(field.verbose_name), frozenset())
        return
    text = blocks.read(value)
    for block in text.blocks:
        for link in block.links:
            yield FoundLink(obj, field.name, link.href, link.text, frozenset(text.anchors))
