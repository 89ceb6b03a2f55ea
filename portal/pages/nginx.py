"""The configuration of nginx, made from deploy/nginx/portal.conf and the settings, so that both say the same."""

from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from django.conf import settings

from portal.content.documents import CONTENT_TYPES
from portal.content.files import KEPT_BY_THE_READER

from . import error_files
from .models import ALWAYS_SENSITIVE

TEMPLATE = settings.BASE_DIR / "deploy" / "nginx" / "portal.conf"


class NginxTemplate(Template):
    delimiter = "%"  # "$" is nginx's own


@dataclass
class Place:
    """What nginx has to know and the settings do not: where it listens, and where the portal does."""

    listen: list[str]  # "80", "127.0.0.1:8080", "443 ssl"
    upstreams: list[str] = field(default_factory=lambda: ["127.0.0.1:8000"])
    cache: str = "/var/cache/nginx/portal"
    certificate: str = ""
    key: str = ""
    access_log: str = ""  # a file with visitors' addresses, to be kept for fourteen days (deploy/logrotate)


def configuration(place: Place) -> str:
    """The whole text. Raises ValueError when a path holds what nginx would read as something else."""
    lines = [f"listen {address};" for address in place.listen]
    if place.certificate:
        lines += [f"ssl_certificate {place.certificate};", f"ssl_certificate_key {place.key};"]
    words = {
        "listen": indented(lines),
        "names": " ".join(
            dict.fromkeys([settings.SITE_HOST, *(h for h in settings.ALLOWED_HOSTS if h[0] not in "[*.")])
        ),
        # Kept where the public address has one, so that the portal's own links and checks of origin agree.
        "port": f":{urlsplit(settings.SITE_URL).port}" if urlsplit(settings.SITE_URL).port else "",
        "upstreams": indented(f"server {address} max_fails=1 fail_timeout=2s;" for address in place.upstreams),
        "cache": place.cache,
        "public": settings.MEDIA_ROOT,
        "static_url": settings.STATIC_URL,
        "static": settings.STATIC_ROOT,
        "views": settings.VIEW_JOURNAL_DIR,
        "errors": error_files.folder(),
        "sensitive": "|".join(sorted(ALWAYS_SENSITIVE)),
        "access_log": f"    access_log {place.access_log} combined if=$portal_may_log;" if place.access_log else "",
        "document_types": indented((f"{kind} {name};" for name, kind in CONTENT_TYPES.items()), 12),
        "document_caching": KEPT_BY_THE_READER,
        "limits": indented(
            f"location {prefix} {{ client_max_body_size {limit}; proxy_pass http://portal; "
            "add_header Cache-Control $portal_cache_control always; }"
            for prefix, limit in settings.REQUEST_MAX_BYTES
            if prefix != "/"
        ),
        "page_limit": dict(settings.REQUEST_MAX_BYTES)["/"],
    }
    for path in (*(words[name] for name in ("cache", "public", "static", "views", "errors")), place.access_log):
        if any(letter in str(path) for letter in " ;{}$'\"\\"):
            raise ValueError(f"{path}: nginx needs a path without spaces, quotes, ; $ {{ }}")
    return NginxTemplate(TEMPLATE.read_text()).substitute(words)


def indented(lines, width: int = 4) -> str:
    return "\n".join(" " * width + line for line in lines)


def make_folders(place: Place):
    """Those that nginx does not make itself."""
    for folder in (settings.MEDIA_ROOT, settings.VIEW_JOURNAL_DIR, place.cache):
        Path(folder).mkdir(parents=True, exist_ok=True)
    error_files.write()
