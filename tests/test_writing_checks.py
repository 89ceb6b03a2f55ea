"""Checks while writing: what is found in a text, where, and what is left alone."""

import time

import pytest

from portal.content.personal_data import private_numbers
from portal.content.richtext import MOST_CHARACTERS, clean
from portal.content.writing import addresses, blocks, reading_ease, structure, texts
from portal.content.writing.addresses import Answer, State
from portal.content.writing.findings import Severity

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def no_site(monkeypatch):
    """Without a site behind it; tests/test_links.py has one."""
    monkeypatch.setattr(addresses, "_ask", None)


def found(html: str) -> list[str]:
    return [finding.code for finding in texts.check(html, is_rich=True)]


def only(html: str, code: str):
    (finding,) = [finding for finding in texts.check(html, is_rich=True) if finding.code == code]
    return finding


GOOD = """
<p>Powiatowe Centrum Pomocy Rodzinie przyjmuje wnioski o dofinansowanie turnusu. Prosimy przynieść orzeczenie.</p>
<h2>Kto może złożyć wniosek</h2>
<p>Osoba z orzeczeniem, która mieszka w powiecie. Szczegóły są w
<a href="https://jarzebin.example/regulamin">regulaminie turnusów</a>.</p>
<h3>Termin</h3>
<ul><li>do 31 marca: turnusy letnie;</li><li>do 30 września: turnusy zimowe.</li></ul>
<table><caption>Kwoty</caption><thead><tr><th scope="col">Stopień</th><th scope="col">Kwota</th></tr></thead>
<tbody><tr><td>znaczny</td><td>2 600 zł</td></tr></tbody></table>
<h2>Kontakt</h2>
<p>PCPR w Jarzębinie, ul. Klonowa 12, <a href="tel:+48130001010">13 000 10 10</a>.</p>
"""


def test_a_good_text_has_nothing_to_mend():
    assert found(GOOD) == []


@pytest.mark.parametrize("html", ["", "   ", "<p></p>", "\x00", "<", "<p", "&", "<p>&#0;</p>", "<a href='#'>"])
def test_what_is_hardly_a_text_raises_nothing(html):
    assert found(html) in ([], ["empty-link"])


# --- Headings ---------------------------------------------------------------------------------------------------------


def test_a_heading_jump_is_named_with_its_place():
    finding = only("<h2>Zasady</h2><p>Tekst.</p><h4>Wyjątki od zasad</h4>", "heading-jump")
    assert finding.severity == Severity.WARNING
    assert "3" in finding.message and "4" in finding.message
    assert finding.place.endswith("2: „Wyjątki od zasad”")
    assert (finding.snippet, finding.nth) == ("Wyjątki od zasad", 0)


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ("<h3>Najpierw trzeci</h3>", ["heading-jump"]),
        ("<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2>", []),
        ("<h2>A</h2><h4>B</h4><h4>C</h4>", ["heading-jump"]),
        ('<h2 id="x"></h2><p>Tekst.</p>', ["empty-heading"]),
        ("<h1>Tytuł z Worda</h1><h2>Dalej</h2>", []),  # cleaned to a second-level one
    ],
)
def test_levels_of_headings(html, codes):
    assert found(html) == codes


# --- Links ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["kliknij tutaj", "Kliknij tutaj!", "TUTAJ", "więcej…", "Czytaj dalej »", "link", "<strong>tu</strong>", "pobierz"],
)
def test_a_link_that_does_not_say_where_it_leads(words):
    assert "vague-link" in found(f'<p>Wniosek: <a href="https://jarzebin.example/w">{words}</a></p>')


@pytest.mark.parametrize("words", ["wniosek o dofinansowanie", "Tutaj mieszkamy: film", "Więcej miejsc w WTZ", "BIP"])
def test_a_link_that_says_where_it_leads(words):
    assert found(f'<p><a href="https://jarzebin.example/w">{words}</a></p>') == []


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ('<p>Zobacz <a href="https://jarzebin.example/w"></a></p>', ["empty-link"]),
        ('<p>Zobacz <a href="https://jarzebin.example/w">&nbsp;</a></p>', ["empty-link"]),
        ('<p><a href="https://jarzebin.example/w">https://jarzebin.example/w</a></p>', ["address-as-words"]),
        ('<p><a href="https://jarzebin.example">www.jarzebin.example</a></p>', ["address-as-words"]),
        ('<p><a href="https://a.example">Wniosek</a> <a href="https://b.example">wniosek</a></p>', ["same-words"]),
        ('<p><a href="https://a.example">Wniosek</a> <a href="https://a.example">wniosek</a></p>', []),
        ('<p><a href="www.jarzebin.example">strona gminy</a></p>', ["relative-address"]),
        ('<p><a href="dps.jarzebin.pl/nabor">strona domu pomocy</a></p>', ["relative-address"]),
        ('<p><a href="kontakt">dane urzędu</a></p>', ["relative-address"]),
        ('<p><a href="#termin">termin naboru</a></p>', ["lost-anchor"]),
        ('<p><a href="#termin">termin naboru</a></p><h2 id="termin">Termin</h2>', []),
        ('<p><a href="mailto:a@jarzebin.example">napisz do nas</a> <a href="tel:130001010">zadzwoń</a></p>', []),
    ],
)
def test_links(html, codes):
    assert found(html) == codes


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.PUBLIC, None),
        (State.UNKNOWN, None),
        (State.MISSING, "missing-page"),
        (State.UNPUBLISHED, "unpublished-page"),
        (State.STAFF, "staff-page"),
        (State.MOVED, "moved-page"),
    ],
)
@pytest.mark.parametrize("href", ["/kontakt/", "http://127.0.0.1:8000/kontakt/", "HTTP://LOCALHOST/kontakt/"])
def test_links_of_this_site_are_asked_about(monkeypatch, state, code, href):
    asked = []
    monkeypatch.setattr(addresses, "_ask", lambda path: (asked.append(path), Answer(state, "/kontakt/nowy/"))[1])
    assert found(f'<p><a href="{href}">dane urzędu</a></p>') == ([code] if code else [])
    assert asked == ["/kontakt/"]


@pytest.mark.parametrize(
    "href",
    ["https://jarzebin.example/x", "//jarzebin.example/x", "mailto:a@b.example", "https://127.0.0.1.evil.example/",
     "https://127.0.0.1@evil.example/", "http://[::1", "kontakt", "#x", ""],
)  # fmt: skip
def test_what_is_no_address_of_this_site(href):
    assert addresses.own_path(href) is None


# --- Tables, pictures, Word -------------------------------------------------------------------------------------------


def test_tables():
    rows = "<tr><td>a</td><td>b</td></tr>"
    assert found(f"<table><tbody>{rows}</tbody></table>") == ["table-without-headers"]
    assert found(f"<table><tbody><tr><th>a</th></tr>{rows}</tbody></table>") == []
    inner = "<table><tbody><tr><td>b</td></tr></tbody></table>"
    nested = f"<table><tbody><tr><th>a</th></tr><tr><td>{inner}</td></tr></tbody></table>"
    assert found(nested) == ["nested-table"]


def test_a_pasted_picture_is_named_because_the_cleaner_takes_it_away():
    html = '<p>Plakat: <img src="x.png"></p>'
    assert "<img" not in clean(html)
    assert found(html) == ["picture-removed"]
    assert [f.code for f in texts.check("<p>Plakat</p>", is_rich=True, pasted=frozenset({"picture"}))] == [
        "picture-removed"
    ]


# What the clipboard holds when a page is copied out of these programs, shortened and with other words.
WORD_FROM_CHROMIUM = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body lang=PL>
<p class=MsoNormal style='mso-margin-top-alt:auto'><b>Wymagane dokumenty</b><o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span
style='font-family:Symbol;mso-list:Ignore'>·<span style='font:7.0pt Arial'>&nbsp;&nbsp;
</span></span><!--[endif]-->orzeczenie,<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span
style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><!--[endif]-->zaświadczenie   lekarskie.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>1.&nbsp;&nbsp;&nbsp; Złóż wniosek.</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'>2.&nbsp;&nbsp;&nbsp; Czekaj na decyzję.</p></body></html>"""
LIBREOFFICE = """<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/><style type="text/css">
p { line-height: 115%; margin-bottom: 0.25cm }</style></head><body lang="pl-PL" link="#000080" dir="ltr">
<p align="justify" style="line-height: 100%"><font face="Liberation Serif"><font size="3" style="font-size: 12pt">Nabór
trwa&nbsp;&nbsp; do 15 maja.</font></font></p><p><br/></p><h3 class="western">Termin</h3></body></html>"""
GOOGLE_DOCS = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-5f3a"><p dir="ltr"
style="line-height:1.38;"><span style="font-size:11pt;white-space:pre-wrap;">Zapraszamy na </span><span
style="font-weight:700;">spotkanie</span></p><br /><ul><li dir="ltr" aria-level="1"><p role="note"><span>kawa</span>
</p></li></ul></b>"""


def test_word_leaves_real_lists_and_no_rubbish():
    cleaned = clean(WORD_FROM_CHROMIUM)
    lists = cleaned.replace("\n", "")
    assert "<ul><li>orzeczenie,</li><li>zaświadczenie lekarskie.</li></ul>" in lists
    assert "<ol><li>Złóż wniosek.</li><li>Czekaj na decyzję.</li></ol>" in lists
    assert not [
        rubbish for rubbish in ("Mso", "mso", "o:p", "·", "style", "[if", "[endif", "&nbsp;") if rubbish in cleaned
    ]
    assert found(WORD_FROM_CHROMIUM) == ["word-cleaned"]


def test_libreoffice_and_google_docs_leave_no_rubbish():
    assert clean(LIBREOFFICE) == "<p>Nabór\ntrwa do 15 maja.</p><h3>Termin</h3>"
    cleaned = clean(GOOGLE_DOCS)
    assert "Zapraszamy na" in cleaned and "kawa" in cleaned
    assert not [rubbish for rubbish in ("style", "docs-internal", "dir=", "font", "aria") if rubbish in cleaned]
    assert found(LIBREOFFICE)[-1] == found(GOOGLE_DOCS)[-1] == "word-cleaned"


@pytest.mark.parametrize("html", [WORD_FROM_CHROMIUM, LIBREOFFICE, GOOGLE_DOCS])
def test_cleaning_a_paste_twice_changes_nothing(html):
    assert clean(clean(html)) == clean(html)


# --- Capitals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("UWAGA! ZMIANA GODZIN PRACY URZĘDU od maja.", ["ZMIANA GODZIN PRACY URZĘDU"]),
        ("ZAPRASZAMY SERDECZNIE", ["ZAPRASZAMY SERDECZNIE"]),
        ("Zapraszamy: WSZYSTKIE RODZINY Z GMINY MODRZEWIEC w sobotę", ["WSZYSTKIE RODZINY Z GMINY MODRZEWIEC"]),
        ("PCPR, MOPS, GOPS, OPS i DPS działają razem.", []),
        ("PCPR ŚDS MOPS RODO WTZ", []),
        ("Wniosek o PFRON i klauzula RODO", []),
        ("Rozporządzenie MRPiPS, Dz. U. 2024 poz. 1673", []),
        ("UWAGA", []),
        ("KONTAKT z nami", []),
        ("Ewa Nowak-KOWALSKA", []),
        ("XIV LO im. Kopernika", []),
        ("123 456 789", []),
        ("", []),
    ],
)
def test_capitals(text, runs):
    assert [words for _start, words in structure.in_capitals(text)] == runs


# --- Numbers ----------------------------------------------------------------------------------------------------------

# Test numbers of the card companies; the PESELs are made up.
CARDS = ["4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "5555 5555 5555 4444", "2223003122003222",
         "3782 822463 10005", "378282246310005", "6011 0009 9013 9424", "3530111333300000", "30569309025904",
         "6759649826438453", "4222222222222", "4111\u00a01111\u00a01111\u00a01111"]  # fmt: skip


@pytest.mark.parametrize("number", CARDS)
def test_a_card_number_is_found(number):
    ((kind, written, digits),) = private_numbers(f"Wpłata z karty {number}, ważnej do 12/27.")
    assert (kind, written) == ("card", number)
    assert digits.isdecimal()


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # a wrong check digit
        "61 1090 1014 0000 0712 1981 2874",
        "Rachunek: 61109010140000071219812874",
        "PL 61 1090 1014 0000 0712 1981 2874",
        "10 1020 4111 1111 1111 1111 0001",  # an account that holds the digits of a card
        "13 000 10 20, 13 000 10 21, 600 100 200",
        "tel. 75 64 64 300 lub 75 64 64 321",
        "NIP 123-456-32-18, REGON 123456785, KRS 0000123456",
        "REGON 12345678500010 36000000000000",
        "Sprawa PCPR.5012.4.2026.EM",
        "12.05.2026 8:00-15:30, 2026-05-12 08:00",
        "Dz. U. z 2024 r. poz. 1673, ze zm., art. 22 ust. 1 pkt 5",
        "ISBN 978-83-01-00000-1, EAN 5901234123457",
        "AE:PL-12345-67890-ABCDE-25",
        "2026 2027 2028 2029 2030",
        "1 000 000 000 000 zł",
    ],
)
def test_other_long_numbers_are_left_alone(text):
    assert private_numbers(text) == []


def test_a_private_number_is_an_error_and_is_not_repeated_in_the_message():
    finding = only("<p>Wniosek.</p><p>Jan, PESEL 440514<strong>01359</strong>.</p>", "pesel")
    assert finding.severity == Severity.ERROR
    assert "44051401359" not in finding.message and "59" in finding.message
    assert finding.snippet == "44051401359"
    assert [f.code for f in texts.check("Tytuł 44051401359")] == ["pesel"]


# --- Reading ease -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Zapraszamy. Wstęp wolny!", 2),
        ("PCPR, ul. Klonowa 12, czynne w pon. i wt. od godz. 8.", 1),
        (
            "Zgodnie z art. 5 ust. 1 pkt 2 ustawy z dn. 12 marca 2004 r. (Dz. U. z 2024 r. poz. 1283).",
            1,
        ),
        ("Ukończone 12. Dni Rodziny. Dziękujemy.", 2),
        ("Prowadzi dr J. Nowak. Zapisy trwają.", 2),
        ("Kto może przyjść? Każdy… Naprawdę.", 3),
        ("", 0),
    ],
)
def test_sentences_end_where_people_end_them(text, expected):
    assert len(reading_ease.sentences(text)) == expected


def test_long_sentences_and_paragraphs_are_hints():
    long = "Informujemy, że " + "bardzo " * 40 + "zapraszamy."
    finding = only(f"<p>Krótko.</p><p>{long}</p>", "long-sentence")
    assert finding.severity == Severity.HINT
    assert "43" in finding.message and finding.snippet.startswith("Informujemy")
    assert "long-paragraph" in found("<p>" + "To jest krótkie zdanie. " * 31 + "</p>")
    assert "long-sentences" in found("<p>" + ("Słowo " + "słowo " * 23 + "koniec. ") * 3 + "</p>")
    assert found("<p>" + "To jest krótkie zdanie. " * 10 + "</p>") == []


# --- Places -----------------------------------------------------------------------------------------------------------


def test_the_place_counts_earlier_occurrences_of_the_same_words():
    html = "<p>Termin mija.</p><h2>Termin</h2><h4>Termin</h4>"
    finding = only(html, "heading-jump")
    assert (finding.snippet, finding.nth) == ("Termin", 2)


def test_blocks_are_numbered_by_kind():
    text = blocks.read("<p>a</p><ul><li>b</li><li>c</li></ul>luzem<p>d <a href='/x'>e</a></p>")
    assert [(block.kind, block.number, block.text) for block in text.blocks] == [
        ("paragraph", 1, "a"),
        ("item", 1, "b"),
        ("item", 2, "c"),
        ("paragraph", 2, "luzem"),
        ("paragraph", 3, "d e"),
    ]
    (link,) = text.blocks[-1].links
    assert (link.text, link.start, text.blocks[-1].text[link.start :]) == ("e", 2, "e")


def test_of_a_hundred_alike_ten_are_shown():
    codes = found('<p><a href="https://a.example/">tutaj</a></p>' * 100)
    assert codes == ["vague-link"] * 10 + ["and-more"]


# --- The demo county --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo")
def test_the_texts_of_the_demo_are_an_example():
    from django.apps import apps

    from portal.content.richtext import RichTextField

    findings, count = [], 0
    for model in apps.get_models():
        fields = [field.name for field in model._meta.fields if isinstance(field, RichTextField)]
        plain = [name for name in ("title", "lead", "summary", "name", "caption", "alt") if hasattr(model, name)]
        if not fields and not plain:
            continue
        for obj in model._default_manager.all():
            for name in [*fields, *plain]:
                value = getattr(obj, name, "")
                if isinstance(value, str):
                    count += 1
                    findings += [(f"{obj}", f) for f in texts.check(value, is_rich=name in fields)]
    assert count > 200
    assert [(where, f.message) for where, f in findings if f.severity == Severity.ERROR] == []
    assert [(where, f.code, f.place) for where, f in findings if f.severity == Severity.WARNING] == []


# --- Time -------------------------------------------------------------------------------------------------------------


def seconds(html: str) -> float:
    began = time.perf_counter()
    texts.check(html, is_rich=True)
    return time.perf_counter() - began


def test_a_usual_text_takes_no_time_and_a_huge_one_little():
    seconds(GOOD)
    assert seconds(GOOD * 5) < 0.1
    assert seconds(GOOD * (MOST_CHARACTERS // len(GOOD))) < 3
    assert found("a" * 1_000_000) == ["too-long"]


@pytest.mark.parametrize(
    "piece",
    ["<div>", "<b><i>", "<table><tr><td>", "<!--[if", "<p class=MsoListParagraph",
     "<p class=MsoListParagraph>", "<?xml ", "<p>&nbsp;", "<", "&nbsp;", "<b id=1>", "a.A",
     "ŻÓŁW ", "1 ", "4", "<a href=x>", "<ul><li>", "<![if ", "<span>"],
)  # fmt: skip
def test_no_text_takes_long_by_malice(piece):
    html = piece * (400_000 // len(piece))
    began = time.perf_counter()
    clean(html)
    texts.check(html, is_rich=True)
    assert time.perf_counter() - began < 8
