"""Views on the editors' forms and lists of what is counted: a column, and the number that an older site showed."""

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from .models import ViewTotal, set_start_value, with_views

VIEWS_FIELDSET = (_("Views"), {"fields": ["views_before"], "classes": ["collapse", "at-end", "for-writing"]})


class CountedForm(forms.ModelForm):
    views_before = forms.IntegerField(
        label=_("views counted before"),
        required=False,
        min_value=0,
        max_value=1_000_000_000,
        help_text=_("What the old site showed. The portal goes on counting from it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            content_type = ContentType.objects.get_for_model(self.instance)
            total = ViewTotal.objects.filter(content_type=content_type, object_id=self.instance.pk).first()
            self.initial["views_before"] = total.start_value if total else None


class CountsViews:
    """For a ModelAdmin with a CountedForm."""

    def get_queryset(self, request):
        return with_views(super().get_queryset(request))

    @admin.display(description=_("views"), ordering="views")
    def view_count(self, obj):
        return obj.views

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if "views_before" in form.changed_data:
            set_start_value(form.instance, form.cleaned_data["views_before"] or 0)
