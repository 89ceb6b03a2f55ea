"""Ask the rules of an accessibility statement: `manage.py check_statement`, or of another page, or of a file."""

from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from ...models import PAGE
from ...rules import Finding, check_page

MOST_BYTES = 5_000_000
SECONDS = 20


class Command(BaseCommand):
    help = "Checks an accessibility statement, ours or another office's, and names the rule and the element that fail."

    def add_arguments(self, parser):
        parser.add_argument("source", nargs="?", default=urljoin(f"{settings.SITE_URL}/", PAGE), help="address or file")

    def handle(self, *, source: str, **options):
        is_address = source.startswith(("http://", "https://"))
        html, findings = fetch(source) if is_address else (read(source), [])
        findings = findings or check_page(html, timezone.localdate())
        for finding in findings:
            self.stdout.write(str(finding))
        if findings:
            raise CommandError(_("%(count)d rules are broken: %(source)s") % {"count": len(findings), "source": source})
        self.stdout.write(_("Every rule holds: %(source)s") % {"source": source})


def read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from None


def fetch(url: str) -> tuple[str, list[Finding]]:
    """The page, and what is wrong before its first word is read."""
    try:
        request = Request(url, headers={"User-Agent": f"portal ({settings.SITE_URL})"})  # noqa: S310  http(s) only
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            content, kind = answer.read(MOST_BYTES), answer.headers.get_content_type()
            charset = answer.headers.get_content_charset() or "utf-8"
    except HTTPError as error:
        return "", [Finding("DD-01", url, _("It answers %(status)d, not 200.") % {"status": error.code})]
    except (URLError, OSError, ValueError) as error:
        raise CommandError(f"{url}: {error}") from None
    if kind not in ("text/html", "application/xhtml+xml"):
        return "", [Finding("DD-01", url, _("It is %(kind)s, not a page.") % {"kind": kind})]
    try:
        return content.decode(charset, "replace"), []
    except LookupError:
        return content.decode("utf-8", "replace"), []
