"""From a draft to the public page: who may do what, what goes back with a remark, what is proposed beside the live."""

import pytest
from django.test import Client
from django.urls import reverse

from news.models import Article
from portal.content.publishing import Status
from portal.editing import proposals
from portal.editing.models import Act, AuditEntry, Proposal, Remark
from portal.search.models import SearchDocument
from tests.forms import fill, press, read
from tests.make import in_days, make_article, make_event, make_photo, make_user

pytestmark = pytest.mark.django_db


def signed_in(*groups: str, **fields) -> Client:
    client = Client()
    client.force_login(make_user(groups=groups, **fields))
    return client


@pytest.fixture
def writer():
    return signed_in("Redaktor", first_name="Olga", last_name="Jesionek")


@pytest.fixture
def publisher():
    return signed_in("Wydawca", first_name="Ewa", last_name="Modrzycka")


def form_of(thing) -> str:
    return reverse(f"admin:{thing._meta.app_label}_{thing._meta.model_name}_change", args=[thing.pk])


def buttons(client, address: str) -> set[str]:
    return set(read(client.get(address)).buttons)


def proposed(writer, article, **changes) -> Proposal:
    fill(writer, form_of(article), "_save", **changes)
    return proposals.open_of(article)


def proposal_address(article, proposal) -> str:
    return f"{form_of(article)}?proposal={proposal.uid}"


def entries():
    return AuditEntry.objects.exclude(act=Act.LOGGED_IN)


def acts() -> list[str]:
    return list(entries().order_by("pk").values_list("act", flat=True))


# --- Review -----------------------------------------------------------------------------------------------------------


def test_a_text_goes_from_its_writer_to_a_publisher_and_to_the_site(writer, publisher):
    article = make_article(title="Dyżur psychologa", status="draft", publish_at=None)
    fill(writer, form_of(article), "_to_review")
    board = {heading: lines for heading, lines in publisher.get("/admin/").context["board"]}
    assert [line.items[0][0] for line in board["Czeka na sprawdzenie"]] == ["Dyżur psychologa"]
    fill(publisher, form_of(article), "_publish")
    assert Client().get(article.get_absolute_url()).status_code == 200
    assert acts() == [Act.SENT, Act.PUBLISHED]


def test_a_text_goes_back_with_a_remark_that_its_writer_sees_until_it_is_sent_again(writer, publisher):
    article = make_article(status="review", publish_at=None)
    fill(publisher, form_of(article), "_return", remark_to_author="Proszę podać godziny.")
    article.refresh_from_db()
    assert article.status == Status.DRAFT
    page = writer.get(form_of(article)).content.decode()
    assert "Proszę podać godziny." in page and "Ewa Modrzycka" in page
    board = {heading: lines for heading, lines in writer.get("/admin/").context["board"]}
    assert [line.items[0][0] for line in board["Zwrócone z uwagą"]] == [article.title]
    fill(writer, form_of(article), "_to_review")
    assert "Proszę podać godziny." not in writer.get(form_of(article)).content.decode()
    assert acts() == [Act.RETURNED, Act.SENT]


def test_without_a_remark_nothing_goes_back_and_the_field_says_so(publisher):
    article = make_article(status="review", publish_at=None)
    answer = fill(publisher, form_of(article), "_return", remark_to_author="  ", lead="Poprawiony wstęp")
    assert "remark_to_author" in answer.context["adminform"].form.errors
    assert read(answer).fields["lead"] == ["Poprawiony wstęp"]
    article.refresh_from_db()
    assert article.status == Status.REVIEW and not Remark.objects.exists()


def test_a_writer_has_no_button_to_publish_or_to_return(writer):
    for status in ("draft", "review", "published", "archived"):
        article = make_article(status=status)
        found = buttons(writer, form_of(article))
        assert not {"_publish", "_archive", "_return", "_return_proposal"} & found, status
        for name in ("_publish", "_archive", "_return", "_return_proposal"):
            assert fill(writer, form_of(article), name, remark_to_author="x").status_code == 403


def test_publishing_archiving_and_taking_back_stand_in_the_audit_list(publisher):
    article = make_article(status="draft", publish_at=None)
    for button in ("_publish", "_archive", "_publish", "_save_draft"):
        fill(publisher, form_of(article), button)
    assert acts() == [Act.PUBLISHED, Act.ARCHIVED, Act.PUBLISHED, Act.UNPUBLISHED]
    publisher.post("/admin/news/article/", {"action": "publish_selected", "_selected_action": [article.pk]})
    assert acts()[-1] == Act.PUBLISHED
    assert {entry.actor_name for entry in entries()} == {"Ewa Modrzycka"}


def test_the_audit_list_is_searched_by_an_administrator_and_by_nobody_else(publisher):
    article = make_article(title="Nabór rodzin", status="draft", publish_at=None)
    fill(publisher, form_of(article), "_publish")
    page = signed_in("Administrator").get("/admin/editing/auditentry/", {"q": "nabor modrzycka"})
    assert [entry.target_name for entry in page.context["cl"].result_list] == ["Nabór rodzin"]
    assert publisher.get("/admin/editing/auditentry/").status_code == 403


# --- Proposed versions ------------------------------------------------------------------------------------------------


def test_a_writers_change_of_something_public_changes_no_output_until_it_is_published(
    writer, publisher, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(title="Godziny otwarcia", lead="Dawny wstęp")
    with django_capture_on_commit_callbacks(execute=True):
        proposal = proposed(writer, article, lead="Nowy wstęp")
    for address in (article.get_absolute_url(), "/aktualnosci/", "/aktualnosci/rss/", "/szukaj/?q=godziny", "/"):
        page = Client().get(address).content.decode()
        assert "Nowy wstęp" not in page, address
    assert SearchDocument.objects.get(object_id=article.pk).lead == "Dawny wstęp"
    fill(publisher, proposal_address(article, proposal), "_save")
    article.refresh_from_db()
    assert (article.lead, article.status) == ("Nowy wstęp", Status.PUBLISHED)
    assert proposals.open_of(article) is None
    assert acts() == [Act.PROPOSED, Act.PUBLISHED]
    assert "Olga Jesionek" in AuditEntry.objects.get(act=Act.PUBLISHED).detail


def test_the_publisher_sees_what_differs(writer, publisher):
    article = make_article(lead="Zapraszamy we wtorek", body="<p>Wejście od podwórza.</p>")
    proposal = proposed(writer, article, lead="Zapraszamy w środę", body="<p>Wejście od ulicy.</p>")
    page = publisher.get(proposal_address(article, proposal))
    told = {found.label: (found.before, found.after) for found in page.context["proposal_differences"]}
    assert told["Wstęp"] == ("Zapraszamy we wtorek", "Zapraszamy w środę")
    assert told["Treść"] == ("Wejście od podwórza.", "Wejście od ulicy.")
    html = page.content.decode()
    assert "<del>we wtorek</del><ins>w środę</ins>" in html
    assert read(page).fields["lead"] == ["Zapraszamy w środę"]


def test_the_board_and_the_form_of_the_live_one_lead_the_publisher_to_the_proposal(writer, publisher):
    article = make_article(title="Dyżury")
    proposal = proposed(writer, article, lead="Nowy")
    board = {heading: lines for heading, lines in publisher.get("/admin/").context["board"]}
    line = board["Proponowane zmiany opublikowanych treści"][0]
    assert line.items[0][0] == "Dyżury"
    assert [str(row) for row in publisher.get(line.url).context["cl"].result_list] == ["Dyżury"]
    page = publisher.get(form_of(article))
    assert str(proposal.uid) in page.content.decode()
    assert read(page).fields["lead"] != ["Nowy"]


def test_the_writer_goes_on_with_the_proposal_and_may_withdraw_it(writer):
    article = make_article(lead="Dawny")
    proposed(writer, article, lead="Pierwsza propozycja")
    page = writer.get(form_of(article))
    assert read(page).fields["lead"] == ["Pierwsza propozycja"]
    second = proposed(writer, article, lead="Druga propozycja")
    assert Proposal.objects.count() == 1 and second.data["lead"] == ["Druga propozycja"]
    fill(writer, form_of(article), "_withdraw")
    assert proposals.open_of(article) is None
    assert read(writer.get(form_of(article))).fields["lead"] == ["Dawny"]


def test_a_proposal_goes_back_with_a_remark_and_comes_again(writer, publisher):
    article = make_article(lead="Dawny")
    proposal = proposed(writer, article, lead="Bez daty")
    address = proposal_address(article, proposal)
    refused = fill(publisher, address, "_return_proposal")
    assert "remark_to_author" in refused.context["adminform"].form.errors
    press(publisher, address, read(refused), "_return_proposal", remark_to_author="Proszę dopisać datę.")
    page = writer.get(form_of(article)).content.decode()
    assert "Proszę dopisać datę." in page
    again = proposed(writer, article, lead="Z datą 5 maja")
    assert again.state == "waiting"
    fill(publisher, proposal_address(article, again), "_save")
    article.refresh_from_db()
    assert article.lead == "Z datą 5 maja"


def test_the_publisher_does_not_publish_what_was_changed_after_it_was_opened(writer, publisher):
    article = make_article(lead="Dawny")
    proposal = proposed(writer, article, lead="Pierwsza")
    address = proposal_address(article, proposal)
    opened = read(publisher.get(address))
    proposed(writer, article, lead="Druga")
    answer = press(publisher, address, opened, "_save")
    assert answer.status_code == 200
    article.refresh_from_db()
    assert article.lead == "Dawny"


def test_a_live_page_changed_after_the_proposal_is_a_conflict_with_both_texts(writer, publisher):
    article = make_article(lead="Dawny")
    proposal = proposed(writer, article, lead="Proponowany")
    fill(publisher, form_of(article), "_save", lead="Poprawiony przez wydawcę")
    page = publisher.get(proposal_address(article, proposal))
    told = [(found.before, found.after) for found in page.context["conflict_differences"]]
    assert ("Poprawiony przez wydawcę", "Proponowany") in told
    press(publisher, proposal_address(article, proposal), read(page), "_save")
    article.refresh_from_db()
    assert article.lead == "Poprawiony przez wydawcę"


def test_a_proposal_with_a_row_that_is_gone_can_still_be_opened_and_published(writer, publisher):
    article = make_article(lead="Dawny")
    photo, other = make_photo(article, caption="Jeden"), make_photo(article, caption="Dwa")
    proposal = proposed(writer, article, lead="Nowy")
    photo.delete()
    page = publisher.get(proposal_address(article, proposal))
    press(publisher, proposal_address(article, proposal), read(page), "_save")
    article.refresh_from_db()
    assert article.lead == "Nowy"
    assert list(article.photos.all()) == [other]


def test_the_page_with_the_change_can_be_seen_and_nothing_is_saved(writer, publisher):
    article = make_article(title="Dawny tytuł")
    proposal = proposed(writer, article, title="Nowy tytuł", lead="Zupełnie nowy wstęp")
    for client in (writer, publisher):
        page = client.get(f"{proposal_address(article, proposal)}&look=1")
        assert "Zupełnie nowy wstęp" in page.content.decode()
        assert "no-store" in page["Cache-Control"] and "X-Portal-Viewed" not in page
    article.refresh_from_db()
    assert article.title == "Dawny tytuł"
    assert proposals.open_of(article).state == "waiting"


def test_a_change_can_be_looked_at_on_the_real_page_before_anything_is_saved(publisher):
    article = make_article(lead="Dawny")
    page = fill(publisher, form_of(article), "_look", lead="Próba")
    assert "Próba" in page.content.decode() and "Niczego nie zapisano" in page.content.decode()
    article.refresh_from_db()
    assert article.lead == "Dawny"
    assert acts() == []


def test_enter_sends_no_proposal_by_mistake(writer):
    article = make_article(lead="Dawny")
    answer = fill(writer, form_of(article), read(writer.get(form_of(article))).buttons[0], lead="Pół zdania")
    assert proposals.open_of(article) is None
    assert read(writer.get(answer.url)).fields["lead"] == ["Pół zdania"]


@pytest.mark.parametrize(
    "query", ["?proposal=x", "?proposal=00000000-0000-4000-8000-000000000000", "?draft=%00", "?look=1"]
)
def test_an_address_of_no_proposal_opens_the_plain_form(publisher, query):
    article = make_article(lead="Dawny")
    assert read(publisher.get(form_of(article) + query)).fields["lead"] == ["Dawny"]


def test_a_proposal_of_one_article_cannot_be_put_onto_another(writer, publisher):
    one, other = make_article(lead="Jeden"), make_article(lead="Drugi")
    proposal = proposed(writer, one, lead="Zmieniony")
    page = publisher.get(f"{form_of(other)}?proposal={proposal.uid}")
    assert read(page).fields["lead"] == ["Drugi"]
    fill(publisher, form_of(other), "_save", _proposal=str(proposal.uid))
    assert proposals.open_of(one) is not None


def test_a_scheduled_publication_is_told_with_its_time(publisher):
    article = make_article(status="draft", publish_at=None)
    moment = in_days(3)
    fill(publisher, form_of(article), "_publish", publish_at_0=f"{moment:%d.%m.%Y}", publish_at_1="08:00")
    assert "8:00" in entries().get().detail
    assert Article.objects.get().is_scheduled


def test_an_organizers_own_events_need_no_proposal():
    organizer, event = signed_in("Organizator"), make_event(title="Narada")
    fill(organizer, form_of(event), "_save", title="Narada roczna")
    event.refresh_from_db()
    assert event.title == "Narada roczna"
    assert not Proposal.objects.exists()
