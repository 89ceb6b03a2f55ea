"""Autosaving: the form's script sends what is typed; its author finds it again."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from portal.content.admin import is_key

from . import drafts


def autosave(model_admin, request):
    """Keep what stands in an open form. Answers JSON: when it was kept, and a fresh token for the next time."""
    uid, number = drafts.uuid_or_none(request.POST.get("_draft")), request.POST.get("_object", "")
    if uid is None or (number and not is_key(number)):
        return JsonResponse({"error": gettext("The form could not be recognised.")}, status=400)
    obj = model_admin.get_object(request, number) if number else None
    if number and obj is None:
        raise Http404
    may_write = model_admin.has_change_permission(request, obj) if obj else model_admin.has_add_permission(request)
    if not may_write:
        raise PermissionDenied
    title = _title(request.POST) or (str(obj) if obj else "")
    try:
        data = drafts.fields_of(request.POST)
        draft = drafts.keep(request.user, uid, model_admin.model, obj.pk if obj else None, title, data)
    except drafts.Finished:
        words = gettext("this text is saved or discarded already.")
        return JsonResponse({"error": words, "next": str(uuid4())}, status=409)
    except drafts.TooLarge:
        return JsonResponse({"error": gettext("The text is too long to be kept as a draft.")}, status=413)
    except drafts.PrivateNumber:
        words = gettext("it holds a PESEL or the number of a payment card. Take the number out.")
        return JsonResponse({"error": words}, status=422)
    saved_at = timezone.localtime(draft.saved_at)
    return JsonResponse({"saved": f"{saved_at:%H:%M:%S}", "token": get_token(request)})


def _title(post) -> str:
    return next((post[name] for name in ("title", "name", "headline") if post.get(name, "").strip()), "")


def discard(model_admin, request, uid):
    draft = drafts.of_author(request.user).filter(uid=uid).first()
    drafts.finish(request.user, uid, model_admin.model)
    messages.info(request, gettext("The unsaved text is discarded."))
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    if draft is None:
        return redirect(f"{name}_changelist")
    return redirect(reverse(f"{name}_change", args=[draft.object_id]) if draft.object_id else reverse(f"{name}_add"))
