"""The forms of everything that editors write: nothing typed is lost, and every version can be brought back."""

from django.forms.models import _get_foreign_key
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.content.admin import EditingAdmin, is_key

from . import audit, differences, draft_views, drafts, history, history_views, kept_forms
from .models import Act


class NothingSaved(Exception):
    """Ends the saving of a form: everything written is rolled back, and `answer()` is sent after that."""

    def __init__(self, answer):
        super().__init__()
        self.answer = answer


class WorkplaceAdmin(EditingAdmin):
    """Keeps what is typed as a private draft, every saved state as a version, and shows conflicts with both texts."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        history.register(self.model, [self._reverse_name(inline) for inline in self.inlines])

    def _reverse_name(self, inline) -> str:
        return _get_foreign_key(self.model, inline.model, inline.fk_name).remote_field.get_accessor_name()

    def get_urls(self):
        def view(function, methods=("GET", "POST")):
            allowed = require_http_methods(methods)(lambda request, **kwargs: function(self, request, **kwargs))
            return self.admin_site.admin_view(allowed)

        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("autosave/", view(draft_views.autosave, ["POST"]), name=f"{name}_autosave"),
            path("drafts/<uuid:uid>/discard/", view(draft_views.discard, ["POST"]), name=f"{name}_discard_draft"),
            path("deleted/", view(history_views.deleted), name=f"{name}_deleted"),
            path("deleted/<int:version_id>/", view(history_views.recover), name=f"{name}_recover"),
            path("<int:object_id>/history/<int:version_id>/", view(history_views.restore), name=f"{name}_restore"),
        ]
        return [*own, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        return history_views.history_of(self, request, object_id)

    def may_restore(self, request, obj) -> bool:
        return self.has_change_permission(request, obj)

    def changelist_view(self, request, extra_context=None):
        may_recover = self.has_add_permission(request) and self.has_delete_permission(request)
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_deleted") if may_recover else ""
        return super().changelist_view(request, {"deleted_url": url, **(extra_context or {})})

    # Kept forms

    def add_view(self, request, form_url="", extra_context=None):
        self._take_up(request, None)
        return super().add_view(request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._take_up(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def _take_up(self, request, object_id: str | None):
        """Where the address asks for something kept, show the form as it was left."""
        request.kept = None
        if request.method != "GET" or not (object_id is None or is_key(object_id)):
            return
        obj = self.get_object(request, object_id) if object_id else None
        if object_id and (obj is None or not self.has_change_permission(request, obj)):
            return
        if kept := self.find_kept(request, obj):
            formset_classes = [formset for formset, _inline in self.get_formsets_with_inlines(request, obj)]
            kept_forms.show(request, kept, formset_classes, obj)

    def find_kept(self, request, obj):
        """The unsaved text that `?draft=` names, if it is this person's and belongs to this form."""
        uid = drafts.uuid_or_none(request.GET.get("draft"))
        if uid is None:
            return None
        return drafts.of_author(request.user, self.model, obj.pk if obj else None).filter(uid=uid).first()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except NothingSaved as stop:
            return stop.answer()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)  # a class made for this request
        form.is_only_shown = getattr(request, "kept", None) is not None
        return form

    def _create_formsets(self, request, obj, change):
        formsets, inlines = super()._create_formsets(request, obj, change)
        request.formsets = formsets  # for differences and proposed versions, which need the rows too
        return formsets, inlines

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context |= self._draft_context(request, obj)
        if conflict := getattr(form, "conflict", None):
            context["conflict"] = conflict
            context["conflict_differences"] = differences.of_forms(form, request.formsets)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _draft_context(self, request, obj) -> dict:
        uid = drafts.uid_of_form(request.POST.get("_draft"))
        if isinstance(getattr(request, "kept", None), drafts.Draft):
            uid = request.kept.uid
        found = drafts.of_author(request.user, self.model, obj.pk if obj else None).exclude(uid=uid)
        is_just_opened = request.method == "GET"
        return {
            "draft_uid": uid,
            "kept": getattr(request, "kept", None),
            "unsaved": list(found[: drafts.OFFERED]) if is_just_opened else [],
        }

    # Saving

    def save_model(self, request, obj, form, change):
        if change:
            history.add_first_version(type(obj)._base_manager.get(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def log_addition(self, request, obj, message):
        entry = super().log_addition(request, obj, message)
        history.add_version(obj, request.user, gettext("Created"))
        return entry

    def log_change(self, request, obj, message):
        entry = super().log_change(request, obj, message)
        history.add_version(obj, request.user)
        return entry

    def delete_model(self, request, obj):
        self._remember_deleted(request, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self._remember_deleted(request, obj)
        super().delete_queryset(request, queryset)

    def _remember_deleted(self, request, obj):
        history.add_version(obj, request.user, gettext("Before it was deleted"))
        audit.record(request.user, Act.DELETED, obj)

    def response_add(self, request, obj, post_url_continue=None):
        self._forget_draft(request)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self._forget_draft(request)
        return super().response_change(request, obj)

    def _forget_draft(self, request):
        if uid := drafts.uuid_or_none(request.POST.get("_draft")):
            drafts.finish(request.user, uid, self.model)
