"""The portal's settings in a place of their own, so that no test touches the data of a portal that runs beside it."""

import os
import tempfile

# What a developer's shell holds must not change what is tested.
for name in "ALLOWED_HOSTS DATABASE_URL DEBUG EMAIL_URL PORT REDIS_URL SECRET_KEY SITE_URL TRUST_PROXY".split():
    os.environ.pop(name, None)
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")  # every process of pytest-xdist has its own
if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
os.environ["PAGE_CACHE_SECONDS"] = "0"  # a test of the cache switches it on

from portal.settings import *  # noqa: E402, F403
from portal.settings import DATABASES, INSTALLED_APPS, STORAGES, VAR_DIR  # noqa: E402

FURNITURE_CACHE_SECONDS = 0
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, because the live server and other processes open it too.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
else:
    # Nobody pulls the plug of a test: its commits need not wait for the disk.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
# The live server serves static files only where it finds this very name.
INSTALLED_APPS[INSTALLED_APPS.index("portal.content.static_files.PortalStaticFilesConfig")] = (
    "django.contrib.staticfiles"
)
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
STATIC_ROOT.mkdir()  # noqa: F405  WhiteNoise warns of a folder that is not there
