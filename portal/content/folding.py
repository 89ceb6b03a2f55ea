"""Polish letters: plain forms for addresses and searching, and the order of the Polish alphabet."""

import unicodedata

from django.db import models

ALPHABET = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"
# ł has no decomposition in Unicode, so that NFKD alone leaves it (and Django's slugify then loses it).
LETTERS_WITHOUT_DECOMPOSITION = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """Lower case without diacritics: "Łódź" → "lodz"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LETTERS_WITHOUT_DECOMPOSITION).lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def sort_key(text: str) -> str:
    """A string whose plain byte order is the Polish alphabetical order, the same on SQLite and PostgreSQL.

    PostgreSQL's collation depends on the server and SQLite has none: both are asked to order this key as bytes. Digits
    sort before letters, foreign letters with their base.
    """
    key = []
    for char in text.lower():
        if char in ALPHABET:
            key.append(chr(ord("A") + ALPHABET.index(char)))  # A … a: 35 letters, all ASCII, in order
        elif char.isdigit():
            key.append(char)
        elif char.isspace() or char in "-–":
            key.append(" ")
        else:
            key.extend(sort_key(folded) if (folded := fold(char)) and folded != char else "")
    return "".join(key)[:200]


class SortKeyField(models.CharField):
    """Follows `source` at every save; ordered by bytes on PostgreSQL ("C" collation)."""

    def __init__(self, source: str, **kwargs):
        self.source = source
        super().__init__(**{"max_length": 200, "editable": False, "db_index": True, "blank": True, **kwargs})

    def pre_save(self, instance, add):
        value = sort_key(getattr(instance, self.source) or "")
        setattr(instance, self.attname, value)
        return value

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}


# What PostgreSQL's TRANSLATE replaces letter by letter: every accented Latin letter that folds to a single one.
_ACCENTED = [char for char in map(chr, range(0xC0, 0x180)) if len(fold(char)) == 1 and fold(char).isascii()]


@models.CharField.register_lookup
@models.TextField.register_lookup
class Folded(models.Transform):
    """`title__folded__contains=fold(words)` finds "Łódź" for "lodz", on both databases.

    SQLite's own LIKE and LOWER know ASCII only, PostgreSQL's depend on the server's locale.
    """

    lookup_name = "folded"
    function = "portal_fold"

    def as_postgresql(self, compiler, connection, **extra):
        template = f"TRANSLATE(LOWER(%(expressions)s), '{''.join(_ACCENTED)}', '{''.join(map(fold, _ACCENTED))}')"
        return self.as_sql(compiler, connection, template=template, **extra)


def teach_sqlite_to_fold(connection, **_kwargs):
    """Give a new connection the function that Folded calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("portal_fold", 1, lambda text: text and fold(text), deterministic=True)
