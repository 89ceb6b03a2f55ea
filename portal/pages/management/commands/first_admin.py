from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal.accounts.making import make_administrator, random_password, sign_in_card


class Command(BaseCommand):
    help = (
        "Makes the first administrator with a random password and prints it, once; where there are users, does nothing."
    )

    def handle(self, **options):
        if User.objects.exists():
            return
        password = random_password()
        make_administrator("admin", password)
        self.stdout.write(_("This password is shown only once; you can change it after signing in."))
        self.stdout.write(sign_in_card("admin", password))
