"""What stands in where morfeusz2 has no wheel (Linux on ARM): a list of words and, beside it, a stemmer."""

import snowballstemmer

from portal.content.folding import fold

from . import dictionaries


class Analyser:
    def __init__(self):
        self._stemmer = snowballstemmer.stemmer("polish")
        self.identity = f"simplemma {dictionaries.VERSION}"

    def lemmas(self, word: str) -> set[str]:
        """The dictionary form of `word`, and its stems as written and as typed without Polish letters; never none."""
        word = word.lower()
        stems = {self._stemmer.stemWord(word), self._stemmer.stemWord(fold(word))}
        return {dictionaries.lemma(word, "pl") or word, *stems}

    def forms(self, lemma: str) -> set[str]:
        """Only itself: it cannot inflect. Without Polish letters mostly the stems find."""
        return {lemma}
