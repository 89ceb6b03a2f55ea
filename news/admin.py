from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from events.models import Event, MeetingReport
from institutions.memberships import BoundAdmin
from portal.content.admin_filters import SOON, YearFilter
from portal.content.admin_forms import PublishableForm
from portal.content.attachment_rows import AttachmentRows, AttachmentUploads
from portal.content.board import LineFilter, register_board_line
from portal.content.object_tools import ObjectTool, register_object_tool
from portal.content.uploads import (
    PHOTOS_FIELDSET,
    PhotoFilter,
    PhotoRows,
    PhotosForm,
    PhotoUploads,
    register_photo_lines,
)
from portal.content.wordings_admin import WordedAdmin, worded_form
from portal.content.writing.forms import WrittenForm
from portal.counters.admin import VIEWS_FIELDSET, CountedForm, CountsViews
from portal.editing.filters import register_publishing_lines
from portal.editing.publishable_admin import (
    ADDRESS_FIELDSET,
    PUBLICATION_FIELDSET,
    TRANSLATION_FIELDSET,
    PublishableAdmin,
)
from portal.search.admin import IndexedSearch

from .from_meeting import NoCategory, draft_article
from .models import Article, ArticleAttachment, ArticlePhoto, Category, Notice, NoticeAttachment


class ArticleForm(CountedForm, PhotosForm):
    pass


class ArticlePhotoRows(PhotoRows):
    model = ArticlePhoto


class ArticleAttachmentRows(AttachmentRows):
    model = ArticleAttachment


@admin.register(Article)
class ArticleAdmin(IndexedSearch, BoundAdmin, PhotoUploads, AttachmentUploads, CountsViews, PublishableAdmin):
    unit_field = "unit"
    form = ArticleForm
    list_display = ["thumbnail", "title", "category", "publication", "view_count"]
    list_filter = [*PublishableAdmin.list_filter, YearFilter, "category", "is_pinned", PhotoFilter]
    search_fields = ["title", "lead"]
    autocomplete_fields = [*PublishableAdmin.autocomplete_fields, "unit", "institutions", "event", "project"]
    inlines = [ArticlePhotoRows, ArticleAttachmentRows]
    fieldsets = [
        (None, {"fields": ["category", "title", "lead", "body"]}),
        (_("Signatures"), {"fields": [("text_credit", "photo_credit"), "unit"]}),
        (_("Related"), {"fields": ["institutions", "event", "project"], "classes": ["collapse"]}),
        PHOTOS_FIELDSET,
        (
            PUBLICATION_FIELDSET[0],
            PUBLICATION_FIELDSET[1] | {"fields": [*PUBLICATION_FIELDSET[1]["fields"], "is_pinned"]},
        ),
        ADDRESS_FIELDSET,
        TRANSLATION_FIELDSET,
        VIEWS_FIELDSET,
    ]

    def get_urls(self):
        from_meeting = self.admin_site.admin_view(require_POST(self.from_meeting_view))
        return [
            path("from-meeting/<int:report_id>/", from_meeting, name="news_article_from_meeting"),
            *super().get_urls(),
        ]

    def from_meeting_view(self, request, report_id: int):
        """Make a draft of a meeting record, once; a second click opens it as it has become."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        report = get_object_or_404(MeetingReport, pk=report_id)
        try:
            article, is_new = draft_article(report)
        except NoCategory:
            self.message_user(request, gettext("Add a category of news first."), messages.ERROR)
            return redirect("admin:news_category_add")
        if is_new:
            self.log_addition(request, article, [{"added": {}}])
            text = gettext("Here is a draft made of the meeting record. Read it, correct it, and publish it.")
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:news_article_change", article.pk)


class DeadlineFilter(LineFilter):
    title = _("deadline")
    parameter_name = "deadline"

    def lookups(self, request, model_admin):
        return [("open", _("still open")), ("soon", _("within a week")), ("past", _("past"))]

    @staticmethod
    def select(queryset, value):
        now = timezone.now()
        if value == "open":
            return queryset.current()
        if value == "soon":
            return queryset.filter(deadline_at__gt=now, deadline_at__lt=now + SOON)
        return queryset.closed() if value == "past" else queryset


class NoticeForm(CountedForm, PublishableForm):
    pass


class NoticeAttachmentRows(AttachmentRows):
    model = NoticeAttachment


@admin.register(Notice)
class NoticeAdmin(IndexedSearch, BoundAdmin, AttachmentUploads, CountsViews, PublishableAdmin):
    unit_field = "unit"
    form = NoticeForm
    list_display = ["title", "kind", "publication", "deadline", "view_count"]
    list_filter = [*PublishableAdmin.list_filter, YearFilter, "kind", DeadlineFilter]
    search_fields = ["title", "summary"]
    autocomplete_fields = [*PublishableAdmin.autocomplete_fields, "unit"]
    inlines = [NoticeAttachmentRows]
    fieldsets = [
        (None, {"fields": ["kind", "title", "summary", "deadline_at", "body", "unit"]}),
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        TRANSLATION_FIELDSET,
        VIEWS_FIELDSET,
    ]

    @admin.display(description=_("deadline"), ordering="deadline_at")
    def deadline(self, notice):
        return f"{timezone.localtime(notice.deadline_at):%d.%m.%Y %H:%M}" if notice.deadline_at else "–"


@admin.register(Category)
class CategoryAdmin(WordedAdmin, admin.ModelAdmin):
    form = worded_form(Category, WrittenForm)
    list_display = ["name", "slug", "position"]
    prepopulated_fields = {"slug": ["name"]}


register_publishing_lines(Article)
register_publishing_lines(Notice)
register_board_line(_("Deadlines within a week"), Notice, DeadlineFilter, "soon")
register_photo_lines(Article)


def article_of_report(request, report: MeetingReport) -> ObjectTool | None:
    article = Article.objects.filter(source_report=report).first()
    if article:
        return ObjectTool(_("Open the article"), reverse("admin:news_article_change", args=[article.pk]))
    if request.user.has_perm("news.add_article"):
        return ObjectTool(
            _("Make a draft article"), reverse("admin:news_article_from_meeting", args=[report.pk]), is_post=True
        )
    return None


def article_of_event(request, event: Event) -> ObjectTool | None:
    report = MeetingReport.objects.filter(event=event).first()
    return article_of_report(request, report) if report else None


register_object_tool(MeetingReport, article_of_report)
register_object_tool(Event, article_of_event)
