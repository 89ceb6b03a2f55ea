"""Who may do what: what an administrator gave and took, for the audit list; and that one administrator always stays."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, pre_delete
from django.dispatch import receiver
from django.shortcuts import redirect
from django.utils.translation import gettext

from portal.editing import audit
from portal.editing.models import Act

# What editors work with; only of these a role can give rights, and Django's own tables behind the scenes are nobody's.
APPS_OF_ROLES = """
    news events registration outbox editing photos links institutions accessibility duties statutory pages
    auth
""".split()


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


# --- The last administrator -------------------------------------------------------------------------------------------


class NobodyLeft(Exception):
    """After this nobody could open an account for anybody: it is rolled back."""


def administrators():
    """Active accounts that may change accounts."""
    may_change = Q(groups__permissions__codename="change_user", groups__permissions__content_type__app_label="auth")
    return User.objects.filter(Q(is_superuser=True) | may_change, is_active=True, is_staff=True)


def one_at_a_time():
    """Two administrators who demote each other in the same moment come one after the other: the second is refused."""
    list(Group.objects.select_for_update().order_by("pk"))


def refuse_to_lose_the_last():
    if not administrators().exists():
        raise NobodyLeft


@receiver(pre_delete, sender=User)
def remember_administrator(sender, instance, **kwargs):
    instance.was_administrator = administrators().filter(pk=instance.pk).exists()


@receiver(post_delete, sender=User)
def refuse_to_delete_the_last(sender, instance, **kwargs):
    """Whoever deletes, a command or a shell too: what raises here is rolled back."""
    if instance.was_administrator:
        refuse_to_lose_the_last()


def keeps_one_administrator(view):
    """For a view of a ModelAdmin that writes inside a transaction of its own."""

    @wraps(view)
    def guarded(self, request, *args, **kwargs):
        try:
            return view(self, request, *args, **kwargs)
        except NobodyLeft:
            words = gettext("Nothing was changed: after this no administrator would be left. Make another one first.")
            self.message_user(request, words, messages.ERROR)
            return redirect(request.get_full_path())

    return guarded


class NotesRoles:
    """For the ModelAdmin of users or groups; `roles_of(row or None)` says what it may do."""

    roles_of = None

    def save_model(self, request, obj, form, change):
        one_at_a_time()
        request.roles_before = type(self).roles_of(self.model.objects.get(pk=obj.pk) if change else None)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        after = type(self).roles_of(self.model.objects.get(pk=form.instance.pk))
        note(request.user, form.instance, request.roles_before, after)
        refuse_to_lose_the_last()

    def delete_model(self, request, obj):
        one_at_a_time()
        audit.record(request.user, Act.DELETED, obj)
        super().delete_model(request, obj)
        refuse_to_lose_the_last()

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        one_at_a_time()
        for obj in queryset:
            audit.record(request.user, Act.DELETED, obj)
        super().delete_queryset(request, queryset)
        refuse_to_lose_the_last()

    @keeps_one_administrator
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    @keeps_one_administrator
    def delete_view(self, request, object_id, extra_context=None):
        return super().delete_view(request, object_id, extra_context)

    @keeps_one_administrator
    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, extra_context)
