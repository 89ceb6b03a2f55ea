"""What is published: its form, its list, and who may do what with it.

draft → review → published → archived. Who may not publish writes drafts and sends them to review; a change of theirs
to something public becomes a proposed version beside the live one (proposals.py), and the page, the search and the
feeds stay as they are until a publisher publishes it.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.content import languages
from portal.content.admin_filters import CheckedFilter, StatusFilter, TimeFilter
from portal.content.admin_forms import PublishableForm
from portal.content.object_tools import ObjectTool
from portal.content.publishing import NEWEST_FOR_EDITORS, Status

from . import audit, buttons, differences, drafts, history, proposals, remarks, trial_pages
from .buttons import PUBLIC, Button, in_words, state_of
from .filters import ProposalFilter, RemarkFilter
from .models import Act, Proposal, ProposalState
from .preview_links import links_view
from .workplace_admin import NothingSaved, WorkplaceAdmin

# "at-end" comes after the rows inside the form, just above the buttons (templates/admin/change_form.html).
PUBLICATION_FIELDSET = (_("Publication"), {"fields": ["state", ("publish_at", "expire_at")], "classes": ["at-end"]})
TRANSLATION_FIELDSET = (
    _("Check of the translation"),
    {"fields": [("verified_on", "verified_by"), "source"], "classes": ["collapse", "at-end"]},
)
ADDRESS_FIELDSET = (
    _("Address of the page and language"),
    {"fields": ["slug", ("language", "translation_of")], "classes": ["collapse", "at-end"]},
)
# What a translation does not take from its original.
NOT_COPIED = ["id", "slug", "status", "publish_at", "expire_at", "verified_on", "verified_by", "source", "is_pinned"]
# What a change of status is called in the audit list.
ACTS = {Status.PUBLISHED: Act.PUBLISHED, Status.ARCHIVED: Act.ARCHIVED, Status.REVIEW: Act.SENT}


class PublishableAdmin(WorkplaceAdmin):
    """What is published: lists that say what is visible, buttons that say what they do."""

    form = PublishableForm
    list_display_links = ["title"]
    list_filter = [StatusFilter, TimeFilter, "language", CheckedFilter, ProposalFilter, RemarkFilter]
    readonly_fields = ["state"]
    autocomplete_fields = ["translation_of"]
    ordering = NEWEST_FOR_EDITORS
    actions = ["publish_selected", "review_selected", "archive_selected"]
    status_buttons = {
        "_save_draft": Status.DRAFT,
        "_to_review": Status.REVIEW,
        "_publish": Status.PUBLISHED,
        "_archive": Status.ARCHIVED,
        "_return": Status.DRAFT,
    }
    buttons_of_publishers = {"_publish", "_archive", "_return", "_return_proposal"}

    # Permissions

    def has_publish_permission(self, request) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def may_write_live(self, request, obj) -> bool:
        """Whether what this person saves is saved at once; else, of something public, a proposed version is made."""
        is_public = obj is not None and obj.status in PUBLIC
        return self.has_change_permission(request, obj) and (not is_public or self.has_publish_permission(request))

    def may_restore(self, request, obj) -> bool:
        return self.may_write_live(request, obj)

    # Translations

    def _translation_tools(self, request, obj) -> list[ObjectTool]:
        """To the translations that there are, and to a new form for each that there is not."""
        if obj.language != languages.ORIGINAL:
            original = obj.translation_of
            return [ObjectTool(gettext("Polish original"), self._form_of(original))] if original else []
        known = {row.language: row for row in obj.translations.all()}
        tools = []
        for code, name in settings.LANGUAGES:
            if code in known:
                tools.append(ObjectTool(name, self._form_of(known[code])))
            elif code != languages.ORIGINAL and self.has_add_permission(request):
                address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
                query = urlencode({"translation_of": obj.pk, "language": code})
                tools.append(ObjectTool(gettext("Translate: %(language)s") % {"language": name}, f"{address}?{query}"))
        return tools

    def _form_of(self, obj) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])

    def get_changeform_initial_data(self, request):
        """A translation begins as a copy of its original: what is not yet translated can be seen."""
        initial = super().get_changeform_initial_data(request)
        # Of what this person may see: else a form would show what another institution has not published.
        original = self.get_queryset(request).filter(pk=initial.pop("translation_of", None) or 0).first()
        if original:
            initial["translation_of"] = original.pk
            copied = model_to_dict(original, exclude=[*NOT_COPIED, *initial])
            initial = copied | initial
        return initial

    # The list

    @admin.display(description=_("status"))
    def state(self, obj):
        code, words = state_of(obj)
        return format_html('<span class="state state-{}">{}</span>', code, words)

    @admin.display(description=_("status and publication"), ordering="publish_at")
    def publication(self, obj):
        when = date_format(timezone.localtime(obj.publish_at), "d.m.Y H:i") if obj.publish_at else ""
        return format_html('{}<span class="when">{}</span>', self.state(obj), when)

    @admin.display(description=_("photo"))
    def thumbnail(self, obj):
        if not obj.cover:
            return ""
        return format_html(
            '<img class="thumbnail" src="{}" alt="" width="80" height="60" loading="lazy">', obj.cover.small_url
        )

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request, queryset):
        self._set_status(request, queryset, Status.PUBLISHED)

    @admin.action(description=_("Send to review"), permissions=["change"])
    def review_selected(self, request, queryset):
        self._set_status(request, queryset, Status.REVIEW)

    @admin.action(description=_("Move to the archive"), permissions=["publish"])
    def archive_selected(self, request, queryset):
        self._set_status(request, queryset, Status.ARCHIVED)

    def _set_status(self, request, queryset, status: str):
        changed = 0
        for obj in self.model.objects.filter(pk__in=queryset.order_by().values("pk")).exclude(status=status):
            if not self.may_write_live(request, obj):
                self.message_user(
                    request, gettext("“%(title)s”: only a publisher may change it.") % {"title": obj}, messages.WARNING
                )
                continue
            before, obj.status = obj.status, status
            try:
                obj.full_clean()
            except ValidationError as error:
                self.message_user(request, f"“{obj}”: {' '.join(error.messages)}", messages.ERROR)
                continue
            history.add_first_version(type(obj)._base_manager.get(pk=obj.pk))
            obj.save()
            self.log_change(request, obj, [{"changed": {"fields": [str(Status(status).label)]}}])
            self._note_flow(request, obj, before)
            changed += 1
        done = ngettext("%(count)d entry: %(status)s.", "%(count)d entries: %(status)s.", changed)
        self.message_user(
            request,
            done % {"count": changed, "status": Status(status).label},
            messages.SUCCESS if changed else messages.INFO,
        )

    # Opening the form

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        links = self.admin_site.admin_view(lambda request, object_id: links_view(self, request, object_id))
        return [path("<int:object_id>/preview-links/", links, name=f"{name}_preview_links"), *super().get_urls()]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            return [pair for pair in fieldsets if "for-writing" not in pair[1].get("classes", [])]
        return fieldsets

    def find_kept(self, request, obj):
        """An unsaved text, or a proposed version: the one that is asked for, or that its author goes on with."""
        unsaved = super().find_kept(request, obj)
        if unsaved or obj is None:
            return unsaved
        if uid := drafts.uuid_or_none(request.GET.get("proposal")):
            return proposals.find(obj, uid)
        return None if self.may_write_live(request, obj) else proposals.open_of(obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)  # a class made for this request
        form.wanted_status = next(
            (status for name, status in self.status_buttons.items() if name in request.POST), None
        )
        form.is_returning = bool({"_return", "_return_proposal"} & request.POST.keys())
        form.open_proposal = self._proposal_of_form(request, obj)
        form.is_only_shown = form.is_only_shown and not trial_pages.is_wanted(request)
        return form

    def _proposal_of_form(self, request, obj) -> Proposal | None:
        """The proposed version that the form in this request is about."""
        kept = getattr(request, "kept", None)
        if isinstance(kept, Proposal):
            return kept
        uid = drafts.uuid_or_none(request.POST.get("_proposal"))
        return proposals.find(obj, uid) if obj is not None and uid else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if self.buttons_of_publishers & request.POST.keys() and not self.has_publish_permission(request):
            raise PermissionDenied
        if "_withdraw" in request.POST:
            return self._withdraw(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        is_proposing = obj is not None and not self.may_write_live(request, obj)
        context |= {
            "buttons": self.buttons(request, form, context["is_popup"], is_proposing),
            "is_proposing": is_proposing,
            "remark": remarks.open_of(obj) if obj else None,
            "remark_form": form if obj and self._may_return(request, obj, form) else None,
        }
        if obj and self.has_change_permission(request, obj):
            context |= self._proposal_context(request, obj, form, is_proposing)
        if obj and not self.has_change_permission(request, obj):
            self.show_rich_text(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _may_return(self, request, obj, form) -> bool:
        return self.has_publish_permission(request) and (obj.status == Status.REVIEW or form.open_proposal is not None)

    def _proposal_context(self, request, obj, form, is_proposing: bool) -> dict:
        if obj.status not in PUBLIC:
            return {}
        if form.open_proposal is None:
            return {"waiting_proposal": proposals.open_of(obj)}
        is_shown = isinstance(getattr(request, "kept", None), Proposal)
        return {
            "proposal": form.open_proposal,
            "proposal_version": request.POST.get("_proposal_version") or form.open_proposal.sent_at.isoformat(),
            "proposal_differences": differences.of_forms(form, request.formsets) if is_shown else [],
            "proposal_page_url": f"?proposal={form.open_proposal.uid}&{trial_pages.PARAMETER}=1",
        }

    def buttons(self, request, form, is_popup: bool, is_proposing: bool) -> list[Button]:
        if is_proposing:
            return buttons.of_proposing(form.open_proposal is not None, is_popup)
        return buttons.of_flow(
            form.instance,
            form.saved_status,
            self.has_publish_permission(request),
            form.open_proposal is not None,
            is_popup,
        )

    def get_object_tools(self, request, obj):
        label = _("View on site") if obj.is_published else _("Preview")
        address = languages.address_in(obj, obj.language)
        tools = [ObjectTool(label, address, is_new_window=True), *super().get_object_tools(request, obj)]
        tools += self._translation_tools(request, obj)
        if self.has_change_permission(request, obj) and not obj.is_published:
            tools.append(ObjectTool(_("Preview link for somebody outside"), self._address("preview_links", obj.pk)))
        return tools

    # Saving

    def save_model(self, request, obj, form, change):
        if trial_pages.is_wanted(request):
            pass  # saved as any other, seen, and rolled back (see _after_saving)
        elif "_return_proposal" in request.POST:
            raise NothingSaved(lambda: self._return_proposal(request, obj, form))
        elif change and not self.may_write_live(request, type(obj)._base_manager.get(pk=obj.pk)):
            keep = self._keep_privately if "_continue" in request.POST else self._propose
            raise NothingSaved(lambda: keep(request, obj.pk))
        super().save_model(request, obj, form, change)

    def _propose(self, request, pk):
        obj = self.get_object(request, str(pk))
        proposals.send(obj, request.user, self._kept_data(request))
        self._forget_draft(request)
        text = gettext("The change waits for a publisher. The page on the site stays as it was until then.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self._address("changelist"))

    def _keep_privately(self, request, pk):
        """What the Enter key does in such a form: nothing reaches a publisher by mistake."""
        uid = drafts.uid_of_form(request.POST.get("_draft"))
        obj = self.get_object(request, str(pk))
        drafts.keep(request.user, uid, self.model, pk, str(obj), self._kept_data(request))
        self.message_user(request, gettext("Kept as your text; nobody else sees it until you send it."))
        return HttpResponseRedirect(f"{self._address('change', pk)}?draft={uid}")

    def _return_proposal(self, request, obj, form):
        live = self.get_object(request, str(obj.pk))
        data, remark = self._kept_data(request), form.cleaned_data["remark_to_author"]
        proposals.return_to_author(form.open_proposal, live, request.user, remark, data)
        self.message_user(request, gettext("The proposal went back to its author with your remark."), messages.SUCCESS)
        return HttpResponseRedirect(self._address("changelist"))

    def _withdraw(self, request, object_id):
        obj = self.get_object(request, object_id)
        if obj is None or not self.has_change_permission(request, obj):
            raise PermissionDenied
        if proposal := proposals.open_of(obj):
            proposals.close(proposal, ProposalState.WITHDRAWN)
            remarks.answer(obj)
            self.message_user(request, gettext("The proposal is withdrawn; the page stays as it is."), messages.INFO)
        return HttpResponseRedirect(self._address("change", obj.pk))

    @staticmethod
    def _kept_data(request) -> dict[str, list[str]]:
        """What the form holds, with what its rows have made of uploaded files."""
        data = drafts.fields_of(request.POST)
        for formset in request.formsets:
            data |= {name: values for name, values in drafts.fields_of(formset.data).items() if values}
        return data

    def _address(self, name: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        obj = form.instance
        if "_return" in request.POST:
            remarks.make(obj, request.user, form.cleaned_data["remark_to_author"])
        if form.open_proposal is not None:
            proposals.close(form.open_proposal, ProposalState.PUBLISHED)
            remarks.answer(obj)
            author = form.open_proposal.author
            detail = gettext("Change proposed by %(who)s") % {"who": author.get_full_name() or author} if author else ""
            audit.record(request.user, Act.PUBLISHED, obj, detail)
        self._note_flow(
            request, obj, form.saved_status if change else Status.DRAFT, is_returned="_return" in request.POST
        )

    def _note_flow(self, request, obj, before: str, is_returned: bool = False):
        """Write a change of status into the audit list, and close the remark it answers."""
        if obj.status == before:
            return
        if obj.status in (Status.REVIEW, Status.PUBLISHED):
            remarks.answer(obj)
        act = Act.RETURNED if is_returned else ACTS.get(obj.status, Act.UNPUBLISHED)
        if act == Act.UNPUBLISHED and before not in PUBLIC:
            return
        audit.record(request.user, act, obj, in_words(obj.publish_at) if obj.is_scheduled else "")

    def response_add(self, request, obj, post_url_continue=None):
        return self._after_saving(
            request, obj, lambda: super(PublishableAdmin, self).response_add(request, obj, post_url_continue)
        )

    def response_change(self, request, obj):
        answer = super().response_change
        return self._after_saving(request, obj, lambda: answer(request, obj))

    def _after_saving(self, request, obj, answer):
        if trial_pages.is_wanted(request):
            page = trial_pages.page_of(request, obj)
            raise NothingSaved(lambda: page)
        response = answer()
        if IS_POPUP_VAR in request.POST:
            return response
        if obj.is_scheduled:
            self.message_user(
                request, gettext("It will appear on %(when)s.") % {"when": in_words(obj.publish_at)}, messages.INFO
            )
        url = self.next_url(request, obj)
        return HttpResponseRedirect(url) if url else response

    def next_url(self, request, obj) -> str | None:
        """Where to go after saving, if not where the stock admin goes."""
        return obj.get_absolute_url() if "_preview" in request.POST else None
