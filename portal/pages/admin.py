from datetime import date

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.memberships import BoundAdmin, EditorMembership
from portal.content.admin import PlainFields, Rows
from portal.content.admin_forms import PublishableForm
from portal.content.attachment_rows import AttachmentRows, AttachmentUploads
from portal.content.board import register_board_line
from portal.content.writing.forms import WrittenForm
from portal.counters.admin import VIEWS_FIELDSET, CountedForm, CountsViews
from portal.editing.filters import register_publishing_lines
from portal.editing.publishable_admin import ADDRESS_FIELDSET, PUBLICATION_FIELDSET, PublishableAdmin

from .models import Banner, PageAttachment, StaticPage, Tile
from .role_changes import NotesRoles, roles_of_group, roles_of_user


class PageAttachmentRows(AttachmentRows):
    model = PageAttachment


class ReviewFilter(admin.SimpleListFilter):
    """The accessibility statement is to be reviewed by 31 March of each year."""

    title = _("yearly review")
    parameter_name = "review"
    slug = "deklaracja-dostepnosci"

    def lookups(self, request, model_admin):
        return [("due", _("accessibility statement not reviewed since 31 March"))]

    def queryset(self, request, queryset):
        return self.select(queryset, self.value())

    @classmethod
    def select(cls, queryset, value):
        today = timezone.localdate()
        due = date(today.year if today >= date(today.year, 3, 31) else today.year - 1, 3, 31)
        return queryset.filter(slug=cls.slug, updated_at__date__lt=due) if value == "due" else queryset


class PageForm(CountedForm, PublishableForm):
    pass


@admin.register(StaticPage)
class StaticPageAdmin(BoundAdmin, AttachmentUploads, CountsViews, PublishableAdmin):
    form = PageForm
    list_display = ["title", "parent", "is_in_menu", "position", "publication", "view_count"]
    list_filter = [*PublishableAdmin.list_filter, "is_in_menu", ReviewFilter]
    list_select_related = ["parent"]
    search_fields = ["title", "lead"]
    ordering = ["position", "title"]
    inlines = [PageAttachmentRows]
    fieldsets = [
        (None, {"fields": ["parent", "title", "lead", "body"]}),
        (_("Menu"), {"fields": [("is_in_menu", "menu_title", "position")]}),
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        VIEWS_FIELDSET,
    ]


@admin.register(Tile)
class TileAdmin(admin.ModelAdmin):
    form = WrittenForm
    list_display = ["title", "url", "position", "is_active"]


@admin.register(Banner)
class BannerAdmin(PlainFields, admin.ModelAdmin):
    form = WrittenForm
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
register_board_line(_("Accessibility statement: review due"), StaticPage, ReviewFilter, "due")


# --- Accounts ---------------------------------------------------------------------------------------------------------

APPS = ["news", "events", "registration", "outbox", "editing", "photos", "links", "institutions", "pages", "auth"]
ACTIONS = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view"), "publish": _("publish")}
admin.site.unregister([User, Group])


class MembershipRows(Rows):
    model = EditorMembership
    autocomplete_fields = ["institution"]
    fields = ["institution"]


@admin.register(User)
class AccountAdmin(NotesRoles, UserAdmin):
    """Every account here is one of an editor. Only a superuser makes or changes superusers."""

    roles_of = staticmethod(roles_of_user)
    list_display = ["username", "first_name", "last_name", "email", "group_names", "is_active", "last_login"]
    filter_horizontal = []
    inlines = [MembershipRows]
    add_form = UserCreationForm  # without Django's question whether there is to be a password
    add_fieldsets = [
        (None, {"fields": ["username", ("first_name", "last_name"), "email", ("password1", "password2")]}),
        (_("What may this person do"), {"fields": ["groups"]}),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        (_("What may this person do"), {"fields": ["is_active", "groups", "is_staff", "is_superuser"]}),
        (_("Important dates"), {"fields": [("last_login", "date_joined")]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_delete_permission(request, obj) and not is_above

    def get_readonly_fields(self, request, obj=None):
        own = ["last_login", "date_joined"]
        return own if request.user.is_superuser else [*own, "is_superuser"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("groups"))
    def group_names(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class PortalGroupAdmin(NotesRoles, GroupAdmin):
    roles_of = staticmethod(roles_of_group)
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "permissions":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions":
            # Only what editors work with; Django's own tables and ours behind the scenes are nobody's to give.
            field.queryset = field.queryset.filter(content_type__app_label__in=APPS)
            field.label_from_instance = permission_in_words
        return field


def permission_in_words(permission) -> str:
    """ "Aktualności: publikowanie"; Django's own names of permissions are English in every language."""
    model = permission.content_type.model_class()
    action = ACTIONS.get(permission.codename.partition("_")[0])
    if model is None or action is None:
        return str(permission)
    return f"{str(model._meta.verbose_name_plural).capitalize()}: {action}"
