"""Links with which somebody without an account reads one thing before it is published.

The address is signed, so that guesses cost no query; the row behind it ends by itself or is revoked. The page is the
real one, shown to nobody else by its own address: not counted, not cached, not indexed. Its photos and files answer
below the link's own address, as long as the link does.
"""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.content import files, preview

from . import audit, trial_pages
from .models import Act, PreviewLink

SIGNER = signing.Signer(salt="portal.editing.preview_links")
DAYS = [(1, _("1 day")), (3, _("3 days")), (7, _("7 days")), (30, _("30 days"))]


def address(link: PreviewLink) -> str:
    return reverse("preview_link", args=[SIGNER.sign(link.key)])


def links_of(obj):
    return PreviewLink.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


# --- For editors ------------------------------------------------------------------------------------------------------


class LinkForm(forms.ModelForm):
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=7)

    class Meta:
        model = PreviewLink
        fields = ["note"]


def links_view(model_admin, request, object_id: int):
    """The links of one thing: make one, copy it, revoke it."""
    obj = model_admin.get_object(request, str(object_id))
    if obj is None:
        raise Http404
    if not model_admin.has_change_permission(request, obj):
        raise PermissionDenied
    form = LinkForm(request.POST if "revoke" not in request.POST and request.method == "POST" else None)
    if "revoke" in request.POST:
        _revoke(request, obj, request.POST["revoke"])
        return redirect(request.path)
    if form.is_bound and form.is_valid():
        _make(request, obj, form)
        return redirect(request.path)
    links = [(link, request.build_absolute_uri(address(link))) for link in links_of(obj).select_related("author")]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "object": obj,
        "title": gettext("Preview links: %(name)s") % {"name": obj},
        "form": form,
        "links": links,
    }
    return render(request, "admin/editing/preview_links.html", context)


def _make(request, obj, form: LinkForm):
    link = form.save(commit=False)
    link.target, link.author = obj, request.user
    link.expires_at = timezone.now() + timedelta(days=form.cleaned_data["days"])
    link.save()
    audit.record(request.user, Act.PREVIEW_LINK, obj, link.note)
    messages.success(request, gettext("The link is ready to be copied and sent."))


def _revoke(request, obj, number: str):
    link = links_of(obj).filter(pk=number, revoked_at__isnull=True).first() if number.isdecimal() else None
    if link is not None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        audit.record(request.user, Act.PREVIEW_REVOKED, obj, link.note)
        messages.info(request, gettext("The link no longer works."))


# --- For whoever has the link -----------------------------------------------------------------------------------------


@require_safe
def page(request, token: str):
    link = _find(token)
    target = link.target if link else None
    if target is None:
        return _private(render(request, "editing/link_ended.html", status=410))
    if type(target).objects.reachable().filter(pk=target.pk).exists():
        return _private(redirect(target))
    request.preview_link = link
    preview.allow(request, target)
    response = trial_pages.page_of(request, target)
    _lead_files_through(response, link, target, token)
    return _private(response)


@require_safe
def photo(request, token: str, key: str, name: str):
    """A variant of a photo of what the link shows."""
    target = _target_or_404(token)
    if not hasattr(target, "photos") or not target.photos.shown().filter(key=key).exists():
        raise Http404
    return _private(files.private_photo(key, name))


@require_safe
def attachment(request, token: str, key: str, name: str):
    target = _target_or_404(token)
    found = target.attachments.filter(key=key).first() if hasattr(target, "attachments") else None
    if found is None:
        raise Http404
    return _private(files.document(found, is_public=False))


def _find(token: str) -> PreviewLink | None:
    try:
        key = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    link = PreviewLink.objects.filter(key=key).first()
    return link if link and link.is_valid else None


def _target_or_404(token: str):
    link = _find(token)
    if link is None or link.target is None:
        raise Http404
    return link.target


def _lead_files_through(response, link: PreviewLink, target, token: str):
    """The page names its photos and files by their public addresses, which answer only once it is published."""
    text = response.content.decode()
    for row in target.photos.all() if hasattr(target, "photos") else []:
        text = text.replace(f"/media/photos/{row.key}/", reverse("preview_link", args=[token]) + f"photos/{row.key}/")
    for row in target.attachments.all() if hasattr(target, "attachments") else []:
        text = text.replace(f"/pliki/{row.key}/", reverse("preview_link", args=[token]) + f"pliki/{row.key}/")
    response.content = text.encode()


def _private(response):
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"  # the address is a key
    return preview.keep_private(response)
