"""Documents for tests: PDF files and office documents, sound and spoilt."""

import io
import zipfile

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, create_string_object

from portal.pages.demo.reading import FOLDER


def sample(extension: str) -> bytes:
    """The demo's document: "pdf", "docx" or "xlsx"."""
    return (FOLDER / "files" / f"przyklad.{extension}").read_bytes()


def scan() -> bytes:
    """A PDF of one picture, as a scanner makes it."""
    buffer = io.BytesIO()
    Image.effect_noise((600, 800), 40).convert("RGB").save(buffer, "PDF")
    return buffer.getvalue()


def pdf(*, user_password: str | None = None, action: dict | None = None) -> bytes:
    """The sample PDF, locked with a password ("" only forbids), or doing something when it is opened."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(sample("pdf"))))
    if user_password is not None:
        writer.encrypt(user_password, "wlasciciel", algorithm="RC4-128")
    if action:
        entries = {NameObject(name): _value(value) for name, value in action.items()}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(entries)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _value(value: str):
    return NameObject(value) if value.startswith("/") else create_string_object(value)


def office(parts: dict[str, bytes] | None = None, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """A Word document of these parts, beside the one that makes it one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in {"word/document.xml": b"<x/>", **(parts or {})}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def office_that_claims(unpacked: int) -> bytes:
    """A small Word document whose list of parts says that one of them unpacks to so many bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<x/>")
        archive.writestr("word/media/a.bin", b"0" * 1000)
        archive.filelist[-1].file_size = unpacked
    return buffer.getvalue()
