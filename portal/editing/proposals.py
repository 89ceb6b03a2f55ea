"""Proposed versions: a change of something public by somebody who may not publish. The live one stays as it is."""

from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from . import audit, remarks
from .models import Act, Proposal, ProposalState

OPEN = [ProposalState.WAITING, ProposalState.RETURNED]


def all_of(obj):
    return Proposal.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)


def open_of(obj) -> Proposal | None:
    """The one that waits, or that was returned and not sent again."""
    return all_of(obj).filter(state__in=OPEN).select_related("author").first()


def find(obj, uid: UUID) -> Proposal | None:
    return all_of(obj).filter(state__in=OPEN, uid=uid).select_related("author").first()


@transaction.atomic
def send(obj, author, data: dict[str, list[str]]) -> Proposal:
    """Put a proposed version beside `obj`, in place of the open one if there is one."""
    proposal = all_of(obj).select_for_update().filter(state__in=OPEN).first()
    proposal = proposal or Proposal(content_type=ContentType.objects.get_for_model(obj), object_id=obj.pk)
    proposal.author, proposal.data, proposal.title = author, data, str(obj)[:250]
    proposal.state, proposal.sent_at = ProposalState.WAITING, timezone.now()
    proposal.save()
    remarks.answer(obj)
    audit.record(author, Act.PROPOSED, obj)
    return proposal


@transaction.atomic
def return_to_author(proposal: Proposal, obj, publisher, remark: str, data: dict[str, list[str]]):
    """With a remark, and with what the publisher has corrected on the way."""
    proposal.state, proposal.data, proposal.sent_at = ProposalState.RETURNED, data, timezone.now()
    proposal.save()
    remarks.make(obj, publisher, remark)
    audit.record(publisher, Act.RETURNED, obj)


def close(proposal: Proposal, state: ProposalState):
    proposal.state, proposal.closed_at = state, timezone.now()
    proposal.save(update_fields=["state", "closed_at"])
