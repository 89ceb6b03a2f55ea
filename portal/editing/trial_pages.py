"""The real page as it would be after saving: everything is saved, the page is made, and all of it is rolled back."""

from django.urls import resolve

from portal.content.preview import keep_private
from portal.counters.journal import HEADER

PARAMETER = "look"


def is_wanted(request) -> bool:
    """By the button of a form, or by the link to a proposed version's page."""
    return "_look" in request.POST or (getattr(request, "kept", None) is not None and PARAMETER in request.GET)


def page_of(request, obj):
    """The public page of `obj` as this transaction sees it. To be called before it is rolled back."""
    address = obj.get_absolute_url()
    found = resolve(address)
    request.method, request.path, request.path_info = "GET", address, address
    request.is_trial = True  # said at the top of the page (templates/includes/_state_banner.html)
    response = found.func(request, *found.args, **found.kwargs)
    if hasattr(response, "render"):
        response.render()
    if HEADER in response:
        del response[HEADER]  # nobody has visited
    return keep_private(response)
