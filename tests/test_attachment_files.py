"""Attachments from the form to the reader: what is refused and why, the stable address, what is kept and what goes."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from news.models import Article, ArticleAttachment, Category
from portal.content import attachment_files, documents, pdf_probe
from portal.content.attachments import find_attachment
from portal.content.publishing import Status
from tests.documents import office, office_that_claims, pdf, sample, scan
from tests.forms import messages, press, read
from tests.make import make_article, make_attachment, make_notice, make_page, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADD = "/admin/news/article/add/"
ROW = "attachments-0"
LOCKED_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
WORD_WITH_MACROS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument _VBA_PROJECT".encode("utf-16-le")


@pytest.fixture
def publisher(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def upload(content: bytes, name: str = "wniosek.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def form_of(article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


def private_files() -> list[str]:
    folder = Path(portal_settings.PRIVATE_ROOT) / "attachments"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def replace(attachment, content: bytes, name: str):
    attachment.file = ContentFile(content, name)
    attachment.full_clean()
    attachment.save()


def examine(content: bytes) -> documents.Document:
    return documents.examine(ContentFile(content))


# --- What is refused, in words ----------------------------------------------------------------------------------------

REFUSED = {
    "a bomb in its list of parts": (lambda: office_that_claims(4_000_000_000), "bomb"),
    "forty megabytes of zeros": (lambda: office({"word/media/a.bin": bytes(40 * 1024**2)}), "bomb"),
    "six thousand parts": (lambda: office({f"word/{number}": b"" for number in range(6000)}), "bomb"),
    "an archive inside": (lambda: office({"word/embeddings/a.zip": office()}), "foreign"),
    "a program inside": (lambda: office({"word/embeddings/a.exe": b"MZ"}), "foreign"),
    "macros of Word": (lambda: office({"word/vbaProject.bin": b"x"}), "macros"),
    "macros of old Excel": (lambda: office({"xl/macrosheets/sheet1.xml": b"x"}), "macros"),
    "macros of LibreOffice": (lambda: office({"Basic/Standard/Module1.xml": b"x"}), "macros"),
    "macros in an old document": (lambda: WORD_WITH_MACROS, "macros"),
    "a locked document": (lambda: LOCKED_WORD, "locked"),
    "an object in RTF": (lambda: b"{\\rtf1{\\object\\objemb{\\*\\objdata 01}}}", "foreign"),
    "a zip cut in half": (lambda: sample("docx")[:-200], "damaged"),
    "a PDF cut in half": (lambda: sample("pdf")[: len(sample("pdf")) // 2], "damaged"),
    "a locked PDF": (lambda: pdf(user_password="tajne"), "locked"),
    "a PDF that starts a program": (lambda: pdf(action={"/S": "/Launch", "/F": "cmd.exe"}), "starts_program"),
    "a PDF behind something else": (lambda: b"<html>" + sample("pdf"), "no_document"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_document_that_harms_or_cannot_be_read_is_refused_with_the_reason(kind):
    make, code = REFUSED[kind]
    with pytest.raises(ValidationError) as refused:
        examine(make())
    assert refused.value.code == code


@pytest.mark.parametrize(
    "make",
    [
        lambda: pdf(user_password=""),
        lambda: pdf(action={"/S": "/JavaScript", "/JS": "this.calculateNow()"}),
        lambda: office({"word/embeddings/Microsoft_Excel.xlsx": sample("xlsx")}),
        lambda: sample("pdf") + b"<html><script>alert(1)</script>",
    ],
    ids=["only printing is forbidden", "a form that reckons", "the numbers of a chart", "something behind its end"],
)
def test_what_offices_do_with_documents_is_taken(make):
    assert examine(make()).format in ("pdf", "docx")


def test_a_document_is_never_unpacked(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "read", refuse)
    monkeypatch.setattr(zipfile.ZipFile, "extractall", refuse)
    assert examine(sample("docx")).format == "docx"


@pytest.mark.parametrize("extension", ["pdf", "docx", "xlsx"])
def test_a_document_spoilt_anywhere_is_a_document_or_a_refusal(extension, monkeypatch):
    monkeypatch.setattr(documents, "_probe", lambda file: probed(file))  # in this process: a thousand are too slow
    whole = sample(extension)
    for position in range(0, len(whole), max(1, len(whole) // 150)):
        spoilt = whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        try:
            examine(spoilt)
        except ValidationError:
            pass


def probed(file):
    file.seek(0)
    try:
        return pdf_probe.probe(file.read())
    except Exception:  # as the process of its own does
        return None


def test_a_pdf_that_never_ends_costs_a_moment(monkeypatch, tmp_path):
    hanging = tmp_path / "hangs.py"
    hanging.write_text("while True: pass")
    monkeypatch.setattr(documents, "PROBE", hanging)
    monkeypatch.setattr(documents, "PROBE_SECONDS", 0.5)
    began = time.monotonic()
    assert examine(sample("pdf")) == documents.Document("pdf", None)
    assert time.monotonic() - began < 5


def test_a_pdf_with_text_is_told_from_a_scan():
    assert (examine(sample("pdf")).has_text, examine(scan()).has_text) == (True, False)


def test_format_and_size_are_said_as_people_say_them():
    size = 2_516_582
    assert documents.in_words("pdf", size) == "PDF, 2,4\N{NO-BREAK SPACE}MB"
    assert documents.in_words("docx", 122_880) == "DOCX, 120\N{NO-BREAK SPACE}KB"
    assert documents.in_words("pdf", 12) == "PDF, 1\N{NO-BREAK SPACE}KB"


def test_a_reader_sees_name_format_and_size(client):
    article = make_article()
    make_attachment(article, title="Wniosek o dodatek", content=sample("pdf"))
    page = client.get(article.get_absolute_url()).content.decode()
    assert "Wniosek o dodatek" in page and f"PDF, {round(len(sample('pdf')) / 1024)}\N{NO-BREAK SPACE}KB" in page


# --- The address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make_owner", [make_article, make_notice, make_page])
def test_the_address_leads_to_the_content_and_is_not_kept_by_caches(make_owner, client):
    attachment = make_attachment(make_owner(), content=sample("pdf"))
    answer = client.get(attachment.get_absolute_url())
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    content = client.get(answer["Location"])
    assert b"".join(content.streaming_content) == sample("pdf")
    assert "immutable" in content["Cache-Control"]
    assert "private" in content["Cache-Control"]  # no cache between may show it after it has been withdrawn


def test_replacing_the_file_keeps_the_address_also_under_its_old_name(client):
    attachment = make_attachment(make_article(), content=sample("pdf"), name="regulamin.pdf")
    old_address, old_content = attachment.get_absolute_url(), attachment.content_url
    client.get(old_content)
    replace(attachment, sample("docx"), "Regulamin 2027.docx")
    assert attachment.content_url != old_content
    answer = client.get(old_address, follow=True)
    assert b"".join(answer.streaming_content) == sample("docx")
    assert attachment.name == "regulamin-2027.docx"
    attachment_files.sweep()
    assert client.get(old_content)["Location"] == attachment.content_url


def test_a_content_goes_off_the_public_path_when_its_article_does(client):
    article = make_article()
    attachment = make_attachment(article)
    assert client.get(attachment.content_url).status_code == 200
    public = attachment_files.public_folder(attachment.key)
    assert [path.name for path in public.rglob("*.pdf")] == ["wniosek.pdf"]
    Article.objects.filter(pk=article.pk).update(status=Status.DRAFT)
    attachment_files.sweep()
    assert not public.exists()
    assert client.get(attachment.content_url).status_code == 404
    assert client.get(attachment.get_absolute_url()).status_code == 404


def test_nothing_of_a_draft_ever_lies_on_the_public_path(client, publisher):
    attachment = make_attachment(make_article(status=Status.DRAFT))
    answer = client.get(attachment.content_url)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert not attachment_files.public_folder(attachment.key).exists()


def test_a_draft_is_shown_to_those_who_may_see_it_not_to_every_account(client):
    attachment = make_attachment(make_article(status=Status.DRAFT))
    client.force_login(make_user())
    assert client.get(attachment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("extension", "disposition"), [("pdf", "inline"), ("docx", "attachment")])
def test_a_pdf_opens_and_other_documents_are_saved(extension, disposition, client):
    attachment = make_attachment(make_article(), content=sample(extension), name="Plan pracy.doc")
    answer = client.get(attachment.content_url)
    assert answer["Content-Disposition"] == f'{disposition}; filename="plan-pracy.{extension}"'


def test_a_pdf_that_is_also_a_page_is_never_a_page(client):
    content = sample("pdf") + b"<html><script>alert(1)</script>"
    answer = client.get(make_attachment(make_article(), content=content, name="a.html").content_url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["..", "%2e%2e", "a.PDF", "%00.pdf", "a/b.pdf", ".pdf"])
def test_a_strange_name_is_not_found(name, client):
    attachment = make_attachment(make_article())
    client.get(attachment.content_url)
    assert client.get(attachment.content_url.replace("wniosek.pdf", name)).status_code == 404


def test_a_full_disk_does_not_take_the_document_from_its_reader(client, monkeypatch):
    def is_full(*args):
        raise OSError(28, "No space left on device")

    attachment = make_attachment(make_article(), content=sample("pdf"))
    monkeypatch.setattr(attachment_files, "write_whole", is_full)
    assert b"".join(client.get(attachment.content_url).streaming_content) == sample("pdf")


# --- The form ---------------------------------------------------------------------------------------------------------

TEXT = {"title": "Narada", "body": "<p>Treść.</p>"}


def open_form(client, address=ADD):
    form = read(client.get(address))
    if form.fields["category"] == [""]:
        form.fields["category"] = [str(Category.objects.first().pk)]
    return form


def test_an_attachment_is_saved_with_its_article(client, publisher):
    form = open_form(client)
    changes = {f"{ROW}-title": "Wniosek", f"{ROW}-file": upload(sample("pdf"), "Wniosek – wzór.pdf")}
    press(client, ADD, form, "_save_draft", **TEXT, **changes)
    attachment = ArticleAttachment.objects.get()
    assert (attachment.title, attachment.name, attachment.has_text) == ("Wniosek", "wniosek-wzor.pdf", True)
    assert attachment.file.read() == sample("pdf")


def test_nobody_chooses_the_file_again_because_a_title_was_missing(client, publisher):
    file = upload(sample("pdf"))
    answer = press(client, ADD, open_form(client), "_save_draft", **TEXT, **{f"{ROW}-file": file})
    size = round(len(sample("pdf")) / 1024)
    assert f"Odebrano: wniosek.pdf (PDF, {size}\N{NO-BREAK SPACE}KB)" in answer.content.decode()
    assert not Article.objects.exists()
    press(client, ADD, read(answer), "_save_draft", **{f"{ROW}-title": "Wniosek"})
    assert ArticleAttachment.objects.get().file.read() == sample("pdf")


def test_a_new_file_in_an_old_row_keeps_the_address(client, publisher):
    article = make_article(status=Status.DRAFT)
    attachment = make_attachment(article, content=sample("pdf"))
    form = open_form(client, form_of(article))
    press(client, form_of(article), form, "_save_draft", **{f"{ROW}-file": upload(sample("docx"), "Nowy.docx")})
    now = ArticleAttachment.objects.get()
    assert (now.key, now.name, now.file.read()) == (attachment.key, "nowy.docx", sample("docx"))
    assert now.content_key != attachment.content_key


def test_saving_without_a_new_file_leaves_the_old_one(client, publisher):
    article = make_article(status=Status.DRAFT)
    attachment = make_attachment(article, content=sample("pdf"))
    press(client, form_of(article), open_form(client, form_of(article)), "_save_draft", **{f"{ROW}-title": "Inaczej"})
    now = ArticleAttachment.objects.get()
    assert (now.title, now.content_key, now.has_files) == ("Inaczej", attachment.content_key, True)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"zwykly tekst", "Można dołączyć tylko pliki PDF"),
        (office({"word/vbaProject.bin": b"x"}), "zawiera makra"),
        (office_that_claims(4_000_000_000), "po rozpakowaniu"),
        (b"", "Można dołączyć tylko pliki PDF"),
    ],
    ids=["text", "macros", "bomb", "empty"],
)
def test_a_refused_file_is_named_beside_the_field_and_the_text_stays(content, words, client, publisher):
    changes = {f"{ROW}-title": "Wniosek", f"{ROW}-file": upload(content, "umowa.docx")}
    answer = press(client, ADD, open_form(client), "_save_draft", **TEXT, **changes)
    page = answer.content.decode()
    assert "umowa.docx: " in page and words in page
    assert read(answer).fields["title"] == ["Narada"]
    assert read(answer).fields[f"{ROW}-title"] == ["Wniosek"]
    assert not Article.objects.exists()


def test_a_file_over_the_limit_is_refused_though_it_was_never_kept(client, publisher, settings):
    settings.ATTACHMENT_MAX_BYTES = settings.PHOTO_MAX_BYTES = 1024**2
    changes = {f"{ROW}-title": "Wniosek", f"{ROW}-file": upload(b"%PDF-" + bytes(2 * 1024**2))}
    page = press(client, ADD, open_form(client), "_save_draft", **TEXT, **changes).content.decode()
    assert "Plik jest za duży" in page


def test_a_row_without_a_file_asks_for_one(client, publisher):
    page = press(client, ADD, open_form(client), "_save_draft", **TEXT, **{f"{ROW}-title": "Wniosek"})
    assert "Proszę wybrać plik." in page.content.decode()


def test_a_token_that_somebody_wrote_names_no_file(client, publisher):
    token = attachment_files.to_token(attachment_files.receive(ContentFile(sample("pdf"), "a.pdf")))
    never_stored = attachment_files.to_token(attachment_files.Stored("0" * 32, "a.pdf", "pdf", 1))
    for forged in (token[:-2] + "xx", "a:b:c", "\x00", never_stored):
        changes = {f"{ROW}-title": "Wniosek", f"{ROW}-stored": forged}
        press(client, ADD, open_form(client), "_save_draft", **TEXT, **changes)
        assert not Article.objects.exists()


def test_a_scan_is_taken_with_a_warning_that_stays_beside_the_row(client, publisher):
    changes = {f"{ROW}-title": "Skan", f"{ROW}-file": upload(scan(), "skan.pdf")}
    press(client, ADD, open_form(client), "_continue", **TEXT, **changes)
    page = client.get(form_of(Article.objects.get()))
    assert any("skan.pdf" in text and "czytnik ekranu" in text for text in messages(page))
    assert 'class="scan"' in page.content.decode()


# --- What nobody names any more ---------------------------------------------------------------------------------------


def make_old(*keys: str):
    for key in keys:
        two_days_ago = time.time() - 2 * 24 * 3600
        os.utime(attachment_files.private_path(key), (two_days_ago, two_days_ago))


def test_a_file_that_no_row_names_goes_after_a_day():
    stored = attachment_files.receive(ContentFile(sample("pdf"), "a.pdf"))
    attachment_files.sweep()
    assert stored.key in private_files()
    make_old(stored.key)
    attachment_files.sweep()
    assert stored.key not in private_files()


def test_a_file_that_a_row_or_a_keeper_names_stays(monkeypatch):
    attachment = make_attachment(make_article())
    kept = attachment_files.receive(ContentFile(sample("pdf"), "a.pdf"))
    make_old(attachment.content_key, kept.key)
    monkeypatch.setattr(attachment_files, "_keepers", [lambda keys: keys & {kept.key}])
    attachment_files.sweep()
    assert {attachment.content_key, kept.key} <= set(private_files())


def test_a_form_shown_again_keeps_its_file_another_day():
    stored = attachment_files.receive(ContentFile(sample("pdf"), "a.pdf"))
    make_old(stored.key)
    assert attachment_files.from_token(attachment_files.to_token(stored)) == stored
    attachment_files.sweep()
    assert stored.key in private_files()


def test_a_file_in_somebody_s_unsaved_text_stays(client, publisher):
    """The registered keeper of drafts, proposals and versions reads our tokens."""
    from portal.editing import drafts

    stored = attachment_files.receive(ContentFile(sample("pdf"), "a.pdf"))
    data = {f"{ROW}-stored": [attachment_files.to_token(stored)]}
    drafts.keep(publisher, drafts.uuid_or_none("0" * 32), Article, None, "Narada", data)
    make_old(stored.key)
    attachment_files.sweep()
    assert stored.key in private_files()


def test_an_attachment_of_before_is_found_under_its_key():
    attachment = make_attachment(make_article())
    ArticleAttachment.objects.update(content_key=attachment.key, file=f"attachments/{attachment.key}")
    attachment_files.write_whole(attachment_files.private_path(attachment.key), io.BytesIO(sample("pdf")))
    assert find_attachment(attachment.key).has_files
