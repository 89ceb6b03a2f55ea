"""Staff see every letter and what became of it, and send one again; nobody edits one."""

from datetime import timedelta

from django.contrib import admin, messages
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from portal.content.board import LineFilter, register_board_line
from portal.content.paging import CappedPaginator

from .models import Message, MessageStatus

LATE = timedelta(minutes=15)


class TroubleFilter(LineFilter):
    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request, model_admin):
        return [("late", _("waits for more than a quarter of an hour")), ("failed", _("given up"))]

    @staticmethod
    def select(queryset, value):
        waiting = [MessageStatus.QUEUED, MessageStatus.SENDING]
        conditions = {
            "late": Q(status__in=waiting, created_at__lt=timezone.now() - LATE),
            "failed": Q(status=MessageStatus.FAILED, purged_at=None),
        }
        return queryset.filter(conditions.get(value, Q()))


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    list_display = ["subject_or_kind", "to", "status", "attempts", "created_at", "sent_at"]
    list_filter = [TroubleFilter, "status", "kind"]
    search_fields = ["to", "subject"]
    list_per_page = 50
    show_full_result_count = False
    paginator = CappedPaginator
    actions = ["send_again"]
    fields = [
        "subject", ("to", "reply_to"), "body", ("kind", "status", "attempts"), ("created_at", "next_try_at", "sent_at"),
        "attachment_name", "last_error", "purged_at",
    ]  # fmt: skip
    readonly_fields = [name for row in fields for name in ((row,) if isinstance(row, str) else row)]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("subject"), ordering="subject")
    def subject_or_kind(self, message):
        return message.subject or f"({message.kind})"

    @admin.display(description=_("text"))
    def body(self, message):
        return gettext("Hidden: it holds a link for its addressee alone.") if message.is_secret else message.text

    @admin.action(description=_("Send again"), permissions=["change"])
    def send_again(self, request, queryset):
        """Also what was sent already: the person says that nothing came."""
        kept = queryset.filter(purged_at=None, status__in=[MessageStatus.SENT, MessageStatus.FAILED])
        kept = kept.exclude(is_secret=True, status=MessageStatus.SENT)  # emptied; its sender makes another link
        count = kept.update(status=MessageStatus.QUEUED, attempts=0, next_try_at=timezone.now())
        if count:
            self.message_user(
                request,
                ngettext("%(n)d message will be sent again.", "%(n)d messages will be sent again.", count)
                % {"n": count},
            )
        else:
            self.message_user(request, gettext("Nothing to send: the text is gone or it waits already."), messages.INFO)


register_board_line(_("Mail that has trouble"), Message, TroubleFilter, "late")
register_board_line(_("Mail that has trouble"), Message, TroubleFilter, "failed")
