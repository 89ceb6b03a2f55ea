"""A table with one row, whose key is 1: what one page tells beside its own text."""

from typing import Self

from django.db import models


class OneRow(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Self:
        """The row, or an unsaved empty one."""
        return cls.objects.filter(pk=1).first() or cls()
