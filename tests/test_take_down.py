"""Taking a photo down: gone from every gallery and every address at once, with no way back for the same picture."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from events.models import EventPhoto
from institutions.models import InstitutionPhoto
from news.models import ArticlePhoto
from portal.content import photo_files, photo_storing
from portal.editing.models import Act, AuditEntry
from portal.photos.models import TakenDownPhoto
from portal.photos.taking_down import take_down
from tests.forms import fill
from tests.make import jpeg, make_article, make_event, make_institution, make_photo, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/zdjecia/"
TAKE_DOWN = "/admin/zdjecia/zdejmij/"


@pytest.fixture
def publisher(client):
    user = make_user("wanda", groups=["Wydawca"])
    client.force_login(user)
    return user


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def name_of(photo) -> str:
    return f"{photo._meta.label_lower}:{photo.pk}"


def in_three_sections():
    """One picture in an article, an event and an institution, and another picture beside it."""
    photo = make_photo(make_article(title="Festyn"), size=(641, 480))
    copies = [
        EventPhoto.add_copy(make_event(title="Piknik"), photo, alt="b", consent_basis="no_people"),
        make_photo(make_institution(name="Ośrodek"), size=(641, 480)),
    ]
    return photo, copies, make_photo(make_article(title="Inny"), size=(500, 400))


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_photos_of_all_sections_with_their_place_and_state(client, publisher):
    in_three_sections()
    make_photo(make_article(title="Szkic o remoncie", status="draft"), alt="")
    page = client.get(LIST).content.decode()
    for title in ("Festyn", "Piknik", "Ośrodek", "Inny", "Szkic o remoncie"):
        assert title in page
    assert "state-published" in page and "state-draft" in page and "state-review" in page
    assert page.count("<img") == 5


def test_where_a_photo_is_used_lists_its_copies_in_every_section(client, publisher):
    photo, copies, _other = in_three_sections()
    for one in (photo, *copies):
        page = client.get(LIST, {"copies": one.key}).content.decode()
        assert all(title in page for title in ("Festyn", "Piknik", "Ośrodek")) and "Inny" not in page


@pytest.mark.parametrize("field", ["alt", "caption", "author"])
def test_a_person_is_found_in_whatever_is_written_as_polish_is_typed(client, publisher, field):
    make_photo(make_article(title="Festyn"), **{field: "Łucja Żółkiewska, wicestarosta"})
    make_photo(make_event(title="Narada"))
    for words in ("zolkiewska", "ŁUCJA żółk", "lucja wicestarosta"):
        page = client.get(LIST, {"q": words}).content.decode()
        assert "Festyn" in page and "Narada" not in page


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"basis": "written_consent"}, "Zgoda"),
        ({"basis": "none"}, "Bez podstawy"),
        ({"consent": "ended"}, "Skończona"),
        ({"lacks": "on"}, "Bez podstawy"),
    ],
)
def test_the_list_is_filtered(client, publisher, asked, expected):
    make_photo(make_article(title="Zgoda"), consent_basis="written_consent", consent_expires_on="2990-01-01")
    make_photo(make_article(title="Bez podstawy"), consent_basis="")
    make_photo(make_article(title="Skończona"), consent_expires_on="2020-01-01")
    page = client.get(LIST, asked).content.decode()
    assert [name for name in ("Zgoda", "Bez podstawy", "Skończona") if f">{name}</a>" in page] == [expected]


@pytest.mark.parametrize("query", ["page=x", "page=999", "basis=zle", "copies=%00", "q=%00%25", "q=" + "a" * 500])
def test_a_mistyped_address_of_the_list_is_answered(client, publisher, query):
    make_photo(make_article())
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_the_list_costs_the_same_for_three_and_for_thirty(client, publisher, django_assert_max_num_queries):
    for _number in range(30):
        make_photo(make_article())
    with django_assert_max_num_queries(16):
        client.get(LIST)


def test_an_editor_sees_the_list_of_own_sections_and_takes_nothing_down(client):
    client.force_login(make_user(groups=["Redaktor"]))
    photo = make_photo(make_article(title="Festyn"))
    make_photo(make_event(title="Narada"))  # events are the organiser's
    page = client.get(LIST).content.decode()
    assert "Festyn" in page and "Narada" not in page and 'checkbox" name="photo' not in page
    assert client.get(TAKE_DOWN, {"photo": name_of(photo)}).status_code == 403
    assert client.post(TAKE_DOWN, {"photo": name_of(photo), "reason": "x"}).status_code == 403
    assert ArticlePhoto.objects.filter(pk=photo.pk).exists()


def test_who_has_nothing_to_do_with_photos_sees_no_list(client):
    client.force_login(make_user())
    assert client.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302


# --- Taking down ------------------------------------------------------------------------------------------------------


def test_it_asks_first_and_shows_every_copy(client, publisher):
    photo, copies, _other = in_three_sections()
    page = client.get(TAKE_DOWN, {"photo": name_of(photo)}).content.decode()
    assert all(title in page for title in ("Festyn", "Piknik", "Ośrodek")) and "Inny" not in page
    assert client.post(TAKE_DOWN, {"photo": name_of(photo), "reason": " "}).status_code == 200  # without a reason
    assert ArticlePhoto.objects.count() == 2


def test_all_copies_go_with_their_files_and_the_addresses_answer_410(client, publisher, commits):
    photo, copies, other = in_three_sections()
    resident = Client()
    for one in (photo, *copies, other):
        assert resident.get(one.small_url).status_code == 200
    with commits():
        client.post(TAKE_DOWN, {"photo": name_of(photo), "reason": "Zgoda wycofana"})
    assert not EventPhoto.objects.exists() and not InstitutionPhoto.objects.exists()
    assert list(ArticlePhoto.objects.all()) == [other]
    for one in (photo, *copies):
        assert not photo_files.public_folder(one.key).exists() and not photo_files.private_folder(one.key).exists()
        assert resident.get(one.small_url).status_code == client.get(one.small_url).status_code == 410
    assert resident.get(other.small_url).status_code == 200
    assert resident.get("/media/photos/" + "0" * 32 + "/480.jpg").status_code == 404
    page = resident.get(reverse("news:article_list")).content.decode()
    assert photo.key not in page and other.key in page


def test_it_stands_on_the_audit_list_with_every_place(client, publisher, commits):
    photo, _copies, _other = in_three_sections()
    with commits():
        client.post(TAKE_DOWN, {"photo": name_of(photo), "reason": "Zgoda wycofana"})
    entries = AuditEntry.objects.filter(act=Act.TAKEN_DOWN)
    assert {entry.target_name for entry in entries} == {"Festyn", "Piknik", "Ośrodek"}
    assert {(entry.actor, entry.detail) for entry in entries} == {(publisher, "Zgoda wycofana")}


def test_the_same_file_is_refused_when_sent_again_with_the_reason(client, publisher, commits):
    content = jpeg(701, 500, color="navy").read()
    stored = photo_storing.store(ContentFile(content), "a.jpg")
    article = make_article()
    address = reverse("admin:news_article_change", args=[article.pk])
    fill(client, address, **{"photos-TOTAL_FORMS": "1", "photos-0-stored": stored.token()})
    with commits():
        take_down([article.photos.get()], "Zgoda wycofana", publisher)
    answer = client.post("/admin/zdjecia/wyslij/", content, content_type="application/octet-stream")
    assert answer.status_code == 409 and "Zgoda wycofana" in answer.json()["error"]
    answer = fill(client, address, new_photos=[jpeg(701, 500, color="navy")])
    assert "Zgoda wycofana" in answer.content.decode()
    assert not article.photos.exists()


def test_files_of_the_picture_that_no_photo_names_go_too(publisher, commits):
    """Sent and not saved, or kept for a version from before a rotation: nothing brings them back."""
    content = jpeg(702, 500, color="navy").read()
    stored, unsaved = (photo_storing.store(ContentFile(content), "a.jpg") for _n in range(2))
    turned = photo_storing.rotate(stored.key, stored.digest, 90)
    article = make_article()
    photo = ArticlePhoto(article=article, alt="a", consent_basis="no_people")
    photo.take(turned)
    photo.save()
    with commits():
        take_down([photo], "Zgoda wycofana", publisher)
    assert not any(photo_files.exists(one.key) for one in (stored, unsaved, turned))


def test_a_form_that_names_a_photo_taken_down_says_so_and_keeps_the_rest(client, publisher, commits):
    content = jpeg(703, 500, color="navy").read()
    first, waiting = (photo_storing.store(ContentFile(content), "a.jpg") for _n in range(2))
    photo = ArticlePhoto(article=make_article(), alt="a", consent_basis="no_people")
    photo.take(first)
    photo.save()
    with commits():
        take_down([photo], "Zgoda wycofana", publisher)
    article = make_article()
    address = reverse("admin:news_article_change", args=[article.pk])
    rows = {"photos-TOTAL_FORMS": "1", "photos-0-stored": waiting.token()}
    answer = fill(client, address, lead="Nowy wstęp", **rows)
    assert answer.status_code == 200 and "Nowy wstęp" in answer.content.decode()
    assert not article.photos.exists()


def test_a_row_that_came_back_without_its_files_breaks_no_page(client, publisher, commits):
    """As when an older version of the article is restored."""
    event = make_event(title="Piknik", starts_at=None)
    photo = make_photo(event)
    fields = {name: getattr(photo, name) for name in ("key", "width", "height", "digest", "alt", "consent_basis")}
    with commits():
        take_down([photo], "Zgoda wycofana", publisher)
    EventPhoto.objects.create(event=event, **fields)
    assert not photo_files.exists(fields["key"])
    resident = Client()
    assert resident.get(event.get_absolute_url()).status_code == 200
    assert resident.get(photo.small_url).status_code == 410
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("admin:events_event_change", args=[event.pk])).status_code == 200


def test_an_administrator_may_let_a_picture_in_again(client, publisher, commits):
    content = jpeg(704, 500, color="navy").read()
    stored = photo_storing.store(ContentFile(content), "a.jpg")
    photo = ArticlePhoto(article=make_article(), alt="a", consent_basis="no_people")
    photo.take(stored)
    photo.save()
    with commits():
        take_down([photo], "Pomyłka", publisher)
    with pytest.raises(ValidationError):
        photo_storing.store(ContentFile(content), "a.jpg")
    client.force_login(make_user(groups=["Administrator"]))
    assert client.get("/admin/photos/takendownphoto/").status_code == 200
    client.post(f"/admin/photos/takendownphoto/{TakenDownPhoto.objects.get().pk}/delete/", {"post": "yes"})
    assert photo_storing.store(ContentFile(content), "a.jpg").digest == stored.digest


@pytest.mark.parametrize("names", [[], ["x"], ["news.articlephoto:999"], ["auth.user:1"], ["news.articlephoto:²"]])
def test_nothing_chosen_takes_nothing_down(client, publisher, names):
    make_photo(make_article())
    assert client.post(TAKE_DOWN, {"photo": names, "reason": "x"}).status_code == 302
    assert ArticlePhoto.objects.count() == 1
