from base64 import b64encode
from functools import partial
from secrets import token_hex

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.content import pictures
from portal.content.admin import OneRecord, PlainFields, RowFormSet, Rows, is_key
from portal.content.admin_filters import CheckedFilter
from portal.content.board import LineFilter, register_board_line
from portal.content.publishing import Status
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

from .hours import WEEKDAYS
from .memberships import BoundAdmin
from .models import (
    PLACES_STALE_AFTER,
    CooperationAgreement,
    FundedProject,
    HelpLine,
    HelpLineTranslation,
    Institution,
    InstitutionPhone,
    InstitutionPhoto,
    InstitutionSubtype,
    InstitutionType,
    MonthlyCost,
    Municipality,
    OpeningException,
    OpeningHours,
    ProjectLogo,
    ServedGroup,
)
from .office import Office, OfficeAccount, OfficeHours, OfficePhone
from .places import admin as places_admin  # noqa: F401  registers itself
from .services import admin as services_admin  # noqa: F401  registers itself
from .validators import ade_sum_fits

# --- Rows -------------------------------------------------------------------------------------------------------------


class HoursFormSet(RowFormSet):
    """A row for every day of the week; a row left or made empty is a day when it is closed."""

    def __init__(self, *args, instance=None, **kwargs):
        known = set(instance.hours.values_list("weekday", flat=True)) if instance and instance.pk else set()
        missing = [{"weekday": day} for day, _name in WEEKDAYS if day not in known]
        super().__init__(*args, instance=instance, initial=missing, **kwargs)
        self.extra = len(missing)

    def _should_delete_form(self, form):
        is_emptied = form.instance.pk and not form["opens"].data and not form["closes"].data
        return super()._should_delete_form(form) or is_emptied


class HoursRows(Rows):
    model = OpeningHours
    formset = HoursFormSet
    fields = [("weekday", "opens", "closes")]


class PhoneRows(Rows):
    model = InstitutionPhone
    classes = []
    fields = [("label", "number", "extension", "is_main", "position")]


class ExceptionRows(Rows):
    model = OpeningException
    fields = [("day", "is_closed", "opens", "closes", "note")]


class AgreementRows(Rows):
    model = CooperationAgreement
    fields = [("county", "subject", "since")]


class CostRows(Rows):
    model = MonthlyCost
    fields = [("year", "amount"), ("gazette", "gazette_position", "published_on")]


class InstitutionPhotoRows(PhotoRows):
    model = InstitutionPhoto


# --- Institutions -----------------------------------------------------------------------------------------------------


class PlacesFilter(LineFilter):
    title = _("numbers of places")
    parameter_name = "places"

    def lookups(self, request, model_admin):
        return [("old", _("not confirmed for 90 days"))]

    @staticmethod
    def select(queryset, value):
        oldest = timezone.localdate() - PLACES_STALE_AFTER
        return queryset.filter(status=Status.PUBLISHED, places_as_of__lt=oldest) if value == "old" else queryset


class CostFilter(LineFilter):
    title = _("monthly cost")
    parameter_name = "cost"

    def lookups(self, request, model_admin):
        return [("missing", _("not of this year yet"))]

    @staticmethod
    def select(queryset, value):
        """Of care homes; until the end of March that of the year before is still the one in force."""
        if value != "missing":
            return queryset
        today = timezone.localdate()
        year = today.year if today.month > 3 else today.year - 1
        known = MonthlyCost.objects.filter(year__gte=year).values("institution")
        return queryset.filter(status=Status.PUBLISHED, type__code="dps").exclude(pk__in=known)


def warn_of_ade(request, obj):
    """After saving: the sum is no official rule, so a wrong one may still be right."""
    if obj.ade and not ade_sum_fits(obj.ade):
        words = _("The address for e-delivery %(ade)s is saved, but its last two digits do not fit: please compare it.")
        messages.warning(request, words % {"ade": obj.ade})


class InstitutionForm(CountedForm, PhotosForm):
    pass


WORDS_FIELDSETS = [
    (None, {"fields": ["name", "short_name", "lead", "description", "for_whom"]}),
    PUBLICATION_FIELDSET,
    ADDRESS_FIELDSET,
    TRANSLATION_FIELDSET,
]


@admin.register(Institution)
class InstitutionAdmin(BoundAdmin, PhotoUploads, CountsViews, PublishableAdmin):
    form = InstitutionForm
    list_display = ["thumbnail", "name", "type", "municipality", "publication", "is_listed", "view_count"]
    list_display_links = ["name"]
    list_filter = [
        *PublishableAdmin.list_filter,
        "type",
        "municipality",
        "is_listed",
        "address_visibility",
        PlacesFilter,
        CostFilter,
        PhotoFilter,
    ]
    search_fields = ["name", "short_name", "town"]
    ordering = ["sort_key"]
    autocomplete_fields = [*PublishableAdmin.autocomplete_fields, "supervising_unit"]
    inlines = [PhoneRows, HoursRows, ExceptionRows, CostRows, AgreementRows, InstitutionPhotoRows]
    fieldsets = [
        (None, {"fields": ["name", ("short_name", "type"), "lead", "description", "is_listed"]}),
        (_("Subtypes"), {"fields": ["subtypes"], "classes": ["collapse"]}),
        (_("For whom"), {"fields": ["for_whom", "serves", "area_served"]}),
        (
            _("Address"),
            {
                "fields": [
                    "address_visibility",
                    ("street", "postal_code", "town", "municipality"),
                    ("latitude", "longitude"),
                    "getting_there",
                ]
            },
        ),
        (_("Contact"), {"fields": [("email", "website"), ("ade", "bip_url"), ("head_role", "head_name")]}),
        (_("Hours"), {"fields": ["is_24_7", "hours_note"]}),
        (
            _("Places"),
            {
                "fields": [("places_total", "places_free", "places_waiting", "places_as_of"), "places_email"],
                "classes": ["collapse"],
            },
        ),
        (
            _("Access to the building"),
            {
                "fields": [
                    ("step_free_entrance", "lift", "accessible_toilet", "induction_loop"),
                    ("sign_language", "assistance_dog", "parking"),
                    "accessibility_note",
                ],
                "classes": ["collapse"],
            },
        ),
        (
            _("Operator and register"),
            {
                "fields": [
                    ("operator", "operator_name"),
                    "supervising_unit",
                    ("nip", "regon", "permit_no"),
                    ("founded", "founded_note"),
                ],
                "classes": ["collapse"],
            },
        ),
        PHOTOS_FIELDSET,
        PUBLICATION_FIELDSET,
        ADDRESS_FIELDSET,
        TRANSLATION_FIELDSET,
        VIEWS_FIELDSET,
    ]

    def get_search_results(self, request, queryset, search_term):
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        is_choice = request.resolver_match.url_name == "autocomplete"  # of whom a text is: never of a translation
        return (found.originals() if is_choice else found), may_repeat

    def get_fieldsets(self, request, obj=None):
        return WORDS_FIELDSETS if self._is_translation(request, obj) else super().get_fieldsets(request, obj)

    def get_inlines(self, request, obj):
        return [] if self._is_translation(request, obj) else super().get_inlines(request, obj)

    @staticmethod
    def _is_translation(request, obj) -> bool:
        """Then phones, hours and numbers are those of the original, and only words are asked for."""
        return bool(obj.translation_of_id if obj else request.GET.get("translation_of"))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        warn_of_ade(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("subtypes", "serves"):
            kwargs["widget"] = forms.CheckboxSelectMultiple  # nobody has to know of the Ctrl key
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "subtypes":
            pk = request.resolver_match.kwargs.get("object_id", "")
            subtypes = InstitutionSubtype.objects.select_related("type")
            field.queryset = subtypes.filter(type__institutions=pk) if is_key(pk) else subtypes
            field.label_from_instance = lambda subtype: f"{subtype.type}: {subtype}"
        return field


register_publishing_lines(Institution)
register_board_line(_("Facts to be checked again"), Institution, PlacesFilter, "old")
register_board_line(_("Care homes without a monthly cost of this year"), Institution, CostFilter, "missing")
register_photo_lines(Institution)


# --- The office -------------------------------------------------------------------------------------------------------


class OfficePhoneRows(Rows):
    model = OfficePhone
    classes = []
    fields = [("label", "number", "position")]


class OfficeAccountRows(Rows):
    model = OfficeAccount
    fields = [("label", "number", "position")]


class OfficeHoursRows(Rows):
    model = OfficeHours
    formset = HoursFormSet
    fields = [("weekday", "opens", "closes")]


PICTURES = {"coat_of_arms": "herb", "bip_logo": "bip"}  # of the office, and how their files are called


def picture_field(label: str, help_text: str) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})
    return forms.FileField(label=label, required=False, widget=widget, help_text=help_text)


class OfficeForm(WrittenForm):
    new_coat_of_arms = picture_field(
        _("New coat of arms"), _("Best a PNG with a transparent background; it is made small by itself.")
    )
    remove_coat_of_arms = forms.BooleanField(label=_("Remove the coat of arms"), required=False)
    new_bip_logo = picture_field(
        _("New sign of the BIP"),
        _("The official file from gov.pl, unchanged. It stands on every page as the link to the office's BIP page."),
    )
    remove_bip_logo = forms.BooleanField(label=_("Remove the sign of the BIP"), required=False)
    pictures: dict[str, bytes | ValidationError] = {}  # by the name of their field; made smaller, or why not

    def clean(self):
        super().clean()
        for name, picture in self.pictures.items():
            if isinstance(picture, ValidationError):
                self.add_error(f"new_{name}", picture)

    def save(self, commit=True):
        for name, word in PICTURES.items():
            new, old = self.pictures.get(name), getattr(self.instance, name)
            if new or self.cleaned_data[f"remove_{name}"]:
                if old:
                    transaction.on_commit(partial(old.storage.delete, old.name))
                setattr(self.instance, name, "")
            if new:
                # A name of its own each time, because browsers keep the picture by its name.
                getattr(self.instance, name).save(f"{word}-{token_hex(4)}.png", ContentFile(new), save=False)
        return super().save(commit)


@admin.register(Office)
class OfficeAdmin(WordedAdmin, OneRecord, PlainFields, admin.ModelAdmin):
    form = worded_form(Office, OfficeForm)
    autocomplete_fields = ["institution"]
    inlines = [OfficePhoneRows, OfficeHoursRows, OfficeAccountRows]
    readonly_fields = ["coat_of_arms_now", "bip_logo_now"]
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["name", ("short_name", "county_name"), "site_name", "motto", "about"]}),
        (_("Address"), {"fields": [("street", "postal_code", "town"), ("latitude", "longitude"), "institution"]}),
        (
            _("Contact"),
            {
                "fields": [
                    "email",
                    "ade",
                    ("epuap_box", "epuap_url"),
                    "hours_note",
                    "quick_exit_url",
                    "places_by_mail",
                ]
            },
        ),
        (_("Registers"), {"fields": [("nip", "regon", "teryt")]}),
        (
            _("People named by law"),
            {
                "fields": [
                    ("dpo_name", "dpo_email", "dpo_phone"),
                    ("coordinator_name", "coordinator_email", "coordinator_phone"),
                ]
            },
        ),
        (
            _("Look"),
            {"fields": ["accent_color", "coat_of_arms_now", "new_coat_of_arms", "remove_coat_of_arms", "funding_note"]},
        ),
        (_("Public Information Bulletin"), {"fields": ["bip_url", "bip_logo_now", "new_bip_logo", "remove_bip_logo"]}),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        warn_of_ade(request, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.pictures = {}
        for name in PICTURES:
            if upload := request.FILES.get(f"new_{name}"):
                try:  # here, before the transaction of the form begins
                    request.pictures[name] = pictures.emblem(upload)
                except ValidationError as error:
                    request.pictures[name] = error
        return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)  # a class made for this request
        form.pictures = request.pictures
        return form

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        return redirect("admin:index") if "_save" in request.POST else response

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        return redirect("admin:index") if "_save" in request.POST else response

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "accent_color":
            kwargs["widget"] = forms.TextInput(attrs={"type": "color"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("coat of arms"))
    def coat_of_arms_now(self, office):
        return _shown(office.coat_of_arms, _("coat of arms"))

    @admin.display(description=_("sign of the Public Information Bulletin"))
    def bip_logo_now(self, office):
        return _shown(office.bip_logo, _("sign of the Public Information Bulletin"))


def _shown(picture, words: str) -> str:
    if not picture:
        return "–"
    with picture.open("rb") as file:
        content = b64encode(file.read()).decode()
    return format_html('<img class="emblem" src="data:image/png;base64,{}" alt="{}">', content, words)


# --- Dictionaries and the rest ----------------------------------------------------------------------------------------


class SubtypeRows(Rows):
    model = InstitutionSubtype
    fields = [("name", "position")]


@admin.register(InstitutionType)
class InstitutionTypeAdmin(WordedAdmin, admin.ModelAdmin):
    form = worded_form(InstitutionType, WrittenForm)
    list_display = ["name", "group_label", "is_public_directory", "position"]
    list_filter = ["group_label", "is_public_directory"]
    search_fields = ["name"]
    inlines = [SubtypeRows]


@admin.register(ServedGroup)
class ServedGroupAdmin(WordedAdmin, admin.ModelAdmin):
    form = worded_form(ServedGroup, WrittenForm)
    list_display = ["name", "code", "position"]


@admin.register(Municipality)
class MunicipalityAdmin(admin.ModelAdmin):
    form = WrittenForm
    list_display = ["name", "teryt"]


class UncheckedWordsFilter(LineFilter):
    title = _("translations")
    parameter_name = "translations"

    def lookups(self, request, model_admin):
        return [("unchecked", _("not checked"))]

    @staticmethod
    def select(queryset, value):
        if value != "unchecked":
            return queryset
        unchecked = HelpLineTranslation.objects.filter(HelpLineTranslation.unchecked())
        return queryset.filter(pk__in=unchecked.values("line"))


class TranslationRows(Rows):
    model = HelpLineTranslation
    fields = ["language", "name", ("for_whom", "hours"), ("verified_on", "verified_by", "source")]


@admin.register(HelpLine)
class HelpLineAdmin(PlainFields, admin.ModelAdmin):
    form = WrittenForm
    inlines = [TranslationRows]
    fields = [
        "number",
        "name",
        ("for_whom", "hours"),
        ("is_free", "is_for_children", "is_in_strip"),
        ("verified_on", "verified_by", "source"),
        "position",
    ]
    list_display = ["number", "name", "hours", "is_in_strip", "is_for_children", "verified_on", "verified_by"]
    list_filter = [CheckedFilter, UncheckedWordsFilter]


class LogoRows(Rows):
    model = ProjectLogo
    fields = [("image", "alt", "position")]


@admin.register(FundedProject)
class FundedProjectAdmin(PlainFields, admin.ModelAdmin):
    form = WrittenForm
    inlines = [LogoRows]
    autocomplete_fields = ["institutions"]
    list_display = ["title", "fund", "grant_amount", "starts_on", "ends_on"]
    search_fields = ["title"]
    prepopulated_fields = {"slug": ["title"]}

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.lacks_logos:
            words = _("Above 50 000 zł of public money the colours and the emblem must be shown: add them as a logo.")
            messages.warning(request, words)


register_board_line(_("Facts to be checked again"), HelpLine, CheckedFilter, "old")
register_board_line(_("Translations to be checked"), HelpLine, UncheckedWordsFilter, "unchecked")
