"""The search of the editors' lists of what residents search, too: by the index, so that it is as quick for many."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from portal.content.admin import PolishSearch

from .expression import Scope
from .fulltext import matching
from .models import SearchDocument
from .query import parse_beginnings

LONGEST = 200
READ = 200  # of the latest rows, in which parts of words are found, too


class IndexedSearch(PolishSearch):
    """For a model whose every row has a search document, whatever its status."""

    def get_search_results(self, request, queryset, search_term):
        expression = parse_beginnings(search_term.replace("\0", "")[:LONGEST])
        if expression is None:
            return super().get_search_results(request, queryset, search_term)
        documents = SearchDocument.objects.filter(content_type=ContentType.objects.get_for_model(self.model))
        indexed = documents.filter(matching(expression, Scope.TITLE_AND_LEAD)).values("object_id")
        latest = self.model._base_manager.order_by("-pk")
        oldest = next(iter(latest.values_list("pk", flat=True)[READ - 1 : READ]), 0)
        read, _may_repeat = super().get_search_results(request, latest.filter(pk__gte=oldest), search_term)
        return queryset.filter(Q(pk__in=indexed) | Q(pk__in=list(read.values_list("pk", flat=True)))), False
