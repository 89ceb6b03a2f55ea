"""What a resident finds, in what order, and what nobody finds. The same on SQLite and PostgreSQL."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from news.models import Article, Category
from portal.changes.noticing import note_change
from portal.search import query
from portal.search.models import IndexState, SearchDocument
from portal.search.query import results, search
from portal.search.sources import refresh_recent, reindex
from portal.search.suggestions import suggest
from tests.make import in_days, make_article, make_event, make_institution, make_notice, make_office, make_page

pytestmark = pytest.mark.django_db
HIDDEN = {
    "address_visibility": "hidden",
    "street": "ul. Tajemna 7",
    "postal_code": "38-111",
    "town": "Ukrytów",
    "municipality": "Skrytowice",
}


@pytest.fixture
def index():
    """Call it when the things are made: what `manage.py reindex` does."""
    return lambda: list(reindex())


def titles(text: str, **filters) -> list[str]:
    found = search(text, **filters)
    return [SearchDocument.objects.get(pk=hit.pk).title for hit in found.hits]


def shown(text: str):
    found = search(text)
    return results(found, found.hits)


# --- What is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Nowe placówki", "placówka"),
        ("Dzień opieki zastępczej", "opieka zastępcza"),
        ("Dzień opieki zastępczej", "opieka zastepcza"),
        ("Dzień opieki zastępczej", "OPIECE ZASTEPCZEJ"),
        ("Środowiskowy dom samopomocy", "srodowiskowego domu"),
        ("Dom pomocy społecznej", "DPS"),
        ("Opłaty za DPS", "domy pomocy społecznej"),
        ("Opłaty za DPS", "dom pomocy spolecznej"),
        ("Nabór do GOPS", "OPS"),
        ("Święto w Jarzębinie", "Jarzębin"),
        ("Ewa Modrzycka odpowiada", "Modrzyckiej"),
        ("Zapisy na szkolenie", "szkolenie – zapisy!"),
        ("Dodatek 500+ dla rodzin", "500+"),
        ("Druk nr 12a", "12a"),
        ("Niepełnosprawność i praca", "niepełnospr"),
        ("Pomoc osobom w kryzysie", "pomoc dla osób w kryzysie"),
    ],
)
def test_words_are_found_in_every_form(index, written, asked):
    make_article(title=written)
    index()
    assert titles(asked) == [written]


def test_all_words_must_be_there(index):
    make_article(title="Opieka nad seniorem")
    index()
    assert titles("opieka zastępcza") == []


def test_everything_public_is_searched(index):
    things = [make_article, make_notice, make_institution, make_event, make_page]
    for make in things:
        make(**{"name" if make is make_institution else "title": "Żurawina"})
    index()
    assert set(search("żurawina").counts) == {"aktualnosci", "ogloszenia", "placowki", "wydarzenia", "strony"}
    assert len(titles("żurawina")) == len(things)


def test_an_institution_is_found_by_its_type_short_name_and_place(index):
    make_institution(name="Pod Lipami", short_name="Lipka", street="ul. Klonowa 12", town="Jarzębin")
    index()
    for text in ("dom pomocy społecznej", "DPS", "lipka", "klonowa 12"):
        assert titles(text) == ["Pod Lipami"]


def test_the_record_of_a_meeting_is_searched_unless_it_is_kept_back(index):
    from events.models import MeetingReport

    for is_public, word in ((True, "jawność"), (False, "poufność")):
        report = MeetingReport.objects.create(event=make_event(), is_public=is_public)
        report.topics.create(text=word)
    index()
    assert len(titles("jawność")) == 1
    assert titles("poufność") == []


# --- In what order ----------------------------------------------------------------------------------------------------


def test_title_comes_before_lead_and_lead_before_body_whatever_the_date(index):
    make_article(title="W treści", body="<p>Mieszkanie treningowe</p>", publish_at=in_days(-1))
    make_article(title="W zajawce", lead="Mieszkanie treningowe", publish_at=in_days(-2))
    make_article(title="Mieszkania treningowe", publish_at=in_days(-3))
    index()
    assert titles("mieszkanie treningowe") == ["Mieszkania treningowe", "W zajawce", "W treści"]


def test_words_of_title_and_lead_together_count_as_lead(index):
    make_article(title="Mieszkanie", lead="Treningowe, dla pięciu osób", publish_at=in_days(-9))
    make_article(title="W treści", body="<p>Mieszkanie treningowe</p>")
    index()
    assert titles("mieszkanie treningowe") == ["Mieszkanie", "W treści"]


def test_within_a_tier_the_newest_comes_first(index):
    for days in (5, 1, 3):
        make_article(title=f"Narada sprzed {days} dni", publish_at=in_days(-days))
    index()
    assert titles("narada") == ["Narada sprzed 1 dni", "Narada sprzed 3 dni", "Narada sprzed 5 dni"]


@pytest.mark.parametrize("windows", [[1, 2, None], [10, None], [None]])
def test_of_a_common_word_the_newest_are_ranked(index, monkeypatch, windows):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 2)
    monkeypatch.setattr(query, "NEWEST_FIRST", windows)
    for days in (1, 3, 5):
        make_article(title=f"Narada {days}", publish_at=in_days(-days))
        make_article(title=f"Festyn {days}", publish_at=in_days(-days - 1))
        make_article(title=f"Narada, szkic {days}", publish_at=in_days(-days), status="draft")
    make_notice(title="Narada dawna", publish_at=in_days(-9))
    index()
    found = search("narada")
    assert (len(found.hits), found.count, found.is_cut, found.counts) == (2, 2, True, None)
    assert titles("narada") == ["Narada 1", "Narada 3"]
    assert titles("narada", kind="ogloszenia") == ["Narada dawna"]
    assert not search("narada", kind="ogloszenia").is_cut


def test_a_word_of_many_documents_of_which_few_are_public_finds_these(index, monkeypatch):
    monkeypatch.setattr(query, "RANKED_AT_MOST", 2)
    for number in range(4):
        make_article(title=f"Narada {number}", status="draft" if number else "published")
    index()
    found = search("narada")
    assert (len(found.hits), found.is_cut, found.is_empty, found.total) == (1, False, False, None)
    assert search("narada", kind="ogloszenia").hits == []


def test_kinds_are_counted_and_filtered(index):
    make_article(title="Narada w marcu")
    make_article(title="Narada w maju")
    make_event(title="Narada w czerwcu")
    index()
    found = search("narada", kind="wydarzenia")
    assert found.counts == {"aktualnosci": 2, "wydarzenia": 1}
    assert [hit.kind for hit in found.hits] == ["wydarzenia"]


# --- What is not found ------------------------------------------------------------------------------------------------

UNSEEN = [
    {"status": "draft"},
    {"status": "review"},
    {"status": "archived"},
    {"expire_at": in_days(-1)},
    {"publish_at": in_days(1)},
]


@pytest.mark.parametrize("fields", UNSEEN, ids=lambda fields: "-".join(fields))
@pytest.mark.parametrize("make", [make_article, make_notice, make_institution, make_event, make_page])
def test_what_is_not_published_is_neither_found_nor_suggested(index, make, fields):
    make(**{"name" if make is make_institution else "title": "Tajemniczy jesiotr", **fields})
    index()
    assert SearchDocument.objects.exists()
    assert search("jesiotr").total == 0
    assert suggest("jesiotrr") is None


def test_an_unlisted_or_internal_event_is_not_found(index):
    for visibility in ("unlisted", "internal"):
        make_event(title="Tajemniczy jesiotr", visibility=visibility)
    index()
    assert not SearchDocument.objects.filter(title__contains="jesiotr").exists()


def test_a_court_that_only_takes_part_in_meetings_is_not_found(index):
    make_institution(name="Tajemniczy jesiotr", is_listed=False)
    index()
    assert not SearchDocument.objects.exists()


def test_a_status_changed_without_signals_is_believed_at_once(index):
    make_article(title="Tajemniczy jesiotr")
    index()
    Article.objects.update(status="draft")
    assert search("jesiotr").total == 0


def test_a_scheduled_article_is_found_from_its_minute_on(index, time_machine):
    make_article(title="Żurawina", publish_at=in_days(1))
    index()
    assert titles("żurawina") == []
    time_machine.move_to(in_days(1.1))
    assert titles("żurawina") == ["Żurawina"]


def test_a_hidden_address_is_nowhere_in_the_index(index):
    shelter = make_institution(name="Przystań", **HIDDEN)
    make_event(title="Dyżur", institution=shelter, session={"room": "sala tajna"})
    index()
    assert titles("przystań") == ["Przystań"]
    for text in ("Tajemna", "Ukrytów", "Skrytowice", "38-111", "tajna"):
        assert titles(text) == []
    for document in SearchDocument.objects.values():
        assert not any(
            secret in str(document) for secret in ("Tajemn", "tajemn", "Ukryt", "ukryt", "Skryt", "skryt", "38-111")
        )


def test_other_languages_are_searched_apart(index):
    make_article(title="Zurawina in English", language="en")
    index()
    assert titles("zurawina") == []
    assert titles("zurawina", language="en") == ["Zurawina in English"]


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("en", "Benefits for foster families", "how can I get a benefit for my foster family"),
        ("en", "Meetings of children's rights officers", "child's right"),
        ("en", "Where violence is reported", "reporting VIOLENCE"),
        ("en", "The office in Brzozowice", "brzozow"),
        ("en", "Settled status", "settl"),
        ("uk", "Виплати для прийомної сім’ї", "прийомна сім'я виплата"),
        ("uk", "Допомога родині й жінкам", "допомогу родини та жінці"),
        ("uk", "Центр у Бжозовіце", "бжозов"),
        ("uk", "Психолог для біженців", "психолога біженцям"),
    ],
)
def test_words_of_translations_are_found_in_every_form(index, language, written, asked):
    make_article(title=written, language=language)
    index()
    assert titles(asked, language=language) == [written]
    [result] = results(search(asked, language=language), search(asked, language=language).hits)
    assert "<mark>" in result.title


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [("en", "Police station", "policy"), ("en", "University", "universal"), ("uk", "Центр міста", "ціна місце")],
)
def test_words_of_translations_that_only_look_alike_are_not_found(index, language, written, asked):
    make_article(title=written, language=language)
    index()
    assert titles(asked, language=language) == []


@pytest.mark.parametrize(
    "text", ["ʼ", "ʼs", "’s", "'s a'", "a OR b*", 'x" NEAR "y', "\\", "ª", "ـ", "й", "𝔸ʼ𝔸", "не", "0", "ʼ" * 300]
)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_nothing_that_is_typed_breaks_the_search_of_translations(client, index, language, text):
    make_article(title=f"Текст {text[:9]} text", body=f"<p>{text}</p>", language=language)
    index()
    assert search(text, language=language).total in (0, 1)
    for address in ("szukaj", "aktualnosci", "sprawy"):
        assert client.get(f"/{language}/{address}/", {"q": text}).status_code == 200


def test_a_list_in_another_language_finds_translations_and_what_nobody_translated(client, index):
    category = Category.objects.first()
    original = make_article(title="Świadczenia dla rodzin", category=category)
    make_article(title="Виплати для сімей", language="uk", translation_of=original, category=category)
    make_article(title="Spotkanie rodzin zastępczych", category=category)
    index()
    page = client.get("/uk/aktualnosci/?q=виплата").content.decode()
    assert "Виплати для сімей" in page and "Spotkanie" not in page
    page = client.get("/uk/aktualnosci/?q=rodzina").content.decode()
    assert "Spotkanie rodzin" in page and "Виплати для сімей" not in page


# --- The index follows the things -------------------------------------------------------------------------------------


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """`with committed():` a transaction of its own, at whose end documents are refreshed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_saving_and_deleting_refresh_the_document(committed):
    with committed():
        article = make_article(title="Żurawina")
    assert titles("żurawina") == ["Żurawina"]
    with committed():
        article.title = "Borówka"
        article.save()
    assert (titles("żurawina"), titles("borówka")) == ([], ["Borówka"])
    with committed():
        article.delete()
    assert not SearchDocument.objects.exists()


def test_rows_saved_after_the_event_are_in_its_document(committed):
    with committed() as callbacks:
        event = make_event(title="Narada")
        event.agenda.create(title="Żurawina")
        event.agenda.create(title="Borówka")
    assert len([callback for callback in callbacks if callback is not note_change]) == 1  # refreshed once
    assert titles("żurawina borówka") == ["Narada"]
    with committed():
        event.agenda.get(title="Żurawina").delete()
    assert titles("żurawina") == []


def test_what_was_saved_right_before_a_process_died_is_found_some_minutes_later(index):
    article = make_article(title="Narada")
    index()
    Article.objects.filter(pk=article.pk).update(title="Festyn", updated_at=timezone.now())
    old = make_article(title="Zabawa")
    Article.objects.filter(pk=old.pk).update(updated_at=in_days(-1))
    refresh_recent()
    assert (titles("festyn"), titles("narada"), titles("zabawa")) == (["Festyn"], [], [])


def test_an_address_that_becomes_hidden_leaves_the_events_held_there(committed):
    with committed():
        shelter = make_institution(name="Przystań", **HIDDEN | {"address_visibility": "public"})
        make_event(title="Dyżur", institution=shelter)
    assert set(titles("Ukrytów")) == {"Przystań", "Dyżur"}
    with committed():
        shelter.address_visibility = "hidden"
        shelter.save()
    assert titles("Ukrytów") == []


def test_a_type_taken_out_of_the_directory_takes_its_institutions_along(committed):
    with committed():
        institution = make_institution(name="Przystań")
    with committed():
        institution.type.is_public_directory = False
        institution.type.save()
    assert not SearchDocument.objects.exists()


def test_reindex_repairs_and_shows_progress(index):
    make_article(title="Żurawina")
    index()
    SearchDocument.objects.update(title_lemmas="")
    Article.objects.create(category=Article.objects.first().category, title="Borówka", body="", status="draft")
    shown_progress = StringIO()
    call_command("reindex", stdout=shown_progress)
    assert titles("żurawina") == ["Żurawina"]
    assert "2/2" in shown_progress.getvalue()


def test_an_index_of_another_analyser_is_a_warning(index, capsys):
    make_article()
    index()
    call_command("check", databases=["default"])
    assert "search.W001" not in capsys.readouterr().err
    IndexState.objects.update(analyser="another")
    call_command("check", databases=["default"])
    assert "search.W001" in capsys.readouterr().err


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_found_words_are_marked_and_everything_else_is_escaped(index):
    make_article(title="<b>Placówki</b> & opieka", lead="Dwie placówki", body="<p>nic</p>")
    index()
    [result] = shown("placówka")
    assert result.title == "&lt;b&gt;<mark>Placówki</mark>&lt;/b&gt; &amp; opieka"
    assert result.snippet == "Dwie <mark>placówki</mark>"


def test_the_snippet_shows_the_part_with_the_words(index):
    words = " ".join(["Zwykłe zdanie o niczym."] * 60)
    make_article(
        title="Nabór", lead="Krótko.", body=f"<p>{words} W domu pomocy społecznej są wolne miejsca. {words}</p>"
    )
    index()
    [result] = shown("DPS miejsce")
    assert (
        "W <mark>domu</mark> <mark>pomocy</mark> <mark>społecznej</mark> są wolne <mark>miejsca</mark>."
        in result.snippet
    )
    assert result.snippet.startswith("… ") and result.snippet.endswith(" …") and len(result.snippet) < 400


def test_a_typing_error_gets_a_suggestion(index):
    make_article(title="Opieka nad dziećmi w placówce")
    index()
    assert search("opeika w placowce").total == 0
    assert suggest("opeika w placowce") == "opieka w placowce"
    assert suggest("xyzxyz") is None


def test_a_form_that_only_a_draft_has_is_not_suggested(index):
    make_article(title="Jesiotr")
    make_article(title="Z jesiotrami", status="draft")
    index()
    assert suggest("jesiotramii") == "jesiotr"


# --- The page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def index_of_office(index):
    make_office()
    return index


def test_the_page_lists_results_with_kinds_and_marks(client, index_of_office):
    article = make_article(title="Placówki w powiecie")
    make_notice(title="Placówka szuka wychowawcy")
    index_of_office()
    page = client.get("/szukaj/", {"q": "placówka"}).content.decode()
    assert f'<a href="{article.get_absolute_url()}"><mark>Placówki</mark> w powiecie</a>' in page
    assert "rodzaj=ogloszenia" in page
    page = client.get("/szukaj/", {"q": "placówka", "rodzaj": "ogloszenia"}).content.decode()
    assert "w powiecie" not in page and "wychowawcy" in page


def test_the_page_shows_ten_results_and_a_way_to_the_next(client, index_of_office):
    for _ in range(12):
        make_article(title="Narada")
    index_of_office()
    page = client.get("/szukaj/", {"q": "narada", "page": 2}).content.decode()
    assert page.count("<mark>Narada</mark>") == 2
    assert 'start="11"' in page


def test_the_page_suggests(client, index_of_office):
    make_article(title="Opieka")
    index_of_office()
    assert "?q=opieka" in client.get("/szukaj/", {"q": "opeika"}).content.decode()


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 200),
        ({"q": ""}, 200),
        ({"q": "a" * 10_000}, 200),
        ({"q": "a\x00b"}, 200),
        ({"q": "w"}, 200),
        ({"q": "\"')(*&|!:<>\\ AND OR NOT NEAR {title_lemmas}:"}, 200),
        ({"q": " ".join("abcdefghij" * 9)}, 200),
        ({"q": "narada", "rodzaj": "nieznany"}, 200),
        ({"q": "narada", "page": "9999"}, 404),
        ({"q": "narada", "page": "abc"}, 404),
    ],
)
def test_bad_input_gets_a_page_with_the_form(client, index_of_office, parameters, status):
    make_article(title="Narada")
    index_of_office()
    response = client.get("/szukaj/", parameters)
    assert response.status_code == status
    assert 'name="q"' in response.content.decode()
    assert "\x00" not in response.content.decode()


def test_text_that_is_too_long_gets_a_message(client, index_of_office):
    assert "200" in client.get("/szukaj/", {"q": "a" * 201}).context["errors"][0]


def test_the_page_asks_as_many_queries_for_ten_results_as_for_one(client, index_of_office, django_assert_num_queries):
    make_article(title="Narada", publish_at=timezone.now())
    index_of_office()
    client.get("/szukaj/", {"q": "narada"})
    with django_assert_num_queries(4):
        found = search("narada")
        results(found, found.hits[:10])
    for make in (make_article, make_notice, make_event, make_page):
        for _ in range(3):
            make(title="Narada")
    index_of_office()
    with django_assert_num_queries(4):
        found = search("narada")
        results(found, found.hits[:10])
