"""Asking other sites whether a page is there: politely, shortly, and never inside the office's own network."""

import http.client
import ipaddress
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

TIMEOUT = 10  # seconds
MOST_REDIRECTS = 5
PORTS = {80, 443}


class Refused(Exception):
    """The address leads into a private network, or is none."""


@dataclass(frozen=True)
class Reply:
    """`status` is 0 where nobody answered."""

    status: int
    words: str

    @property
    def is_gone(self) -> bool:
        return self.status in (404, 410)

    @property
    def is_bad(self) -> bool:
        """Nobody there or a server in trouble; a refusal (401, 403, 429 …) may be meant for machines only."""
        return self.status == 0 or self.status >= 500


def ask(url: str) -> Reply:
    """HEAD, then GET where HEAD is not liked; redirects are followed, each to a public address only."""
    try:
        reply = _follow("HEAD", url)
        if reply.status in (0, 404, 410) or reply.status >= 400:
            reply = _follow("GET", url)
    except Refused as refused:
        return Reply(403, str(refused))
    return reply


def _follow(method: str, url: str) -> Reply:
    for _step in range(MOST_REDIRECTS + 1):
        try:
            status, reason, location = _once(method, url)
        except Refused:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Reply(0, f"{type(error).__name__}"[:200])
        if status not in (301, 302, 303, 307, 308) or not location:
            return Reply(status, f"{status} {reason}"[:200])
        url = urljoin(url, location)
    return Reply(310, "too many redirects")


def _once(method: str, url: str) -> tuple[int, str, str]:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Refused("not a web address")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname.encode("idna").decode()
    connection = _connect(parts.scheme, host, port)
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/?%:@!$&()*+,;=~-._')}" if parts.query else ""
        connection.request(
            method, path + query, headers={"User-Agent": f"portal ({settings.SITE_URL})", "Accept": "*/*"}
        )
        response = connection.getresponse()
        return response.status, response.reason, response.getheader("Location") or ""
    finally:
        connection.close()


def _connect(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """A connection to the very address that was looked at: asking the name server twice could give two answers."""
    family, _kind, _protocol, _name, address = public_address(host, port)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(TIMEOUT)
        sock.connect(address)
        if scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise
    connection.sock = sock
    return connection


def public_address(host: str, port: int) -> tuple:
    """What getaddrinfo says, if all of it lies in the public internet. Raises Refused or OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if f"{host}:{port}" in settings.LINKS_ALLOWED_HOSTS:
        return found[0]
    if port not in PORTS:
        raise Refused("an unusual port")
    for _family, _kind, _protocol, _name, address in found:
        if not is_public(address[0]):
            raise Refused("an address of a private network")
    return found[0]


def is_public(address: str) -> bool:
    """Also an IPv4 address dressed as an IPv6 one counts as what it is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        dressed = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if dressed is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            dressed = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if dressed is not None:
            return is_public(str(dressed))
    return ip.is_global and not ip.is_multicast
