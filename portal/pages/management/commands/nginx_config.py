from django.core.management.base import BaseCommand, CommandError

from portal.pages.nginx import Place, configuration, make_folders


class Command(BaseCommand):
    help = "Prints nginx's configuration: deploy/nginx/portal.conf with this machine's paths and addresses."

    def add_arguments(self, parser):
        parser.add_argument("--listen", action="append", metavar="ADDRESS", help="again for more; else 80 or 443 ssl")
        parser.add_argument("--portal", action="append", metavar="HOST:PORT", help="gunicorn; again for more")
        parser.add_argument("--cache", default="/var/cache/nginx/portal", help="folder of the kept pages")
        parser.add_argument("--certificate", default="", help="file with the certificate and its chain")
        parser.add_argument("--key", default="", help="file with the certificate's key")
        parser.add_argument("--access-log", default="", help="file; it holds addresses, see deploy/logrotate")

    def handle(self, *, listen, portal, cache, certificate, key, access_log, **options):
        if bool(certificate) != bool(key):
            raise CommandError("--certificate and --key belong together.")
        place = Place(
            listen or ["443 ssl" if certificate else "80"],
            portal or ["127.0.0.1:8000"],
            cache,
            certificate,
            key,
            access_log,
        )
        try:
            text = configuration(place)
            make_folders(place)
        except ValueError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self.stdout.write(text)
