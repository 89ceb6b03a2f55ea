"""The filters of the lists: plain GET forms. Their names stand in addresses, hence in Polish.

A value that nobody knows is named beside its field and otherwise ignored: the reader still gets a list.
"""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet, ModelChoiceFilter

from portal.content.paging import years_of
from portal.search.filters import with_words

from .models import Article, Category, Notice, NoticeKind

UNKNOWN = {"invalid_choice": _("There is no such choice here, so all are shown.")}
LONGEST_TEXT = 100
TOO_LONG = _("Use at most 100 characters. Without this filter, all are shown.")


class ListFilter(FilterSet):
    years: list[int] = []

    def __init__(self, data, queryset):
        # A NUL byte finds nothing, stops PostgreSQL and must not be written into the page again.
        super().__init__({name: value.replace("\x00", "") for name, value in data.items()} or None, queryset)

    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list; read after `qs`, which checks the form."""
        return self.is_bound and any(self.form.cleaned_data.values())

    @property
    def is_of_one_year(self) -> bool:
        return self.is_active and bool(self.form.cleaned_data.get("rok"))

    def _offer_years(self, name: str):
        """Offer the years from that of the newest to that of the oldest."""
        self.years = years_of(self.queryset, "publish_at")
        self.filters[name].extra["choices"] = [(str(year), str(year)) for year in self.years]


class ArticleFilter(ListFilter):
    q = CharFilter(
        method=with_words, label=_("Words"), max_length=LONGEST_TEXT, error_messages={"max_length": TOO_LONG}
    )
    kategoria = ModelChoiceFilter(
        field_name="category",
        queryset=Category.objects.all(),
        to_field_name="slug",
        label=_("Category"),
        empty_label=_("all categories"),
        error_messages=UNKNOWN,
    )
    rok = ChoiceFilter(
        field_name="publish_at", lookup_expr="year", label=_("Year"), empty_label=_("all years"), error_messages=UNKNOWN
    )

    class Meta:
        model = Article
        fields = []

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self._offer_years("rok")


class NoticeFilter(ListFilter):
    rodzaj = ChoiceFilter(
        choices=NoticeKind.choices,
        field_name="kind",
        label=_("Kind"),
        empty_label=_("all kinds"),
        error_messages=UNKNOWN,
    )

    class Meta:
        model = Notice
        fields = []


class NoticeArchiveFilter(NoticeFilter):
    rok = ChoiceFilter(
        field_name="publish_at", lookup_expr="year", label=_("Year"), empty_label=_("all years"), error_messages=UNKNOWN
    )

    def __init__(self, data, queryset):
        super().__init__(data, queryset)
        self._offer_years("rok")
