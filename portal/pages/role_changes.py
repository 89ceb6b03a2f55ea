"""What somebody may do, in words, so that the audit list can say what an administrator gave and took."""

from django.contrib.auth.models import Group, User
from django.utils.translation import gettext

from portal.editing import audit
from portal.editing.models import Act


def roles_of_user(user: User | None) -> set[str]:
    if user is None:
        return set()
    flags = [
        (user.is_active, gettext("active account")),
        (user.is_staff, gettext("access to the editors' office")),
        (user.is_superuser, gettext("all rights (superuser)")),
    ]
    places = [gettext("institution: %(name)s") % {"name": place} for place in user.memberships.all()]
    return {words for is_so, words in flags if is_so} | {group.name for group in user.groups.all()} | set(places)


def roles_of_group(group: Group | None) -> set[str]:
    return {str(permission) for permission in group.permissions.all()} if group is not None else set()


def note(actor, target, before: set[str], after: set[str]):
    """One line of the audit list, where anything was given or taken."""
    changes = [*(f"+ {words}" for words in sorted(after - before)), *(f"− {words}" for words in sorted(before - after))]
    if changes:
        audit.record(actor, Act.ROLE_CHANGED, target, "\n".join(changes))


class NotesRoles:
    """For the ModelAdmin of users or groups; `roles_of(row or None)` says what it may do."""

    roles_of = None

    def save_model(self, request, obj, form, change):
        request.roles_before = type(self).roles_of(self.model.objects.get(pk=obj.pk) if change else None)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        after = type(self).roles_of(self.model.objects.get(pk=form.instance.pk))
        note(request.user, form.instance, request.roles_before, after)

    def delete_model(self, request, obj):
        audit.record(request.user, Act.DELETED, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            audit.record(request.user, Act.DELETED, obj)
        super().delete_queryset(request, queryset)
