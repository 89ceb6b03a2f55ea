"""A text and its translations: who asks for it in a language that it is in gets that one, all others the original."""

from django.db.models import Q

from portal.content import languages

from .models import Moved


def versions(found) -> dict[str, str]:
    """The addresses of `found` by language: its own, those of its original and of the other translations."""
    if found.pk is None:  # a page that is only tried
        return {}
    if not found.translation_of_id and not found.has_translations:
        return {found.language: languages.address_in(found, found.language)}
    original = found.translation_of_id or found.pk
    family = type(found).objects.published().filter(Q(pk=original) | Q(translation_of=original)).exclude(pk=found.pk)
    return {row.language: languages.address_in(row, row.language) for row in [*family, found]}


def lead_to_reader(found) -> dict[str, str]:
    """The versions of `found`. Raises Moved where a reader of the page's language has a better address."""
    known, wanted = versions(found), languages.current()
    if found.language != wanted and not found.is_preview:
        if wanted in known:
            raise Moved(known[wanted], is_permanent=False)  # until somebody takes the translation back
        if found.language != languages.ORIGINAL:
            raise Moved(languages.address_in(found, found.language))
    return known
