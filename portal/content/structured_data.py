"""schema.org data for search engines: plain dicts, printed safely by templates/includes/_json_ld.html."""

import json

from django.conf import settings
from django.utils.safestring import mark_safe

# As in Django's json_script: nothing in the data can end the <script> element it stands in.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def dumps(data: dict) -> str:
    """JSON that may stand inside a <script>; empty values are left out, as schema.org wants them absent."""
    document = {"@context": "https://schema.org", **data}
    return mark_safe(json.dumps(_filled(document), ensure_ascii=False, default=str).translate(ESCAPES))  # noqa: S308


def _filled(value):
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items() if item not in (None, "", [], {})}
    if isinstance(value, (list, tuple)):
        return [_filled(item) for item in value]
    return value


def absolute(address: str) -> str:
    return address if "://" in address else f"{settings.SITE_URL}{address}"


def breadcrumb_list(trail) -> dict:
    """`trail`: (title, address) pairs from the home page down; the last one may have no address."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": str(title),
                "item": absolute(address) if address else "",
            }
            for position, (title, address) in enumerate(trail, start=1)
        ],
    }
