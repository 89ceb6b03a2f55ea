from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin
from portal.accessibility.models import SLUG, Statement
from portal.content.admin import PlainFields
from portal.content.admin_filters import ReviewFilter
from portal.content.admin_forms import PublishableForm
from portal.content.attachment_rows import AttachmentRows, AttachmentUploads
from portal.content.board import LineFilter, register_board_line
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

from .models import Banner, PageAttachment, StaticPage, Tile


class PageAttachmentRows(AttachmentRows):
    model = PageAttachment
    fields = [("title", "heading"), ("file", "position"), "link", "stored"]


class TextStatementFilter(LineFilter):
    """The accessibility statement of an office that wrote it before there was a form for it."""

    title = _("accessibility statement")
    parameter_name = "statement"

    def lookups(self, request, model_admin):
        return [("text", _("still a text"))]

    @classmethod
    def select(cls, queryset, value):
        if value != "text":
            return queryset
        has_data = Statement.objects.published().exists()
        return queryset.none() if has_data else queryset.filter(slug=SLUG)


class PageForm(CountedForm, PublishableForm):
    pass


@admin.register(StaticPage)
class StaticPageAdmin(BoundAdmin, AttachmentUploads, CountsViews, PublishableAdmin):
    form = PageForm
    list_display = ["title", "parent", "is_in_menu", "position", "publication", "view_count"]
    list_filter = [*PublishableAdmin.list_filter, "is_in_menu", ReviewFilter, TextStatementFilter]
    list_select_related = ["parent"]
    search_fields = ["title", "lead"]
    ordering = ["position", "title"]
    inlines = [PageAttachmentRows]
    fieldsets = [
        (None, {"fields": ["parent", "title", "lead", "body"]}),
        (_("Menu"), {"fields": [("is_in_menu", "menu_title", "position")]}),
        (_("Review"), {"fields": [("reviewed_on", "review_months")], "classes": ["collapse"]}),
        (_("Safety of readers"), {"fields": ["is_sensitive"], "classes": ["collapse"]}),
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        TRANSLATION_FIELDSET,
        VIEWS_FIELDSET,
    ]


@admin.register(Tile)
class TileAdmin(WordedAdmin, admin.ModelAdmin):
    form = worded_form(Tile, WrittenForm)
    list_display = ["title", "url", "position", "is_active"]


@admin.register(Banner)
class BannerAdmin(WordedAdmin, PlainFields, admin.ModelAdmin):
    form = worded_form(Banner, WrittenForm)
    list_display = ["text", "severity", "state", "starts_at", "ends_at"]
    list_filter = ["severity"]
    fields = ["severity", "text", ("link", "link_text"), ("starts_at", "ends_at")]

    @admin.display(description=_("state"))
    def state(self, banner):
        now = timezone.now()
        if banner.starts_at > now:
            code, words = "scheduled", gettext("to come")
        elif banner.ends_at and banner.ends_at <= now:
            code, words = "archived", gettext("ended")
        else:
            code, words = "published", gettext("shown now")
        return format_html('<span class="state state-{}">{}</span>', code, words)


register_publishing_lines(StaticPage)
register_board_line(_("Pages to be reviewed"), StaticPage, ReviewFilter, "due")
register_board_line(_("Accessibility statement: enter it in its form"), StaticPage, TextStatementFilter, "text")
