"""People from a file, in two steps: first what was understood, then signing up. Nothing is kept between the two."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from .. import importing, seats
from ..models import SignUp
from .pages import desk_page, render_desk

TOO_LARGE = _("This is more than 1 MB. Please split it.")


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("File (CSV)"), required=False, widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"})
    )
    text = forms.CharField(
        label=_("Or paste the rows here"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > importing.MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean_text(self):
        if len(self.cleaned_data["text"].encode(errors="replace")) > importing.MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return self.cleaned_data["text"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned["file"] and not cleaned["text"].strip():
            raise forms.ValidationError(_("Choose a file, or paste rows."))
        return cleaned

    def rows(self) -> str:
        file = self.cleaned_data["file"]
        return importing.decode(file.read()) if file else self.cleaned_data["text"]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page()
def import_people(request, signup: SignUp):
    if request.method != "POST":
        return show(request, signup, FileForm())
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, signup, form)
    text = form.rows()
    try:
        table = importing.read(text, signup)
    except importing.Unreadable as error:
        return show(request, signup, correcting(text, error.message))
    if "save" not in request.POST:
        importing.find_known(table, signup)
        return show(request, signup, FileForm(initial={"text": text}), preview=table, text=text)
    importing.sign_up_rows(table, signup, seats.staff(request.user))
    return show(request, signup, FileForm(initial={"text": table.broken_text()}), done=table)


def correcting(text: str, message: str) -> FileForm:
    """The form again, with what stood in the file as text that can be put right."""
    form = FileForm({"text": text})
    form.is_valid()
    form.add_error("text", message)
    return form


def show(request, signup: SignUp, form: FileForm, **context):
    context = {"form": form, "most_rows": importing.MOST_ROWS, **context}
    return render_desk(request, "admin/registration/import.html", signup, _("From a file"), context)
