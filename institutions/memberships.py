"""Editors who work for some institutions only: they see and edit what is theirs, and nothing else of what editors see.

Who has no membership works for the whole office. Each section names the relations by which its things belong to an
institution (`belongs_by`); what belongs to none is the office's, and so not theirs.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.content import preview


class EditorMembership(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("editor"), on_delete=models.CASCADE, related_name="memberships"
    )
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name=_("institution"), on_delete=models.CASCADE, related_name="editors"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="institutions_one_membership_each",
                fields=["user", "institution"],
                violation_error_message=_("This editor is bound to that institution already."),
            )
        ]
        verbose_name = _("institution this person works for")
        verbose_name_plural = _("institutions this person works for (none: the whole office)")

    def __str__(self):
        return str(self.institution)


_relations: dict[type, list[str]] = {}


def belongs_by(model: type, *relations: str):
    """Say by which relations rows of `model` belong to an institution; by none: never to one."""
    _relations[model] = list(relations)


def institutions_of(user) -> frozenset[int] | None:
    """The institutions somebody is bound to; None for who works for the whole office."""
    if not hasattr(user, "_institutions"):
        found = [] if user.is_superuser or user.pk is None else user.memberships.values_list("institution", flat=True)
        user._institutions = frozenset(found) or None
    return user._institutions


def only_theirs(user, queryset):
    """`queryset` without what this person has nothing to do with."""
    relations, own = _relations.get(queryset.model), institutions_of(user)
    if own is None or relations is None:
        return queryset
    is_theirs = Q(pk__in=[])
    for relation in relations:
        is_theirs |= Q(**{f"{relation}__in": own})
    # By number, so that a join doubles no row and no annotation of the list is counted twice.
    return queryset.filter(pk__in=queryset.model._base_manager.filter(is_theirs).values("pk"))


preview.limit_by(only_theirs)


class BoundAdmin:
    """For the ModelAdmin of something that belongs to institutions. `unit_field` is what says whose a new one is."""

    unit_field: str | None = None

    def get_queryset(self, request):
        return only_theirs(request.user, super().get_queryset(request))

    def has_add_permission(self, request):
        """Without a field that says whose it is, a new one would be nobody's, and gone from its author's sight."""
        is_theirs = self.unit_field is not None or institutions_of(request.user) is None
        return is_theirs and super().has_add_permission(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        own = institutions_of(request.user)
        if own is None or db_field.name != self.unit_field:
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.queryset = db_field.related_model.objects.filter(pk__in=own)
        field.required = True
        if len(own) == 1:
            field.initial = next(iter(own))
        field.error_messages["required"] = _("Choose the institution that you write for.")
        return field
