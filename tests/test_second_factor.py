"""A password alone opens nothing of those who can publish or see sign-ups: phone, recovery codes, and losing both."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.accounts import second_factor
from portal.editing.models import Act, AuditEntry
from portal.outbox.models import Message
from tests.codes import code_now, code_of_key
from tests.make import make_article, make_user

LIST = "/admin/news/article/"
RECOVERY = re.compile(r"<li>(\d{4}-\d{4}-\d{4})</li>")


def with_password(user, wanted: str = LIST) -> Client:
    client = Client()
    answer = client.post(f"/admin/login/?next={wanted}", {"username": user.username, "password": "password"})
    assert answer.status_code == 302
    return client


def add_phone(client: Client, **fields):
    client.get("/admin/telefon/")
    key = client.session["offered_key"]
    return client.post("/admin/telefon/", {"code": code_of_key(key), "next": LIST, **fields})


@pytest.fixture
def publisher(db):
    """Somebody with a phone, and a client that has given the password."""
    user = make_user("wanda", groups=["Wydawca"], email="wanda@jarzebin.example")
    TOTPDevice.objects.create(user=user, name="TOTP")
    return user


# --- For whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "is_asked"), [("Redaktor", False), ("Wydawca", True), ("Organizator", True), ("Administrator", True)]
)
def test_whoever_can_publish_or_see_sign_ups_must_add_a_phone_first(db, group, is_asked):
    client = with_password(make_user(groups=[group]))
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1:] == ([("/admin/telefon/?next=/admin/", 302)] if is_asked else [])


@pytest.mark.parametrize("permission", ["registration.work_at_desk", "registration.view_needs", "outbox.view_message"])
def test_one_such_right_is_enough(db, permission):
    from django.contrib.auth.models import Permission

    app, codename = permission.split(".")
    user = make_user(groups=["Redaktor"])
    assert not second_factor.is_required(user)
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    assert second_factor.is_required(User.objects.get(pk=user.pk))


def test_before_the_code_nothing_of_the_office_is_seen(publisher):
    draft = make_article(status="draft")
    client = with_password(publisher)
    for address in [LIST, "/admin/", "/admin/zdjecia/", "/admin/konto/", "/admin/podrecznik/"]:
        assert client.get(address).url == f"/admin/login/?next={address}"
    assert client.get("/admin/sesja/").json() == {"logged_in": False}
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert client.post("/admin/zdjecia/", {}).status_code in (302, 401, 403)
    assert client.post(f"{LIST}add/", {"title": "x"}).status_code == 302


def test_a_page_for_residents_stays_cookieless(publisher):
    answer = Client().get(make_article().get_absolute_url())
    assert not answer.cookies and "Cookie" not in answer.get("Vary", "")


def test_it_can_be_off_on_ones_own_machine_only(db, settings, monkeypatch):
    settings.SECOND_FACTOR = False
    assert with_password(make_user(groups=["Wydawca"])).get(LIST).status_code == 200
    monkeypatch.setenv("SECOND_FACTOR", "0")
    monkeypatch.setenv("SITE_URL", "https://powiat.example")
    import runpy

    with pytest.raises(ImproperlyConfigured, match="SECOND_FACTOR"):
        runpy.run_module("portal.settings")


# --- Adding a phone ---------------------------------------------------------------------------------------------------


def test_the_first_log_in_adds_a_phone_shows_recovery_codes_once_and_goes_on(db):
    user = make_user(groups=["Wydawca"], email="wanda@jarzebin.example")
    client = with_password(user)
    page = client.get(LIST, follow=True).content.decode()
    assert "data:image/svg+xml" in page and "otpauth" not in page
    before = client.session.session_key
    answer = add_phone(client)
    codes = RECOVERY.findall(answer.content.decode())
    assert len(set(codes)) == 10 and f'href="{LIST}"' in answer.content.decode()
    assert client.session.session_key != before
    assert client.get(LIST).status_code == 200
    again = client.get("/admin/konto/").content.decode()
    assert not RECOVERY.findall(again) and "10" in again
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10 and not stored & {code.replace("-", "") for code in codes}
    assert AuditEntry.objects.filter(act=Act.SECOND_FACTOR, actor=user).exists()
    assert AuditEntry.objects.filter(act=Act.LOGGED_IN, actor=user).count() == 1
    assert "wanda@jarzebin.example" in Message.objects.values_list("to", flat=True)


def test_a_wrong_code_adds_nothing_and_keeps_the_key(db):
    client = with_password(make_user(groups=["Wydawca"]))
    client.get("/admin/telefon/")
    key = client.session["offered_key"]
    answer = client.post("/admin/telefon/", {"code": code_of_key(key, steps=40), "next": LIST})
    assert "nie pasuje" in answer.content.decode() and client.session["offered_key"] == key
    assert not TOTPDevice.objects.exists() and not StaticToken.objects.exists()
    assert client.get(LIST).status_code == 302


def test_a_stolen_password_does_not_replace_the_phone(publisher):
    client = with_password(publisher)
    assert client.get("/admin/telefon/").url.startswith("/admin/kod/")
    assert client.post("/admin/telefon/", {"code": "123456"}).url.startswith("/admin/kod/")


def test_another_phone_wants_the_password_and_ends_the_first(publisher):
    client = Client()
    client.force_login(publisher)
    first = TOTPDevice.objects.get()
    assert "To nie jest Twoje hasło" in add_phone(client, password="zgadywane").content.decode()
    assert TOTPDevice.objects.get() == first
    assert len(RECOVERY.findall(add_phone(client, password="password").content.decode())) == 10
    assert TOTPDevice.objects.get() != first
    assert client.get(LIST).status_code == 200


# --- Giving the code --------------------------------------------------------------------------------------------------


def test_the_code_opens_what_was_asked_for(publisher):
    client = with_password(publisher)
    assert client.get(LIST, follow=True).redirect_chain[-1][0] == f"/admin/kod/?next={LIST}"
    code = code_now(publisher)
    answer = client.post(f"/admin/kod/?next={LIST}", {"code": f"{code[:3]} {code[3:]}", "next": LIST})
    assert answer.url == LIST and client.get(LIST).status_code == 200


def test_a_code_works_once(publisher):
    code = code_now(publisher)
    assert with_password(publisher).post("/admin/kod/", {"code": code}).status_code == 302
    second = with_password(publisher)
    assert "błędny" in second.post("/admin/kod/", {"code": code}).content.decode()
    assert second.get(LIST).status_code == 302


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "١٢٣٤٥٦", "1" * 500, "12\x003456"])
def test_what_cannot_be_a_code_is_said_beside_the_field(publisher, typed):
    answer = with_password(publisher).post("/admin/kod/", {"code": typed})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_guessing_is_slowed_down_and_said_so(publisher):
    client = with_password(publisher)
    code = code_now(publisher)
    wrong = f"{(int(code) + 1) % 1000000:06d}"
    for attempt in range(6):
        with time_machine.travel(timezone.now() + timedelta(seconds=100 * attempt), tick=False):
            client.post("/admin/kod/", {"code": wrong})
    with time_machine.travel(timezone.now() + timedelta(seconds=501), tick=False):
        answer = client.post("/admin/kod/", {"code": code_now(publisher)})
        assert answer.status_code == 200 and "za 31 sekund" in answer.content.decode()
    assert AuditEntry.objects.filter(act=Act.LOGIN_FAILED, object_id=publisher.pk).count() == 5


def test_the_way_on_stays_on_this_site(publisher):
    for wanted in ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"]:
        client = with_password(publisher)
        assert client.post("/admin/kod/", {"code": code_now(publisher), "next": wanted}).url == "/admin/"


def test_half_way_in_one_can_log_out(publisher):
    client = with_password(publisher)
    assert client.post("/admin/logout/").url == "/admin/login/"
    assert "_auth_user_id" not in client.session


# --- Recovery codes, and losing everything ----------------------------------------------------------------------------


def test_a_recovery_code_opens_once(publisher):
    codes = second_factor.new_recovery_codes(publisher)
    assert with_password(publisher).post("/admin/kod/", {"code": codes[3]}).status_code == 302
    assert second_factor.recovery_codes_left(publisher) == 9
    answer = with_password(publisher).post("/admin/kod/", {"code": codes[3]})
    assert "kod zapasowy jest błędny" in answer.content.decode()
    entry = AuditEntry.objects.filter(act=Act.LOGGED_IN, actor=publisher).first()
    assert entry.detail == "kodem zapasowym"


def test_new_recovery_codes_want_the_password_and_end_those_before(publisher):
    old = second_factor.new_recovery_codes(publisher)
    client = Client()
    client.force_login(publisher)
    client.post("/admin/konto/", {"password": "nie to", "_recovery": "1"})
    assert second_factor.verify(publisher, old[0].replace("-", ""))
    page = client.post("/admin/konto/", {"password": "password", "_recovery": "1"}).content.decode()
    assert len(RECOVERY.findall(page)) == 10
    assert second_factor.verify(publisher, old[1].replace("-", "")) is None


def test_a_writer_may_have_a_phone_and_do_without_again(db):
    user = make_user(groups=["Redaktor"])
    client = with_password(user)
    assert client.get(LIST).status_code == 200
    add_phone(client)
    assert with_password(user).get(LIST).status_code == 302
    client.post("/admin/konto/", {"password": "password", "_remove": "1"})
    assert with_password(user).get(LIST).status_code == 200


def test_a_publisher_may_not_do_without(publisher):
    client = Client()
    client.force_login(publisher)
    client.post("/admin/konto/", {"password": "password", "_remove": "1"})
    assert TOTPDevice.objects.filter(user=publisher).exists()


def test_an_administrator_helps_after_the_loss_of_a_phone(publisher):
    administrator, editor = make_user(groups=["Administrator"]), make_user(groups=["Redaktor"])
    inside, client = Client(), Client()
    inside.force_login(publisher)
    assert inside.get(LIST).status_code == 200
    client.force_login(editor)
    assert client.post(f"/admin/auth/user/{publisher.pk}/drugi-skladnik/").status_code == 403
    client.force_login(administrator)
    page = f"/admin/auth/user/{publisher.pk}/drugi-skladnik/"
    assert page in client.get(f"/admin/auth/user/{publisher.pk}/change/").content.decode()
    assert "głos" in client.get(page).content.decode() and TOTPDevice.objects.filter(user=publisher).exists()
    client.post(page)
    assert inside.get(LIST).status_code == 302  # a session that the lost phone had opened
    assert with_password(publisher).get(LIST, follow=True).redirect_chain[-1][0].startswith("/admin/telefon/")
    assert AuditEntry.objects.filter(act=Act.SECOND_FACTOR, actor=administrator, object_id=publisher.pk).exists()
    assert Message.objects.filter(to="wanda@jarzebin.example", kind="account").exists()


def test_nobody_but_a_superuser_removes_a_superusers_phone(db):
    superuser = make_user(is_superuser=True)
    TOTPDevice.objects.create(user=superuser, name="TOTP")
    client = Client()
    client.force_login(make_user(groups=["Administrator"]))
    assert client.post(f"/admin/auth/user/{superuser.pk}/drugi-skladnik/").status_code == 403
    assert TOTPDevice.objects.filter(user=superuser).exists()


def test_the_command_line_helps_the_last_administrator(publisher, capsys):
    call_command("reset_second_factor", "wanda")
    assert not TOTPDevice.objects.exists()
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nikt")


def test_the_keys_are_on_no_page_of_the_admin(db):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    for name in ["otp_totp/totpdevice", "otp_static/staticdevice", "axes/accessattempt"]:
        assert client.get(f"/admin/{name}/").status_code == 404
