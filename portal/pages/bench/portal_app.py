"""The portal as in production, but every page is made anew: none comes from the page cache."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "portal.pages.caching.FetchPageFromCache"]
application = get_wsgi_application()
