"""The filters of the directory: a plain GET form. Their names stand in addresses, hence in Polish.

A value that nobody knows is named beside its field and otherwise ignored: the reader still gets a list. No filter may
tell more than the list does: where a hidden institution is cannot be found out by asking for it.
"""

from django.db.models import Exists, OuterRef
from django.forms import CheckboxInput, TextInput
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, FilterSet, ModelChoiceFilter

from portal.content.folding import fold

from .models import Institution, InstitutionType, Municipality, ServedGroup

UNKNOWN = {"invalid_choice": _("There is no such choice here, so all are shown.")}
UNUSABLE = {
    "max_length": _("Use at most 100 characters. This filter was left out."),
    "null_characters_not_allowed": _("These characters cannot be searched for. This filter was left out."),
}


def offered_types(_request):
    return InstitutionType.objects.filter(Exists(shown().filter(type=OuterRef("pk"))))


def offered_municipalities(_request):
    return Municipality.objects.filter(Exists(shown().with_known_place().filter(municipality=OuterRef("pk"))))


def offered_groups(_request):
    return ServedGroup.objects.filter(Exists(shown().filter(serves=OuterRef("pk"))))


def shown():
    return Institution.objects.published().for_readers().order_by()


class PlainFilter(FilterSet):
    @property
    def is_active(self) -> bool:
        """Whether anything narrows the list."""
        self.form.is_valid()
        return any(self.form.cleaned_data.values())


class InstitutionFilter(PlainFilter):
    q = CharFilter(
        method="containing",
        label=_("Name or place"),
        max_length=100,
        widget=TextInput(attrs={"type": "search"}),
        error_messages=UNUSABLE,
    )
    typ = ModelChoiceFilter(
        field_name="type",
        queryset=offered_types,
        to_field_name="code",
        label=_("Type"),
        empty_label=_("all types"),
        error_messages=UNKNOWN,
    )
    gmina = ModelChoiceFilter(
        method="in_municipality",
        queryset=offered_municipalities,
        to_field_name="name",
        label=_("Municipality"),
        empty_label=_("all municipalities"),
        error_messages=UNKNOWN,
    )
    dla = ModelChoiceFilter(
        field_name="serves",
        queryset=offered_groups,
        to_field_name="code",
        label=_("For whom"),
        empty_label=_("all groups"),
        error_messages=UNKNOWN,
    )
    wolne = BooleanFilter(method="with_free_places", label=_("has free places"), widget=CheckboxInput)

    class Meta:
        model = Institution
        fields = []

    def in_municipality(self, queryset, _name, municipality):
        return queryset.in_municipality(municipality) if municipality else queryset

    def with_free_places(self, queryset, _name, wanted):
        return queryset.with_free_places() if wanted else queryset

    def containing(self, queryset, _name, text):
        """Those whose public words contain every word of `text`, without regard to Polish letters.

        In Python, over the few hundred rows that a county has: SQLite cannot compare "Ł" with "ł", and only
        `public_words` knows what may be found.
        """
        words = fold(text).split()
        rows = queryset.select_related("type", "municipality").prefetch_related(None)
        return queryset.filter(pk__in=[row.pk for row in rows if all(word in public_words(row) for word in words)])


def public_words(institution: Institution) -> str:
    parts = [
        institution.name, institution.short_name, institution.type.name, str(institution.type), institution.lead,
        institution.for_whom, institution.area_served, str(institution.location), institution.public_municipality,
    ]  # fmt: skip
    return fold(" ".join(parts))
