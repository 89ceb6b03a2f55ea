"""What a document is: decided by its content, never by its name. Nothing here knows the database, or unpacks anything.

Refused with the reason in words: what is no office document, what runs a program, what is locked with a password, and
an archive that unpacks to far more than it is.
"""

import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from .folding import fold

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
    "mp4": "video/mp4",  # no document, but kept and served like one (films.py)
}
OPEN_XML_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
MACRO_PARTS = re.compile(r"(^|/)vbaProject\.bin$|^xl/macrosheets/|^Basic/|^Scripts/", re.IGNORECASE)
# An office document may hold another one (the numbers of a chart); it never holds these.
FOREIGN_PARTS = re.compile(
    r"\.(zip|7z|rar|gz|bz2|xz|tar|jar|exe|dll|com|scr|msi|bat|cmd|ps1|vbs|js|hta|lnk)$", re.IGNORECASE
)

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Word and Excel files
OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls"}
OLE_MACROS = ["_VBA_PROJECT", "_VBA_PROJECT_CUR"]
OLE_LOCKED = "EncryptedPackage"

MOST_PARTS = 5000
MOST_DIRECTORY_BYTES = 2 * 1024**2
MOST_UNPACKED_BYTES = 500 * 1024**2
MOST_UNPACKED_TIMES = 150  # spreadsheets of zeros reach fifty
PROBE = Path(__file__).with_name("pdf_probe.py")
PROBE_SECONDS = 15

REASONS = {
    "no_document": _("Only PDF files and office documents without macros can be attached."),
    "too_large": _("The file is too large: at most %(limit)s MB."),
    "macros": _("This document contains macros, which readers' computers refuse. Save it without them."),
    "foreign": _("An archive or a program is hidden inside this document. Attach the document without it."),
    "bomb": _("This document unpacks to far more than a document can hold. Save it again in your office program."),
    "locked": _("This document opens only with a password, so readers cannot open it. Save it without the password."),
    "starts_program": _("This PDF starts a program on the reader's computer. Make the PDF again without it."),
    "damaged": _("This file is damaged or was copied only in part. Open it on your computer and save it again."),
}


@dataclass(frozen=True)
class Document:
    """`has_text` is None where nobody knows: for everything but a PDF, and for a PDF that could not be read here."""

    format: str
    has_text: bool | None = None


def refusal(code: str, **params) -> ValidationError:
    return ValidationError(REASONS[code], code=code, params=params)


def examine(file) -> Document:
    """Say what the file is. Raises ValidationError, with the reason in words, for what cannot be attached."""
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // 1024**2
        raise refusal("too_large", limit=limit)
    file.seek(0)
    start = file.read(8)
    if start.startswith(b"%PDF-"):
        return _examine_pdf(file)
    if start.startswith(b"{\\rtf"):
        return _examine_rtf(file)
    if start.startswith(b"PK\x03\x04"):
        return _examine_zip(file)
    if start == OLE_START:
        return _examine_ole(file)
    raise refusal("no_document")


def readable_name(name: str, extension: str) -> str:
    """ "Wniosek – wzór (2).PDF" → "wniosek-wzor-2.pdf": readable in an address, the same on every disk."""
    stem = re.sub(r"[^a-z0-9]+", "-", fold(PurePath(name).stem))[:80].strip("-")
    return f"{stem or 'plik'}.{extension}"


def in_words(extension: str, size: int) -> str:
    """ "PDF, 120 KB", "PDF, 2,4 MB"."""
    if size < 1024**2:
        return f"{extension.upper()}, {max(1, round(size / 1024))}\N{NO-BREAK SPACE}KB"
    return f"{extension.upper()}, {number_format(round(size / 1024**2, 1), 1)}\N{NO-BREAK SPACE}MB"


# --- PDF --------------------------------------------------------------------------------------------------------------


def _examine_pdf(file) -> Document:
    file.seek(max(0, file.size - 2048))
    end = file.read()
    found = _probe(file) if b"startxref" in end else None
    if found is None:
        # Viewers mend more than can be read here; but what has no end has been cut.
        if b"%%EOF" not in end:
            raise refusal("damaged")
        return Document("pdf")
    if found["is_locked"]:
        raise refusal("locked")
    # Scripts are let through: the fields of official forms reckon with them, and viewers fence them in.
    if found["starts_program"]:
        raise refusal("starts_program")
    return Document("pdf", found["has_text"])


def _probe(file) -> dict | None:
    with tempfile.TemporaryFile() as own:  # what was uploaded need not be a file on a disk
        file.seek(0)
        for chunk in iter(lambda: file.read(1024**2), b""):
            own.write(chunk)
        own.seek(0)
        try:
            answer = subprocess.run(
                [sys.executable, "-I", str(PROBE)],
                stdin=own,
                capture_output=True,
                timeout=PROBE_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return None
    return json.loads(answer.stdout) if answer.returncode == 0 else None


# --- Word, Excel, LibreOffice -----------------------------------------------------------------------------------------


def _examine_rtf(file) -> Document:
    file.seek(0)
    if b"\\objdata" in file.read():
        raise refusal("foreign")
    return Document("rtf")


def _examine_ole(file) -> Document:
    file.seek(0)
    content = file.read()

    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has(OLE_LOCKED):
        raise refusal("locked")
    if any(map(has, OLE_MACROS)):
        raise refusal("macros")
    found = next((extension for stream, extension in OLE_STREAMS.items() if has(stream)), None)
    if found is None:
        raise refusal("no_document")
    return Document(found)


def _examine_zip(file) -> Document:
    _check_directory(file)
    try:
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive.infolist(), file.size)
            found = _format_of(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, struct.error):
        raise refusal("damaged") from None
    if found is None:
        raise refusal("no_document")
    return Document(found)


def _check_directory(file):
    """Before Python reads the list of parts into memory: is it one that an office document can have?"""
    file.seek(max(0, file.size - 65_557))
    end = file.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0 or len(end) < place + 20:
        raise refusal("damaged")
    parts, directory_bytes = struct.unpack("<HI", end[place + 10 : place + 16])
    if parts > MOST_PARTS or directory_bytes > MOST_DIRECTORY_BYTES:
        raise refusal("bomb")


def _check_parts(parts: list[zipfile.ZipInfo], packed: int):
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED_BYTES or unpacked > MOST_UNPACKED_TIMES * packed:
        raise refusal("bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise refusal("locked")
    if any(MACRO_PARTS.search(part.filename) for part in parts):
        raise refusal("macros")
    if any(FOREIGN_PARTS.search(part.filename) for part in parts):
        raise refusal("foreign")


def _format_of(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "mimetype" in names:
        with archive.open("mimetype") as part:
            declared = part.read(200).decode("ascii", "replace").strip()
        return next((name for name, content_type in CONTENT_TYPES.items() if content_type == declared), None)
    return next((extension for part, extension in OPEN_XML_PARTS.items() if part in names), None)
