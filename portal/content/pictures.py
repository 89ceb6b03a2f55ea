"""Pixels: decoding what came in, and the files made of it. Nothing here knows the database.

An upload is decoded, turned upright, stripped of all metadata and encoded anew, so that no byte of the original (GPS
position, camera, thumbnail, appended script) is kept.
"""

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

WIDTHS = (480, 960, 1600)
FORMATS = {
    "webp": {"format": "WEBP", "quality": 78, "method": 3},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True},
}
MASTER_SIDE = 2560
EMBLEM_SIDE = 512
# Found by sending it spoilt files: no common ancestor but Exception itself.
WHAT_PILLOW_RAISES = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, LookupError, ArithmeticError, MemoryError, RuntimeError,
    struct.error,
)  # fmt: skip
ACCEPTED = ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF"]
Image.MAX_IMAGE_PIXELS = settings.PHOTO_MAX_PIXELS


@dataclass
class Picture:
    """A decoded upload: its size as people will see it, and every file to be kept, by name."""

    width: int
    height: int
    files: dict[str, bytes]


def widths_for(width: int) -> list[int]:
    """The widths of the variants of a picture `width` pixels wide; nothing is enlarged."""
    return [w for w in WIDTHS if w < width] + (
        [width] if width <= WIDTHS[-1] and width not in WIDTHS else [w for w in WIDTHS if w == width]
    )


def decode(file) -> Picture:
    """Read an upload. Raises ValidationError, with the reason in words, for anything that is not a usable picture."""
    upright = _read(file, _upright)
    upright.thumbnail((MASTER_SIDE, MASTER_SIDE), Image.Resampling.LANCZOS, reducing_gap=3)
    files = {"master.jpg": _encoded(upright, "jpg", quality=90)}
    for width in widths_for(upright.width):
        height = max(1, round(upright.height * width / upright.width))
        variant = (
            upright
            if width == upright.width
            else upright.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
        )
        for extension in FORMATS:
            files[f"{width}.{extension}"] = _encoded(variant, extension)
    return Picture(upright.width, upright.height, files)


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
    return _rgb(ImageOps.exif_transpose(image))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _encoded(image: Image.Image, extension: str, **overrides) -> bytes:
    buffer = io.BytesIO()
    # Passed explicitly, because a Pillow that one day copies metadata by default would publish where a child lives.
    image.save(buffer, **{**FORMATS[extension], **overrides}, exif=b"", icc_profile=None, xmp=b"")
    return buffer.getvalue()
