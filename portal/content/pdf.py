"""HTML made into PDF/UA where WeasyPrint can run: tagged, so that a screen reader finds its way, and always alike.

The document reads nothing but this site's own stylesheets, fonts and photos, from disk: no network and no other file.
"""

import ctypes
import hashlib
import importlib.util
import mimetypes
import re
import threading
from functools import cache as remember
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

from . import photo_files

# What WeasyPrint loads Pango by: Linux, macOS, Windows.
PANGO = [
    ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"),
    ("libpango-1.0.dylib", "libpangoft2-1.0.dylib"),
    ("libpango-1.0-0.dll", "libpangoft2-1.0-0.dll"),
]
PHOTO_PATH = re.compile(r"/media/photos/([0-9a-f]{32})/([0-9]{1,4}\.jpg)")
STATIC_PATH = re.compile(r"/static/((?:css|fonts)/\w[\w.-]*)")

# Setting a page takes a second of a processor: one at a time leaves the others to the readers.
one_at_a_time = threading.Lock()


@remember
def is_available() -> bool:
    """Whether a PDF can be made here. Looks for the package and for Pango without importing half a second of code."""
    return importlib.util.find_spec("weasyprint") is not None and any(_loads(names) for names in PANGO)


def _loads(names) -> bool:
    try:
        return all(ctypes.CDLL(name) for name in names)
    except OSError:
        return False


def from_html(html: str) -> bytes:
    """The same bytes for the same HTML. Whoever calls it holds `one_at_a_time`."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFiles(URLFetcher):
        """WeasyPrint's door to the world."""

        def fetch(self, url, headers=None):
            if url.startswith("data:image/png;base64,"):  # a QR code of ours; nothing that somebody typed
                return super().fetch(url, headers)
            path = own_file(url)
            content_type, _encoding = mimetypes.guess_type(path.name)
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    identifier = hashlib.sha256(html.encode()).digest()[:16]  # else random, and the same PDF would differ each time
    document = HTML(string=html, base_url=settings.SITE_URL, url_fetcher=OwnFiles())
    return document.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier)


def own_file(url: str) -> Path:
    """The file on disk behind an address of this site. Raises ValueError for every other address."""
    if url.startswith(f"{settings.SITE_URL}/"):
        path = unquote(urlsplit(url).path)
        if photo := PHOTO_PATH.fullmatch(path):
            return photo_files.private_folder(photo[1]) / photo[2]
        if (static := STATIC_PATH.fullmatch(path)) and (found := _static_file(static[1])):
            return found
    raise ValueError(f"not a file of this site: {url}")


def _static_file(name: str) -> Path | None:
    """Collected under a hashed name, or still where it was written."""
    collected = Path(settings.STATIC_ROOT) / name
    found = collected if collected.is_file() else finders.find(name)
    return Path(found) if found else None
