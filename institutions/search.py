"""What the search knows of institutions.

Of the address only what everybody may know: `location` and `public_municipality`, never the raw fields.
"""

from django.utils.translation import gettext_lazy as _

from portal.content.richtext import plain_text
from portal.search.sources import Document, register_source

from .models import CooperationAgreement, Institution, InstitutionSubtype, InstitutionType, Municipality, ServedGroup


def institution_document(institution: Institution) -> Document | None:
    if not (institution.is_listed and institution.type.is_public_directory):
        return None
    return Document(
        institution.name,
        institution.get_absolute_url(),
        lead=institution.lead,
        body=" · ".join(filter(None, map(str, _facts(institution)))),
        date=institution.updated_at,
        aliases=f"{institution.short_name} · {institution.type}",
    )


def _facts(institution: Institution) -> list:
    location = institution.location
    head = f"{institution.head_role} {institution.head_name}".strip()
    return [
        plain_text(institution.description), institution.for_whom, str(institution.type),
        *institution.subtypes.all(), *institution.serves.all(), location, institution.public_municipality,
        location.getting_there, institution.area_served, institution.operator_name, head, institution.hours_note,
        location.access_note, institution.founded_note,
        *(f"{agreement.county} {agreement.subject}" for agreement in institution.agreements.all()),
    ]  # fmt: skip


def _institutions(row: InstitutionType | Municipality):
    return row.institutions.values_list("pk", flat=True)


def _institutions_marked(row: InstitutionSubtype | ServedGroup):
    return row.institution_set.values_list("pk", flat=True)


def _queryset():
    return Institution.objects.select_related("type", "municipality").prefetch_related(
        "subtypes", "serves", "agreements"
    )


def register():
    register_source(
        Institution, institution_document, kind="placowki", label=_("Institutions"), has_date=False,
        queryset=_queryset,
        made_of={
            CooperationAgreement: lambda agreement: [agreement.institution_id],
            InstitutionType: _institutions, Municipality: _institutions,
            InstitutionSubtype: _institutions_marked, ServedGroup: _institutions_marked,
        },
    )  # fmt: skip
