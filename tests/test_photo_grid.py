"""The grid of photos on a form: new ones are rows with a token, so what keeps the form's fields keeps the photos."""

import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import Article, ArticlePhoto
from portal.content import photo_files, photo_storing, photo_tokens
from tests.forms import fill, press, read
from tests.make import jpeg, make_article, make_event, make_institution, make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def publisher(client):
    user = make_user(groups=["Wydawca"])
    client.force_login(user)
    return user


def form_of(owner) -> str:
    options = owner._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[owner.pk])


def stored(width=700, height=500, color="seagreen") -> photo_tokens.StoredPhoto:
    return photo_storing.store(ContentFile(jpeg(width, height, color=color).read()), "plik.jpg")


def new_rows(*photos, first: int = 0, **fields) -> dict:
    """The fields that the script writes for new photos: rows after the `first` that are there."""
    rows = {"photos-TOTAL_FORMS": str(first + len(photos))}
    for number, photo in enumerate(photos, start=first):
        rows[f"photos-{number}-stored"] = photo.token()
        rows |= {f"photos-{number}-{name}": value for name, value in fields.items()}
    return rows


# --- New rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [make_article, make_event, make_institution])
def test_a_new_row_becomes_a_photo_with_all_that_was_typed(client, make):
    owner = make()
    photo = stored()
    typed = {
        "alt": "Sala", "caption": "Narada", "author": "Ewa M.", "consent_basis": "written_consent",
        "consent_expires_on": "2031-05-04", "focus_x": "20", "focus_y": "80",
    }  # fmt: skip
    fill(client, form_of(owner), **new_rows(photo, **typed))
    saved = owner.photos.get()
    assert (saved.key, saved.digest, saved.width, saved.height) == (photo.key, photo.digest, 700, 500)
    assert {name: str(getattr(saved, name)) for name in typed} == typed


def test_forty_rows_are_one_form(client):
    article = make_article()
    first = stored()
    rows = []
    for _number in range(40):
        key = photo_files.new_key()
        photo_files.copy(first.key, key)
        rows.append(photo_tokens.StoredPhoto(key, 700, 500, first.digest, "a.jpg"))
    fill(client, form_of(article), **new_rows(*rows, alt="Sala", consent_basis="no_people"))
    assert article.photos.shown().count() == 40


def test_the_same_form_sent_twice_adds_each_photo_once(client):
    article = make_article()
    fields = new_rows(stored())
    opened = read(client.get(form_of(article)))
    press(client, form_of(article), opened, **fields)
    version = Article.objects.get().updated_at.isoformat()
    answer = press(client, form_of(article), opened, **fields, version=version)
    assert answer.status_code == 302
    assert article.photos.count() == 1


def test_a_photo_of_another_article_is_not_taken_over(client):
    photo = stored()
    fill(client, form_of(make_article()), **new_rows(photo))
    other = make_article()
    answer = fill(client, form_of(other), **new_rows(photo, alt="Sala"))
    assert answer.status_code == 200 and "has-errors" in answer.content.decode()
    assert not other.photos.exists()


def test_somebody_else_can_save_the_form_that_one_has_filled_in(client):
    """As a publisher does with a proposed version."""
    token = photo_tokens.StoredPhoto(**vars(stored())).token()
    article = make_article()
    colleague = Client()
    colleague.force_login(make_user(groups=["Wydawca"]))
    fill(colleague, form_of(article), **{"photos-TOTAL_FORMS": "1", "photos-0-stored": token})
    assert article.photos.count() == 1


@pytest.mark.parametrize("token", ["", "x", "gone"])
def test_a_row_without_its_file_says_so_and_keeps_what_was_typed(client, token):
    photo = stored()
    photo_files.remove(photo.key)
    article = make_article()
    fields = {"photos-TOTAL_FORMS": "1", "photos-0-stored": photo.token() if token == "gone" else token}
    answer = fill(client, form_of(article), **fields, **{"photos-0-alt": "Długi opis"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "has-errors" in page and "Długi opis" in page
    assert not article.photos.exists()


def test_an_error_elsewhere_shows_the_new_photos_again_with_all_that_was_typed(client):
    article = make_article()
    photo = stored()
    answer = fill(client, form_of(article), title="", **new_rows(photo, alt="Sala", author="Ewa"))
    assert photo.small_url in answer.content.decode()
    press(client, form_of(article), read(answer), title="Jest tytuł")
    saved = article.photos.get()
    assert (saved.key, saved.alt, saved.author) == (photo.key, "Sala", "Ewa")


def test_rows_that_a_script_left_empty_or_took_away_are_no_photos(client):
    article = make_article()
    photo = stored()
    fields = {"photos-TOTAL_FORMS": "4", "photos-2-stored": photo.token(), "photos-3-author": "Ewa"}
    fill(client, form_of(article), **fields)
    assert [saved.key for saved in article.photos.all()] == [photo.key]


def test_author_and_basis_for_all_fill_only_what_is_empty(client):
    article = make_article()
    rows = new_rows(stored(), stored(), alt="Sala") | {"photos-0-author": "Ewa"}
    fill(client, form_of(article), **rows, new_photos_author="Michał", new_photos_basis="no_people")
    assert [photo.author for photo in article.photos.all()] == ["Ewa", "Michał"]
    assert {photo.consent_basis for photo in article.photos.all()} == {"no_people"}


def test_who_may_not_add_photos_adds_none(client, publisher):
    article = make_article(status="draft")
    make_photo(article)
    publisher.groups.clear()
    publisher.user_permissions.set(
        Permission.objects.filter(codename__in=["change_article", "publish_article", "view_articlephoto"])
    )
    client.get(form_of(article))
    page = client.get(form_of(article)).content.decode()
    assert "data-upload" not in page and "<template>" not in page
    fill(client, form_of(article), **new_rows(stored(), first=1))
    assert article.photos.count() == 1


# --- Order, cover, focus, rotation ------------------------------------------------------------------------------------


def test_positions_written_by_dragging_are_the_order(client):
    article = make_article()
    for name in "abc":
        make_photo(article, alt=name)
    fill(client, form_of(article), **{"photos-0-position": "30", "photos-1-position": "10", "photos-2-position": "20"})
    assert [photo.alt for photo in article.photos.all()] == ["b", "c", "a"]


def test_an_error_shows_the_photos_in_the_order_that_was_chosen(client):
    article = make_article()
    names = ["pierwsze", "drugie"]
    for name in names:
        make_photo(article, alt=name)
    answer = fill(client, form_of(article), title="", **{"photos-0-position": "20", "photos-1-position": "10"})
    page = answer.content.decode()
    assert page.index('value="drugie"') < page.index('value="pierwsze"')


def test_a_button_makes_a_photo_the_cover(client):
    article = make_article()
    first, second, third = (make_photo(article, alt=name) for name in "abc")
    fill(client, form_of(article), f"_move=first:{third.pk}")
    assert [photo.alt for photo in article.photos.all()] == ["c", "a", "b"]
    assert third.small_url.split("/")[3] in client.get(article.get_absolute_url()).content.decode().split("<figure")[1]


def test_the_focal_point_is_a_class_in_the_crops_and_no_style(client):
    article = make_article()
    make_photo(article, focus_x=23, focus_y=96)
    page = client.get(reverse("news:article_list")).content.decode()
    assert 'class="focus-x-20 focus-y-100"' in page and "style=" not in page
    make_photo(make_article(), focus_x=50, focus_y=50)
    assert client.get(reverse("news:article_list")).content.decode().count("focus-x-") == 1


@pytest.mark.parametrize("value", ["101", "-1", "x", "999999999999"])
def test_a_focal_point_outside_the_picture_is_refused_beside_its_field(client, value):
    article = make_article()
    make_photo(article)
    answer = fill(client, form_of(article), **{"photos-0-focus_x": value, "photos-0-caption": "Podpis"})
    assert answer.status_code == 200 and "Podpis" in answer.content.decode()
    assert article.photos.get().focus_x == 50


def test_a_photo_is_turned_by_a_button_that_needs_no_script(client):
    article = make_article()
    photo = make_photo(article, size=(640, 480))
    client.get(photo.small_url)
    assert photo_files.public_folder(photo.key).exists()
    answer = fill(client, form_of(article), "_rotate=right:photos-0", **{"photos-0-caption": "Podpis"})
    assert answer.url.endswith("#photos-group")
    turned = article.photos.get()
    assert turned.pk == photo.pk and turned.key != photo.key and turned.digest == photo.digest
    assert (turned.width, turned.height, turned.caption) == (480, 640, "Podpis")
    assert client.get(turned.small_url).status_code == 200


def test_after_a_rotation_the_old_file_is_no_longer_public(client, django_capture_on_commit_callbacks):
    article = make_article()
    photo = make_photo(article)
    assert Client().get(photo.small_url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        fill(client, form_of(article), "_rotate=left:photos-0")
    assert Client().get(photo.small_url).status_code == 404


@pytest.mark.parametrize(
    "nonsense", ["left", "left:", "up:photos-0", "left:photos-9", "left:photos-0-id", "left:photos-x"]
)
def test_a_rotation_of_nothing_changes_nothing(client, nonsense):
    article = make_article()
    photo = make_photo(article)
    fill(client, form_of(article), f"_rotate={nonsense}")
    assert article.photos.get().key == photo.key


# --- Consent ----------------------------------------------------------------------------------------------------------


def outputs(client, article) -> dict[str, str]:
    page = article.get_absolute_url()
    addresses = {"page": page, "print": f"{page}drukuj/", "list": reverse("news:article_list"), "home": "/"}
    addresses |= {"RSS": "/aktualnosci/rss/", "search": "/szukaj/?q=Festyn", "site map": "/sitemap-aktualnosci.xml"}
    return {name: client.get(address).content.decode() for name, address in addresses.items()}


def test_the_day_after_a_consent_ends_the_photo_is_nowhere_and_stands_on_the_board(client):
    article = make_article(title="Festyn rodzinny")
    today = timezone.localdate()
    photo = make_photo(article, consent_basis="written_consent", consent_expires_on=today)
    resident = Client()
    before = outputs(resident, article)
    assert all(photo.key in before[name] for name in ("page", "list", "home", "print"))
    assert f"{photo.key}" in before["page"].partition("og:image")[2][:200]
    assert resident.get(photo.small_url).status_code == 200

    ArticlePhoto.objects.filter(pk=photo.pk).update(consent_expires_on=today - timedelta(days=1))
    assert [name for name, page in outputs(resident, article).items() if photo.key in page] == []
    photo_files.sweep()
    assert resident.get(photo.small_url).status_code == 404
    board = client.get("/admin/").content.decode()
    assert "?photos=consent" in board and "Festyn rodzinny" in board


@pytest.mark.parametrize(("days", "stands"), [(0, True), (30, True), (31, False), (-400, True)])
def test_the_board_warns_thirty_days_before_a_consent_ends(client, days, stands):
    expires = timezone.localdate() + timedelta(days=days)
    make_photo(make_article(), consent_basis="written_consent", consent_expires_on=expires)
    assert ("?photos=consent" in client.get("/admin/").content.decode()) == stands


# --- Files that something else still names ----------------------------------------------------------------------------


def test_files_that_a_keeper_names_outlive_the_sweep(monkeypatch):
    kept, lost = stored(), stored(color="navy")
    long_ago = (timezone.now() - timedelta(days=9)).timestamp()
    for photo in (kept, lost):
        os.utime(photo_files.private_folder(photo.key), (long_ago, long_ago))
    asked = []
    monkeypatch.setattr(photo_files, "_keepers", list(photo_files._keepers))
    photo_files.register_keeper(lambda keys: asked.append(keys) or {kept.key, "f" * 32})
    photo_files.sweep()
    assert asked == [{kept.key, lost.key} | asked[0]]
    assert photo_files.exists(kept.key) and not photo_files.exists(lost.key)
