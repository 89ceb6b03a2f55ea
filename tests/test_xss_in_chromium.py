"""No way into a page: every vector of tests/xss_vectors.py, alone, on the rendered pages, in a real Chromium.

Harmless means: nothing was called, no dialog came up, no foreign host was asked, and what stands in the page has no
handler, no script and no address that is one. The first test shows that the vectors are sharp where nobody cleans.
"""

import json
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client

from institutions.models import Institution, InstitutionType
from news.models import Article, Category
from portal.content.richtext import clean
from tests.conftest import is_foreign
from tests.forms import fill
from tests.make import (
    make_article,
    make_event,
    make_institution,
    make_office,
    make_page,
    make_photo,
    make_user,
    published,
)
from tests.xss_vectors import FAMILIES, vectors

pytestmark = pytest.mark.once

pytestmark = [pytest.mark.browser, pytest.mark.once]

VECTORS = vectors()
WORDS = [vector.replace("\x00", "") for vector in VECTORS]  # no form lets NUL into a field without markup
STAGE = "http://127.0.0.1:9/"  # a blank page without any policy; nothing else is there, so what a page asks for fails
AT_ONCE = 30

# Puts documents into frames of their own, pokes whatever is in them, and says what is dangerous in what they became.
IN_FRAMES = """async ([documents, mayClick]) => {
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const frames = documents.map((text) => {
    const frame = document.createElement("iframe");
    frame.loaded = new Promise((done) => { frame.onload = done; });
    frame.srcdoc = text;
    document.body.append(frame);
    return frame;
  });
  await Promise.race([Promise.all(frames.map((frame) => frame.loaded)), pause(2500)]);
  await pause(120);
  const found = frames.map((frame) => {
    const inside = frame.contentDocument;
    if (!inside) return ["the frame was led away"];
    const dangers = window.dangersIn(inside.documentElement);
    window.poke(inside.querySelector("main") ?? inside.documentElement, mayClick);
    return dangers;
  });
  await pause(120);
  frames.forEach((frame) => frame.remove());
  return found;
}"""
TOOLS = r"""
const ELEMENTS = "iframe frame frameset object embed applet base portal math foreignobject animate set style xml "
  + "template marquee plaintext xss";
const ADDRESSES = "href src action formaction xlink:href data poster background ping srcset".split(" ");
const SCRIPTS = /^[\s\x00-\x20]*(javascript|vbscript|livescript|data|feed|view-source):(?!image\/)/i;
const KINDS = "mouseover mouseenter pointerover pointerenter mousemove focus focusin copy wheel animationend "
  + "transitionend begin load error toggle start";

window.dangersIn = (root) => {
  const found = [];
  for (const element of [root, ...root.querySelectorAll("*")]) {
    const name = element.localName;
    if (element.closest(".cke_top, .cke_bottom, .cke_dialog, [data-cke-temp]")) continue;
    if (ELEMENTS.split(" ").includes(name.toLowerCase())) found.push(name);
    const isOwn = /^\/(static|admin\/jsi18n)\//.test(element.getAttribute("src") ?? "");
    if (name === "script" && !isOwn && !element.type.endsWith("json")) found.push("script");
    if (name === "meta" && element.httpEquiv) found.push(`meta ${element.httpEquiv}`);
    for (const { name: attribute, value } of element.attributes) {
      const isStyled = ["style", "srcdoc"].includes(attribute) && !element.closest(".cke_chrome, .cke");
      if (/^on/i.test(attribute) || isStyled) found.push(`${name} ${attribute}`);
      if (!ADDRESSES.includes(attribute)) continue;
      if (SCRIPTS.test(value) || (/^(https?:)?\/\/evil\.example/.test(value) && name !== "a")) found.push(value);
    }
    if (["javascript:", "vbscript:", "data:"].includes(element.protocol)) found.push(element.href);
  }
  return found;
};
window.poke = (root, mayClick) => {
  const click = { bubbles: true, cancelable: true, view: window };
  for (const element of [root, ...root.querySelectorAll("*")]) {
    for (const kind of KINDS.split(" ")) element.dispatchEvent(new Event(kind));
    if (mayClick) element.dispatchEvent(new MouseEvent("click", click));
  }
};
"""


class Witness:
    """What happened in a browser: numbers of the vectors that called, dialogs, foreign addresses that were asked."""

    def __init__(self, context):
        self.context = context
        self.called: set[int] = set()
        self.dialogs: list[str] = []
        self.asked: list[str] = []
        context.expose_function("pwn", lambda number=-1: self.called.add(int(number)))
        context.add_init_script(TOOLS)
        context.on("dialog", self._dialog)
        context.on("request", lambda request: self.asked.append(request.url) if is_foreign(request.url) else None)

    def _dialog(self, dialog):
        # Leaving a form with changes asks too, which is no vector.
        if dialog.type != "beforeunload":
            self.dialogs.append(dialog.message)
        dialog.accept()

    def fired(self) -> set[int]:
        numbers = {int(message) for message in self.dialogs if message.isdecimal()}
        return (
            self.called | numbers | {int(urlsplit(url).path.strip("/").partition("/")[0] or -1) for url in self.asked}
        )

    def saw_nothing(self) -> bool:
        assert [VECTORS[number] for number in sorted(self.called)] == []
        assert (self.dialogs, self.asked) == ([], [])
        return True


@contextmanager
def witness(browser):
    context = browser.new_context(locale="pl-PL")
    try:
        yield Witness(context)
    finally:
        context.close()


def stage(seen: Witness):
    page = seen.context.new_page()
    page.set_default_timeout(30_000)
    page.route(STAGE, lambda route: route.fulfill(status=200, content_type="text/html", body="<!doctype html>"))
    page.route("**://evil.example/**", lambda route: route.abort())
    page.goto(STAGE)
    return page


def dangers(page, documents: list[str], *, may_click: bool = False) -> list[list[str]]:
    found = []
    for start in range(0, len(documents), AT_ONCE):
        found += page.evaluate(IN_FRAMES, [documents[start : start + AT_ONCE], may_click])
    return found


def all_harmless(page, documents: list[str]):
    found = dangers(page, documents)
    assert {number: list_ for number, list_ in enumerate(found) if list_} == {}


# --- That the vectors are sharp ---------------------------------------------------------------------------------------


def test_where_nothing_is_cleaned_they_hurt(browser):
    with witness(browser) as seen:
        page = stage(seen)
        found = dangers(page, [f"<!doctype html><body>{vector}" for vector in VECTORS], may_click=True)
        fired, in_the_page = seen.fired(), {number for number, list_ in enumerate(found) if list_}
    assert len(VECTORS) >= 250
    # Many are for browsers of long ago; what is left is far more than enough.
    assert len(fired) > 110, len(fired)
    assert len(fired | in_the_page) > 190, len(fired | in_the_page)
    first = 0
    for family, text in FAMILIES.items():
        count = len([line for line in text.split("\n") if line])
        assert fired & set(range(first, first + count)), family
        first += count


# --- Each alone, on the pages as they are rendered, without the policy's help -----------------------------------------


@pytest.mark.django_db
def test_each_alone_in_every_field_of_an_article_is_harmless(browser):
    """The page is shown without its Content-Security-Policy: the cleaning and the escaping must be enough."""
    make_office()
    article = make_article()
    make_photo(article)
    client = Client()
    pages, papers = [], []
    for vector, words in zip(VECTORS, WORDS, strict=True):
        Article.objects.update(
            title=words[:250], lead=words, body=vector, text_credit=words[:120], photo_credit=words[:120]
        )
        article.photos.update(alt=words[:250], caption=words[:300], author=words[:120])
        pages.append(client.get(article.get_absolute_url()).content.decode())
        paper = client.get(f"{article.get_absolute_url()}drukuj/").content.decode()
        papers.append(paper[paper.index("<main") : paper.index("</main>")])
    with witness(browser) as seen:
        page = stage(seen)
        all_harmless(page, pages)
        all_harmless(page, ["".join(papers[start : start + 10]) for start in range(0, len(papers), 10)])
        assert seen.saw_nothing()


def test_each_in_the_panel_of_the_checks_is_harmless(browser, client, admin_user):
    client.force_login(admin_user)
    panels = []
    for vector in VECTORS:
        heading = f"<h4>{vector.replace('<', '&lt;')}</h4><p><a href='x'></a></p>"
        text = {"field": vector, "label": vector, "value": heading, "isRich": True}
        answer = client.post("/admin/sprawdz-tekst/", json.dumps({"texts": [text]}), content_type="application/json")
        panels.append(answer.content.decode())
    assert all("text-check-list" in panel for panel in panels)
    with witness(browser) as seen:
        all_harmless(stage(seen), ["".join(panels[start : start + 10]) for start in range(0, len(panels), 10)])
        assert seen.saw_nothing()


# --- All of them, through the forms, on a running server with its policy ----------------------------------------------


@pytest.fixture
def county(live_server):
    """An article of them all written in the form, and one each, an event with one in every row, and institutions."""
    make_office()
    user = make_user("ewa", groups=["Administrator"], is_superuser=True)
    client = Client()
    client.force_login(user)
    category = Category.objects.get(slug="aktualnosci")
    body = "\n<hr>\n".join(VECTORS)
    answer = fill(
        client,
        "/admin/news/article/add/",
        "_publish",
        title=WORDS[0],
        lead=" ".join(WORDS[:60])[:1000],
        category=category.pk,
        body=body,
    )
    assert answer.status_code == 302, answer.context["errors"]
    article = Article.objects.get()
    assert article.body == clean(body)
    # By the model, because a form each would take a minute; the field cleans on every way.
    kept = published({"category": category, "lead": "pwn"})
    Article.objects.bulk_create(
        Article(**kept | {"title": words[:250], "slug": f"nr-{number}", "lead": words, "body": VECTORS[number]})
        for number, words in enumerate(WORDS)
    )
    event = make_event(title=WORDS[1], description=body, summary=WORDS[2])
    event.agenda.model.objects.bulk_create(
        event.agenda.model(event=event, title=words[:250], description=words, speakers=words) for words in WORDS
    )
    institution = make_institution(
        name=WORDS[3], description=body, for_whom=" ".join(WORDS[:40]), getting_there=WORDS[4]
    )
    kind = InstitutionType.objects.get(code="dps")
    Institution.objects.bulk_create(
        Institution(**published({"type": kind, "slug": f"nr-{number}", "name": words[:200], "town": words[:100]}))
        for number, words in enumerate(WORDS)
    )
    static = make_page(title=WORDS[5], lead=WORDS[6], body=body, is_in_menu=True, menu_title=WORDS[7][:40])
    call_command("reindex", verbosity=0)
    addresses = {
        "article": article.get_absolute_url(),
        "print": f"{article.get_absolute_url()}drukuj/",
        "event": event.get_absolute_url(),
        "institution": institution.get_absolute_url(),
        "institutions": "/placowki/",
        "page": static.get_absolute_url(),
        "home": "/",
        "map": "/mapa-strony/",
        "search": "/szukaj/?q=pwn",
        "search for a vector": "/szukaj/?q=%3Cimg+src%3Dx+onerror%3Dpwn(1)%3E",
        "rss": "/aktualnosci/rss/",
        "atom": "/aktualnosci/atom/",
        "calendar of the event": "/wydarzenia/",
        **{f"list {number}": f"/aktualnosci/?strona={number}" for number in (1, 5, 10, 15, 20, 23)},
        **{f"articles of the admin {number}": f"/admin/news/article/?p={number}" for number in (1, 3, 6)},
        "institutions of the admin": "/admin/institutions/institution/",
        "board": "/admin/",
        "form": f"/admin/news/article/{article.pk}/change/",
        "form of the event": f"/admin/events/event/{event.pk}/change/",
        "history": f"/admin/news/article/{article.pk}/history/",
    }
    return client, addresses


def test_all_of_them_on_every_page_are_harmless(live_server, county, browser):
    client, addresses = county
    with witness(browser) as seen:
        seen.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = seen.context.new_page()
        found = {}
        for name, address in addresses.items():
            answer = page.goto(live_server.url + address, wait_until="load")
            assert answer.status == 200, name
            if "xml" in answer.headers["content-type"]:
                continue  # shown as a tree of text by Chromium itself; that nothing was called is seen below
            if name.startswith("form"):
                page.wait_for_selector(".cke_wysiwyg_div[contenteditable=true]")
            root = "document.querySelector('.cke_wysiwyg_div') ?? document.documentElement"
            found[name] = page.evaluate(f"dangersIn({root})")
            page.evaluate("poke(document.querySelector('main, #content') ?? document.documentElement, false)")
        assert {name: list_ for name, list_ in found.items() if list_} == {}
        assert seen.saw_nothing()


def test_each_alone_pasted_into_the_editor_calls_nothing(live_server, county, browser):
    """Also as it comes from a clipboard, before the portal has cleaned anything, where handlers are allowed to run."""
    client, _addresses = county
    with witness(browser) as seen:
        seen.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page = seen.context.new_page()
        page.goto(f"{live_server.url}/admin/news/article/add/")
        page.wait_for_selector(".cke_wysiwyg_div[contenteditable=true]")
        page.evaluate(
            """async (texts) => {
              const editor = CKEDITOR.instances.id_body;
              for (const text of texts) {
                await new Promise((done) => editor.setData(text, { callback: done }));
                poke(editor.editable().$, false);
                editor.setData("");
                editor.insertHtml(text);
                poke(editor.editable().$, false);
              }
              await new Promise((done) => setTimeout(done, 300));
            }""",
            [text for vector in VECTORS for text in (clean(vector), vector)],
        )
        assert seen.saw_nothing()
