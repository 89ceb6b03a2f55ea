"""The search page: a plain GET form, the results, and a way on where there are none."""

from urllib.parse import urlencode

from django import forms
from django.core.paginator import InvalidPage, Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from portal.content import languages
from portal.search import query
from portal.search.sources import sources
from portal.search.suggestions import suggest

PER_PAGE = 10
LONGEST_QUERY = 200


class SearchForm(forms.Form):
    q = forms.CharField(
        max_length=LONGEST_QUERY,
        required=False,
        error_messages={
            "max_length": gettext_lazy(
                "This text is too long. Write at most %(limit_value)d characters: a few words are enough."
            ),
            "null_characters_not_allowed": gettext_lazy(
                "This text has characters that cannot be searched for. Write it in letters and digits."
            ),
        },
    )


@require_safe
def search(request):
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "text": text,
        "errors": form.errors.get("q"),
        "breadcrumbs": [(_("Search results") if text else pgettext("page", "Search"), "")],
    }
    page = _results(request, text) if text else {}
    is_missing = "page_obj" in page and page["page_obj"] is None
    return render(request, "pages/search.html", context | page, status=404 if is_missing else 200)


def _results(request, text: str) -> dict:
    kind = request.GET.get("rodzaj") if request.GET.get("rodzaj") in sources else None
    found = query.search(text, kind=kind, language=languages.current())
    paginator = Paginator(found.hits, PER_PAGE)
    try:
        page = paginator.page(request.GET.get("page", 1))
    except InvalidPage:  # a 404 that still has the form, and a link to the first page
        page = None
    return {
        "found": found,
        "kinds": [
            (key, source.label, None if found.counts is None else found.counts.get(key, 0))
            for key, source in sources.items()
            if found.counts is None or key in {*found.counts, kind}
        ],
        "paginator": paginator,
        "page_obj": page,
        "results": query.results(found, page.object_list) if page else [],
        "suggestion": suggest(text, languages.current()) if found.is_empty else None,
        "original_address": _in_polish(request) if languages.current() != languages.ORIGINAL else "",
    }


def _in_polish(request) -> str:
    """The same search among the originals, of which most are not translated."""
    return f"{languages.path_in(request.path, languages.ORIGINAL)}?{urlencode({'q': request.GET.get('q', '')})}"
