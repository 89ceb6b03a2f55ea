import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()

# Only here: commands may take their time.
from django.db import connection  # noqa: E402  needs the settings

if connection.vendor == "postgresql":
    from portal.content.database_patience import limit_waiting

    limit_waiting()
