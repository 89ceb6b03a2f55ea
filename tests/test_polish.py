"""Forms of one word lead to one lemma, whichever analyser is there."""

import sys

import pytest

from portal.search import dictionaries, foreign, polish
from tests.conftest import lacking

pytestmark = pytest.mark.once

PAIRS = """
    placówka placówki, opieka opiekę, zastępcza zastępczej, rodzina rodzin, dziecko dzieci, człowiek ludzie, dom domach,
    pomoc pomocą, społeczna społecznej, ośrodek ośrodków, niepełnosprawność niepełnosprawnościami, osoba osób,
    świadczenie świadczeń, wniosek wniosku, orzeczenie orzeczeń, powiat powiecie, gmina gminie, mieszkanie mieszkań,
    szkolenie szkoleń, dzień dni, ręka rękach, senior seniorom, bezdomny bezdomnych, przemoc przemocy, kryzys kryzysie,
    środowiskowy środowiskowego, zapraszać zapraszamy, wspierać wspierają, matka matek, ojciec ojca, książka książek,
    miasto mieście, dyrektor dyrektorowi, kierownik kierownicy, dobry dobrych
"""
STRANGERS = """
    rada rano, praca prasa, rodzina rodzynki, ośrodek środek, opieka opinia, świadczenie świadek, starosta starość,
    szkoła szkoda, dom dym, powiat powieść, kryzys krzyż
"""


def pairs(text: str) -> list[tuple[str, str]]:
    return [tuple(pair.split()) for pair in text.split(",")]


def lemmas_of(text: str) -> set[str]:
    return {lemma for _word, lemmas in polish.read(text) for lemma in lemmas}


@pytest.fixture(params=["morfeusz", "simplemma"])
def analyser(request, settings):
    settings.SEARCH_ANALYSER = request.param
    try:
        polish.identity()
    except ImportError as error:
        lacking(f"the analyser {request.param} is not installed: {error}")
    return request.param


@pytest.mark.usefixtures("analyser")
@pytest.mark.parametrize(("one", "other"), pairs(PAIRS))
def test_forms_of_a_word_meet(one, other):
    assert lemmas_of(one) & lemmas_of(other.upper())


@pytest.mark.usefixtures("analyser")
@pytest.mark.parametrize(("one", "other"), pairs(STRANGERS))
def test_words_that_only_look_alike_do_not_meet(one, other):
    assert not lemmas_of(one) & lemmas_of(other)


def test_a_form_typed_without_polish_letters_is_known(analyser):
    if analyser == "simplemma":
        assert lemmas_of("zastepczej") & lemmas_of("zastępcza")  # by the stem
    else:
        assert ("zastepczej", "zastepczy") in polish.plain_forms("Zastępcza")


@pytest.mark.usefixtures("analyser")
@pytest.mark.parametrize(
    ("short", "phrase"),
    [
        ("DPS", "w domach pomocy społecznej"),
        ("dps", "Dom Pomocy Społecznej"),
        ("ŚDS", "środowiskowym domem samopomocy"),
        ("SDS", "środowiskowym domem samopomocy"),
        ("PZON", "Powiatowy Zespół do spraw Orzekania o Niepełnosprawności"),
        ("OPS", "GOPS w Kalinówce"),
        ("OPS", "Gminny Ośrodek Pomocy Społecznej"),
        ("PCPR", "w PCPR-ze i przed PCPR-em"),
        ("OIK", "OIKu"),
    ],
)
def test_an_abbreviation_means_its_phrase(short, phrase):
    assert lemmas_of(short) <= lemmas_of(phrase)


def test_only_the_whole_phrase_means_the_abbreviation(analyser):
    assert "dps" not in lemmas_of("Dom dla matek. Pomoc i opieka społeczna.")


def test_names_of_women_and_men_are_one_name():
    assert lemmas_of("Kowalska") & lemmas_of("Kowalskiego")
    assert polish.stem("Modrzyckiej") == polish.stem("Modrzycka")


def test_positions_point_into_the_text():
    text = polish.normalise("Nabór do DPS-u, „Pod Lipami”")
    assert [text[word.start : word.end] for word in polish.words(text)] == ["Nabór", "DPS-u", "Lipami"]


def test_letters_written_in_two_parts_are_one_letter():
    assert lemmas_of(polish.normalise("opieko\u0301w")) == lemmas_of("opieków")


def test_without_morfeusz_the_other_analyser_stands_in(monkeypatch):
    monkeypatch.delitem(sys.modules, "portal.search.analyser_morfeusz", raising=False)
    monkeypatch.setitem(sys.modules, "morfeusz2", None)  # importing it raises ImportError
    try:
        stand_in = polish._load_analyser.__wrapped__("")
    except ImportError as error:
        lacking(f"the analyser simplemma is not installed: {error}")
    assert stand_in.identity.startswith("simplemma")


# --- Lists of other languages -----------------------------------------------------------------------------------------


@pytest.fixture
def no_lists(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    dictionaries._list_of.cache_clear()
    yield tmp_path / f"simplemma-{dictionaries.VERSION}"
    dictionaries._list_of.cache_clear()


def test_a_list_is_made_when_it_is_first_asked_for_and_nothing_else_stays(no_lists):
    assert dictionaries.lemma("дітей", "uk") == "дитина"
    assert dictionaries.lemma("бжозов", "uk") is None
    assert [file.name for file in no_lists.iterdir()] == ["uk.dic"]


def test_a_list_that_no_process_of_its_own_can_make_is_made_here(no_lists, monkeypatch):
    monkeypatch.setattr(dictionaries.sys, "executable", "/bin/false")
    assert dictionaries.lemma("families", "en") == "family"


def test_a_language_without_a_list_has_no_lemmas(no_lists):
    assert dictionaries.lemma("słowo", "xx") is None
    assert foreign.lemmas("słowo", "xx") == frozenset()
