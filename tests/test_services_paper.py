"""Each card of the demo fits on one sheet of A4, with everything that stands on the screen."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from institutions.models import ServiceCard

pytestmark = pytest.mark.browser
NOT_ON_PAPER = {"Drukuj", "Wszystkie sprawy"}


def on_screen(page) -> set[str]:
    """The texts of the parts of a card, without what only leads elsewhere."""
    texts = page.locator("article :is(h1, h2, li, dt, dd, p:not(.action-bar, .page-head__meta, .quick-exit))")
    return {" ".join(text.split()) for text in texts.all_inner_texts()} - {""}


def joined(text: str) -> str:
    """Without what depends on where lines break."""
    return re.sub(r"\W", "", text)


def test_every_card_is_one_sheet_with_the_same_words(demo_server, page):
    page.add_init_script("window.print = () => {}")  # the page asks for it by itself
    cards = list(ServiceCard.objects.published().originals())
    assert len(cards) >= 20
    for card in cards:
        page.goto(demo_server + card.get_absolute_url())
        words = {text for text in on_screen(page) if "przeglądark" not in text and "urządzenie, którego" not in text}
        page.goto(f"{demo_server}{card.get_absolute_url()}drukuj/")
        assert card.hides_its_reader or words - on_screen(page) - {card.lead} == set(), card
        sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
        assert len(sheets) == 1, (card, len(sheets))
        paper = joined(sheets[0].extract_text())
        for link in page.locator('.prose a[href^="http"]').all():  # on paper their addresses are written out
            paper = paper.replace(joined(link.get_attribute("href")), "")
        assert [text for text in on_screen(page) if joined(text) not in paper] == [], card
