"""A Django with one view and no middleware, which returns the bytes that the portal returned at the same address."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__, LOGGING_CONFIG=None)
# Files whose names are the addresses, quoted.
PAGES = {path.name: path.read_bytes() for path in Path(os.environ["BENCH_PAGES"]).iterdir()}


def page(request):
    return HttpResponse(PAGES[request.get_full_path().replace("/", "%2F")])


urlpatterns = [re_path("", page)]
application = get_wsgi_application()
