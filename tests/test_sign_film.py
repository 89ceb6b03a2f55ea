"""The recording in sign language: what is refused, what visitors get, and that a keyboard plays it in Chromium."""

import struct
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.accessibility.models import AccessInfo, SignFilm
from portal.content import films
from tests.forms import fill
from tests.make import make_page, make_user

FILMS = Path(__file__).parent / "films"
FILM = (FILMS / "h264.mp4").read_bytes()
CAPTIONS = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nDzień dobry\n\n00:00:02.000 --> 00:00:05.000\nPomagamy rodzinom\n"
SUBRIP = "1\n00:00:00,000 --> 00:00:02,000\nDzień dobry\n\n2\n00:00:02,000 --> 00:00:05,000\nPomagamy rodzinom\n"
CHANGE = reverse("admin:accessibility_accessinfo_change", args=[1])


def upload(content: bytes, name: str = "film.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "video/mp4")


def make_film(**fields) -> SignFilm:
    AccessInfo.objects.get_or_create(pk=1)
    defaults = {"title": "Czym się zajmujemy", "captions": CAPTIONS, "transcript": "Dzień dobry. Pomagamy rodzinom."}
    film = SignFilm(info_id=1, file=upload(FILM), **defaults | fields)
    film.full_clean()
    film.save()
    return film


# --- What is refused --------------------------------------------------------------------------------------------------


def test_a_film_that_every_browser_plays_is_taken():
    assert films.examine(upload(FILM)).format == "mp4"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.4", "no_film"),
        (b"", "no_film"),
        (FILM[:4000], "damaged"),
        (FILM[:32], "damaged"),
        (FILM.replace(b"avc1", b"hvc1"), "picture"),
        ((FILMS / "mpeg4.mp4").read_bytes(), "picture"),
        (FILM.replace(b"moov", b"moox"), "picture"),
        (FILM + struct.pack(">I4s", 4, b"free"), "damaged"),
        (b"\0\0\0\x08ftyp" + struct.pack(">I4sQ", 1, b"moov", 2**63), "damaged"),
        (b"\0\0\0\x08ftyp" + b"\0\0\0\x08moov" * 3000, "damaged"),
    ],
)
def test_what_browsers_do_not_play_is_refused(content, code):
    with pytest.raises(ValidationError) as refused:
        films.examine(upload(content))
    assert refused.value.code == code


def test_a_film_larger_than_the_limit_is_refused(settings):
    settings.ATTACHMENT_MAX_BYTES = 1024
    with pytest.raises(ValidationError, match="za duży"):
        films.examine(upload(FILM))


@pytest.mark.parametrize("written", [CAPTIONS, SUBRIP, "\ufeff" + SUBRIP.replace("\n", "\r\n")])
def test_captions_of_both_kinds_become_webvtt(written):
    assert films.tidy_captions(written) == CAPTIONS


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Dzień dobry", "To nie są napisy"),
        ("\x00\x01", "To nie są napisy"),
        ("WEBVTT\n", "ani jednego"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nA\n", "Napis 1"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nB\n", "Napis 2"),
    ],
)
def test_impossible_captions_are_refused(written, words):
    with pytest.raises(ValidationError, match=words):
        films.tidy_captions(written)


# --- The editors' form ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestForm:
    @pytest.fixture
    def publisher(self, client):
        AccessInfo.objects.create()
        client.force_login(make_user(groups=["Wydawca"]))
        return client

    def send(self, client, **changes):
        typed = {"films-0-title": "Czym się zajmujemy", "films-0-transcript": "Dzień dobry."}
        return fill(client, CHANGE, "_save", **typed | changes)

    def test_film_captions_and_transcript_are_kept(self, publisher):
        answer = self.send(
            publisher, **{"films-0-file": upload(FILM), "films-0-captions_file": upload(SUBRIP.encode(), "napisy.srt")}
        )
        assert answer.status_code == 302
        film = SignFilm.objects.get()
        assert film.captions == CAPTIONS and film.format == "mp4" and film.size == len(FILM)

    def test_without_captions_it_is_refused_and_neither_film_nor_words_are_lost(self, publisher):
        answer = self.send(publisher, **{"films-0-file": upload(FILM)})
        page = answer.content.decode()
        assert "Filmu bez napisów nie można pokazać" in page and not SignFilm.objects.exists()
        assert "Czym się zajmujemy" in page and "Dzień dobry." in page
        token = answer.context["inline_admin_formsets"][0].formset.forms[0]["stored"].value()
        assert (
            token and self.send(publisher, **{"films-0-stored": token, "films-0-captions": CAPTIONS}).status_code == 302
        )
        assert SignFilm.objects.get().size == len(FILM)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"films-0-transcript": " "}, "wymaga transkrypcji"),
            ({"films-0-captions": "hej"}, "To nie są napisy"),
            ({"films-0-file": upload(b"%PDF-1.4\n%%EOF\n", "druk.pdf")}, "tylko film w formacie MP4"),
            ({"films-0-captions_file": upload(b"\xff\xfe", "napisy.vtt")}, "To nie są napisy"),
        ],
    )
    def test_bad_input_is_named_beside_its_field(self, publisher, changes, words):
        sent = {"films-0-file": upload(FILM), "films-0-captions": CAPTIONS} | changes
        assert words in self.send(publisher, **sent).content.decode()
        assert not SignFilm.objects.exists()


# --- Visitors ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestPage:
    def test_without_a_film_the_page_says_that_it_is_being_prepared(self, client):
        make_page(slug="dostepnosc")
        page = client.get("/dostepnosc/").content.decode()
        assert "jest w przygotowaniu" in page.lower() or "w przygotowaniu" in page
        assert "<video" not in page

    def test_the_film_has_captions_a_transcript_and_a_link(self, client):
        make_page(slug="dostepnosc")
        film = make_film()
        page = client.get("/dostepnosc/").content.decode()
        assert f'src="{film.content_url}"' in page and "Pomagamy rodzinom." in page and "MP4, 13" in page
        captions = client.get(reverse("accessibility:captions", args=[film.content_key]))
        assert captions["Content-Type"].startswith("text/vtt") and captions.content.decode() == CAPTIONS
        assert client.get(reverse("accessibility:captions", args=["0" * 32])).status_code == 404

    @pytest.mark.parametrize(
        ("asked", "status", "first", "last"),
        [
            ("bytes=0-99", 206, 0, 99),
            ("bytes=100-", 206, 100, len(FILM) - 1),
            ("bytes=-50", 206, len(FILM) - 50, len(FILM) - 1),
            (f"bytes=10-{10**9}", 206, 10, len(FILM) - 1),
            ("bytes=-999999999", 206, 0, len(FILM) - 1),
            ("bytes=0-1,5-6", 200, 0, len(FILM) - 1),
            ("bytes=-", 200, 0, len(FILM) - 1),
            ("lines=0-1", 200, 0, len(FILM) - 1),
        ],
    )
    def test_a_part_is_given_where_one_is_asked_for(self, client, asked, status, first, last):
        for _time in ("from private storage", "from the public path"):
            answer = client.get(make_film().content_url, headers={"Range": asked})
            assert (answer.status_code, answer["Content-Type"]) == (status, "video/mp4")
            assert b"".join(answer.streaming_content) == FILM[first : last + 1]
            assert answer["Content-Length"] == str(last - first + 1)
            if status == 206:
                assert answer["Content-Range"] == f"bytes {first}-{last}/{len(FILM)}"

    @pytest.mark.parametrize("asked", [f"bytes={len(FILM)}-", "bytes=9-3", "bytes=-0"])
    def test_a_part_that_is_not_there_is_refused(self, client, asked):
        answer = client.get(make_film().content_url, headers={"Range": asked})
        assert answer.status_code == 416 and answer["Content-Range"] == f"bytes */{len(FILM)}"
