from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.accounts import second_factor
from portal.editing import audit
from portal.editing.models import Act


class Command(BaseCommand):
    help = "Removes somebody's second factor: at the next log-in the account asks for a new one to be set up."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(_("There is no account of this name."))
        second_factor.remove(user)
        audit.record(None, Act.SECOND_FACTOR, user, _("removed from the command line"))
        self.stdout.write(_("The second factor of %(name)s was removed.") % {"name": username})
