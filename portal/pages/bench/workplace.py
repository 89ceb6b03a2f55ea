"""The editors' list over very many articles, and saving one with forty photos: over HTTP, each as a ratio.

A list is compared with itself over a thousand articles, saving with opening the same form, in the same run.
"""

import re
import statistics
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from institutions.models import Office
from news.models import Article, ArticlePhoto, Category
from portal.content import pictures
from portal.content.publishing import Status

from .asking import TIMES, Editor
from .form_fields import fields_of
from .server import running

FEW, MANY, SMALL_MANY, PHOTOS = 1_000, 100_000, 5_000, 40
LIST_LIMIT, SAVE_LIMIT = 0.3, 1.0  # seconds
BATCH = 1000
LIST = "/admin/news/article/"
LISTS = {
    "list": "",
    "list, page 15": "?p=15",
    "list, by views": "?o=-5",
    "list, searched": "?q=zazolc+49",
    "list, a status": "?status=draft",
    "list, visible now": "?when=visible",
}
ERRORS = re.compile(r'<ul class="errorlist.*?</ul>', re.DOTALL)


@dataclass(frozen=True)
class Row:
    name: str
    seconds: float
    compared: float
    queries: str
    limit: float | None

    @property
    def is_right(self) -> bool:
        return self.limit is None or self.seconds <= self.limit

    def __str__(self) -> str:
        ratio = self.seconds / self.compared
        limit = f"limit {self.limit * 1000:4.0f} ms" if self.limit else "no limit     "
        times = f"{self.seconds * 1000:7.0f} ms  {limit}  ratio {ratio:5.2f}"
        words = f"{self.name:<24} {times}  {self.queries}"
        return words if self.is_right else f"{words}  TOO SLOW"


def run(small: bool, progress) -> list[Row]:
    many = SMALL_MANY if small else MANY
    Office.objects.get_or_create(pk=1, defaults={"name": "Urząd", "site_name": "Urząd"})
    add_articles(0, FEW)
    with running("portal.wsgi") as server:
        editor = Editor(server)
        few = {name: (editor.median(LIST + query), editor.queries(LIST + query)) for name, query in LISTS.items()}
        progress(f"{many:,} articles")
        add_articles(FEW, many)
        rows = [_list_row(editor, name, query, *few[name]) for name, query in LISTS.items()]
        return [*rows, _save_row(editor)]


def _list_row(editor: Editor, name: str, query: str, before: float, queries_before: int) -> Row:
    queries = editor.queries(LIST + query)
    if queries != queries_before:
        raise RuntimeError(f"{name}: {queries_before} queries over few articles, {queries} over many")
    # Looking for parts of words reads every title: how long that may take is not said yet.
    limit = None if "q=" in query else LIST_LIMIT
    return Row(name, editor.median(LIST + query), before, f"{queries} queries, as over few", limit)


def _save_row(editor: Editor) -> Row:
    article = Article.objects.first()
    add_photos(article)
    form = f"{LIST}{article.pk}/change/"
    opening = editor.median(form)
    seconds = []
    for number in range(TIMES):
        fields = fields_of(editor.ask(form)[2])
        fields = [(name, f"Wstęp {number}" if name == "lead" else value) for name, value in fields]
        taken, status, text = editor.ask(form, [*fields, ("_save", "1")])
        if status != 302:
            raise RuntimeError(f"saving answered {status}: {' '.join(ERRORS.findall(text))[:500]}")
        seconds.append(taken)
    article.refresh_from_db()
    if article.lead != f"Wstęp {TIMES - 1}" or article.photos.count() != PHOTOS:
        raise RuntimeError("what was sent was not saved")
    return Row(f"saving with {PHOTOS} photos", statistics.median(seconds), opening, "ratio to opening", SAVE_LIMIT)


def add_articles(first: int, last: int):
    category, now = Category.objects.first(), timezone.now()
    for start in range(first, last, BATCH):
        Article.objects.bulk_create(
            Article(
                category=category,
                title=f"Zażółć gęślą jaźń {number}",
                slug=f"artykul-{number}",
                lead="Krótko o sprawie.",
                body="<p>Treść artykułu.</p>" * 5,
                status=Status.DRAFT if number % 50 == 0 else Status.PUBLISHED,
                publish_at=now - timedelta(minutes=10 * number + 1),
            )
            for number in range(start, min(start + BATCH, last))
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def add_photos(article: Article):
    buffer = BytesIO()
    Image.effect_noise((1600, 1067), 40).convert("RGB").save(buffer, "JPEG")
    first = ArticlePhoto.add(
        article, pictures.decode(SimpleUploadedFile("a.jpg", buffer.getvalue())), alt="Sala", consent_basis="no_people"
    )
    for _number in range(PHOTOS - 1):
        ArticlePhoto.add_copy(article, first, alt="Sala", consent_basis="no_people")
