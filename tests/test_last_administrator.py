"""One administrator always stays, whatever is clicked, and by however many at once."""

import threading

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.accounts.role_changes import NobodyLeft, administrators
from tests.forms import fill
from tests.make import make_user


def form_of(thing, page: str = "change") -> str:
    return reverse(f"admin:auth_{thing._meta.model_name}_{page}", args=[thing.pk])


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def last(db):
    return make_user("ostatnia", groups=["Administrator"])


def refused(answer) -> bool:
    return any("nie zostałby żaden administrator" in str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("change", [{"is_active": None}, {"is_staff": None}, {"groups": []}])
def test_the_last_one_keeps_the_account_the_office_and_the_role(last, change):
    client = signed_in(last)
    answer = client.get(fill(client, form_of(last), "_save", **change).url)
    assert refused(answer)
    assert administrators().get() == last


def test_the_last_one_is_not_deleted_by_the_page_nor_by_the_list(last):
    client = signed_in(last)
    answer = client.post(form_of(last, "delete"), {"post": "yes"}, follow=True)
    assert refused(answer)
    action = {"action": "delete_selected", "_selected_action": [last.pk], "post": "yes"}
    assert refused(client.post("/admin/auth/user/", action, follow=True))
    assert User.objects.filter(pk=last.pk).exists()


def test_the_last_one_is_not_deleted_from_a_shell_either(last):
    for delete in (last.delete, User.objects.all().delete):
        with pytest.raises(NobodyLeft), transaction.atomic():
            delete()
    assert User.objects.filter(pk=last.pk).exists()
    make_user("druga", groups=["Administrator"])
    User.objects.get(pk=last.pk).delete()
    assert administrators().get().username == "druga"


def test_the_group_keeps_its_right_and_is_not_deleted(last):
    client, group = signed_in(last), Group.objects.get(name="Administrator")
    kept = group.permissions.exclude(codename="change_user").values_list("pk", flat=True)
    answer = client.get(fill(client, form_of(group), "_save", permissions=[str(pk) for pk in kept]).url)
    assert refused(answer)
    client.post(form_of(group, "delete"), {"post": "yes"})
    assert administrators().get() == last


def test_one_of_two_may_go(last):
    other = make_user("druga", groups=["Administrator"])
    client = signed_in(last)
    fill(client, form_of(other), "_save", groups=[])
    assert administrators().get() == last


def test_two_who_demote_each_other_in_the_same_moment_leave_one(own_database, django_db_blocker):
    users = [make_user(name, groups=["Administrator"]) for name in ("ewa", "olga")]
    clients = [signed_in(user) for user in users]
    barrier = threading.Barrier(2)

    def demote(client, other):
        with django_db_blocker.unblock():
            barrier.wait()
            fill(client, form_of(other), "_save", groups=[])
            connection.close()

    threads = [threading.Thread(target=demote, args=(clients[i], users[1 - i])) for i in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert administrators().count() >= 1
