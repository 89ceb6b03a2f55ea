"""The languages of the site: the first part of an address says which, and none says Polish, in which texts are written.

No cookie and no header decides: so one address is one page, for every reader and for every cache.
"""

from django.conf import settings
from django.utils.translation import get_language, override

ORIGINAL = settings.LANGUAGE_CODE
CODES = [code for code, _name in settings.LANGUAGES]
SHORT = {"pl": "PL", "en": "EN", "uk": "УКР"}
# Files, and what only editors see: they have one address for all languages (portal/urls.py, above the pages).
WITHOUT_LANGUAGE = (settings.STATIC_URL, settings.MEDIA_URL, "/pliki/", "/admin/", "/podglad/", "//")


class Written(str):
    """Text that knows in which language it is, for places that get texts of many kinds: the breadcrumbs."""

    language: str

    def __new__(cls, text, language: str):
        written = super().__new__(cls, text)
        written.language = language
        return written


def current() -> str:
    """That of the page which is being made; outside of pages that of the originals."""
    code = get_language()
    return code if code in CODES else ORIGINAL


def of_path(path: str) -> str:
    """ "/en/aktualnosci/" is English, "/aktualnosci/" and "/english/" are Polish."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in CODES and first != ORIGINAL else ORIGINAL


def without(path: str) -> str:
    """ "/en/aktualnosci/" → "/aktualnosci/"."""
    code = of_path(path)
    return path if code == ORIGINAL else path[len(code) + 1 :] or "/"


def path_in(path: str, code: str) -> str:
    """The same page with the interface of another language; a file has none."""
    if path.startswith(WITHOUT_LANGUAGE):
        return path
    bare = without(path)
    return bare if code == ORIGINAL else f"/{code}{bare}"


def address_in(obj, code: str) -> str:
    with override(code):
        return obj.get_absolute_url()
