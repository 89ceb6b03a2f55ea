"""A line of text that has one right spelling, such as a phone number: people type it as they like, it is kept tidy."""

from collections.abc import Callable

from django.db import models


class TidiedField(models.CharField):
    """`tidy` returns the one spelling, or raises ValidationError with what is wrong. Empty text is left alone."""

    def __init__(self, *args, tidy: Callable[[str], str] = str, **kwargs):
        self.tidy = tidy
        super().__init__(*args, **kwargs)

    def clean(self, value, model_instance):
        value = super().clean(value, model_instance)
        return self.tidy(value) if value else value

    def deconstruct(self):
        """For migrations it is any line of text: a stricter rule changes no table."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
