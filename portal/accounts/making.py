"""The first administrator, made from the command line."""

import secrets

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.urls import reverse
from django.utils.translation import gettext as _

# Without letters and digits that look alike, because it is copied by hand from a screen.
LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def random_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(5)) for _group in range(4))


def make_administrator(username: str, password: str, **fields) -> User:
    user = User.objects.create_superuser(username, password=password, **fields)
    user.groups.add(Group.objects.get_or_create(name="Administrator")[0])
    return user


def sign_in_card(username: str, password: str) -> str:
    """What somebody needs to sign in for the first time."""
    lines = [
        (_("Editors' office:"), f"{settings.SITE_URL}{reverse('admin:index')}"),
        (_("User name:"), username),
        (_("Password:"), password),
    ]
    width = max(len(label) for label, _value in lines)
    return "\n".join(f"  {label:<{width}}  {value}" for label, value in lines)
