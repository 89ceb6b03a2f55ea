"""Photos that editors send: what is taken, what is refused, and what of the original never reaches anybody."""

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image, ImageFile

from news.models import Article, ArticlePhoto, Category
from portal.content import photo_files, pictures
from portal.content.pictures import decode, emblem
from tests.forms import fill, press, read
from tests.make import jpeg, make_article, make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ADD = "/admin/news/article/add/"
TEXT = {"title": "Narada", "body": "<p>Treść.</p>"}


@pytest.fixture(autouse=True)
def publisher(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def form_of(article) -> str:
    return reverse("admin:news_article_change", args=[article.pk])


def first_category() -> int:
    return Category.objects.first().pk


def png_that_claims(width: int, height: int) -> SimpleUploadedFile:
    """A whole PNG of a few hundred bytes that unpacks to nothing near its size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return SimpleUploadedFile("mapa.png", b"\x89PNG\r\n\x1a\n" + body)


def saved(image: Image.Image, extension: str, **options) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    image.save(buffer, extension, **options)
    return SimpleUploadedFile(f"plik.{extension.lower()}", buffer.getvalue())


# --- What is refused, in words ----------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
NO_PHOTOS = {
    "text named .jpg": (SimpleUploadedFile("notatka.jpg", b"To jest zwykly tekst."), "not_a_photo"),
    "SVG with a script": (SimpleUploadedFile("herb.svg", SVG), "not_a_photo"),
    "SVG named .png": (SimpleUploadedFile("herb.png", SVG, "image/png"), "not_a_photo"),
    "HTML named .jpg": (SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>", "image/jpeg"), "not_a_photo"),
    "PDF named .jpg": (SimpleUploadedFile("a.jpg", b"%PDF-1.4\n%%EOF"), "not_a_photo"),
    "empty file": (SimpleUploadedFile("a.jpg", b""), "not_a_photo"),
    "400 megapixels": (png_that_claims(20_000, 20_000), "too_many_pixels"),
    "60 megapixels": (png_that_claims(10_000, 6_000), "too_many_pixels"),
    "PNG with half of its pixels": (png_that_claims(3000, 3000), "damaged"),
    "JPEG cut in half": (SimpleUploadedFile("a.jpg", jpeg().read()[:3000]), "damaged"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("kind", NO_PHOTOS)
@pytest.mark.parametrize("read_upload", [decode, emblem])
def test_what_is_no_photo_is_refused_in_words(kind, read_upload, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    file, code = NO_PHOTOS[kind]
    with pytest.raises(ValidationError) as refusal:
        read_upload(file)
    assert refusal.value.code == code
    assert str(refusal.value.messages[0]).endswith((".", "!"))


def test_a_file_above_the_limit_is_refused_before_it_is_read(settings):
    settings.PHOTO_MAX_BYTES = 100
    with pytest.raises(ValidationError) as refusal:
        decode(jpeg())
    assert refusal.value.code == "too_large"


SMALL = Image.effect_noise((40, 30), 60).convert("RGB")


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow's, about each spoilt tag
@pytest.mark.parametrize("extension", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_a_file_spoilt_anywhere_is_a_photo_or_a_refusal(extension):
    """What Pillow raises differs by the format and by the spoilt part."""
    whole = (
        jpeg(40, 30, exif={0x0112: 6, 0x010F: "A"}).read() if extension == "JPEG" else saved(SMALL, extension).read()
    )
    for position in range(0, len(whole), max(1, len(whole) // 120)):
        for byte in (0x00, 0x7F, 0xFF):
            spoilt = whole[:position] + bytes([byte]) + whole[position + 1 :]
            try:
                decode(SimpleUploadedFile("a.jpg", spoilt))
            except ValidationError:
                pass


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_a_photo_lying_on_its_side_is_turned_upright():
    picture = decode(jpeg(300, 200, exif={0x0112: 6}))
    assert (picture.width, picture.height) == (200, 300)


def test_no_byte_of_the_metadata_is_kept():
    gps = {1: "N", 2: (50.0, 3.0, 42.4242), 3: "E", 4: (19.0, 56.0, 42.4242)}
    file = jpeg(700, 500, exif={0x8825: gps, 0x010F: "Tajny Aparat", 0x9286: "Ulica Klonowa 12"})
    original = file.read()
    assert b"Tajny Aparat" in original
    for name, content in decode(file).files.items():
        assert b"Tajny" not in content and b"Klonowa" not in content and b"Exif" not in content, name
        with Image.open(io.BytesIO(content)) as image:
            assert not image.getexif(), name


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "LA", "RGBA", "I;16"])
def test_any_colour_mode_becomes_a_photo_for_the_web(mode):
    extension = "JPEG" if mode == "CMYK" else "PNG"
    picture = decode(saved(Image.new(mode, (500, 300)), extension))
    for name, content in picture.files.items():
        with Image.open(io.BytesIO(content)) as image:
            assert image.mode == "RGB", name


def test_a_transparent_picture_gets_a_white_ground():
    picture = decode(saved(Image.new("RGBA", (500, 300), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(picture.files["480.jpg"])) as image:
        assert min(image.getpixel((5, 5))) > 250


def test_a_coat_of_arms_becomes_a_small_png_that_keeps_its_transparency():
    with Image.open(io.BytesIO(emblem(saved(Image.new("RGBA", (2000, 1000), (200, 0, 0, 0)), "PNG")))) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (512, 256))
        assert image.getpixel((5, 5))[3] == 0


# --- On the form ------------------------------------------------------------------------------------------------------


def test_several_photos_come_in_one_go_in_their_order(client):
    files = [jpeg(600, 400, name="a.jpg"), jpeg(500, 400, name="b.jpg"), jpeg(490, 400, name="c.jpg")]
    answer = fill(
        client, ADD, "_publish", **TEXT, category=first_category(), new_photos=files, new_photos_author="Michał T."
    )
    photos = list(Article.objects.get().photos.all())
    assert [photo.width for photo in photos] == [600, 500, 490]
    assert {photo.author for photo in photos} == {"Michał T."}
    assert answer.url.endswith("#photos-group")  # where they are described
    page = client.get(answer.url).content.decode()
    assert "3 " in page and photos[0].small_url in page


def test_a_photo_waits_unseen_until_it_is_described(client):
    fill(client, ADD, "_publish", **TEXT, category=first_category(), new_photos=[jpeg()], new_photos_basis="no_people")
    article = Article.objects.get()
    assert not article.photos.shown().exists()
    fill(client, form_of(article), **{"photos-0-alt": "Sala narad"})
    assert article.photos.shown().exists()


def test_a_broken_file_is_named_and_the_good_ones_are_kept_until_the_form_is_saved(client):
    files = [
        jpeg(600, 400, name="dobre.jpg"),
        SimpleUploadedFile("zepsute.jpg", b"nic"),
        jpeg(500, 400, name="tez-dobre.jpg"),
    ]
    answer = fill(client, ADD, **TEXT, category=first_category(), new_photos=files)
    errors = answer.context["adminform"].form.errors["new_photos"]
    assert len(errors) == 1 and errors[0].startswith("zepsute.jpg: ")
    assert "dobre.jpg" in answer.content.decode()
    assert not Article.objects.exists()
    press(client, ADD, read(answer))
    assert [photo.width for photo in Article.objects.get().photos.all()] == [600, 500]


def test_photos_survive_an_error_elsewhere_in_the_form(client):
    answer = fill(client, ADD, **TEXT | {"title": ""}, category=first_category(), new_photos=[jpeg()])
    assert not Article.objects.exists()
    press(client, ADD, read(answer), title="Teraz z tytułem")
    assert Article.objects.get().photos.count() == 1


def test_a_form_sent_twice_adds_its_photos_once(client):
    article = make_article()
    answer = fill(client, form_of(article), title="", new_photos=[jpeg()])
    again = read(answer)
    press(client, form_of(article), again, title="Raz")
    now = {
        "version": Article.objects.get().updated_at.isoformat(),
        "photos-TOTAL_FORMS": "0",
        "photos-INITIAL_FORMS": "0",
    }
    press(client, form_of(article), again, title="Dwa", **now)
    assert article.photos.count() == 1


def test_the_original_is_kept_nowhere(client):
    file = jpeg(600, 400, exif={0x010F: "Tajny Aparat"})
    fill(client, ADD, **TEXT, category=first_category(), new_photos=[file])
    folder = photo_files.private_folder(ArticlePhoto.objects.get().key)
    kept = [path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()]
    assert kept and not any(b"Tajny Aparat" in content for content in kept)


def test_no_picture_is_decoded_inside_the_transaction_of_the_form(client, monkeypatch):
    depths = []
    real = pictures.decode
    monkeypatch.setattr(pictures, "decode", lambda file: depths.append(len(connection.savepoint_ids)) or real(file))
    before = len(connection.savepoint_ids)
    fill(client, ADD, **TEXT, category=first_category(), new_photos=[jpeg()])
    assert depths == [before]


def test_who_may_not_write_has_nothing_decoded(client, monkeypatch):
    client.force_login(make_user())
    monkeypatch.setattr(pictures, "decode", lambda file: pytest.fail("decoded"))
    assert client.post(ADD, {"new_photos": jpeg()}).status_code == 403


def test_photos_are_moved_with_buttons(client):
    article = make_article()
    first, second, third = (make_photo(article, alt=name) for name in "abc")
    fill(client, form_of(article), f"_move=up:{third.pk}")
    assert [photo.alt for photo in article.photos.all()] == ["a", "c", "b"]
    fill(client, form_of(article), f"_move=down:{first.pk}")
    assert [photo.alt for photo in article.photos.all()] == ["c", "a", "b"]
    for nothing in (f"up:{third.pk}", f"down:{second.pk}", "up:0", "up:", "x:y"):
        fill(client, form_of(article), f"_move={nothing}")
    assert [photo.alt for photo in article.photos.all()] == ["c", "a", "b"]


def test_moving_also_saves_what_was_typed(client):
    article = make_article()
    make_photo(article)
    second = make_photo(article)
    fill(client, form_of(article), f"_move=up:{second.pk}", lead="Nowy wstęp")
    assert Article.objects.get().lead == "Nowy wstęp"


def test_the_form_says_which_photo_is_the_cover_and_what_the_others_lack(client):
    article = make_article()
    make_photo(article, alt="")
    cover, other = make_photo(article), make_photo(article)
    page = client.get(form_of(article)).content.decode()
    photos = page[: page.index('name="photos-2-id"')]
    assert photos.count("state-review") == photos.count("state-published") == 1
    assert photos.index("state-review") < photos.index(cover.small_url) < photos.index("state-published")
    assert photos.index("state-published") < photos.index(other.small_url)


def test_a_photo_can_be_deleted(client):
    article = make_article()
    make_photo(article)
    fill(client, form_of(article), **{"photos-0-DELETE": "on"})
    assert not article.photos.exists()
