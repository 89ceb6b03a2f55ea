"""The history of one thing, with what each version changed; and the way back to any of them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from reversion.errors import RevertError
from reversion.models import Version

from . import audit, history
from .models import Act

PER_PAGE = 15
# What goes wrong when a version needs something that is gone, or an address that another page has now.
WHAT_CANNOT_BE = (RevertError, IntegrityError, models.ProtectedError, models.RestrictedError)


def history_of(model_admin, request, object_id: str):
    obj = model_admin.get_object(request, object_id)
    if obj is None:
        return model_admin._get_obj_does_not_exist_redirect(request, model_admin.opts, object_id)
    if not model_admin.has_view_or_change_permission(request, obj):
        raise PermissionDenied
    versions = history.versions_of(model_admin.model, object_id).prefetch_related("revision__version_set")
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    following = [*shown[1:], versions.filter(pk__lt=shown[-1].pk).first()] if shown else []
    rows = [
        {"version": version, "changes": history.changes(version, older) if older else [], "is_first": older is None}
        for version, older in zip(shown, following, strict=True)
    ]
    context = {
        "title": gettext("History: %(name)s") % {"name": obj},
        "object": obj,
        "page_obj": page,
        "rows": rows,
        "may_restore": model_admin.may_restore(request, obj),
    }
    return _page(model_admin, request, "history.html", context)


def restore(model_admin, request, object_id: int, version_id: int):
    """First what would change, then, by POST, the change itself."""
    obj = model_admin.get_object(request, str(object_id))
    if obj is None:
        raise Http404
    if not model_admin.may_restore(request, obj):
        raise PermissionDenied
    version = get_object_or_404(history.versions_of(model_admin.model, object_id), pk=version_id)
    if request.method == "POST":
        return _bring_back(model_admin, request, version)
    latest = history.versions_of(model_admin.model, object_id).first()
    context = {
        "title": gettext("Restore a version: %(name)s") % {"name": obj},
        "object": obj,
        "version": version,
        "changes": history.changes(version, latest),
    }
    return _page(model_admin, request, "restore.html", context)


def deleted(model_admin, request):
    """What was deleted and can be brought back."""
    _require_recovering(model_admin, request)
    page = Paginator(history.deleted(model_admin.model), PER_PAGE).get_page(request.GET.get("page"))
    context = {"title": gettext("Deleted: %(names)s") % {"names": model_admin.opts.verbose_name_plural}}
    return _page(model_admin, request, "deleted.html", context | {"page_obj": page})


def recover(model_admin, request, version_id: int):
    _require_recovering(model_admin, request)
    version = get_object_or_404(history.deleted(model_admin.model), pk=version_id)
    if request.method != "POST":
        return redirect(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_deleted")
    return _bring_back(model_admin, request, version)


def _require_recovering(model_admin, request):
    if not (model_admin.has_add_permission(request) and model_admin.has_delete_permission(request)):
        raise PermissionDenied


def _bring_back(model_admin, request, version: Version):
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    try:
        obj, problems = history.restore(version, request.user)
    except WHAT_CANNOT_BE as error:
        reason = gettext("This version cannot be restored, because something it needs is no longer there: %(error)s")
        model_admin.message_user(request, reason % {"error": str(error)[:300]}, messages.ERROR)
        return redirect(f"{name}_changelist")
    audit.record(request.user, Act.RESTORED, obj, f"{version.revision.date_created:%Y-%m-%d %H:%M} UTC")
    for problem in problems:
        model_admin.message_user(request, problem, messages.WARNING)
    model_admin.message_user(request, gettext("The version is restored. Status and address are as before."))
    return redirect(f"{name}_change", obj.pk)


def _page(model_admin, request, template: str, context: dict):
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, **context}
    request.current_app = model_admin.admin_site.name
    return render(request, f"admin/editing/{template}", context)
