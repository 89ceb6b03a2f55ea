"""The network address that a request came from. Never stored, but where a docstring says for how long and what for."""

from ipaddress import ip_address

from django.conf import settings


def client_address(request) -> str | None:
    """Behind nginx the last entry of X-Forwarded-For, the only one that nginx itself has written; None: not known."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    address = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        return str(ip_address(address.partition("%")[0]))
    except ValueError:  # behind a Unix socket there is none
        return None
