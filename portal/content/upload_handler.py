"""Uploads on their way to the disk: a full disk or a file that nobody may send spoils that file, not the whole form."""

import logging
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger("portal.content")
NO_ROOM = _("The server has run out of room. Nothing was saved of this file; please tell the administrator.")


class LostFile(UploadedFile):
    """Stands for a file of which nothing is kept. Its size is that of what was sent."""

    def __init__(self, upload: UploadedFile, size: int, has_no_room: bool):
        super().__init__(BytesIO(), upload.name, upload.content_type, size, upload.charset, upload.content_type_extra)
        self.field_name, self.has_no_room = None, has_no_room


def is_lost(file) -> bool:
    """Whether the disk had no room for this upload."""
    return getattr(file, "has_no_room", False)


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Django's own, which answers a full disk with an error page, and keeps files of any size."""

    is_full = is_too_large = False

    def new_file(self, *args, **kwargs):
        self.is_full = self.is_too_large = False
        self.file = None
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._give_up("no temporary file can be made")

    def receive_data_chunk(self, raw_data, start):
        if self.is_full or self.is_too_large:
            return
        if start + len(raw_data) > max(settings.PHOTO_MAX_BYTES, settings.ATTACHMENT_MAX_BYTES):
            self.is_too_large = True
            self._drop()
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._give_up("an upload cannot be written")

    def file_complete(self, file_size):
        if not self.is_full and not self.is_too_large:
            try:
                self.file.flush()
                return super().file_complete(file_size)
            except OSError:
                self._give_up("an upload cannot be written")
        upload = UploadedFile(None, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra)
        return LostFile(upload, file_size, self.is_full)

    def upload_interrupted(self):
        self._drop()

    def _give_up(self, words: str):
        logger.exception(words)
        self.is_full = True
        self._drop()

    def _drop(self):
        if self.file is not None:
            try:
                self.file.close()
            except OSError:  # what was not written yet cannot be written now either
                pass
