from django.contrib import admin

from institutions.memberships import BoundAdmin
from portal.content.admin import OneRecord, PlainFields
from portal.content.writing.forms import WrittenForm

from .models import ChildProtection, ProcessingPurpose, Whistleblowing


@admin.register(ProcessingPurpose)
class ProcessingPurposeAdmin(BoundAdmin, PlainFields, admin.ModelAdmin):
    form = WrittenForm
    list_display = ["name", "legal_basis", "retention", "position"]


@admin.register(ChildProtection)
class ChildProtectionAdmin(BoundAdmin, OneRecord, PlainFields, admin.ModelAdmin):
    form = WrittenForm
    fields = [("adopted_on", "revised_on"), ("responsible", "phone", "email"), "childrens_text", "full_text"]


@admin.register(Whistleblowing)
class WhistleblowingAdmin(BoundAdmin, OneRecord, PlainFields, admin.ModelAdmin):
    form = WrittenForm
    fields = [("procedure_on", "receiver"), "postal_address", ("email", "phone"), "meeting", "external"]
