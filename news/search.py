"""What the search knows of articles and notices."""

from django.utils.translation import gettext_lazy as _

from portal.content.richtext import plain_text
from portal.search.sources import Document, register_source

from .models import Article, ArticleAttachment, Notice, NoticeAttachment


def article_document(article: Article) -> Document:
    return Document(article.title, article.get_absolute_url(), lead=article.lead, body=_text_and_attachments(article))


def notice_document(notice: Notice) -> Document:
    return Document(notice.title, notice.get_absolute_url(), lead=notice.summary, body=_text_and_attachments(notice))


def _text_and_attachments(item: Article | Notice) -> str:
    return " · ".join([plain_text(item.body), *(attachment.title for attachment in item.attachments.all())])


def register():
    register_source(
        Article, article_document, kind="aktualnosci", label=_("News"),
        queryset=lambda: Article.objects.prefetch_related("attachments"),
        made_of={ArticleAttachment: lambda attachment: [attachment.article_id]},
    )  # fmt: skip
    register_source(
        Notice, notice_document, kind="ogloszenia", label=_("Notices"),
        queryset=lambda: Notice.objects.prefetch_related("attachments"),
        made_of={NoticeAttachment: lambda attachment: [attachment.notice_id]},
    )  # fmt: skip
