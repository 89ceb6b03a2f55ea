from ipaddress import ip_address

from django.conf import settings
from django.http import Http404

from portal.content.client_address import client_address


class AdminNetworksMiddleware:
    """From outside of ADMIN_NETWORKS there is no admin: 404, as for any page that does not exist."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if (
            settings.ADMIN_NETWORKS
            and request.path_info.startswith("/admin/")
            and not is_inside(request, settings.ADMIN_NETWORKS)
        ):
            raise Http404
        return self.get_response(request)


def is_inside(request, networks: list) -> bool:
    address = client_address(request)
    if address is None:
        return False
    found = ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in networks)
