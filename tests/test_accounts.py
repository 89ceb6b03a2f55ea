"""Coming in by a password: rest after repeated failures, invitations, a forgotten password, and what a letter shows."""

import re
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.accounts import lock_out
from portal.editing.models import Act, AuditEntry
from portal.outbox.models import Message
from portal.outbox.sending import send_due
from tests.forms import fill, read
from tests.make import make_user

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://\S+(/admin/(?:zaproszenie|nowe-haslo)/\S+)")
PASSWORD = "cicha-woda-brzegi-rwie"


def log_in(username: str, password: str, address: str = "10.0.0.7", **headers):
    fields = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post("/admin/login/", fields, **headers)


def after(minutes: float):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


@pytest.fixture
def editor():
    return make_user("ewa", groups=["Redaktor"], email="ewa@jarzebin.example")


@pytest.fixture
def administrator():
    client = Client()
    client.force_login(make_user("administrator", groups=["Administrator"]))
    return client


# --- Rest after repeated failures -------------------------------------------------------------------------------------


def test_after_five_wrong_passwords_the_account_rests_for_a_quarter_of_an_hour(editor):
    for _attempt in range(4):
        assert log_in("ewa", "zła").status_code == 200
    locked = log_in("ewa", "zła")
    assert locked.status_code == 429 and 0 < int(locked["Retry-After"]) <= 900
    page = locked.content.decode()
    assert "15 minut" in page and "/admin/nie-pamietam-hasla/" in page
    assert log_in("ewa", "password").status_code == 429
    with after(14):
        assert log_in("ewa", "password").status_code == 429  # and asking has not made it longer
    with after(15.1):
        assert log_in("ewa", "password").status_code == 302


def test_the_right_password_forgets_the_failures_before(editor):
    for _round in range(3):
        for _attempt in range(4):
            log_in("ewa", "zła")
        assert log_in("ewa", "password").status_code == 302


def test_a_stranger_elsewhere_does_not_lock_the_editor_out(editor):
    for _attempt in range(6):
        log_in("ewa", "zła", address="10.0.0.8")
    assert log_in("ewa", "password").status_code == 302


def test_a_colleague_at_the_same_address_goes_on(editor):
    make_user("olga", groups=["Redaktor"])
    for _attempt in range(6):
        log_in("ewa", "zła")
    assert log_in("olga", "password").status_code == 302


def test_another_browser_is_no_way_around(editor):
    for number in range(5):
        log_in("ewa", "zła", HTTP_USER_AGENT=f"Przeglądarka {number}")
    assert log_in("ewa", "password", HTTP_USER_AGENT="Inna").status_code == 429


def test_one_name_tried_from_many_places_rests_too(editor):
    for number in range(lock_out.FROM_ANYWHERE):
        log_in("ewa", "zła", address=f"10.1.0.{number}")
    assert log_in("ewa", "password", address="10.2.0.1").status_code == 429


def test_behind_a_proxy_the_visitors_own_address_counts(editor, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for _attempt in range(5):
        log_in("ewa", "zła", HTTP_X_FORWARDED_FOR="10.9.9.9, 10.0.0.1")
    assert log_in("ewa", "password", HTTP_X_FORWARDED_FOR="10.0.0.1").status_code == 429
    assert log_in("ewa", "password", HTTP_X_FORWARDED_FOR="10.0.0.1, 10.0.0.2").status_code == 302
    assert log_in("ewa", "password", HTTP_X_FORWARDED_FOR="nie adres").status_code == 302


def test_neither_name_nor_password_that_was_typed_is_kept(editor):
    log_in("mojeTajneHasło", "zła")
    kept = str(AccessAttempt.objects.values())
    assert "mojeTajneHasło" not in kept and "zła" not in kept
    assert not AuditEntry.objects.filter(detail__contains="Tajne").exists()


def test_what_was_counted_is_forgotten_after_the_rest(editor):
    log_in("ewa", "zła")
    with after(16):
        lock_out.forget_old()
    assert not AccessAttempt.objects.exists()


def test_a_machine_that_guesses_fills_no_list(editor):
    for number in range(30):
        log_in("ewa", "zła", address=f"10.3.0.{number}")
        log_in(f"nikt{number}", "zła", address=f"10.3.0.{number}")
    for _attempt in range(10):
        log_in("ewa", "zła")
    failed = AuditEntry.objects.filter(act=Act.LOGIN_FAILED)
    assert failed.filter(object_id=editor.pk).count() == 5 and failed.filter(object_id=None).count() == 5
    assert AuditEntry.objects.filter(act=Act.LOCKED_OUT, object_id=editor.pk).count() == 1


# --- An invitation ----------------------------------------------------------------------------------------------------


def invite(administrator, **fields):
    group = [str(Group.objects.get(name="Redaktor").pk)]
    fields = {"username": "nowa", "email": "nowa@jarzebin.example", "groups": group} | fields
    return fill(administrator, "/admin/auth/user/add/", "_save", **fields)


def link_in(letter) -> str:
    return LINK.search(letter).group(1)


def test_an_invited_editor_chooses_a_password_and_is_in(administrator):
    invite(administrator)
    message = Message.objects.get(to="nowa@jarzebin.example")
    assert AuditEntry.objects.filter(act=Act.INVITED).exists()
    assert log_in("nowa", "").status_code == 200
    send_due()
    assert len(mail.outbox) == 1
    visitor = Client()
    link = link_in(mail.outbox[0].body)
    form = visitor.get(link, follow=True)
    assert "nowa" in form.content.decode() and link not in form.redirect_chain[-1][0]
    answer = visitor.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert answer.url == "/admin/login/"
    assert log_in("nowa", PASSWORD).status_code == 302
    assert "już nie działa" in Client().get(link, follow=True).content.decode()
    message.refresh_from_db()
    assert (message.text, message.html) == ("", "")


def test_an_invitation_needs_an_address_and_nothing_typed_is_lost(administrator):
    answer = invite(administrator, email="")
    page = answer.content.decode()
    assert "Dokąd wysłać zaproszenie?" in page and 'value="nowa"' in page
    assert not User.objects.filter(username="nowa").exists() and not Message.objects.exists()


def test_a_password_handed_over_sends_nothing(administrator):
    invite(administrator, usable_password="true", password1=PASSWORD, password2=PASSWORD, email="")
    assert not Message.objects.exists() and log_in("nowa", PASSWORD).status_code == 302
    answer = invite(administrator, username="inna", usable_password="true", email="")
    assert "errorlist" in answer.content.decode() and not User.objects.filter(username="inna").exists()


def test_an_invitation_ends_after_three_days_and_can_be_sent_again(administrator):
    invite(administrator)
    first = link_in(Message.objects.get().text)
    user = User.objects.get(username="nowa")
    with after(3 * 24 * 60 + 1):
        assert "już nie działa" in Client().get(first, follow=True).content.decode()
        administrator.force_login(User.objects.get(username="administrator"))
        form = f"/admin/auth/user/{user.pk}/change/"
        assert "Wyślij zaproszenie ponownie" in administrator.get(form).content.decode()
        administrator.post(f"/admin/auth/user/{user.pk}/zaproszenie/")
        second = link_in(Message.objects.order_by("pk").last().text)
        assert read_form(Client(), second)


def read_form(client: Client, link: str) -> bool:
    return "new_password1" in client.get(link, follow=True).content.decode()


def test_a_link_of_one_kind_is_none_of_the_other(administrator):
    invite(administrator)
    link = link_in(Message.objects.get().text)
    assert not read_form(Client(), link.replace("zaproszenie", "nowe-haslo"))
    assert not read_form(Client(), link[:-2] + "x/")
    assert not read_form(Client(), "/admin/zaproszenie/!!!/abc/")


# --- A forgotten password ---------------------------------------------------------------------------------------------


def ask(email: str) -> Client:
    client = Client()
    answer = client.post("/admin/nie-pamietam-hasla/", {"email": email})
    assert answer.url == "/admin/login/"
    assert "jest w drodze" in client.get("/admin/login/").content.decode()
    return client


def test_a_forgotten_password_is_set_by_a_link_which_also_ends_the_rest(editor):
    for _attempt in range(6):
        log_in("ewa", "zła")
    ask("EWA@jarzebin.example")
    client, link = Client(), link_in(Message.objects.get().text)
    page = client.get(link, follow=True)
    address = page.redirect_chain[-1][0]
    for wrong in ["krótkie", "password", "123456789012345"]:
        answer = client.post(address, {"new_password1": wrong, "new_password2": wrong})
        assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    client.post(address, {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert log_in("ewa", PASSWORD).status_code == 302 and log_in("ewa", "password").status_code == 200
    assert AuditEntry.objects.filter(act=Act.PASSWORD_CHANGED, actor=editor).exists()
    assert Message.objects.filter(kind="account", to="ewa@jarzebin.example").exists()


def test_the_answer_tells_nobody_who_has_an_account(editor):
    ask("nikt@jarzebin.example")
    assert not Message.objects.exists()
    make_user("dawna", email="dawna@jarzebin.example", is_active=False)
    ask("dawna@jarzebin.example")
    assert not Message.objects.exists()


def test_asking_again_and_again_sends_one_letter(editor):
    with time_machine.travel("2026-05-12 10:02:00+02:00", tick=False):
        for _time in range(5):
            ask("ewa@jarzebin.example")
    assert Message.objects.count() == 1


def test_the_link_ends_after_an_hour_and_with_the_next_log_in(editor):
    ask("ewa@jarzebin.example")
    link = link_in(Message.objects.get().text)
    assert read_form(Client(), link)
    with after(61):
        assert not read_form(Client(), link)
    log_in("ewa", "password")
    assert not read_form(Client(), link)


def test_the_new_password_is_not_the_present_one(editor):
    editor.set_password(PASSWORD)
    editor.save()
    client = Client()
    client.force_login(editor)
    fields = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert "Wybierz inne" in client.post("/admin/password_change/", fields).content.decode()


def test_who_sees_mail_sees_no_link(editor):
    ask("ewa@jarzebin.example")
    clerk = Client()
    clerk.force_login(make_user(groups=["Organizator"]))
    message = Message.objects.get()
    for address in [f"/admin/outbox/message/{message.pk}/change/", "/admin/outbox/message/"]:
        page = clerk.get(address).content.decode()
        assert "nowe-haslo" not in page
    assert "tylko dla adresata" in clerk.get(f"/admin/outbox/message/{message.pk}/change/").content.decode()
    send_due()
    clerk.post("/admin/outbox/message/", {"action": "send_again", "_selected_action": [message.pk]})
    message.refresh_from_db()
    assert message.status == "sent"


@pytest.mark.parametrize("typed", ["", "nie adres", "a" * 400 + "@b.pl", "a\x00@b.pl"])
def test_what_is_no_address_is_said_beside_the_field(typed):
    answer = Client().post("/admin/nie-pamietam-hasla/", {"email": typed})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert read(answer).fields["email"] or not typed
