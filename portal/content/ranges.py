"""A part of a file, where one is asked for: films are played so, and Safari plays no other way.

One range of RFC 9110; of several, or of one that makes no sense, the whole file is the right answer, too. Behind nginx
public files do not come here.
"""

import re

from django.http import FileResponse, HttpResponse

ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def answer(request, response):
    """`response`, or what of its file was asked for."""
    if not isinstance(response, FileResponse) or response.status_code != 200:
        return response
    response["Accept-Ranges"] = "bytes"
    match = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if not match or match[0] == "bytes=-":
        return response
    file, size = response.file_to_stream, int(response["Content-Length"])
    first, last = _span(match[1], match[2], size)
    if first > last:
        response.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    file.seek(first)
    response.streaming_content = _chunks(file, last - first + 1, response.block_size)
    response.status_code = 206
    response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Content-Length"] = str(last - first + 1)
    return response


def _chunks(file, left: int, size: int):
    while left > 0 and (chunk := file.read(min(size, left))):
        left -= len(chunk)
        yield chunk


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte; "-500" are the last five hundred."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last or size), size - 1)
