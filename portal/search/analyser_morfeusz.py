"""The dictionary of Polish forms (SGJP) through morfeusz2; importing this raises ImportError where it has no wheel."""

import morfeusz2

# Nouns, adjectives, numerals, adverbs; of verbs the gerund, past participle, infinitive and present tense. The rest,
# two thirds of all forms ("bylibyśmy", "niezastępowanych"), nobody types into a search.
SEARCHED_FORMS = {"subst", "depr", "adj", "adja", "num", "adv", "ger", "ppas", "inf", "fin"}


class Analyser:
    def __init__(self):
        # "composite" keeps "zrobiłem" one word; apart, its ending would be a form of "być".
        self._morfeusz = morfeusz2.Morfeusz(generate=True, praet="composite")
        self.identity = f"morfeusz2 {self._morfeusz.dict_id()}"

    def lemmas(self, word: str) -> set[str]:
        """The dictionary forms of `word`; none if the dictionary does not have it."""
        arcs = [arc for spelling in {word, word.lower()} for arc in self._morfeusz.analyse(spelling)]
        # A lemma may say which of its homonyms it is: "zamek:Sm3~u".
        return {lemma.partition(":")[0] for _start, _end, (_form, lemma, tag, *_labels) in arcs if tag != "ign"}

    def forms(self, lemma: str) -> set[str]:
        generated = ((form, tag.split(":")) for form, _lemma, tag, *_labels in self._morfeusz.generate(lemma))
        return {form for form, tag in generated if tag[0] in SEARCHED_FORMS and not {"neg", "sup"} & set(tag)}
