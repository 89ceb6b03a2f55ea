"""Certificates of one event: who has earned one, issuing, revoking, the PDF."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.content import pdf

from .. import attendance, certificates, papers
from ..models import Certificate, CertificateKind, Look, SignUp
from .pages import desk_page, desk_url, note_look, render_desk


@require_safe
@desk_page()
def overview(request, signup: SignUp):
    note_look(request, Look.LIST, signup)
    hours = attendance.hours_of(signup)
    issued: dict[int, list[Certificate]] = {}
    for certificate in signup.certificates.order_by("pk"):
        issued.setdefault(certificate.participant_id, []).append(certificate)
    rows = [
        row_of(person, hours.get(person.pk), signup, issued.get(person.pk, []))
        for person in sorted(attendance.participants_of(signup), key=papers.name_key)
    ]
    context = {"rows": rows, "kinds": kinds_of(signup), "has_pdf": pdf.is_available(), "revoke_form": RevokeForm()}
    return render_desk(request, "admin/registration/certificates.html", signup, _("Certificates"), context)


def row_of(person, hours, signup: SignUp, issued: list[Certificate]) -> tuple:
    """(person, hours, what is missing, certificates, kinds that can still be issued)."""
    missing = certificates.why_not(person, hours, signup, CertificateKind.ATTENDANCE)
    valid = {certificate.kind for certificate in issued if not certificate.is_revoked}
    to_issue = [(kind, label) for kind, label in kinds_of(signup) if kind not in valid]
    return person, hours, missing, issued, to_issue


def kinds_of(signup: SignUp) -> list[tuple[str, str]]:
    """The statutory one is offered only where the programme was approved."""
    return [
        (kind, label)
        for kind, label in CertificateKind.choices
        if kind == CertificateKind.ATTENDANCE or signup.programme_decision
    ]


@require_POST
@desk_page()
def issue(request, signup: SignUp):
    """To one person (`participant`), or to all who have earned it."""
    kind = request.POST.get("kind", CertificateKind.ATTENDANCE)
    if kind not in CertificateKind.values:
        raise Http404
    key = request.POST.get("participant")
    if key is None:
        issued = certificates.issue_to_all(signup, kind, request.user)
        words = ngettext("%(count)d certificate was issued.", "%(count)d certificates were issued.", len(issued))
        messages.success(request, words % {"count": len(issued)})
    else:
        issue_to_one(request, signup, kind, key)
    return HttpResponseRedirect(desk_url("certificates", signup))


def issue_to_one(request, signup: SignUp, kind: str, key: str):
    person = (
        attendance.participants_of(signup).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    )
    if person is None:
        raise Http404
    try:
        certificate = certificates.issue(person, signup, kind, request.user)
    except certificates.Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Issued: %(number)s.") % {"number": certificate.number})


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason of the revocation"), max_length=200)


def find(signup: SignUp, certificate_id: int) -> Certificate:
    certificate = signup.certificates.filter(pk=certificate_id).first()
    if certificate is None:
        raise Http404
    return certificate


@require_POST
@desk_page()
def revoke(request, signup: SignUp, certificate_id: int):
    certificate, form = find(signup, certificate_id), RevokeForm(request.POST)
    if not form.is_valid():
        context = {"form": form, "certificate": certificate}
        return render_desk(request, "admin/registration/certificate_revoke.html", signup, _("Revoke"), context)
    certificates.revoke(certificate, form.cleaned_data["reason"], request.user)
    messages.success(request, _("Revoked: %(number)s.") % {"number": certificate.number})
    return HttpResponseRedirect(desk_url("certificates", signup))


@require_safe
@desk_page()
def document(request, signup: SignUp, certificate_id: int):
    note_look(request, Look.PERSON, signup)
    certificate = find(signup, certificate_id)
    return papers.as_response(papers.certificate(certificate), certificate.number.replace("/", "-"))
