"""Files to download: what they are is decided by their content, never by their name."""

import re
import zipfile
from pathlib import PurePath

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .folding import fold
from .photo_files import new_key

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "rtf": "application/rtf",
}
OPEN_XML_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls"}


def detect_format(file) -> str | None:
    """The format of an office document by its content ("pdf", "docx" …), or None. Reads; never unpacks."""
    file.seek(0)
    start = file.read(8)
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(b"{\\rtf"):
        return "rtf"
    if start.startswith(b"PK\x03\x04"):
        return _format_of_zip(file)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # OLE2, the container of old Word and Excel files
        file.seek(0)
        content = file.read(settings.ATTACHMENT_MAX_BYTES)
        return next((name for stream, name in OLE_STREAMS.items() if stream.encode("utf-16-le") in content), None)
    return None


def _format_of_zip(file) -> str | None:
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                return next((name for name, content_type in CONTENT_TYPES.items() if content_type == declared), None)
            if any(name.endswith("vbaProject.bin") for name in names):
                return None  # macros
            return next((name for part, name in OPEN_XML_PARTS.items() if part in names), None)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return None


def readable_name(name: str, extension: str) -> str:
    """ "Wniosek – wzór (2).PDF" → "wniosek-wzor-2.pdf": readable in an address, the same on every disk."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(PurePath(name).stem)).strip("-")[:80]
    return f"{stem or 'plik'}.{extension}"


def upload_path(attachment, _name: str) -> str:
    return f"attachments/{attachment.key}"


class Attachment(models.Model):
    owner_field: str

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("What the file is, as a reader would call it."))
    file = models.FileField(
        _("file"), upload_to=upload_path, help_text=_("PDF or an office document (Word, Excel, LibreOffice).")
    )
    name = models.CharField(max_length=100, editable=False)
    format = models.CharField(max_length=4, editable=False)
    size = models.PositiveBigIntegerField(editable=False, default=0)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("attachment", args=[self.key, self.name])

    def clean(self):
        """Decide the format by the content. Raises ValidationError beside the field for anything else or too large."""
        super().clean()
        if not self.file or self.file._committed:
            return
        if self.file.size > settings.ATTACHMENT_MAX_BYTES:
            limit = settings.ATTACHMENT_MAX_BYTES // 1024**2
            raise ValidationError(
                {"file": ValidationError(_("The file is too large: at most %(limit)s MB."), params={"limit": limit})}
            )
        detected = detect_format(self.file.file)
        if detected is None:
            raise ValidationError({"file": _("Only PDF files and office documents without macros can be attached.")})
        self.format, self.size = detected, self.file.size
        self.name = readable_name(self.file.name, detected)

    @property
    def owner(self):
        return getattr(self, self.owner_field)

    @property
    def is_public(self) -> bool:
        return type(self.owner).objects.reachable().filter(pk=self.owner.pk).exists()

    @property
    def has_files(self) -> bool:
        return self.file.storage.exists(self.file.name)

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES[self.format]


def find_attachment(key: str):
    """The attachment with this key, of whichever section, or None."""
    for model in apps.get_models():
        if issubclass(model, Attachment) and (found := model.objects.filter(key=key).first()):
            return found
    return None
