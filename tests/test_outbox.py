"""Mail that is not lost and not sent twice, through a real mail server."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from portal.outbox import sending
from portal.outbox.letters import Letter
from portal.outbox.models import Message
from portal.outbox.purging import purge_bodies
from portal.outbox.queueing import enqueue
from tests.mail_server import free_port, mail_server, sending_to
from tests.make import make_user

pytestmark = pytest.mark.django_db


def queue(number: int = 1, **fields) -> Message:
    letter = Letter(
        **{"subject": "Zażółć gęślą jaźń", "paragraphs": ["Dzień dobry,", "mamy <b>miejsce</b> & czekamy."]} | fields
    )
    enqueue("test", letter, to=f"osoba{number}@poczta.example", dedupe_key=f"key-{number}")
    return Message.objects.get(dedupe_key=f"key-{number}")


def reload(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_a_letter_arrives_as_text_and_html_with_its_calendar_file():
    queue(facts=[("Termin", "28 kwietnia")], buttons=[("Potwierdzam", "http://127.0.0.1:8000/x/")],
          attachment_name="narada.ics", attachment="BEGIN:VCALENDAR\r\nSUMMARY:Żółć\r\nEND:VCALENDAR\r\n")  # fmt: skip
    with mail_server() as server:
        sending.send_due()
    (letter,) = server.letters
    text, html = letter.get_body(["plain"]).get_content(), letter.get_body(["html"]).get_content()
    assert letter["Subject"] == "Zażółć gęślą jaźń"
    assert "mamy <b>miejsce</b> & czekamy." in text
    assert "http://127.0.0.1:8000/x/" in text
    assert "mamy &lt;b&gt;miejsce&lt;/b&gt; &amp; czekamy." in html
    assert "<b>" not in html
    (calendar,) = letter.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content_type()) == ("narada.ics", "text/calendar")
    assert "Żółć" in calendar.get_content()
    assert letter["Auto-Submitted"] == "auto-generated"


def test_one_key_is_one_letter():
    queue(1)
    assert enqueue("test", Letter("Drugi", []), to="a@poczta.example", dedupe_key="key-1") is False
    assert Message.objects.count() == 1


def test_a_letter_whose_transaction_failed_never_was():
    with pytest.raises(RuntimeError), transaction.atomic():
        queue()
        raise RuntimeError
    with mail_server() as server:
        sending.send_due()
    assert not server.letters


def test_a_line_break_in_a_subject_makes_no_header():
    queue(subject="Narada\r\nBcc: wszyscy@poczta.example")
    with mail_server() as server:
        sending.send_due()
    assert server.letters[0]["Bcc"] is None
    assert server.letters[0]["Subject"] == "Narada Bcc: wszyscy@poczta.example"


def test_a_letter_is_sent_once_however_often_it_is_tried():
    message = queue()
    with mail_server() as server:
        sending.send_due()
        sending.send_due()
    assert len(server.letters) == 1
    assert (reload(message).status, message.attempts) == ("sent", 1)


def test_while_the_server_is_away_letters_keep_their_order_and_lose_no_attempt():
    port = free_port()
    for number in (1, 2, 3):
        queue(number)
    with sending_to(port):
        assert "away" in sending.send_due()
        sending.send_due()
    assert set(Message.objects.values_list("status", "attempts")) == {("queued", 0)}
    assert Message.objects.order_by("pk").first().last_error
    queue(4)
    with mail_server(port) as server:
        sending.send_due()
    assert [letter["To"] for letter in server.letters] == [f"osoba{number}@poczta.example" for number in (1, 2, 3, 4)]


def test_a_refused_letter_waits_longer_each_time_and_is_given_up_while_others_go_out():
    refused, fine = queue(1), queue(2)
    with mail_server() as server:
        server.refused.add("osoba1@poczta.example")
        sending.send_due()
        assert (reload(refused).status, reload(fine).status) == ("queued", "sent")
        assert refused.last_error.startswith("SMTPRecipientsRefused")
        now = timezone.now()
        assert now + timedelta(seconds=50) < refused.next_try_at < now + timedelta(seconds=70)
        for days in range(1, len(sending.PAUSES) + 1):
            with time_machine.travel(now + timedelta(days=2 * days)):
                sending.send_due()
    assert (reload(refused).status, refused.attempts) == ("failed", len(sending.PAUSES) + 1)


def test_what_a_killed_sender_had_claimed_is_sent_by_the_next_under_the_same_id():
    message = queue()
    assert sending.claim(message) is True
    assert sending.claim(message) is False  # nobody else takes it meanwhile
    with mail_server() as server:
        sending.send_due()
        assert not server.letters
        with time_machine.travel(timezone.now() + timedelta(minutes=3)):
            sending.send_due()
    assert [letter["Message-ID"] for letter in server.letters] == [message.message_id]


def test_old_letters_are_emptied_and_those_that_wait_are_not():
    old, waiting = queue(1), queue(2)
    Message.objects.filter(pk=old.pk).update(status="sent")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        purge_bodies()
    assert reload(old).purged_at
    assert (old.to, old.subject, old.text, old.html) == ("", "", "", "")
    assert reload(waiting).text


def test_staff_see_what_has_trouble_and_send_it_again(client):
    failed = queue()
    Message.objects.filter(pk=failed.pk).update(status="failed", last_error="SMTPRecipientsRefused: 550")
    client.force_login(make_user(groups=["Organizator"]))
    assert "/admin/outbox/message/?trouble=failed" in client.get("/admin/").content.decode()
    listed = client.get("/admin/outbox/message/?trouble=failed")
    assert failed.subject in listed.content.decode()
    page = client.get(f"/admin/outbox/message/{failed.pk}/change/")
    assert "SMTPRecipientsRefused: 550" in page.content.decode()
    client.post("/admin/outbox/message/", {"action": "send_again", "_selected_action": [failed.pk]})
    with mail_server() as server:
        sending.send_due()
    assert len(server.letters) == 1


def test_nobody_edits_a_letter(client):
    message = queue()
    client.force_login(make_user(groups=["Organizator"]))
    client.post(f"/admin/outbox/message/{message.pk}/change/", {"subject": "Inny", "to": "x@y.example"})
    assert reload(message).subject == "Zażółć gęślą jaźń"
