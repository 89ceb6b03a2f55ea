"""The words field of public lists."""

from django.contrib.contenttypes.models import ContentType

from .fulltext import matching
from .models import SearchDocument
from .query import parse


def with_words(queryset, _name, text: str):
    """Those in which the search finds all words of `text`, in any form and case, with Polish letters or without."""
    expression = parse(text)
    if expression is None:
        return queryset.none()
    documents = SearchDocument.objects.filter(content_type=ContentType.objects.get_for_model(queryset.model))
    return queryset.filter(pk__in=documents.filter(matching(expression)).values("object_id"))
