"""What the search knows of static pages."""

from django.utils.translation import gettext_lazy as _

from portal.content.richtext import plain_text
from portal.search.sources import Document, register_source

from .models import PageAttachment, StaticPage


def page_document(page: StaticPage) -> Document:
    body = " · ".join([plain_text(page.body), *(attachment.title for attachment in page.attachments.all())])
    return Document(
        page.title, page.get_absolute_url(), lead=page.lead, body=body, date=page.updated_at, aliases=page.menu_title
    )


def _children(page: StaticPage):
    """Their addresses begin with its own."""
    return page.children.values_list("pk", flat=True)


def register():
    register_source(
        StaticPage, page_document, kind="strony", label=_("Pages"), has_date=False,
        queryset=lambda: StaticPage.objects.select_related("parent").prefetch_related("attachments"),
        made_of={PageAttachment: lambda attachment: [attachment.page_id], StaticPage: _children},
    )  # fmt: skip
