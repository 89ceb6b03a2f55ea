from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from institutions.memberships import EditorMembership
from portal.content.admin import Rows
from portal.content.object_tools import ObjectTool
from portal.content.writing.forms import WrittenForm
from portal.editing import audit
from portal.editing.models import Act

from . import letters, second_factor
from .forms import AccountForm, NewAccountForm
from .role_changes import APPS_OF_ROLES, NotesRoles, roles_of_group, roles_of_user

ACTIONS = {"add": _("add"), "change": _("change"), "delete": _("delete"), "view": _("view"), "publish": _("publish")}
# The keys of the second factor are nobody's to see.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class MembershipRows(Rows):
    model = EditorMembership
    autocomplete_fields = ["institution"]
    fields = ["institution"]


@admin.register(User)
class AccountAdmin(NotesRoles, UserAdmin):
    """Every account here is one of an editor. Only a superuser makes or changes superusers."""

    roles_of = staticmethod(roles_of_user)
    list_display = [
        "username",
        "first_name",
        "last_name",
        "email",
        "group_names",
        "second_factor",
        "is_active",
        "last_login",
    ]
    filter_horizontal = []
    inlines = [MembershipRows]
    form, add_form = AccountForm, NewAccountForm
    add_fieldsets = [
        (None, {"fields": ["username", ("first_name", "last_name"), "email"]}),
        (_("Coming in"), {"fields": ["usable_password", ("password1", "password2")]}),
        (_("What may this person do"), {"fields": ["groups"]}),
    ]
    fieldsets = [
        (None, {"fields": ["username", "password", ("first_name", "last_name"), "email"]}),
        (_("What may this person do"), {"fields": ["is_active", "groups", "is_staff", "is_superuser"]}),
        (_("Important dates"), {"fields": [("last_login", "date_joined")]}),
    ]

    def get_queryset(self, request):
        has_phone = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
        return super().get_queryset(request).prefetch_related("groups").annotate(has_phone=has_phone)

    def has_change_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request, obj=None):
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_delete_permission(request, obj) and not is_above

    def get_readonly_fields(self, request, obj=None):
        own = ["last_login", "date_joined"]
        return own if request.user.is_superuser else [*own, "is_superuser"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change and form.is_invitation:
            self._invite(request, form.instance)

    def _invite(self, request, user):
        letters.send_invitation(user)
        audit.record(request.user, Act.INVITED, user)
        words = gettext("The invitation goes to %(email)s. The link in it works for three days.")
        self.message_user(request, words % {"email": user.email}, messages.SUCCESS)

    # --- Helping somebody in ---

    def get_urls(self):
        own = [
            path("<int:pk>/zaproszenie/", self.admin_site.admin_view(self.link_view), name="auth_user_link"),
            path("<int:pk>/drugi-skladnik/", self.admin_site.admin_view(self.factor_view), name="auth_user_factor"),
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["tools"] = self._tools(request, obj) if change and self.has_change_permission(request, obj) else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _tools(self, request, user) -> list[ObjectTool]:
        link = _("Send a new invitation") if user.last_login is None else _("Send a link to a new password")
        tools = []
        if user.email and user.is_active:
            tools.append(ObjectTool(link, reverse("admin:auth_user_link", args=[user.pk]), is_post=True))
        if second_factor.phone_of(user) and user != request.user:
            url = reverse("admin:auth_user_factor", args=[user.pk])
            tools.append(ObjectTool(_("Remove the second factor…"), url))
        return tools

    def _user(self, request, pk: int) -> User:
        user = self.get_object(request, str(pk))
        if user is None or not self.has_change_permission(request, user):
            raise PermissionDenied
        return user

    def link_view(self, request, pk: int):
        user = self._user(request, pk)
        if request.method != "POST" or not (user.email and user.is_active):
            return redirect("admin:auth_user_change", pk)
        if user.last_login is None:
            self._invite(request, user)
        else:
            letters.send_new_password_link(user)
            audit.record(request.user, Act.ACCOUNT_CHANGED, user, gettext("a link to a new password was sent"))
            words = gettext("A link to a new password goes to %(email)s. It works for an hour.")
            self.message_user(request, words % {"email": user.email}, messages.SUCCESS)
        return redirect("admin:auth_user_change", pk)

    def factor_view(self, request, pk: int):
        """For somebody who has lost phone and recovery codes. One's own is changed on one's own page."""
        user = self._user(request, pk)
        if user == request.user:
            return redirect("admin:account")
        if request.method == "POST":
            second_factor.remove(user)
            audit.record(request.user, Act.SECOND_FACTOR, user, gettext("removed by an administrator"))
            letters.send_notice(user, gettext("An administrator removed the second factor of your account."))
            words = gettext("%(name)s gives no code any more; where one is required, the next log-in asks for a phone.")
            self.message_user(request, words % {"name": user}, messages.SUCCESS)
            return redirect("admin:auth_user_change", pk)
        context = self.admin_site.each_context(request) | {
            "title": gettext("Remove the second factor of %(name)s") % {"name": user},
            "account": user,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/accounts/remove_factor.html", context)

    # --- The list and the fields ---

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, user):
        return user.has_phone

    @admin.display(description=_("groups"))
    def group_names(self, user):
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Group)
class PortalGroupAdmin(NotesRoles, GroupAdmin):
    form = WrittenForm
    roles_of = staticmethod(roles_of_group)
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "permissions":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions":
            # Only what editors work with; Django's own tables and ours behind the scenes are nobody's to give.
            field.queryset = field.queryset.filter(content_type__app_label__in=APPS_OF_ROLES)
            field.label_from_instance = permission_in_words
        return field


def permission_in_words(permission) -> str:
    """ "Aktualności: publikowanie"; Django's own names of permissions are English in every language."""
    model = permission.content_type.model_class()
    action = ACTIONS.get(permission.codename.partition("_")[0])
    if model is None or action is None:
        return str(permission)
    return f"{str(model._meta.verbose_name_plural).capitalize()}: {action}"
