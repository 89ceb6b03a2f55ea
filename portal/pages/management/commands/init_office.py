import getpass
import os

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from institutions.models import Office, OfficePhone
from portal.accounts.making import make_administrator, random_password, sign_in_card
from portal.duties.usual import make_usual_duties

# What a portal cannot begin without; everything else is in the admin.
FIELDS = ["name", "short_name", "site_name", "street", "postal_code", "town", "email"]
PASSWORD_VARIABLE = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105


class Command(BaseCommand):
    help = (
        "Asks for the data of the office and makes the first administrator. With --no-input everything comes from the "
        f"options; the password from {PASSWORD_VARIABLE}, or a random one is printed."
    )

    def add_arguments(self, parser):
        for name in FIELDS:
            parser.add_argument(f"--{name.replace('_', '-')}")
        parser.add_argument("--phone")
        parser.add_argument("--username")
        parser.add_argument("--no-input", action="store_false", dest="interactive")

    def handle(self, *, interactive, **options):
        if Office.objects.exists():
            raise CommandError(_("The office is there already; its data can be changed in the editors' office."))
        self.interactive = interactive
        answers = {name: self.ask(Office._meta.get_field(name), options[name], f"--{name}") for name in FIELDS}
        phone = self.ask(OfficePhone._meta.get_field("number"), options["phone"], "--phone")
        card = ""
        with transaction.atomic():
            office = Office(**answers)
            office.save()
            office.phones.create(number=phone)
            make_usual_duties(office.email)
            if not User.objects.exists():
                card = self.make_administrator(options["username"])
        self.stdout.write(_("Done: %(office)s.") % {"office": office.name})
        if card:
            self.stdout.write(card)

    def ask(self, field, given: str | None, option: str) -> str:
        """A valid value: the given one, or an answer; asked again until it is valid."""
        label = str(field.verbose_name).capitalize()
        while True:
            value = given if given is not None else self.read(label, field.blank, option)
            try:
                return field.clean(value.strip(), None)
            except ValidationError as error:
                if given is not None or not self.interactive:
                    raise CommandError(f"{label}: {' '.join(error.messages)}") from None
                self.stderr.write(" ".join(error.messages))

    def read(self, label: str, is_optional: bool, option: str) -> str:
        if not self.interactive and is_optional:
            return ""
        missing = CommandError(_("%(option)s is missing.") % {"option": option.replace("_", "-")})
        if not self.interactive:
            raise missing
        question = _("%(label)s (may be left empty)") % {"label": label} if is_optional else label
        try:
            return input(f"{question}: ")
        except EOFError:
            raise missing from None

    def make_administrator(self, username: str | None) -> str:
        username = self.ask(User._meta.get_field("username"), username, "--username")
        password = os.environ.get(PASSWORD_VARIABLE) or (self.ask_password() if self.interactive else "")
        if password:
            try:
                validate_password(password)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
            make_administrator(username, password)
            return sign_in_card(username, "•" * 8)
        password = random_password()
        make_administrator(username, password)
        return sign_in_card(username, password)

    def ask_password(self) -> str:
        """Typed twice; empty means that one is made up."""
        while True:
            password = getpass.getpass(_("Password (empty: one is made up and shown): "))
            if not password:
                return ""
            try:
                validate_password(password)
            except ValidationError as error:
                self.stderr.write(" ".join(error.messages))
                continue
            if password == getpass.getpass(_("The same password again: ")):
                return password
            self.stderr.write(_("The two passwords differ."))
