"""The word lists of simplemma, one for each language, kept on disk: in memory they take hundreds of megabytes."""

from functools import lru_cache

import simplemma
from django.conf import settings
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import TrieDictionaryFactory

VERSION = simplemma.__version__


@lru_cache
def _strategy() -> DefaultStrategy:
    """Building a list's file takes a second or some, once; from then on every process only maps it."""
    directory = settings.VAR_DIR / f"simplemma-{VERSION}"
    return DefaultStrategy(dictionary_factory=TrieDictionaryFactory(disk_cache_dir=str(directory)))


def lemma(word: str, language: str) -> str | None:
    """The dictionary form of `word`, given in lower case; None if no rule and no list has it."""
    try:
        return _strategy().get_lemma(word, language)
    except ValueError:  # a language that simplemma does not know
        return None
