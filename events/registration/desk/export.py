"""The list of people as a file: the clerk chooses which columns, and whoever took it out is remembered."""

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.content import spreadsheets

from ..models import ACTIVE, TAKES_SEAT, Look, Participant, RegistrationStatus, SignUp
from .pages import desk_page, note_look, render_desk

GROUPS = {"active": ACTIVE, "seat": TAKES_SEAT, "all": RegistrationStatus.values}


class ExportForm(forms.Form):
    state = forms.ChoiceField(
        label=pgettext_lazy("people of a list", "Who"),
        choices=[
            ("active", _("all who are registered")),
            ("seat", _("with a seat")),
            ("all", _("all, also cancelled and expired")),
            *RegistrationStatus.choices,
        ],
    )
    columns = forms.MultipleChoiceField(
        label=_("What the file tells of them"), initial=["names"], widget=forms.CheckboxSelectMultiple
    )
    format = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("CSV, for other programs"))],
        initial="xlsx",
        widget=forms.RadioSelect,
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [("names", _("names, institution and post")), ("contact", _("e-mail, phone, town and remarks"))]
        if user.has_perm("registration.view_needs"):
            choices.append(("needs", pgettext_lazy("plural", "needs")))
        self.fields["columns"].choices = choices


@require_safe
@desk_page("export_people")
def export(request, signup: SignUp):
    return show(request, signup, ExportForm(request.user))


def show(request, signup: SignUp, form: ExportForm):
    return render_desk(request, "admin/registration/export.html", signup, _("Export"), {"form": form})


@require_POST  # so that nothing which only follows links takes a list of people
@desk_page("export_people")
def export_file(request, signup: SignUp):
    form = ExportForm(request.user, request.POST)
    if not form.is_valid():
        return show(request, signup, form)
    note_look(request, Look.EXPORT, signup)
    table = header_of(form.cleaned_data["columns"]), rows_of(signup, **form.cleaned_data)
    return file_response(form.cleaned_data["format"], signup.event.slug, signup.event.title, *table)


def header_of(columns: list[str]) -> list[str]:
    headers = {
        "names": [_("First name"), _("Last name"), _("Institution"), _("Post")],
        "contact": [_("E-mail"), _("Phone"), _("Town"), _("Remarks")],
        "needs": [_("Needs")],
    }
    start = [_("No."), _("State"), _("Signed up"), pgettext_lazy("way of signing up", "How")]
    return [str(name) for group in (start, *(headers[column] for column in columns)) for name in group]


def rows_of(signup: SignUp, *, state: str, columns: list[str], **_others) -> list[list]:
    """One row a person, in the order in which they signed up. What a couple gave once stands with the first of them."""
    people = Participant.objects.filter(
        registration__signup=signup,
        registration__status__in=GROUPS.get(state, [state]),
        registration__anonymised_at=None,
    )
    relations = ["registration", "registration__needs"] if "needs" in columns else ["registration"]
    people = people.select_related(*relations).order_by("registration__queue_no", "position")
    return [[*start_of(person), *(cell for column in columns for cell in CELLS[column](person))] for person in people]


def start_of(person: Participant) -> list:
    registration = person.registration
    signed_up = f"{timezone.localtime(registration.created_at):%Y-%m-%d %H:%M}"
    return [registration.queue_no, registration.get_status_display(), signed_up, registration.get_channel_display()]


def names_of(person: Participant) -> list[str]:
    return [person.first_name, person.last_name, person.institution, person.job_title]


def contact_of(person: Participant) -> list[str]:
    registration = person.registration
    if person.position > 1:
        return [""] * 4
    return [registration.email, registration.phone, registration.town, registration.remarks]


def needs_of(person: Participant) -> list[str]:
    needs = getattr(person.registration, "needs", None)
    return [needs.in_words() if needs and person.position == 1 else ""]


CELLS = {"names": names_of, "contact": contact_of, "needs": needs_of}


def file_response(kind: str, name: str, title: str, header: list[str], rows: list[list]) -> HttpResponse:
    """`kind` is "csv" or "xlsx"."""
    if kind == "csv":
        response = HttpResponse(spreadsheets.as_csv(header, rows), content_type=spreadsheets.CSV_TYPE)
    else:
        response = HttpResponse(spreadsheets.as_xlsx(title, header, rows), content_type=spreadsheets.XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
