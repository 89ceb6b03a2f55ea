"""The same words in the admin: a field for each language beside those of the original."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from . import languages

OTHERS = [code for code in languages.CODES if code != languages.ORIGINAL]


class _WordedForm(forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (code, field) in self.wording_fields.items():
            if name in self.fields:  # somebody who may only look has none
                self.initial.setdefault(name, self.instance.wordings.get(code, {}).get(field, ""))

    def _post_clean(self):
        super()._post_clean()
        wordings = {code: words for code, words in self.instance.wordings.items() if code not in OTHERS}
        for name, (code, field) in self.wording_fields.items():
            if words := self.cleaned_data.get(name):
                wordings.setdefault(code, {})[field] = words
        if self.wording_fields.keys() <= self.fields.keys():
            self.instance.wordings = wordings


def worded_form(model, base: type[forms.ModelForm]) -> type[forms.ModelForm]:
    """`base` with a field for each wording of `model`: "name_uk" beside "name"."""
    wording_fields = {f"{field}_{code}": (code, field) for code in OTHERS for field in model.worded}
    fields = {}
    for name, (code, field) in wording_fields.items():
        original = model._meta.get_field(field)
        widget = AdminTextareaWidget(attrs={"rows": 4}) if not original.max_length else AdminTextInputWidget()
        fields[name] = forms.CharField(
            label=f"{capfirst(original.verbose_name)} ({get_language_info(code)['name_translated']})",
            max_length=original.max_length,
            required=False,
            widget=widget,
        )
    return type(f"{model.__name__}WordedForm", (_WordedForm, base), {**fields, "wording_fields": wording_fields})


class WordedAdmin:
    """For a ModelAdmin whose form comes from `worded_form`: the other languages stand together, after the rest."""

    def get_fieldsets(self, request, obj=None):
        ours = list(self.form.wording_fields)
        rest = [
            (title, {**options, "fields": [name for name in options["fields"] if name not in ours]})
            for title, options in super().get_fieldsets(request, obj)
        ]
        about = _("What is left empty is shown in Polish.")
        return [*rest, (_("In other languages"), {"fields": ours, "description": about})]
