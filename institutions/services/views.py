"""The public pages of service cards."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses.models import get_by_address
from portal.addresses.translations import lead_to_reader
from portal.content import languages
from portal.content.preview import keep_private, preview_or_public
from portal.content.structured_data import absolute
from portal.content.watched import mark_sensitive
from portal.counters.journal import mark_viewed

from ..office import Office
from . import structured_data
from .filters import ServiceFilter
from .models import LifeSituation, ServiceCard


@require_safe
def card_list(request):
    filters = ServiceFilter(request.GET, ServiceCard.objects.published().for_readers().for_list())
    cards = list(filters.qs)
    chosen = filters.form.cleaned_data.get("sytuacja") if filters.is_active else None
    context = {
        "filters": filters,
        "number": len(cards),
        "groups": by_situation(cards, chosen),
        "breadcrumbs": [(_("How to settle a matter"), "")],
    }
    return render(request, "services/card_list.html", context)


@require_safe
def card(request, slug: str):
    found = _find(request, slug)
    context = {
        "card": found,
        "versions": lead_to_reader(found),
        "breadcrumbs": [
            (_("How to settle a matter"), reverse("services:list")),
            (languages.Written(found.title, found.language), ""),
        ],
        "exit_url": Office.current().quick_exit_url if found.hides_its_reader else "",
        "structured_data": structured_data.service(found),
    }
    response = render(request, "services/card.html", context)
    if found.is_preview:
        return keep_private(response)
    return mark_sensitive(response) if found.hides_its_reader else mark_viewed(response, found)


@require_safe
def card_print(request, slug: str):
    """The same on one sheet of A4; asking for it is no second view."""
    found = _find(request, slug)
    context = {"card": found, "address": absolute(found.get_absolute_url())}
    response = render(request, "services/card_print.html", context)
    if found.is_preview:
        return keep_private(response)
    return mark_sensitive(response) if found.hides_its_reader else response


def by_situation(cards: list[ServiceCard], chosen=None) -> list[tuple[LifeSituation | None, list[ServiceCard]]]:
    """(situation, cards) of each, and of none; of `chosen` alone, where a reader asked for one.

    Who looks under either of two situations finds the card: it stands under both.
    """
    groups = []
    for situation in [chosen] if chosen else LifeSituation.objects.all():
        members = [card for card in cards if situation in card.situations.all()]
        if members:
            groups.append((situation, members))
    others = [card for card in cards if not card.situations.all()]
    return [*groups, *([(None, others)] if others else [])]


def _find(request, slug: str) -> ServiceCard:
    cards = preview_or_public(request, ServiceCard.objects.reachable(), ServiceCard.objects.all())
    return get_by_address(cards.for_detail(), slug)
