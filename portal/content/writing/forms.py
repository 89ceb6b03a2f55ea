"""What a form refuses to save, beside the field in which it stands."""

from django import forms
from django.core.exceptions import ValidationError

from portal.content.personal_data import private_numbers
from portal.content.richtext import RichTextFormField, plain_text

from .numbers import message

# Made of other fields, or written by machines.
NOT_WRITTEN = (forms.EmailField, forms.URLField, forms.SlugField, forms.UUIDField)


def is_written(field: forms.Field) -> bool:
    """Whether people write freely in it."""
    if isinstance(field, NOT_WRITTEN) or isinstance(field.widget, forms.PasswordInput):
        return False
    return isinstance(field, forms.CharField) and not field.widget.is_hidden


def refuse_private_numbers(form: forms.BaseForm):
    """Add an error to each text with a PESEL or the number of a payment card. Called when the fields are cleaned."""
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if not isinstance(value, str) or not is_written(field):
            continue
        words = plain_text(value) if isinstance(field, RichTextFormField) else value
        found = private_numbers(words)[:3]
        if found:
            form.add_error(name, [ValidationError(message(kind, digits), code=kind) for kind, _as, digits in found])


class WithoutPrivateNumbers:
    """For a form that has a class of its own already."""

    def clean(self):
        cleaned = super().clean()
        refuse_private_numbers(self)
        return cleaned


class WrittenForm(WithoutPrivateNumbers, forms.ModelForm):
    """A form of an editor that keeps such numbers out of the database."""
