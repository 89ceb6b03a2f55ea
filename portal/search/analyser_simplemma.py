"""What stands in where morfeusz2 has no wheel (Linux on ARM): a dictionary on disk and, beside it, a stemmer."""

import simplemma
import snowballstemmer
from django.conf import settings
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import TrieDictionaryFactory

from portal.content.folding import fold


class Analyser:
    def __init__(self):
        # On disk, because in memory the dictionary takes 360 MB of every process; building it takes some seconds, once.
        directory = settings.VAR_DIR / f"simplemma-{simplemma.__version__}"
        strategy = DefaultStrategy(dictionary_factory=TrieDictionaryFactory(disk_cache_dir=str(directory)))
        self._lemmatizer = simplemma.Lemmatizer(lemmatization_strategy=strategy)
        self._stemmer = snowballstemmer.stemmer("polish")
        self.identity = f"simplemma {simplemma.__version__}"

    def lemmas(self, word: str) -> set[str]:
        """The dictionary form of `word`, and its stems as written and as typed without Polish letters; never none."""
        word = word.lower()
        stems = {self._stemmer.stemWord(word), self._stemmer.stemWord(fold(word))}
        return {self._lemmatizer.lemmatize(word, lang="pl"), *stems}

    def forms(self, lemma: str) -> set[str]:
        """Only itself: it cannot inflect. Without Polish letters mostly the stems find."""
        return {lemma}
