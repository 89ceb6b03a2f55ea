"""What a film for the site is: an MP4 that every browser plays, with captions. Decided by content, never by name."""

import io
import struct
from collections.abc import Iterator

import webvtt
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp

from .documents import Document, refusal

WITHOUT_CAPTIONS = _("A film without captions cannot be shown: add a file of captions (VTT or SRT).")
LONGEST_CAPTIONS = 500_000  # characters
# Boxes that hold other boxes, on the way to those that name the codecs (ISO/IEC 14496-12).
CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
MOST_BOXES = 2000
H264 = {b"avc1", b"avc3"}
PLAYED = H264 | {b"mp4a", b"text", b"tx3g", b"tmcd"}  # AAC; and tracks that browsers leave out

REASONS = {
    "no_film": _("Only films in MP4 can be shown in every browser. Save it as MP4."),
    "damaged": _("This film is damaged or was copied only in part. Play it on your computer and save it again."),
    "picture": _("Not every browser plays this film. Save it as MP4 with H.264 pictures and AAC sound."),
    "sound": _("Not every browser plays the sound of this film. Save it as MP4 with H.264 pictures and AAC sound."),
}


def examine(file) -> Document:
    """Say that the file is a film. Raises ValidationError, with the reason in words, for what browsers do not play."""
    if file.size > settings.ATTACHMENT_MAX_BYTES:
        raise refusal("too_large", limit=settings.ATTACHMENT_MAX_BYTES // 1024**2)
    file.seek(0)
    if file.read(8)[4:] != b"ftyp":
        raise _no("no_film")
    boxes = list(_boxes(file, 0, file.size))
    if not any(kind == b"mdat" for kind, _start, _end in boxes):
        raise _no("damaged")
    codecs = {codec for kind, start, end in boxes if kind == b"stsd" for codec in _codecs(file, start, end)}
    if not codecs & H264:
        raise _no("picture")
    if codecs - PLAYED:
        raise _no("sound")
    return Document("mp4")


def tidy_captions(text: str) -> str:
    """Captions as WebVTT, whether they came as WebVTT or as SubRip. Raises ValidationError with what is wrong."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").strip()[:LONGEST_CAPTIONS]
    try:
        is_vtt = text.startswith("WEBVTT")
        captions = webvtt.from_string(text) if is_vtt else webvtt.from_buffer(io.StringIO(text), format="srt")
    except (MalformedFileError, MalformedCaptionError, ValueError):
        raise ValidationError(_("These are no captions: choose a VTT or SRT file.")) from None
    if not len(captions):
        raise ValidationError(_("There is not one caption in this file."))
    latest = 0
    for number, caption in enumerate(captions, start=1):
        begins, ends = _milliseconds(caption.start), _milliseconds(caption.end)
        if ends <= begins or begins < latest:
            words = _("Caption %(number)s ends before it begins, or stands before an earlier one.")
            raise ValidationError(words % {"number": number})
        latest = begins
    return captions.content.strip() + "\n"


def _no(code: str) -> ValidationError:
    return ValidationError(REASONS[code], code=code)


def _milliseconds(written: str) -> int:
    return Timestamp.from_string(written).in_milliseconds()


def _boxes(file, start: int, end: int, count: int = 0) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content starts, where it ends) of each box, those inside the containers too."""
    while end - start >= 8:
        file.seek(start)
        size, kind = struct.unpack(">I4s", file.read(8))
        header = 8
        if size == 1:
            size, header = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))[0], 16
        elif size == 0:  # to the end
            size = end - start
        count += 1
        if size < header or start + size > end or count > MOST_BOXES:
            raise _no("damaged")
        yield kind, start + header, start + size
        if kind in CONTAINERS:
            yield from _boxes(file, start + header, start + size, count)
        start += size


def _codecs(file, start: int, end: int) -> Iterator[bytes]:
    """The names in a box of descriptions of samples: a count, then entries that begin with their size and name."""
    file.seek(start)
    content = file.read(min(end - start, 64 * 1024))
    place = 8
    while place + 8 <= len(content):
        size, codec = struct.unpack(">I4s", content[place : place + 8])
        yield codec
        if size < 8:
            return
        place += size
