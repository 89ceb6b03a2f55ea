"""Looks into one PDF, in a process of its own: a file made to hang or to fill the memory takes down nothing but it.

    python pdf_probe.py < file.pdf       prints {"is_locked": …, "starts_program": …, "has_text": …}

Standard library and pypdf only. Prints nothing, with an exit code, for what cannot be read.
"""

import io
import json
import logging
import sys

PAGES = 5
LETTERS = 20  # fewer on all of the pages together are the scanner's own name, not a text
SECONDS, BYTES = 10, 1024**3


def limit():
    try:
        import resource
    except ImportError:  # Windows: the caller's own clock has to do
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


def probe(content: bytes) -> dict:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not opens_without_password(reader):
        return {"is_locked": True, "starts_program": False, "has_text": None}
    pages = [reader.pages[number] for number in range(min(PAGES, len(reader.pages)))]
    return {
        "is_locked": False,
        "starts_program": any(starts_program(found) for found in [reader.root_object, *pages]),
        "has_text": has_text(pages),
    }


def opens_without_password(reader) -> bool:
    """Many documents only forbid printing: anybody can open those."""
    from pypdf.errors import DependencyError

    try:
        return bool(reader.decrypt(""))
    except (DependencyError, NotImplementedError):  # a cipher that is not installed here; nothing is known
        sys.exit(3)


def starts_program(found) -> bool:
    """Whether opening the document or a click on one of its first pages starts a program."""
    actions = [found.get("/OpenAction"), *(found.get("/AA") or {}).values()]
    for annotation in found.get("/Annots") or []:
        annotation = annotation.get_object()
        actions += [annotation.get("/A"), *(annotation.get("/AA") or {}).values()]
    return any(is_launch(action) for action in actions)


def is_launch(action) -> bool:
    action = action.get_object() if action is not None else None
    return isinstance(action, dict) and action.get("/S") == "/Launch"


def has_text(pages) -> bool | None:
    letters = 0
    for page in pages:
        letters += sum(map(str.isalnum, page.extract_text()))
        if letters >= LETTERS:
            return True
    return False if pages else None


if __name__ == "__main__":
    limit()
    logging.disable()
    try:
        answer = probe(sys.stdin.buffer.read())
    except Exception:  # whatever a broken file brings about
        sys.exit(2)
    print(json.dumps(answer))
