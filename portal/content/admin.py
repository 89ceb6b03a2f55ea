"""What the editors' forms and lists of all sections share."""

from functools import reduce
from operator import or_

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import (
    AdminSplitDateTime,
    AdminTextareaWidget,
    AdminTimeWidget,
    RelatedFieldWidgetWrapper,
)
from django.db import models
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from . import richtext
from .admin_forms import EditingForm
from .folding import fold
from .object_tools import ObjectTool, object_tools
from .paging import CappedPaginator
from .writing import panel
from .writing.forms import refuse_private_numbers

SEARCH_WORDS = 8


# --- Lists ------------------------------------------------------------------------------------------------------------


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


# --- The admin classes of the sections --------------------------------------------------------------------------------


class PolishSearch:
    """A ModelAdmin whose search finds Polish letters however they are typed."""

    def get_search_results(self, request, queryset, search_term):
        for word in fold(search_term.replace("\x00", "")).split()[:SEARCH_WORDS]:
            found = [Q(**{f"{field}__folded__contains": word[:100]}) for field in self.search_fields]
            queryset = queryset.filter(reduce(or_, found))
        return queryset, False


class EditingAdmin(PolishSearch, PlainFields, admin.ModelAdmin):
    """A form with version check and tools, a list that searches as Polish is written and costs the same at any size."""

    form = EditingForm
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    view_on_site = False  # our own link leads to the preview of drafts too

    def get_changelist(self, request, **kwargs):
        return ListOfContent

    def response_action(self, request, queryset):
        """ "All of them" must be as many as the list says; of a list that was counted no further, nobody knows."""
        if request.POST.get("select_across", "0") not in ("", "0"):
            listed = self.get_changelist_instance(request)
            if listed.paginator.is_capped:
                words = _("More than %(number)s would be chosen. Narrow the list first: by year, by status, by words.")
                messages.error(request, words % {"number": listed.paginator.count})
                return None
        return super().response_action(request, queryset)

    def get_changeform_initial_data(self, request):
        """Without what cannot be the key of anything: an address may be mistyped."""
        initial = super().get_changeform_initial_data(request)
        relations = {field.name for field in self.opts.get_fields() if field.is_relation}
        return {name: value for name, value in initial.items() if name not in relations or is_key(value)}

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

    def show_rich_text(self, obj):
        """For who may only look at the form: texts as text, not as HTML in letters."""
        for name in (field.name for field in self.opts.fields if isinstance(field, richtext.RichTextField)):
            setattr(obj, name, richtext.render(getattr(obj, name)))


class OneRecord:
    """A ModelAdmin of a table with one row, whose key is 1: its list is its form, and it is never deleted."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not self.model.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if self.model.objects.exists():
            return redirect(f"{name}_change", 1)
        return redirect(f"{name}_add" if self.has_add_permission(request) else "admin:index")


def is_key(value) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 19


def renumber(rows, new: set[int]):
    """Number rows 10, 20, 30 … in their order, so that another fits between two; new ones without a number are last."""
    ordered = sorted(rows, key=lambda row: (row.pk in new and row.position == 0, row.position, row.pk))
    for number, row in enumerate(ordered, start=1):
        if row.position != number * 10:
            rows.model.objects.filter(pk=row.pk).update(position=number * 10)
