"""The filters of the cards: a plain GET form. Their names stand in addresses, hence in Polish."""

from django.db.models import Exists, OuterRef
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ModelChoiceFilter

from portal.search.filters import with_words

from ..filters import UNKNOWN, UNUSABLE, PlainFilter
from ..models import Institution
from .models import LifeSituation, ServiceCard


def shown():
    return ServiceCard.objects.published().for_readers().order_by()


def offered_situations(_request):
    return LifeSituation.objects.filter(Exists(shown().filter(situations=OuterRef("pk"))))


def offered_units(_request):
    return Institution.objects.published().filter(Exists(shown().filter(unit=OuterRef("pk"))))


class ServiceFilter(PlainFilter):
    q = CharFilter(
        method=with_words,
        label=_("Words"),
        max_length=100,
        widget=TextInput(attrs={"type": "search"}),
        error_messages=UNUSABLE,
    )
    sytuacja = ModelChoiceFilter(
        field_name="situations",
        queryset=offered_situations,
        to_field_name="code",
        label=_("Life situation"),
        empty_label=_("all situations"),
        error_messages=UNKNOWN,
    )
    jednostka = ModelChoiceFilter(
        field_name="unit",
        queryset=offered_units,
        to_field_name="slug",
        label=_("Unit"),
        empty_label=_("all units"),
        error_messages=UNKNOWN,
    )

    class Meta:
        model = ServiceCard
        fields = []
