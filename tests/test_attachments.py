"""Attachments: what a file is, its content decides."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from news.models import ArticleAttachment
from portal.content.documents import readable_name
from portal.content.publishing import Status
from portal.pages.demo.reading import FOLDER
from tests.make import make_article, make_user

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def zipped(**parts) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def attach(article, content: bytes, name: str) -> ArticleAttachment:
    attachment = ArticleAttachment(article=article, title="Plik", file=ContentFile(content, name))
    attachment.full_clean()
    attachment.save()
    return attachment


@pytest.mark.parametrize("extension", ["pdf", "docx", "xlsx"])
def test_office_documents_are_taken_whatever_their_name(extension):
    content = (FOLDER / "files" / f"przyklad.{extension}").read_bytes()
    attachment = attach(make_article(), content, "Wniosek – wzór (2).TXT")
    assert (attachment.format, attachment.name, attachment.size) == (
        extension,
        f"wniosek-wzor-2.{extension}",
        len(content),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"zwyk\xc5\x82y tekst",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script>",
        b"MZ\x90\x00 program",
        b"PK\x03\x04 broken",
        zipped(**{"readme.txt": "zip"}),
        zipped(**{"word/document.xml": "<x/>", "word/vbaProject.bin": "macro"}),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 neither word nor excel",
        b"",
    ],
    ids=["text", "svg", "html", "exe", "broken zip", "zip", "macros", "other ole", "empty"],
)
def test_anything_else_is_refused_beside_the_field_even_with_a_pdf_name(content):
    with pytest.raises(ValidationError) as refused:
        attach(make_article(), content, "dokument.pdf")
    assert "file" in refused.value.message_dict


def test_a_file_over_the_limit_is_refused(settings):
    settings.ATTACHMENT_MAX_BYTES = 10
    with pytest.raises(ValidationError, match="10|MB"):
        attach(make_article(), b"%PDF-1.7 too long for this limit", "dokument.pdf")


def test_an_attachment_is_served_as_what_it_is_and_never_as_a_page(client):
    attachment = attach(make_article(), PDF, "plan.pdf")
    answer = client.get(attachment.get_absolute_url(), follow=True)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_wrong_name_leads_to_the_right_one(client):
    attachment = attach(make_article(), PDF, "plan.pdf")
    assert client.get(attachment.get_absolute_url().replace("plan", "x"))["Location"] == attachment.content_url


def test_the_attachment_of_a_draft_answers_404_and_to_staff_the_file(client):
    attachment = attach(make_article(status=Status.DRAFT), PDF, "plan.pdf")
    assert client.get(attachment.get_absolute_url()).status_code == 404
    assert client.get(attachment.content_url).status_code == 404
    client.force_login(make_user(groups=["Redaktor"]))
    answer = client.get(attachment.get_absolute_url(), follow=True)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_names_are_readable_in_an_address():
    assert readable_name("../../Żądanie dostępności.PDF", "pdf") == "zadanie-dostepnosci.pdf"
    assert readable_name("???", "pdf") == "plik.pdf"
