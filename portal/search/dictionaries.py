"""The word lists of simplemma, one for each language, kept on disk: in memory they take hundreds of megabytes."""

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import simplemma
from django.conf import settings
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import TrieDictionaryFactory

VERSION = simplemma.__version__


def lemma(word: str, language: str) -> str | None:
    """The dictionary form of `word`, given in lower case; None if no rule and no list has it."""
    try:
        return _list_of(language).get_lemma(word, language)
    except ValueError:  # a language that simplemma does not know
        return None


@lru_cache
def _list_of(language: str) -> DefaultStrategy:
    directory = settings.VAR_DIR / f"simplemma-{VERSION}"
    if not (directory / f"{language}.dic").exists():
        _build_apart(directory, language)
    return _reading(directory)


def _build_apart(directory: Path, language: str):
    """Make the file in a process of its own: it takes 150 MB for some seconds, which a web process would keep.

    Should that fail, simplemma makes the list here and in memory.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=directory) as place:
        command = [sys.executable, "-m", __name__, place, language]
        try:
            is_made = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True).returncode == 0
        except OSError:  # no process may be started here
            is_made = False
        if is_made:
            os.replace(f"{place}/{language}.dic", directory / f"{language}.dic")  # whole, or not there


def _reading(directory: Path) -> DefaultStrategy:
    return DefaultStrategy(dictionary_factory=TrieDictionaryFactory(disk_cache_dir=str(directory)))


if __name__ == "__main__":
    folder, wanted = sys.argv[1:]
    _reading(Path(folder)).get_lemma("", wanted)
