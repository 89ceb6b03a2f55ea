"""What the search knows of service cards."""

from django.utils.translation import gettext_lazy as _

from portal.content.richtext import plain_text
from portal.search.sources import Document, register_source

from .models import LifeSituation, ServiceCard, ServiceForm


def card_document(card: ServiceCard) -> Document:
    texts = [card.conditions, card.required_documents, card.steps, card.where]
    parts = [
        card.for_whom, *map(plain_text, texts), card.time_limit, card.result, card.legal_basis,
        *(form.title for form in card.attachments.all()),
    ]  # fmt: skip
    return Document(
        card.title, card.get_absolute_url(), lead=card.lead, body=" · ".join(filter(None, parts)),
        date=card.updated_at, aliases=" · ".join(map(str, card.situations.all())),
    )  # fmt: skip


def register():
    register_source(
        ServiceCard, card_document, kind="sprawy", label=_("Matters"), has_date=False,
        queryset=lambda: ServiceCard.objects.prefetch_related("attachments", "situations"),
        made_of={
            ServiceForm: lambda form: [form.card_id],
            LifeSituation: lambda situation: situation.services.values_list("pk", flat=True),
        },
    )  # fmt: skip
