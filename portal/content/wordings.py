"""Short words of the office's own lists (a category, a kind of institution, a tile) in the other languages of the site.

Texts have translations with rows and addresses of their own (publishing.py). A name has none: it says on every page
what it says in that page's language, or the original where nobody has written it.
"""

import json
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from . import languages


class Wording(NamedTuple):
    text: str
    language: str  # which it is written in


class Worded(models.Model):
    """Its subclass says which of its fields have wordings, the one that names it first."""

    worded: tuple[str, ...] = ("name",)

    wordings = models.JSONField(_("in other languages"), default=dict, editable=False)  # {"uk": {"name": "…"}}

    class Meta:
        abstract = True

    def __str__(self):
        return self.wording(self.worded[0]).text

    def wording(self, field: str, language: str = "") -> Wording:
        """What `field` says in `language` (if not given, in that of the page), else the original."""
        language = language or languages.current()
        words = self.wordings.get(language, {}).get(field, "")
        return Wording(words, language) if words else Wording(getattr(self, field), languages.ORIGINAL)


def load_usual(model):
    """Give the rows that still say what a new office starts with the wordings of fixtures/wordings.json.

    For migrations: `model` may be a historical one.
    """
    lists = json.loads((settings.BASE_DIR / "fixtures" / "wordings.json").read_text(encoding="utf-8"))
    [known] = [entry["wordings"] for entry in lists if entry["model"] == model._meta.label_lower]
    by_original = {(field, text): entry for entry in known for field, text in entry[languages.ORIGINAL].items()}
    for row in model.objects.all():
        for (field, text), entry in by_original.items():
            if getattr(row, field) == text:
                for language in entry.keys() - {languages.ORIGINAL}:
                    row.wordings.setdefault(language, {}).setdefault(field, entry[language][field])
        if row.wordings:
            row.save(update_fields=["wordings"])
