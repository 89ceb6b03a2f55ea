"""Cleaned HTML as its paragraphs, headings, list items and cells, with their links."""

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

KINDS = {"p": "paragraph", "h2": "heading", "h3": "heading", "h4": "heading", "li": "item", "td": "cell", "th": "cell",
         "caption": "caption"}  # fmt: skip


@dataclass
class Link:
    href: str
    start: int  # in the text of its block
    text: str = ""


@dataclass
class Block:
    kind: str
    tag: str
    raw: str = ""
    number: int = 0  # of its kind, from 1
    links: list[Link] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        return " ".join(self.raw.split())


@dataclass
class Table:
    depth: int
    first_block: int
    has_headers: bool = False
    block: Block | None = None  # where to point at


@dataclass
class Text:
    blocks: list[Block]
    tables: list[Table]
    anchors: set[str]

    @cached_property
    def _beginnings(self) -> dict[int, int]:
        beginnings, position = {}, 0
        for block in self.blocks:
            beginnings[id(block)] = position
            position += len(block.text) + 1
        return beginnings

    @cached_property
    def words(self) -> str:
        return " ".join(block.text for block in self.blocks)

    def words_before(self, block: Block) -> str:
        return self.words[: self._beginnings[id(block)]]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.open: list[Block] = []
        self.tables: list[Table] = []
        self.open_tables: list[Table] = []
        self.anchors: set[str] = set()
        self.link: tuple[Link, Block] | None = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if given.get("id"):
            self.anchors.add(given["id"])
        if tag == "table":
            table = Table(len(self.open_tables), len(self.blocks))
            self.tables.append(table)
            self.open_tables.append(table)
        if tag == "th" and self.open_tables:
            self.open_tables[-1].has_headers = True
        if tag in KINDS:
            self.open.append(Block(KINDS[tag], tag))
            self.blocks.append(self.open[-1])
        elif tag == "br":
            self.handle_data(" ")
        elif tag == "a" and "href" in given:
            block = self._block()
            link = Link((given["href"] or "").strip(), len(" ".join((block.raw + "x").split())) - 1)
            block.links.append(link)
            self.link = (link, block)

    def handle_endtag(self, tag):
        if tag == "table" and self.open_tables:
            self.open_tables.pop()
        elif tag == "a":
            self.link = None
        elif tag in KINDS and self.open and tag in [block.tag for block in self.open]:
            while self.open.pop().tag != tag:
                pass

    def handle_data(self, data):
        if data.strip() or self.open:
            self._block().raw += data
        if self.link:
            self.link[0].text += data

    def _block(self) -> Block:
        if self.open:
            return self.open[-1]
        # Words between blocks: a paragraph that ends where the next block begins.
        if not self.blocks or self.blocks[-1].tag:
            self.blocks.append(Block("paragraph", ""))
        return self.blocks[-1]


def read(html: str) -> Text:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    blocks = [block for block in reader.blocks if block.text or block.links or block.kind == "heading"]
    for table in reader.tables:
        table.block = next((b for b in reader.blocks[table.first_block :] if b.text), None)
    counted: dict[str, int] = {}
    for block in blocks:
        block.number = counted[block.kind] = counted.get(block.kind, 0) + 1
        for link in block.links:
            link.text = " ".join(link.text.split())
    return Text(blocks, reader.tables, reader.anchors)
