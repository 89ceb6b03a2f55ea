"""Pixels: decoding what came in, and the files made of it. Nothing here knows the database.

An upload is decoded, turned upright, stripped of all metadata and encoded anew, so that no byte of the original (GPS
position, camera, thumbnail, appended script) is kept.
"""

import hashlib
import io
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError, features

WIDTHS = (480, 960, 1600)
FORMATS = {
    "webp": {"format": "WEBP", "quality": 78, "method": 3},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True},
}
# Two to five times slower than the others, so made later, by tick (see avif.py).
AVIF = {"format": "AVIF", "quality": 60, "speed": 6, "max_threads": 1}
HAS_AVIF = features.check("avif")
EXTENSIONS = [*FORMATS, "avif"]
MASTER = "master.jpg"
MASTER_SIDE = 2560
EMBLEM_SIDE = 512
# Found by sending it spoilt files: no common ancestor but Exception itself.
WHAT_PILLOW_RAISES = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, MemoryError, RuntimeError,
    struct.error,
)  # fmt: skip
ACCEPTED = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"]
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS
# One photo at a time in a process: a progressive 12-megapixel JPEG takes some 150 MB while it is being decoded, and
# four threads doing so would take the memory of a small server.
_turn = threading.BoundedSemaphore(1)
PATIENCE = 30  # seconds


class Busy(Exception):
    """Other photos are being decoded here, for longer than anybody should wait."""


@dataclass
class Picture:
    """A decoded upload: its size as people will see it, and every file to be kept, by name."""

    width: int
    height: int
    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        """The same for the same file sent twice, to whichever section; kept when a photo is copied or rotated."""
        return digest_of(self.files[MASTER])


def digest_of(master: bytes) -> str:
    return hashlib.sha256(master).hexdigest()


def widths_for(width: int) -> list[int]:
    """The widths of the variants of a picture `width` pixels wide; nothing is enlarged."""
    return [w for w in WIDTHS if w < width] + (
        [width] if width <= WIDTHS[-1] and width not in WIDTHS else [w for w in WIDTHS if w == width]
    )


def decode(file) -> Picture:
    """Read an upload. Raises ValidationError, with the reason in words, for anything that is not a usable picture."""
    return _picture(_read(file, _upright))


def decode_in_turn(file) -> Picture:
    """`decode` for requests, which share the memory of one process. Raises Busy as well."""
    if not _turn.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return decode(file)
    finally:
        _turn.release()


def rotate(master: bytes, degrees: int) -> Picture:
    """The picture turned clockwise by 90, 180 or 270 degrees, with all its files encoded anew."""
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    with _turn, Image.open(io.BytesIO(master), formats=["JPEG"]) as image:
        return _picture(image.transpose(turns[degrees]))


def avif(image: Image.Image, width: int) -> bytes:
    return _encoded(_at_width(image, width), AVIF)


def _picture(upright: Image.Image) -> Picture:
    files = {MASTER: _encoded(upright, FORMATS["jpg"] | {"quality": 90})}
    for width in widths_for(upright.width):
        variant = _at_width(upright, width)
        for extension, options in FORMATS.items():
            files[f"{width}.{extension}"] = _encoded(variant, options)
    return Picture(upright.width, upright.height, files)


def _at_width(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)


def emblem(file) -> bytes:
    """A coat of arms or a logo as a small PNG that keeps its transparency. Raises as `decode` does."""
    image = _read(file, lambda image: image.convert("RGBA"))
    image.thumbnail((EMBLEM_SIDE, EMBLEM_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True, exif=b"", icc_profile=None)
    return buffer.getvalue()


def _read(file, convert: Callable[[Image.Image], Image.Image]) -> Image.Image:
    if file.size > settings.PHOTO_MAX_BYTES:
        limit = settings.PHOTO_MAX_BYTES // 1024**2
        raise ValidationError(
            _("The file is too large: at most %(limit)s MB."), params={"limit": limit}, code="too_large"
        )
    file.seek(0)
    # WeasyPrint switches this on for the whole process: half a photo would pass as a whole one, grey below.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(file, formats=ACCEPTED) as image:
            # Pillow itself only warns up to twice the limit; its warnings cannot be made errors for one thread alone.
            if image.width * image.height > settings.PHOTO_MAX_PIXELS:
                raise Image.DecompressionBombError
            return convert(image)
    except Image.DecompressionBombError:
        limit = settings.PHOTO_MAX_PIXELS // 1_000_000
        raise ValidationError(
            _("The picture has too many pixels: at most %(limit)s million."),
            params={"limit": limit},
            code="too_many_pixels",
        ) from None
    except UnidentifiedImageError:
        raise ValidationError(
            _("This is not a photo that can be read: use JPEG, PNG or WebP."), code="not_a_photo"
        ) from None
    except WHAT_PILLOW_RAISES:
        raise ValidationError(_("The file is damaged and cannot be read as a photo."), code="damaged") from None


def _upright(image: Image.Image) -> Image.Image:
    # JPEG can decode at half or quarter size at once: a 12-megapixel photo then costs a third.
    image.draft("RGB", (MASTER_SIDE, MASTER_SIDE))
    if image.mode in ("RGB", "L", "CMYK", "RGBA", "LA"):
        # Made small before it is turned and converted, each of which takes a copy.
        image.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    upright = _rgb(ImageOps.exif_transpose(image))
    upright.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    return upright


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _encoded(image: Image.Image, options: dict) -> bytes:
    buffer = io.BytesIO()
    # Passed explicitly, because a Pillow that one day copies metadata by default would publish where a child lives.
    image.save(buffer, **options, exif=b"", icc_profile=None, xmp=b"")
    return buffer.getvalue()
