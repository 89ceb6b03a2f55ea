import sys

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from events.registration.checks import faults
from events.registration.models import Registration, SignUp


class Command(BaseCommand):
    help = "Checks seats, queues and letters of all events; prints what is wrong and then ends with 1."

    def handle(self, **options):
        with translation.override("pl"):
            found = 0
            for signup, fault in faults():
                found += 1
                self.stdout.write(f"{signup.event.title} ({signup.pk}): {fault}")
            if found:
                self.stdout.write(_("Faults: %(count)d.") % {"count": found})
                sys.exit(1)
            counts = {"events": SignUp.objects.count(), "people": Registration.objects.count()}
            self.stdout.write(_("All is right: %(events)d sign-ups, %(people)d registrations.") % counts)
