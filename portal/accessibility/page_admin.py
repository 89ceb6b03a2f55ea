"""The editors' form of /dostepnosc/: easy reading, the scope of activity, and the film in sign language."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from portal.content import films
from portal.content.admin import OneRecord, PlainFields
from portal.content.attachment_rows import AttachmentForm, AttachmentRows, AttachmentUploads
from portal.content.writing.forms import WrittenForm

from .models import AccessInfo, SignFilm


class FilmForm(AttachmentForm):
    """The captions come as a file; from then on they are text, which is not lost when something else is wrong."""

    captions_file = forms.FileField(
        label=_("file of captions"), required=False, help_text=_("VTT or SRT."),
        widget=forms.FileInput(attrs={"accept": ".vtt,.srt,text/vtt"}),
    )  # fmt: skip

    def __init__(self, data=None, files=None, *args, **kwargs):
        super().__init__(data, files, *args, **kwargs)
        upload = self.files.get(self.add_prefix("captions_file")) if self.is_bound else None
        if upload:
            self.data = self.data.copy()
            self.data[self.add_prefix("captions")] = upload.read(films.LONGEST_CAPTIONS).decode("utf-8", "replace")


class FilmRows(AttachmentRows):
    model = SignFilm
    form = FilmForm
    accept = ".mp4,video/mp4"
    max_num = 1
    fields = [("title", "file"), "captions_file", "captions", "transcript", "link", "stored"]


@admin.register(AccessInfo)
class AccessInfoAdmin(OneRecord, AttachmentUploads, PlainFields, admin.ModelAdmin):
    form = WrittenForm
    fields = ["easy_text", "scope"]
    inlines = [FilmRows]
