"""Editors send photos and publish while the processes that serve them are killed: what was acknowledged is whole."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from io import BytesIO

from django.conf import settings
from django.db import connection
from PIL import Image
from reversion.models import Version

from news.models import Article
from portal.content import photo_files, photo_tokens
from portal.content.pictures import MASTER
from portal.search.models import SearchDocument
from portal.search.sources import refresh_recent

from .asking import TOKEN
from .breakage import Answer, Site
from .form_fields import fields_of
from .signup.findings import Finding, Row

PAUSE_BETWEEN_KILLS = 4.0  # a web process needs some seconds to start
SENDERS = 3


def uploads(site: Site) -> Row:
    seen = Finding("both web processes killed while photos are sent")
    content, keys, refused = picture(), [], []

    def send():
        answer = post(site, "/admin/zdjecia/wyslij/", content, **{"X-File-Name": "a.jpg"})
        if answer.status == 200:
            keys.append(photo_tokens.read(json.loads(answer.text)["token"]).key)
        else:
            refused.append(answer.status)
            time.sleep(0.2)

    with killing(site) as kills:
        work_for(site.seconds, send, SENDERS)
    site.seconds_until_well(site.form())
    lost = [key for key in keys if not is_whole(key)]
    folders = [path for path in (settings.PRIVATE_ROOT / "photos").iterdir() if path.suffix != ".part"]
    broken = [path.name for path in folders if not is_whole(path.name)]
    seen.saw(f"{len(kills)} kills; {len(keys)} photos acknowledged, of these lost {len(lost)}; {len(refused)} refused")
    seen.saw(f"photos on the disk {len(folders)}, of them not whole {len(broken)}")
    seen.require(bool(keys) and bool(kills), "nothing was tried")
    seen.require(not lost, "an acknowledged photo is not there")
    seen.require(not broken, "half a photo has stayed")
    return seen.row()


def is_whole(key: str) -> bool:
    folder = photo_files.private_folder(key)
    try:
        with Image.open(folder / MASTER) as image:
            image.load()
        return len((folder / photo_files.DIGEST).read_text()) > 0
    except OSError:
        return False


def publications(site: Site) -> Row:
    seen = Finding("both web processes killed while an article is published again and again")
    article = Article.objects.order_by("-pk").first()
    form, acknowledged, sent = f"/admin/news/article/{article.pk}/change/", [], []

    def publish():
        opened = site.ask(form, Cookie=site.session)
        if opened.status != 200:
            return time.sleep(0.2)
        number = len(sent) + 1
        sent.append(number)
        new = {"title": f"Wersja {number}", "lead": f"Wersja {number}"}
        fields = [(name, new.get(name, value)) for name, value in fields_of(opened.text)]
        fields.append(("_save", "1"))
        if post(site, form, fields).status == 302:
            acknowledged.append(number)

    with killing(site) as kills:
        work_for(site.seconds, publish, 1)
    site.seconds_until_well(site.form())
    article.refresh_from_db()
    history = {version.field_dict["title"] for version in Version.objects.get_for_object(article)}
    refresh_recent()  # as `tick` does
    document = SearchDocument.objects.get(kind="aktualnosci", object_id=article.pk)
    connection.close()
    seen.saw(f"{len(kills)} kills; sent {len(sent)}, acknowledged {len(acknowledged)}; now: {article.title}")
    lost = [number for number in acknowledged if f"Wersja {number}" not in history]
    seen.saw(f"acknowledged and not in the history {len(lost)}; the search knows it as: {document.title}")
    seen.require(bool(acknowledged) and bool(kills), "nothing was tried")
    seen.require(not lost, "an acknowledged version is lost")
    seen.require(article.title == article.lead, "half of a version was saved")
    seen.require(int(article.title.split()[1]) >= acknowledged[-1], "an older version has come back")
    seen.require(document.title == article.title, "the search knows another version")
    return seen.row()


# --- How --------------------------------------------------------------------------------------------------------------


@contextmanager
def killing(site: Site):
    """Both web processes in turn, until the block ends; what keeps the stack alive starts them again."""
    kills, is_over = [], threading.Event()

    def kill():
        while not is_over.wait(PAUSE_BETWEEN_KILLS):
            name = ("web-a", "web-b")[len(kills) % 2]
            site.running[name].kill()
            kills.append(name)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    try:
        yield kills
    finally:
        is_over.set()
        thread.join()


def work_for(seconds: float, act: Callable[[], None], workers: int):
    until = time.monotonic() + seconds

    def work():
        while time.monotonic() < until:
            act()

    threads = [threading.Thread(target=work, daemon=True) for _number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def post(site: Site, path: str, body: bytes | list, **headers: str) -> Answer:
    """As the editor."""
    cookies = f"{site.session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    return site.ask(path, body, Cookie=cookies, **{"X-CSRFToken": TOKEN}, **headers)


def picture() -> bytes:
    buffer = BytesIO()
    Image.effect_noise((1600, 1067), 60).convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
