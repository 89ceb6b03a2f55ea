"""Names of the office's own lists in the language of the page: shown, marked where missing, written in the admin."""

import json
import re

import pytest
from django.conf import settings
from django.utils.translation import override

from institutions.models import InstitutionType, LifeSituation, Office, ServedGroup
from news.models import Category
from portal.pages.models import Banner, Tile
from tests.forms import fill
from tests.make import make_article, make_card, make_institution, make_office, make_user

pytestmark = pytest.mark.django_db


def page(client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_new_office_starts_with_all_names_in_all_languages():
    for model in (Category, InstitutionType, ServedGroup, LifeSituation):
        for row in model.objects.all():
            for code, _name in settings.LANGUAGES:
                for field in model.worded:
                    text, language = row.wording(field, code)
                    assert text and language == code, (model, row, field, code)


def test_every_original_of_the_list_is_one_that_an_office_starts_with():
    lists = json.loads((settings.BASE_DIR / "fixtures" / "wordings.json").read_text(encoding="utf-8"))
    models = {model._meta.label_lower: model for model in (Category, InstitutionType, ServedGroup, LifeSituation)}
    for entry in lists:
        for wording in entry["wordings"]:
            assert models[entry["model"]].objects.filter(**wording["pl"]).exists(), wording["pl"]


def test_a_name_says_itself_in_the_language_of_the_page(client):
    make_office(wordings={"uk": {"about": "Про центр"}}, about="O centrum")
    make_card(title="Porada prawnika", situations=["porada"])
    make_article(category=Category.objects.get(slug="seniorzy"))
    make_institution(type=InstitutionType.objects.get(code="dps"), slug="dom")
    assert "Порада" in page(client, "/uk/sprawy/") and "Юрист, психолог" in page(client, "/uk/sprawy/")
    assert "A lawyer" in page(client, "/en/sprawy/") and "Prawnik, psycholog" in page(client, "/sprawy/")
    assert "Літні люди" in page(client, "/uk/aktualnosci/") and "Older people" in page(client, "/en/aktualnosci/")
    assert "Будинки й житло" in page(client, "/uk/placowki/") and "Homes and flats" in page(client, "/en/placowki/")
    assert "Domy i mieszkania" not in page(client, "/uk/placowki/")
    assert re.search(r">\s*care home\s*<", page(client, "/en/placowki/dom/"))
    assert "Про центр" in page(client, "/uk/") and '<span lang="pl">O centrum</span>' in page(client, "/en/")


def test_choices_of_a_filter_are_in_the_language_of_the_page(client):
    make_institution(type=InstitutionType.objects.get(code="dps"))
    assert ">care home</option>" in page(client, "/en/placowki/")
    assert ">dom pomocy społecznej</option>" in page(client, "/placowki/")


def test_what_nobody_has_written_is_in_polish_and_marked(client):
    category = Category.objects.create(name="Zrzutki <b>", slug="zrzutki")
    make_article(category=category)
    Tile.objects.create(title="Kalendarz", url="/wydarzenia/", wordings={"en": {"title": "Calendar"}})
    assert '<span lang="pl">Zrzutki &lt;b&gt;</span>' in page(client, "/en/aktualnosci/")
    assert "<span>Zrzutki &lt;b&gt;</span>" in page(client, "/aktualnosci/")
    assert ">Calendar</a>" in page(client, "/en/") and '><span lang="pl">Kalendarz</span></a>' in page(client, "/uk/")


def test_a_warning_reaches_readers_in_their_language(client):
    Banner.objects.create(severity=3, text="Powódź: jedź w góry", wordings={"uk": {"text": "Повінь: їдьте в гори"}})
    assert "Повінь: їдьте в гори" in page(client, "/uk/kontakt/")
    assert '<span lang="pl">Powódź: jedź w góry</span>' in page(client, "/en/kontakt/")


def test_an_editor_writes_them_beside_the_original(client):
    client.force_login(make_user(groups=["Administrator"]))
    category = Category.objects.get(slug="seniorzy")
    address = f"/admin/news/category/{category.pk}/change/"
    form = client.get(address).content.decode()
    assert "W innych językach" in form and "Nazwa (ukraiński)" in form and "Літні люди" in form
    fill(client, address, name_uk="Сеньйори", name_en="")
    category.refresh_from_db()
    assert category.wordings == {"uk": {"name": "Сеньйори"}}
    with override("en"):
        assert str(category) == "Seniorzy"
    answer = fill(client, address, name_uk="я" * 81)
    assert "80" in answer.content.decode() and "я" * 81 in answer.content.decode()
    answer = fill(client, address, name_uk="PESEL 44051401359")
    category.refresh_from_db()
    assert category.wordings == {"uk": {"name": "Сеньйори"}}
    assert "PESEL" in answer.context["adminform"].form.errors["name_uk"][0]


@pytest.mark.parametrize(
    "address",
    [
        "/admin/institutions/institutiontype/add/",
        "/admin/institutions/servedgroup/add/",
        "/admin/institutions/lifesituation/add/",
        "/admin/pages/tile/add/",
        "/admin/pages/banner/add/",
        "/admin/news/category/add/",
    ],
)
def test_each_list_has_the_fields_once_and_last(client, address):
    client.force_login(make_user(is_superuser=True, is_staff=True))
    form = client.get(address).content.decode()
    names = re.findall(r'name="(\w+_(?:uk|en))"', form)
    assert names and len(names) == len(set(names))
    assert form.index("W innych językach") < form.index(f'name="{names[0]}"')


def test_the_office_is_written_in_other_languages_too(client):
    make_office(about="O centrum")
    client.force_login(make_user(is_superuser=True, is_staff=True))
    fill(client, "/admin/institutions/office/1/change/", about_en="About the centre")
    assert Office.objects.get().wordings == {"en": {"about": "About the centre"}}
    assert "About the centre" in page(client, "/en/")
