"""The yearly figures as a page and as a file; no person stands in them."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from events.models import Kind

from ..figures import Figures, figures_of, years
from .export import file_response
from .pages import office_page, render_desk

# In the order of the fields of Figures.
COLUMNS = [
    _("Events"),
    _("Dates"),
    _("Didactic hours"),
    pgettext_lazy("plural", "registrations"),
    _("People with a place"),
    _("People who came"),
    _("Person-hours"),
    _("Certificates of attendance"),
    _("Statutory certificates"),
    _("Waited, no place"),
    _("Cancelled events"),
]


class YearForm(forms.Form):
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years()]


@require_safe
@office_page()
def figures(request):
    """A year that is none shows the present one."""
    asked = YearForm(request.GET)
    year = asked.cleaned_data["year"] if asked.is_valid() else years()[0]
    rows = rows_of(figures_of(year))
    header = [_("Kind of event"), *COLUMNS]
    kind = request.GET.get("file")
    if kind in ("csv", "xlsx"):
        title = _("Meetings and trainings %(year)s") % {"year": year}
        return file_response(kind, f"szkolenia-{year}", title, [str(name) for name in header], rows)
    context = {"form": YearForm(initial={"year": year}), "year": year, "header": header, "rows": rows}
    return render_desk(request, "admin/registration/figures.html", None, _("Yearly figures"), context)


def rows_of(found: dict[str, Figures]) -> list[list]:
    """A row for each kind of event, and the sum of all."""
    total = sum(found.values(), Figures())
    rows = [(str(Kind(kind).label), figures) for kind, figures in found.items()]
    return [[label, *figures.values] for label, figures in [*rows, (str(_("Together")), total)]]
