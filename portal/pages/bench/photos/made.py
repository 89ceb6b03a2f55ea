"""Photos as cameras and phones send them: noisy, lying on their side, with a place, some progressive, some in CMYK."""

import io
import random
from pathlib import Path

from PIL import Image

GPS = {1: "N", 2: (50.0, 3.0, 42.4242), 3: "E", 4: (19.0, 56.0, 42.4242)}
ORIENTATION, MAKER, PLACE = 0x0112, 0x010F, 0x8825
SECRET = "Tajny Aparat"


def files(folder: Path, count: int, megapixels: float, broken: list[int] = ()) -> list[Path]:
    """`count` JPEGs; those whose number is in `broken` hold nothing that could be read after their head."""
    scale = (megapixels / 12) ** 0.5
    size = (round(4000 * scale), round(3000 * scale))
    noise = Image.effect_noise(size, 70)
    paths = []
    for number in range(count):
        content = photo(noise, number)
        name = f"zdjecie-{number:02}.jpg"
        if number in broken:
            content, name = b"\xff\xd8\xff\xe0" + bytes(2000), f"zepsute-{number:02}.jpg"
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    return paths


def photo(noise: Image.Image, number: int) -> bytes:
    """Photo `number`: another picture, orientation, kind of JPEG for each of twenty-four in a row."""
    turn = random.Random(number)
    moved = noise.transform(noise.size, Image.Transform.AFFINE, (1, 0, turn.randrange(50), 0, 1, turn.randrange(50)))
    image = Image.merge("RGB", (moved, noise, moved.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    if number % 5 == 4:
        image = image.convert("CMYK")
    tags = Image.Exif()
    tags[ORIENTATION], tags[MAKER], tags[PLACE] = number % 8 + 1, SECRET, GPS
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=60, exif=tags, progressive=number % 3 == 2)
    return buffer.getvalue()
