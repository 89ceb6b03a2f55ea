"""Rich text: what of a paste is kept, and that nothing reaches the database or a reader uncleaned."""

import json
import re
from pathlib import Path

import ckeditor
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.urls import NoReverseMatch, reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from news.models import Article, Category
from portal.content.richtext import RichTextField, clean, plain_text
from tests.codes import log_in
from tests.forms import fill
from tests.make import make_article, make_user

# --- What is taken away -----------------------------------------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext></p><img src=x onerror="alert(1)"></math>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href=" javascript:alert(1)">x</a>',
    '<a href="\x01javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x"></object><embed src="x">',
    '<form action="https://evil.example"><input name="p"><button>x</button></form>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=//evil.example">',
    '<link rel="stylesheet" href="//evil.example/x.css">',
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    '<b onmouseover="alert(1)">x</b>',
    '<h1 onmouseover="alert(1)">x</h1>',
    "<b/onclick=alert(1)>x</b>",
    '<video src="x" onerror="alert(1)"></video>',
    '<details open ontoggle="alert(1)">x</details>',
    '<a href="https://a.example" target="_blank" onfocus=alert(1) autofocus>x</a>',
    '<p class="attribution evil">x</p><div class="x">y</div>',
]
FORBIDDEN = re.compile(
    r"<\s*/?(script|style|img|svg|math|iframe|object|embed|form|input|button|base|meta|link|template|video|details"
    r"|noscript|div|b|h1)[\s>/]"
    r"|<[^>]*\s(on\w+|style|target|class=\"(?!attribution\"))\s*="
    r"|href=\"\s*(?!https?:|mailto:|tel:|/|#|[\w.-]+\")",
    re.IGNORECASE,
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives(attack):
    for text in (attack, f"<p>przed {attack} po</p>", f"<ul><li>{attack}</li></ul>"):
        cleaned = clean(text)
        assert not FORBIDDEN.search(cleaned), cleaned


MARKUP = st.lists(
    st.one_of(
        st.sampled_from(
            "<b> </b> <i> </i> <p> </p> <h1> </h1> <h5> </h5> <span> </span> <ul> <li> </li> </ul> <table> <tr> <td> "
            "</td> </table> <br> <br/> <!--[if <![endif]--> <!-- --> <![if ]> <?xml ?> <o:p> </o:p> <script> </script> "
            "<style> </style> <a/href='x'> </a> &nbsp; &lt; < > & \" ' = /".split()
        ),
        st.text(max_size=8),
    ),
    max_size=25,
).map("".join)


@given(MARKUP)
@hypothesis_settings(max_examples=400, deadline=None)
def test_cleaning_twice_changes_nothing_and_never_lets_anything_through(text):
    once = clean(text)
    assert clean(once) == once
    assert not FORBIDDEN.search(once)


@pytest.mark.parametrize(
    "text", [None, "", "   ", "\x00", "<p></p>", "<p>&nbsp;</p>", "<p><strong> </strong></p>", "<p><br></p>"]
)
def test_nothing_written_is_nothing(text):
    assert clean(text) == ""


# --- What is kept -----------------------------------------------------------------------------------------------------

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=PL>
<h1 style='margin:0'>Narada<o:p></o:p></h1>
<p class=MsoNormal style='text-align:justify'><span style='font-size:12.0pt'>Omówiono <b>dwa</b>
<i>tematy</i>:<o:p></o:p></span></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>1)</span><![endif]>wspieranie rodziny;</p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<table class=MsoTableGrid border=1><tr><td style='width:10pt'><p>Gmina</p></td><td colspan=2>Liczba</td></tr></table>
<p><a href="https://jarzebin.example/plik" onclick="x()">Wniosek</a></p></body></html>"""


def test_a_paste_from_word_keeps_its_words_and_structure_only():
    cleaned = clean(WORD)
    assert "<h2>Narada</h2>" in cleaned
    assert "<strong>dwa</strong>\n<em>tematy</em>" in cleaned
    assert "<ol><li>wspieranie rodziny;</li>" in cleaned
    assert '<td colspan="2">Liczba</td>' in cleaned
    assert '<a href="https://jarzebin.example/plik" rel="noopener">Wniosek</a>' in cleaned
    for rubbish in ("Mso", "mso", "style", "o:p", "xml", "OfficeDocument", "&nbsp;</p>", "justify"):
        assert rubbish not in cleaned, rubbish


@pytest.mark.parametrize(
    "text",
    [
        "<p>Zwykły akapit z <strong>wyróżnieniem</strong>.</p>",
        "<h2>Nagłówek</h2><h3>Mniejszy</h3>",
        "<ol><li>pierwszy;</li><li>drugi.</li></ol>",
        '<blockquote><p>Dobre słowa.</p><p class="attribution">Ewa Modrzycka</p></blockquote>',
        '<p><a href="/kontakt/" rel="noopener">Kontakt</a></p>',
        '<p><a href="tel:+48130001200" rel="noopener">13 000 12 00</a></p>',
        '<table><caption>Nabór</caption><thead><tr><th scope="col">Dzień</th></tr></thead>'
        "<tbody><tr><td>1</td></tr></tbody></table>",
        '<p><span lang="en">Open day</span> H<sub>2</sub>O m<sup>2</sup></p>',
        '<p>Status: <span id="a11y-status">częściowo zgodna</span></p>',
    ],
)
def test_what_an_editor_means_is_kept_as_it_is(text):
    assert clean(text) == text


def test_plain_text_has_the_words_without_running_together():
    assert (
        plain_text("<p>Pierwszy</p><ul><li>drugi</li><li>trzeci &amp; czwarty</li></ul>")
        == "Pierwszy drugi trzeci & czwarty"
    )


# --- No way around ----------------------------------------------------------------------------------------------------

EVIL = '<p>Dobre</p><script>alert(1)</script><img src=x onerror="alert(1)">'


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM news_article")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["create", "save", "update", "bulk_update", "bulk_create", "loaddata", "form"])
def test_no_way_into_the_database_passes_the_cleaner_by(way, client, tmp_path):
    category = Category.objects.get(slug="aktualnosci")
    if way == "create":
        make_article(body=EVIL)
    elif way == "bulk_create":
        Article.objects.bulk_create([Article(title="a", slug="a", category=category, body=EVIL)])
    elif way == "loaddata":
        fields = {
            "title": "a",
            "slug": "a",
            "category": category.pk,
            "body": EVIL,
            "created_at": "2026-01-01T00:00Z",
            "updated_at": "2026-01-01T00:00Z",
        }
        path = tmp_path / "article.json"
        path.write_text(json.dumps([{"model": "news.article", "pk": 1, "fields": fields}]))
        call_command("loaddata", str(path), verbosity=0)
    elif way == "form":
        client.force_login(make_user(groups=["Wydawca"]))
        fill(client, "/admin/news/article/add/", title="a", category=category.pk, body=EVIL)
    else:
        article = make_article(body="<p>Dobre</p>")
        article.body = EVIL
        if way == "save":
            article.save()
        elif way == "update":
            Article.objects.update(body=EVIL)
        else:
            Article.objects.bulk_update([article], ["body"])
    assert stored() == "<p>Dobre</p>"


@pytest.mark.django_db
def test_what_an_older_database_holds_is_cleaned_before_it_enters_the_editor(client):
    article = make_article()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE news_article SET body = %s", [EVIL])
    client.force_login(make_user(groups=["Wydawca"]))
    page = client.get(reverse("admin:news_article_change", args=[article.pk])).content.decode()
    assert "alert(1)" not in page


def test_migrations_do_not_know_the_editor():
    _name, path, _args, _kwargs = RichTextField().deconstruct()
    assert path == "django.db.models.TextField"
    for migration in Path(settings.BASE_DIR).glob("*/migrations/*.py"):
        assert "ckeditor" not in migration.read_text(encoding="utf-8"), migration


def test_only_one_module_names_the_editor():
    own = [
        path
        for app in ("portal", "news", "events", "institutions")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
    ]
    imports = [
        path.name
        for path in own
        if re.search(r"^\s*(from|import) ckeditor", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert imports == ["richtext.py"]


# --- The editor's advisories (CVE-2024-24815, -24816, -43407, -43411, CVE-2023-4771) ----------------------------------

CONFIG = settings.CKEDITOR_CONFIGS["default"]
REMOVED = set(CONFIG["removePlugins"].split(","))


def test_the_warning_is_silenced_only_together_with_the_mitigations():
    assert settings.SILENCED_SYSTEM_CHECKS == ["ckeditor.W001"]
    assert not CONFIG.get("fullPage") and not CONFIG.get("allowedContent")
    assert {"script", "style", "*[on*]"} <= set(CONFIG["disallowedContent"].split())
    assert {"preview", "sourcearea", "codesnippetgeshi", "iframe", "flash", "docprops"} <= REMOVED
    assert CONFIG["versionCheck"] is False


def test_nothing_is_uploaded_through_the_editor():
    assert "ckeditor_uploader" not in settings.INSTALLED_APPS
    assert {"image", "uploadimage", "uploadfile", "filebrowser"} <= REMOVED
    with pytest.raises(NoReverseMatch):
        reverse("ckeditor_upload")


def test_the_package_ships_neither_samples_nor_server_code():
    folder = Path(ckeditor.__file__).parent / "static"
    assert not [path for path in folder.rglob("*") if path.suffix == ".php" or "samples" in path.parts]


# --- In Chromium ------------------------------------------------------------------------------------------------------


def open_editor(live_server, page):
    user = make_user("ewa", groups=["Wydawca"])
    log_in(page, user, f"{live_server.url}/admin/login/?next=/admin/news/article/add/")
    page.wait_for_url("**/admin/news/article/add/")
    page.wait_for_selector(".cke_wysiwyg_div[contenteditable=true]")


@pytest.mark.browser
def test_an_editor_writes_bold_text_a_list_a_link_a_table_and_a_quotation(live_server, page):
    open_editor(live_server, page)
    page.select_option("#id_category", label="Aktualności")
    page.fill("#id_title", "Z edytora")
    text = page.locator(".cke_wysiwyg_div")
    text.click()
    keys = page.keyboard

    keys.type("Ważne: ")
    page.click(".cke_button__bold")
    keys.type("termin")
    page.click(".cke_button__bold")
    keys.press("Enter")

    page.click(".cke_button__numberedlist")
    keys.type("pierwszy;")
    keys.press("Enter")
    keys.type("drugi.")
    keys.press("Enter")
    keys.press("Enter")

    page.click(".cke_button__link")
    assert not page.locator(".cke_dialog_tab", has_text="Cel").is_visible()
    fields = page.locator(".cke_dialog_contents input[type=text]:visible")
    fields.nth(0).fill("Kontakt")
    fields.nth(1).fill("jarzebin.example/kontakt")
    page.click(".cke_dialog_ui_button_ok")
    page.wait_for_selector(".cke_dialog", state="hidden")
    keys.press("End")
    keys.press("Enter")

    page.click(".cke_button__blockquote")
    keys.type("Dobre słowa.")
    keys.press("Enter")
    page.click(".cke_combo__styles .cke_combo_button")
    page.frame_locator("iframe.cke_panel_frame:visible").locator("a", has_text="Autor cytatu").click()
    keys.type("Ewa Modrzycka")

    page.click("button[name=_save_draft]")
    page.wait_for_url("**/admin/news/article/")
    body = Article.objects.get().body
    assert re.search(r"<p>Ważne:(?: |&nbsp;)<strong>termin</strong></p>", body)
    assert re.search(r"<ol>\s*<li>pierwszy;</li>\s*<li>drugi.</li>\s*</ol>", body)
    assert re.search(r'<a href="https?://jarzebin.example/kontakt" rel="noopener">Kontakt</a>', body)
    assert re.search(
        r'<blockquote>\s*<p>Dobre słowa.</p>\s*<p class="attribution">Ewa Modrzycka</p>\s*</blockquote>', body
    )


@pytest.mark.browser
def test_a_table_has_headers_unless_somebody_takes_them_away(live_server, page):
    open_editor(live_server, page)
    page.locator(".cke_wysiwyg_div").click()
    page.click(".cke_button__table")
    page.click(".cke_dialog_ui_button_ok")
    page.wait_for_selector(".cke_dialog", state="hidden")
    assert "<th" in page.evaluate("CKEDITOR.instances.id_body.getData()")
