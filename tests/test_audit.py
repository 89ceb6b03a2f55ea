"""The audit list: log-ins, roles and exports, beside what tests/test_flow.py and test_history.py see of publishing."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from portal.editing.models import Act, AuditEntry
from tests.forms import fill
from tests.make import make_institution, make_office, make_registration, make_signup, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user("administratorka", groups=["Administrator"], is_superuser=True)
    client.force_login(user)
    AuditEntry.objects.all().delete()
    return user


def acts() -> list[tuple[str, str]]:
    return [(entry.act, entry.target_name) for entry in AuditEntry.objects.order_by("pk")]


def log_in(username: str, password: str) -> Client:
    client = Client()
    client.post("/admin/login/", {"username": username, "password": password})
    return client


def test_log_in_log_out_and_failure_are_written_down():
    make_user("ewa")
    client = log_in("ewa", "password")
    client.post("/admin/logout/")
    log_in("ewa", "zgaduję")
    assert [act for act, _target in acts()] == [Act.LOGGED_IN, Act.LOGGED_OUT, Act.LOGIN_FAILED]
    assert AuditEntry.objects.get(act=Act.LOGIN_FAILED).target_name == "ewa"


def test_what_was_typed_as_a_name_is_kept_only_where_it_is_one():
    for typed in ("mojeTajneHaslo123", "a\0b", "x" * 5000, ""):
        log_in(typed, "hasło")
    assert not AuditEntry.objects.exclude(target_name="", detail="").exists()
    assert "mojeTajneHaslo" not in "".join(map(str, AuditEntry.objects.values_list()))


def test_what_was_given_and_taken_is_said(client, administrator):
    user = make_user("olga", groups=["Redaktor"])
    house = make_institution(name="DPS Pod Lipami")
    address = reverse("admin:auth_user_change", args=[user.pk])
    rows = {"memberships-TOTAL_FORMS": "1", "memberships-0-institution": str(house.pk)}
    fill(client, address, "_save", groups=[str(Group.objects.get(name="Wydawca").pk)], **rows)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.target_name) == (Act.ROLE_CHANGED, administrator, "olga")
    assert entry.detail.splitlines() == ["+ Wydawca", "+ placówka: DPS Pod Lipami", "− Redaktor"]


def test_a_change_of_the_name_alone_is_no_change_of_a_role(client, administrator):
    fill(client, reverse("admin:auth_user_change", args=[make_user().pk]), "_save", first_name="Olga")
    assert acts() == []


def test_a_permission_of_a_group_is_a_role_too(client, administrator):
    group = Group.objects.get(name="Redaktor")
    wanted = [str(pk) for pk in group.permissions.values_list("pk", flat=True)]
    wanted.append(str(Permission.objects.get(codename="publish_article").pk))
    fill(client, reverse("admin:auth_group_change", args=[group.pk]), "_save", permissions=wanted)
    entry = AuditEntry.objects.get()
    assert entry.target_name == "Redaktor" and entry.detail.count("+") == 1 and "publish" in entry.detail.lower()


def test_an_export_of_people_is_written_down(client):
    make_office()
    client.force_login(make_user(groups=["Organizator"]))
    AuditEntry.objects.all().delete()
    signup = make_signup()
    make_registration(signup, "Ewa Lis")
    fields = {"state": "active", "columns": ["names"], "format": "csv"}
    answer = client.post(f"/admin/registration/signup/{signup.pk}/desk/export/file/", fields)
    assert "csv" in answer["Content-Type"]
    assert acts() == [(Act.EXPORTED, str(signup))]
    assert "Lis" not in AuditEntry.objects.get().detail


def test_nobody_changes_or_deletes_an_entry(client, administrator):
    entry = AuditEntry.objects.create(act=Act.LOGGED_IN)
    for name in ("change", "delete"):
        answer = client.post(reverse(f"admin:editing_auditentry_{name}", args=[entry.pk]), {"post": "yes"})
        assert answer.status_code in (302, 403)
    assert client.get("/admin/editing/auditentry/add/").status_code == 403
    assert AuditEntry.objects.filter(pk=entry.pk).exists()
