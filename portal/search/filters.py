"""The words field of public lists."""

from django.contrib.contenttypes.models import ContentType

from portal.content import languages

from .expression import AnyOf
from .fulltext import matching
from .models import SearchDocument
from .query import parse


def with_words(queryset, _name, text: str):
    """Those in which the search finds all words of `text`, in any form and case, with Polish letters or without.

    A list in another language has originals, too, where nobody has translated them.
    """
    readings = [parse(text, language) for language in {languages.ORIGINAL, languages.current()}]
    expression = AnyOf(tuple(filter(None, readings)))
    if not expression.parts:
        return queryset.none()
    documents = SearchDocument.objects.filter(content_type=ContentType.objects.get_for_model(queryset.model))
    return queryset.filter(pk__in=documents.filter(matching(expression)).values("object_id"))
