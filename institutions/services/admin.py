from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.content.admin_forms import PublishableForm
from portal.content.attachment_rows import AttachmentRows, AttachmentUploads
from portal.content.wordings_admin import WordedAdmin, worded_form
from portal.content.writing.forms import WrittenForm
from portal.counters.admin import VIEWS_FIELDSET, CountedForm, CountsViews
from portal.editing.filters import register_publishing_lines
from portal.editing.publishable_admin import ADDRESS_FIELDSET, PUBLICATION_FIELDSET, PublishableAdmin
from portal.search.admin import IndexedSearch

from ..memberships import BoundAdmin
from .models import LifeSituation, ServiceCard, ServiceForm


class ServiceCardForm(CountedForm, PublishableForm):
    class Meta:
        error_messages = {"unit": {"required": _("Choose the unit that settles this matter.")}}


class ServiceFormRows(AttachmentRows):
    model = ServiceForm


@admin.register(ServiceCard)
class ServiceCardAdmin(IndexedSearch, BoundAdmin, AttachmentUploads, CountsViews, PublishableAdmin):
    unit_field = "unit"
    form = ServiceCardForm
    list_display = ["title", "unit", "publication", "verified_on", "view_count"]
    list_filter = [*PublishableAdmin.list_filter, "situations", "unit"]
    search_fields = ["title", "lead"]
    ordering = ["sort_key"]
    autocomplete_fields = [*PublishableAdmin.autocomplete_fields, "unit"]
    inlines = [ServiceFormRows]
    fieldsets = [
        (None, {"fields": ["title", "lead", "situations"]}),
        (_("Who and what"), {"fields": ["for_whom", "conditions", "required_documents"]}),
        (_("How"), {"fields": ["steps", "where", ("is_free", "fee"), "time_limit", "result", "appeal"]}),
        (_("Where to ask"), {"fields": ["unit", ("room", "phone", "extension"), "hours", "accessibility_help"]}),
        (_("Law"), {"fields": ["legal_basis", "privacy_notice"]}),
        (_("Last check"), {"fields": [("verified_on", "verified_by"), "source"]}),
        (_("Safety of readers"), {"fields": ["is_sensitive"], "classes": ["collapse"]}),
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        VIEWS_FIELDSET,
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "situations":
            kwargs["widget"] = forms.CheckboxSelectMultiple  # nobody has to know of the Ctrl key
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(LifeSituation)
class LifeSituationAdmin(WordedAdmin, admin.ModelAdmin):
    form = worded_form(LifeSituation, WrittenForm)
    list_display = ["name", "description", "position"]


register_publishing_lines(ServiceCard)
