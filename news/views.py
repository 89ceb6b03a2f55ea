"""The public pages of news and notices."""

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses.models import get_by_address
from portal.addresses.translations import lead_to_reader
from portal.content import languages, pdf
from portal.content.paging import CappedPaginator
from portal.content.preview import keep_private, preview_or_public
from portal.content.structured_data import absolute
from portal.counters.journal import mark_viewed
from portal.counters.models import with_views

from . import structured_data
from .filters import ArticleFilter, NoticeArchiveFilter, NoticeFilter
from .models import Article, Notice, NoticeKind, with_photos
from .pdf import of_article

PER_PAGE = 12
RELATED = 3


@require_safe
def article_list(request):
    filters = ArticleFilter(request.GET, Article.objects.published().for_readers())
    articles = filters.qs.for_list()
    ordered = articles.newest_first() if filters.is_active else articles.pinned_first()
    return _list_page(request, "news/article_list.html", ordered, filters=filters, breadcrumbs=_article_trail())


@require_safe
def article(request, slug: str):
    found = _find_article(request, slug)
    versions = lead_to_reader(found)
    related = Article.objects.published().for_readers().related_to(found, RELATED)
    with_photos(found, *related)
    context = {
        "article": found,
        "versions": versions,
        "breadcrumbs": _article_trail((languages.Written(found.title, found.language), "")),
        "related": related,
        "structured_data": structured_data.news_article(found),
        "has_pdf": pdf.is_available(),
    }
    return _detail_page(request, "news/article.html", context, found)


@require_safe
def article_print(request, slug: str):
    """The article alone, all of it on one page; asking for it is no second view."""
    (found,) = with_photos(_find_article(request, slug))
    address = absolute(found.get_absolute_url())
    response = render(request, "news/article_print.html", {"article": found, "address": address})
    return keep_private(response) if found.is_preview else response


@require_safe
def article_pdf(request, slug: str):
    if not pdf.is_available():
        raise Http404
    (found,) = with_photos(_find_article(request, slug))
    response = HttpResponse(of_article(found), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, f"{found.slug}.pdf")
    response["Cache-Control"] = "no-cache"
    return keep_private(response) if found.is_preview else response


@require_safe
def notice_list(request):
    filters = NoticeFilter(request.GET, Notice.objects.published().for_readers().current())
    ordered = filters.qs.for_list().nearest_deadline_first()
    return _list_page(request, "news/notice_list.html", ordered, filters=filters, breadcrumbs=_notice_trail())


@require_safe
def notice_archive(request):
    filters = NoticeArchiveFilter(request.GET, Notice.objects.in_archive().for_readers())
    trail = _notice_trail((_("Archive"), ""))
    return _list_page(
        request, "news/notice_archive.html", filters.qs.for_list().newest_first(), filters=filters, breadcrumbs=trail
    )


@require_safe
def notice(request, slug: str):
    notices = preview_or_public(request, Notice.objects.reachable(), Notice.objects.all())
    found = get_by_address(with_views(notices.for_detail()), slug)
    context = {
        "notice": found,
        "versions": lead_to_reader(found),
        "breadcrumbs": _notice_trail((languages.Written(found.title, found.language), "")),
    }
    if found.kind == NoticeKind.RECRUITMENT and not found.is_closed and not found.is_archived:
        context["structured_data"] = structured_data.job_posting(found)
    return _detail_page(request, "news/notice.html", context, found)


def _find_article(request, slug: str) -> Article:
    articles = preview_or_public(request, Article.objects.reachable(), Article.objects.all())
    return get_by_address(with_views(articles.for_detail()), slug)


def _detail_page(request, template: str, context: dict, found):
    response = render(request, template, context)
    return keep_private(response) if found.is_preview else mark_viewed(response, found)


def _list_page(request, template: str, queryset, **context):
    """One page of a list. One that does not exist is a 404 that still has the filters, and a link to the first."""
    filters = context["filters"]
    # All of one year lies in its pages, of more years the newest thousand.
    paginator = (CappedPaginator if filters.years and not filters.is_of_one_year else Paginator)(queryset, PER_PAGE)
    try:
        page, status = paginator.page(request.GET.get("page", 1)), 200
    except InvalidPage:
        page, status = None, 404
    context |= {"paginator": paginator, "page_obj": page}
    return render(request, template, context, status=status)


def _article_trail(*pairs):
    return [(_("News"), reverse("news:article_list")), *pairs]


def _notice_trail(*pairs):
    return [(_("Notices"), reverse("news:notice_list")), *pairs]
