"""Join the icons of this folder into `sprite.svg`, to be used as `<use href="…/sprite.svg#icon-home">`."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
LOOK = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'


def symbol(path: Path) -> str:
    drawing = re.fullmatch(r"<svg [^>]*>(.*)</svg>\s*", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
    return f'<symbol id="icon-{path.stem}" viewBox="0 0 24 24" {LOOK}>{drawing}</symbol>'


def main() -> None:
    symbols = [symbol(path) for path in sorted(FOLDER.glob("*.svg")) if path.stem != "sprite"]
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (FOLDER / "sprite.svg").write_text(sprite, encoding="utf-8")
    print(f"sprite.svg: {len(symbols)} icons, {len(sprite)} bytes")


if __name__ == "__main__":
    main()
