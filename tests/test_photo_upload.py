"""Single photos sent by the form's script: a token for each good file, a reason for each other, nothing half-kept."""

import io
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from portal.content import photo_files, photo_tokens, pictures
from tests.make import jpeg, make_article, make_photo, make_user
from tests.test_uploads import png_that_claims

SEND = "/admin/zdjecia/wyslij/"
pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor(client):
    user = make_user(groups=["Redaktor"])
    client.force_login(user)
    return user


def send(client, content: bytes, name: str = "zdjęcie.jpg", **headers):

    return client.post(
        SEND, content, content_type="application/octet-stream", headers={"X-File-Name": quote(name), **headers}
    )


def kept() -> set[str]:
    folder = Path(settings.PRIVATE_ROOT) / "photos"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_photo_becomes_a_token_and_a_thumbnail_that_only_staff_see(client, editor):
    answer = send(client, jpeg(700, 500).read())
    assert answer.status_code == 200
    stored = photo_tokens.read(answer.json()["token"])
    assert (stored.width, stored.height, stored.name) == (700, 500, "zdjęcie.jpg")
    assert photo_files.exists(stored.key)
    assert client.get(answer.json()["thumb"]).status_code == 200
    assert Client().get(answer.json()["thumb"]).status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "staff without permissions", "Wydawca, not staff"])
def test_who_may_not_add_photos_sends_nothing(client, who):
    if who == "staff without permissions":
        client.force_login(make_user())
    elif who != "anonymous":
        client.force_login(make_user(groups=["Wydawca"], is_staff=False))
    before = kept()
    answer = send(client, jpeg().read())
    assert answer.status_code == 403 and answer.json()["error"]
    assert kept() == before


def test_a_request_from_another_site_is_refused(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert send(client, jpeg().read()).status_code == 403


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 400),
        (b"<?php system($_GET['x']); ?>", 422),
        (jpeg().read()[:2000], 422),
        (png_that_claims(20_000, 20_000).read(), 422),
    ],
    ids=["empty", "no picture", "half a picture", "decompression bomb"],
)
def test_what_is_no_photo_is_refused_in_words_and_leaves_nothing(client, editor, content, status):
    before = kept()
    answer = send(client, content)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert kept() == before


def test_a_photo_with_a_program_behind_it_keeps_the_photo_only(client, editor):
    program = b"<?php system($_GET['x']); ?>"
    stored = photo_tokens.read(send(client, jpeg(700, 500).read() + program).json()["token"])
    files = [path.read_bytes() for path in photo_files.private_folder(stored.key).iterdir()]
    assert len(files) > 3 and not any(b"<?php" in content for content in files)


def test_a_file_above_the_limit_is_refused_by_its_length_alone(client, editor, settings):
    settings.PHOTO_MAX_BYTES = 1000
    answer = send(client, jpeg(700, 500).read())
    assert answer.status_code == 413


def test_a_key_is_no_token_and_a_changed_token_is_none():
    stored = photo_tokens.StoredPhoto("0" * 32, 700, 500, "d", "a.jpg")
    assert photo_tokens.read(stored.token()) == stored
    assert photo_tokens.read(stored.token() + "x") is None
    assert photo_tokens.read(stored.key) is None
    assert photo_tokens.read("") is None


# --- Pixels and metadata ----------------------------------------------------------------------------------------------

# Where the red corner of the stored picture is to be seen, by the EXIF orientation it was stored with.
TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
GPS = {1: "N", 2: (50.0, 3.0, 42.4242), 3: "E", 4: (19.0, 56.0, 42.4242)}


def corners(image: Image.Image) -> str:
    """Which of red, green, blue, white lies in the four corners, from the upper left in the direction of reading."""
    colours = {"r": (255, 0, 0), "g": (0, 255, 0), "b": (0, 0, 255), "w": (255, 255, 255)}
    width, height = image.size
    found = ""
    for place in ((20, 20), (width - 20, 20), (20, height - 20), (width - 20, height - 20)):
        pixel = image.convert("RGB").getpixel(place)
        found += min(colours, key=lambda name: sum(abs(a - b) for a, b in zip(colours[name], pixel, strict=True)))
    return found


def four_colours(width=600, height=400) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    for box, colour in (((0, 0), "red"), ((width // 2, 0), "lime"), ((0, height // 2), "blue")):
        image.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return image


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("kind", ["plain", "progressive", "CMYK"])
def test_every_orientation_is_applied_to_the_pixels_and_its_mark_is_gone(client, editor, orientation, kind):
    image = four_colours()
    if TURNED[orientation] is not None:
        image = image.transpose(TURNED[orientation])
    tags = Image.Exif()
    tags[0x0112], tags[0x8825], tags[0x010F] = orientation, GPS, "Tajny Aparat"
    buffer = io.BytesIO()
    image = image.convert("CMYK") if kind == "CMYK" else image
    image.save(buffer, "JPEG", exif=tags, quality=92, progressive=kind == "progressive")
    assert b"Tajny" in buffer.getvalue()
    stored = photo_tokens.read(send(client, buffer.getvalue()).json()["token"])
    assert (stored.width, stored.height) == (600, 400)
    for path in photo_files.private_folder(stored.key).iterdir():
        content = path.read_bytes()
        assert b"Exif" not in content and b"Tajny" not in content and b"GPS" not in content, path.name
        if path.name != photo_files.DIGEST:
            with Image.open(path) as kept_image:
                assert corners(kept_image) == "rgbw", path.name
                assert not kept_image.getexif()


@pytest.mark.parametrize(("degrees", "expected"), [(90, "brwg"), (180, "wbgr"), (270, "gwrb")])
def test_a_rotated_photo_has_turned_pixels_in_every_file_under_a_new_key(client, editor, degrees, expected):
    buffer = io.BytesIO()
    four_colours().save(buffer, "JPEG", quality=92)
    before = photo_tokens.read(send(client, buffer.getvalue()).json()["token"])
    answer = client.post("/admin/zdjecia/obroc/", {"stored": before.token(), "degrees": degrees})
    after = photo_tokens.read(answer.json()["token"])
    assert after.key != before.key and after.digest == before.digest
    assert (after.width, after.height) == ((600, 400) if degrees == 180 else (400, 600))
    for path in photo_files.private_folder(after.key).glob("*.*"):
        with Image.open(path) as image:
            assert corners(image) == expected, path.name
    with Image.open(photo_files.private_folder(before.key) / pictures.MASTER) as image:
        assert corners(image) == "rgbw"


def test_a_photo_that_has_a_row_is_rotated_by_its_key(client, editor):
    photo = make_photo(make_article(), size=(640, 480))
    answer = client.post("/admin/zdjecia/obroc/", {"key": photo.key, "degrees": "90"})
    assert (answer.json()["width"], answer.json()["height"]) == (480, 640)
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (640, 480)  # until the form is saved
    for wrong in ({"key": photo.key, "degrees": "45"}, {"key": "0" * 32, "degrees": "90"}, {}):
        assert client.post("/admin/zdjecia/obroc/", wrong).status_code == 410
