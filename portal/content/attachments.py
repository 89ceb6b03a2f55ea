"""Files to download that belong to an article, a notice or a page.

`key` is the stable name in links: `/pliki/<key>/<name>` goes on working when the file is replaced. Each content has an
unguessable key of its own, under which it lies in private storage and never changes (attachment_files).
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import attachment_files, documents
from .photo_files import new_key


def upload_path(attachment, _name: str) -> str:
    return attachment_files.private_name(attachment.content_key)


class Attachment(models.Model):
    owner_field: str
    examine = staticmethod(documents.examine)  # says what a file is, or raises ValidationError with what is wrong

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("What the file is, as a reader would call it."))
    file = models.FileField(
        _("file"), upload_to=upload_path, help_text=_("PDF or an office document (Word, Excel, LibreOffice).")
    )
    # Not unique: the same content may be named by a row and by its restored version.
    content_key = models.CharField(max_length=32, db_index=True, default=new_key, editable=False)
    name = models.CharField(max_length=100, editable=False)
    format = models.CharField(max_length=4, editable=False)
    size = models.PositiveBigIntegerField(editable=False, default=0)
    has_text = models.BooleanField(null=True, editable=False)  # of a PDF; None where nobody knows
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    content_date = models.DateField(null=True, editable=False)  # when this content came, maybe in another's place

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
        """Examine a new file. Raises ValidationError beside the field for what cannot be attached."""
        super().clean()
        if not self.file or self.file._committed:
            return
        try:
            document = self.examine(self.file.file)
        except ValidationError as error:
            raise ValidationError({"file": error}) from None
        self.describe(attachment_files.describe(self.file, document, new_key()))

    def describe(self, stored: attachment_files.Stored):
        """Make this the row of that content."""
        self.content_key, self.name, self.format = stored.key, stored.name, stored.format
        self.size, self.has_text = stored.size, stored.has_text
        self.content_date = timezone.localdate()

    @property
    def owner(self):
        return getattr(self, self.owner_field)

    @property
    def language(self) -> str:
        return self.owner.language

    @property
    def is_public(self) -> bool:
        return type(self.owner).objects.reachable().filter(pk=self.owner.pk).exists()

    @property
    def has_files(self) -> bool:
        return self.file.storage.exists(self.file.name)

    @property
    def content_url(self) -> str:
        """Where this very content is: it changes with every replacement, so that browsers may keep what they have."""
        return reverse("attachment_content", args=[self.key, self.content_key, self.name])

    @property
    def content_type(self) -> str:
        return documents.CONTENT_TYPES[self.format]

    @property
    def facts(self) -> str:
        return documents.in_words(self.format, self.size)


def find_attachment(key: str) -> Attachment | None:
    """The attachment with this key, of whichever section, or None."""
    for model in attachment_files.attachment_models():
        if found := model.objects.filter(key=key).first():
            return found
    return None
