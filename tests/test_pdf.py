"""Saving an article as a PDF, where WeasyPrint can run; elsewhere nothing offers it."""

import io

import pytest
from django.core.cache import cache
from pypdf import PdfReader

from portal.content import pdf
from tests.conftest import lacking
from tests.make import make_article, make_office, make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def weasyprint():
    if not pdf.is_available():
        lacking("WeasyPrint or Pango is not installed")


def saved(client, article):
    response = client.get(f"{article.get_absolute_url()}pdf/")
    assert response.status_code == 200
    return response


def test_pdf_is_tagged_and_says_what_the_article_says(client, weasyprint):
    make_office(site_name="Powiat jarzębiński")
    article = make_article(
        title="Żółta łódź", lead="Krótko o łodzi.", body="<p>Źdźbło trawy.</p>", text_credit="Kinga Wrzosek"
    )
    make_photo(article, caption="Nad rzeką", author="Michał Tarninowski")
    response = saved(client, article)
    reader = PdfReader(io.BytesIO(response.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for part in [
        "Powiat jarzębiński",
        "Żółta łódź",
        "Krótko o łodzi.",
        "Źdźbło trawy.",
        "Kinga Wrzosek",
        "Nad rzeką",
        article.slug,
    ]:
        assert part in text, part
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "pl"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "Żółta łódź"
    assert len(reader.pages[0].images) == 1
    assert response["Content-Disposition"] == 'attachment; filename="zolta-lodz.pdf"'


def test_font_comes_from_the_portal_and_not_from_the_machine(client, weasyprint):
    reader = PdfReader(io.BytesIO(saved(client, make_article()).content))
    fonts = {
        font["/BaseFont"]
        for page in reader.pages
        for font in map(lambda f: f.get_object(), page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all("Source" in font for font in fonts)


def test_same_article_is_the_same_pdf_to_the_byte(client, weasyprint):
    article = make_article()
    first = saved(client, article).content
    cache.clear()
    assert saved(client, article).content == first


def test_article_says_where_it_can_be_saved(client, weasyprint):
    article = make_article()
    assert f'href="{article.get_absolute_url()}pdf/"' in client.get(article.get_absolute_url()).content.decode()


def test_without_weasyprint_nothing_is_offered_and_the_address_is_a_404(client, monkeypatch):
    monkeypatch.setattr(pdf, "is_available", lambda: False)
    article = make_article()
    assert f'href="{article.get_absolute_url()}pdf/"' not in client.get(article.get_absolute_url()).content.decode()
    assert client.get(f"{article.get_absolute_url()}pdf/").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/x.png",
        "data:text/plain,x",
        "//127.0.0.1:8000/static/css/pdf.css",
        "http://127.0.0.1:8000.example.org/static/css/pdf.css",
        "http://127.0.0.1:8000/static/css/..",
        "http://127.0.0.1:8000/static/css/../../portal/settings.py",
        "http://127.0.0.1:8000/static/css/%2e%2e/%2e%2e/manage.py",
        "http://127.0.0.1:8000/media/photos/../../secret_key",
        "http://127.0.0.1:8000/admin/",
    ],
)
def test_document_reads_nothing_but_our_own_styles_fonts_and_photos(url):
    with pytest.raises(ValueError, match="not a file of this site"):
        pdf.own_file(url)


def test_own_stylesheet_font_and_photo_are_read_from_disk():
    photo = make_photo(make_article())
    for address in ["/static/css/pdf.css", "/static/fonts/SourceSans3-Regular.ttf", photo.largest_url]:
        assert pdf.own_file(f"http://127.0.0.1:8000{address}").is_file(), address
