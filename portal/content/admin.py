"""What the editors' forms and lists of all sections share."""

from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    AdminTimeWidget,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from . import richtext
from .admin_filters import StatusFilter, TimeFilter
from .admin_forms import EditingForm, PublishableForm
from .folding import fold
from .object_tools import ObjectTool, object_tools
from .publishing import Status
from .writing import panel
from .writing.forms import refuse_private_numbers

COUNT_LIMIT = 10_000
SEARCH_WORDS = 8
# "at-end" comes after the rows inside the form, just above the buttons (templates/admin/change_form.html).
PUBLICATION_FIELDSET = (_("Publication"), {"fields": ["state", ("publish_at", "expire_at")], "classes": ["at-end"]})
ADDRESS_FIELDSET = (
    _("Address of the page and language"),
    {"fields": ["slug", ("language", "translation_of")], "classes": ["collapse", "at-end"]},
)


# --- Lists ------------------------------------------------------------------------------------------------------------


class CappedPaginator(Paginator):
    """Counts no further than anybody will page, so that a list costs the same at any size."""

    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[:COUNT_LIMIT].count()


class ListOfContent(ChangeList):
    """Brings the relations that the columns show, by the section's own `for_list()`; forms do not need them."""

    def get_queryset(self, request, **kwargs):
        queryset = super().get_queryset(request, **kwargs)
        return queryset.for_list() if hasattr(queryset, "for_list") else queryset


# --- Rows inside a form -----------------------------------------------------------------------------------------------


class DayAndHour(AdminSplitDateTime):
    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.widgets[1].format = "%H:%M"  # nobody publishes to the second


class PlainFields:
    """Hours without seconds; and beside a choice at most "add": changing or deleting has lists of its own."""

    formfield_overrides = {
        models.DateTimeField: {"widget": DayAndHour},
        models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")},
        models.URLField: {"assume_scheme": "https"},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = field.widget.can_view_related = False
        return field


class RowFormSet(forms.BaseInlineFormSet):
    """Where there is no row yet, an empty one waits."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.initial_form_count():
            self.extra = 0

    def clean(self):
        super().clean()
        for form in self.forms:
            if hasattr(form, "cleaned_data") and not self._should_delete_form(form):
                refuse_private_numbers(form)


class Rows(PlainFields, admin.StackedInline):
    """Rows with a label over every field, folded away while there are none."""

    extra = 1
    formset = RowFormSet
    classes = ["collapse"]


class AttachmentRows(Rows):
    fields = [("title", "file", "position"), "link"]
    readonly_fields = ["link"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "file":
            kwargs["widget"] = forms.FileInput  # the stock one links to a path that no address reaches
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("attached file"))
    def link(self, attachment):
        if not attachment.pk:
            return "–"
        size = -(-attachment.size // 1024)
        return format_html(
            '<a href="{}">{}</a> {}, {} KB',
            attachment.get_absolute_url(),
            attachment.name,
            attachment.format.upper(),
            size,
        )


# --- The admin classes of the sections --------------------------------------------------------------------------------


class EditingAdmin(PlainFields, admin.ModelAdmin):
    """A form with version check and tools, a list that searches as Polish is written and costs the same at any size."""

    form = EditingForm
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    view_on_site = False  # our own link leads to the preview of drafts too

    def get_changelist(self, request, **kwargs):
        return ListOfContent

    def get_changeform_initial_data(self, request):
        """Without what cannot be the key of anything: an address may be mistyped."""
        initial = super().get_changeform_initial_data(request)
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        return {name: value for name, value in initial.items() if name not in relations or is_key(value)}

    def get_search_results(self, request, queryset, search_term):
        for word in fold(search_term.replace("\x00", "")).split()[:SEARCH_WORDS]:
            found = [Q(**{f"{field}__folded__contains": word[:100]}) for field in self.search_fields]
            queryset = queryset.filter(reduce(or_, found))
        return queryset, False

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        inlines = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for inline in inlines:
            if inline.formset.initial_form_count() or inline.formset.is_bound and inline.formset.has_changed():
                inline.classes = inline.classes.replace("collapse", "")  # folded away only while empty
        return inlines

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        if any(field.name == "position" for field in formset.model._meta.fields):
            new = {row.pk for row in formset.new_objects}
            renumber(formset.model.objects.filter(**{formset.fk.name: form.instance}), new)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        rows = [form for inline in context["inline_admin_formsets"] for form in inline.formset.forms]
        context["text_check"] = panel.of_forms([context["adminform"].form, *rows])
        context["tools"] = self.get_object_tools(request, obj) if obj and not context["is_popup"] else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_object_tools(self, request, obj) -> list[ObjectTool]:
        return object_tools(request, obj)


def is_key(value) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19


def renumber(rows, new: set[int]):
    """Number rows 10, 20, 30 … in their order, so that another fits between two; new ones without a number are last."""
    ordered = sorted(rows, key=lambda row: (row.pk in new and row.position == 0, row.position, row.pk))
    for number, row in enumerate(ordered, start=1):
        if row.position != number * 10:
            rows.model.objects.filter(pk=row.pk).update(position=number * 10)


@dataclass(frozen=True)
class Button:
    """`words` are for the script that keeps the label true while a time is being typed (portal-form.js)."""

    name: str
    label: str
    is_main: bool = False
    words: dict[str, str] = field(default_factory=dict)


class PublishableAdmin(EditingAdmin):
    """What is published: lists that say what is visible, buttons that say what they do.

    Who may not publish edits drafts only: a change of something published would be public at once.
    """

    form = PublishableForm
    list_display_links = ["title"]
    list_filter = [StatusFilter, TimeFilter]
    readonly_fields = ["state"]
    autocomplete_fields = ["translation_of"]
    ordering = [F("publish_at").desc(nulls_first=True), "-pk"]
    actions = ["publish_selected", "review_selected", "archive_selected"]
    status_buttons = {
        "_save_draft": Status.DRAFT,
        "_to_review": Status.REVIEW,
        "_publish": Status.PUBLISHED,
        "_archive": Status.ARCHIVED,
    }

    # Permissions

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def has_change_permission(self, request, obj=None):
        is_public = obj is not None and obj.status in (Status.PUBLISHED, Status.ARCHIVED)
        return super().has_change_permission(request, obj) and (not is_public or self.has_publish_permission(request))

    # The list

    @admin.display(description=_("status"))
    def state(self, obj):
        code, words = state_of(obj)
        return format_html('<span class="state state-{}">{}</span>', code, words)

    @admin.display(description=_("status and publication"), ordering="publish_at")
    def publication(self, obj):
        when = date_format(timezone.localtime(obj.publish_at), "d.m.Y H:i") if obj.publish_at else ""
        return format_html('{}<span class="when">{}</span>', self.state(obj), when)

    @admin.display(description=_("photo"))
    def thumbnail(self, obj):
        if not obj.cover:
            return ""
        return format_html(
            '<img class="thumbnail" src="{}" alt="" width="80" height="60" loading="lazy">', obj.cover.small_url
        )

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._set_status(request, queryset, Status.PUBLISHED)

    @admin.action(description=_("Send to review"), permissions=["change"])
    def review_selected(self, request, queryset):
        self._set_status(request, queryset, Status.REVIEW)

    @admin.action(description=_("Move to the archive"), permissions=["publish"])
    def archive_selected(self, request, queryset):
        self._set_status(request, queryset, Status.ARCHIVED)

    def _set_status(self, request, queryset, status: str):
        changed = 0
        for obj in self.model.objects.filter(pk__in=queryset.order_by().values("pk")).exclude(status=status):
            if not self.has_change_permission(request, obj):
                self.message_user(
                    request, gettext("“%(title)s”: only a publisher may change it.") % {"title": obj}, messages.WARNING
                )
                continue
            obj.status = status
            try:
                obj.full_clean()
            except ValidationError as error:
                self.message_user(request, f"“{obj}”: {' '.join(error.messages)}", messages.ERROR)
                continue
            obj.save()
            self.log_change(request, obj, [{"changed": {"fields": [str(Status(status).label)]}}])
            changed += 1
        done = ngettext("%(count)d entry: %(status)s.", "%(count)d entries: %(status)s.", changed)
        self.message_user(
            request,
            done % {"count": changed, "status": Status(status).label},
            messages.SUCCESS if changed else messages.INFO,
        )

    # The form

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            return [pair for pair in fieldsets if "for-writing" not in pair[1].get("classes", [])]
        return fieldsets

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if {"_publish", "_archive"} & request.POST.keys() and not self.has_publish_permission(request):
            raise PermissionDenied
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)  # a class made for this request
        form.wanted_status = next(
            (status for name, status in self.status_buttons.items() if name in request.POST), None
        )
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["buttons"] = self.buttons(request, context["adminform"].form, context["is_popup"])
        if obj and super().has_change_permission(request) and not self.has_change_permission(request, obj):
            self.message_user(request, gettext("Only a publisher may change what is published."), messages.INFO)
        if obj and not self.has_change_permission(request, obj):
            for name in (field.name for field in self.opts.fields if isinstance(field, richtext.RichTextField)):
                setattr(obj, name, richtext.render(getattr(obj, name)))  # shown, not edited
        return super().render_change_form(request, context, add, change, form_url, obj)

    def buttons(self, request, form, is_popup: bool) -> list[Button]:
        """What can be done now, the harmless first."""
        status = form.saved_status
        if not self.has_publish_permission(request):
            buttons = {
                Status.DRAFT: [
                    Button("_save_draft", _("Save draft")),
                    Button("_to_review", _("Send to review"), is_main=True),
                ],
                Status.REVIEW: [Button("_save_draft", _("Back to drafts")), Button("_save", _("Save"), is_main=True)],
            }.get(status, [])
        elif status in (Status.DRAFT, Status.REVIEW):
            keep = [Button("_save_draft", _("Save draft")), Button("_to_review", _("Send to review"))]
            if status == Status.REVIEW:
                keep = [Button("_save_draft", _("Back to drafts")), Button("_save", _("Save"))]
            buttons = [*keep, self._publish_button(form.instance)]
        elif status == Status.PUBLISHED:
            buttons = [
                Button("_save", _("Save changes"), is_main=True),
                Button("_save_draft", _("Back to drafts")),
                Button("_archive", _("Move to the archive")),
            ]
        else:
            buttons = [Button("_save", _("Save changes"), is_main=True), Button("_publish", _("Publish again"))]
        if not is_popup:
            buttons += [Button("_continue", _("Save and continue editing")), Button("_preview", _("Save and preview"))]
        return buttons

    @staticmethod
    def _publish_button(obj) -> Button:
        words = {"now": gettext("Publish now"), "later": gettext("Publish on %(when)s"), "moment": day_at_hour()}
        is_later = obj.publish_at and obj.publish_at > timezone.now()
        label = words["later"] % {"when": in_words(obj.publish_at)} if is_later else words["now"]
        return Button("_publish", label, is_main=True, words=words)

    def get_object_tools(self, request, obj):
        label = _("View on site") if obj.is_published else _("Preview")
        return [ObjectTool(label, obj.get_absolute_url(), is_new_window=True), *super().get_object_tools(request, obj)]

    def response_add(self, request, obj, post_url_continue=None):
        return self._lead_on(request, obj, super().response_add(request, obj, post_url_continue))

    def response_change(self, request, obj):
        return self._lead_on(request, obj, super().response_change(request, obj))

    def _lead_on(self, request, obj, response):
        if IS_POPUP_VAR in request.POST:
            return response
        if obj.is_scheduled:
            self.message_user(
                request, gettext("It will appear on %(when)s.") % {"when": in_words(obj.publish_at)}, messages.INFO
            )
        url = self.next_url(request, obj)
        return HttpResponseRedirect(url) if url else response

    def next_url(self, request, obj) -> str | None:
        """Where to go after saving, if not where the stock admin goes."""
        return obj.get_absolute_url() if "_preview" in request.POST else None


def state_of(obj) -> tuple[str, str]:
    """(code, words) of what has become of a Publishable: the status, or what time has made of it."""
    if obj.is_scheduled:
        return "scheduled", _("Scheduled")
    if obj.status == Status.PUBLISHED and obj.is_expired:
        return "expired", _("No longer visible")
    return obj.status, obj.get_status_display()


def in_words(moment) -> str:
    """ "12 maja o 8:00", with the year where it is not this one."""
    local = timezone.localtime(moment)
    day = date_format(local, "j E" if local.year == timezone.localdate().year else "j E Y")
    return day_at_hour() % {"day": day, "hour": date_format(local, "G:i")}


def day_at_hour() -> str:
    return pgettext("a day at an hour", "%(day)s at %(hour)s")
