from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from portal.pages.errors import known_contact


class Command(BaseCommand):
    help = "Prints the page for a break, with the office's phone number, for a file that the web server shows."

    def handle(self, **options):
        self.stdout.write(render_to_string("503.html", {"contact": known_contact()}), ending="")
