"""Filters of the flow: what has a proposed version, what went back with a remark; and the board's lines of all that."""

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from portal.content.admin_filters import CheckedFilter, StatusFilter, TimeFilter
from portal.content.board import LineFilter, register_board_line
from portal.content.publishing import Status

from .models import Proposal, ProposalState, Remark


def _of_model(rows, model):
    return rows.filter(content_type=ContentType.objects.get_for_model(model)).values("object_id")


class ProposalFilter(LineFilter):
    title = _("proposed change")
    parameter_name = "proposal"

    def lookups(self, request, model_admin):
        return [("waiting", _("waits for a publisher")), ("returned", _("returned to the author"))]

    @staticmethod
    def select(queryset, value):
        if value not in ProposalState.values:
            return queryset
        return queryset.filter(pk__in=_of_model(Proposal.objects.filter(state=value).order_by(), queryset.model))


class RemarkFilter(LineFilter):
    title = _("remark")
    parameter_name = "remark"

    def lookups(self, request, model_admin):
        return [("open", _("returned with a remark"))]

    @staticmethod
    def select(queryset, value):
        if value != "open":
            return queryset
        return queryset.filter(
            pk__in=_of_model(Remark.objects.filter(answered_at__isnull=True).order_by(), queryset.model)
        )


def register_publishing_lines(model: type):
    """The board's lines that everything published has."""
    register_board_line(_("Waiting for review"), model, StatusFilter, Status.REVIEW)
    register_board_line(_("Proposed changes of what is published"), model, ProposalFilter, "waiting")
    register_board_line(_("Returned with a remark"), model, RemarkFilter, "open")
    register_board_line(_("To appear today or tomorrow"), model, TimeFilter, "soon")
    register_board_line(_("To disappear within a week"), model, TimeFilter, "expiring")
    heading = _("Facts to be checked again") if model.checks_originals else _("Translations to be checked")
    register_board_line(heading, model, CheckedFilter, "old")
