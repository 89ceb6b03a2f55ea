"""All settings, read from the environment, safe when nothing is set.

The README's configuration table lists every variable. A value that cannot be understood stops the start with a
sentence naming the variable, instead of being guessed.
"""

import os
import secrets
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value == "":
        return default
    raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0")


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number") from None


def env_list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in (os.environ.get(name) or default).split(",") if part.strip()]


def env_networks(name: str, default: str = "") -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(part, strict=False) for part in env_list(name, default)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: use networks such as 10.0.0.0/8, with commas ({error})") from None


def env_choice(name: str, choices: tuple[str, ...]) -> str:
    """The first of them when nothing is set."""
    value = os.environ.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use {' or '.join(choices)}")
    return value


def env_url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip() or default
    if value and (urlsplit(value).scheme not in schemes or not urlsplit(value).netloc):
        raise ImproperlyConfigured(f"{name}: use an address that begins with {' or '.join(s + '://' for s in schemes)}")
    return value.rstrip("/")


def env_database(name: str, default: str) -> dict:
    try:
        return dj_database_url.parse(os.environ.get(name, "").strip() or default, conn_max_age=60)
    except (dj_database_url.UnknownSchemeError, dj_database_url.ParseError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: use postgres://user:password@host:5432/name ({error})") from None


def secret_key(var_dir: Path) -> str:
    """SECRET_KEY from the environment, else one made on the first start and kept beside the database."""
    if os.environ.get("SECRET_KEY"):
        return os.environ["SECRET_KEY"]
    path = var_dir / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


# --- The place ------------------------------------------------------------------------------------------------------

DEBUG = env_bool("DEBUG")
VAR_DIR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = secret_key(VAR_DIR)

SITE_URL = env_url("SITE_URL", f"http://127.0.0.1:{env_int('PORT', 8000)}", ("http", "https"))
SITE_HOST = urlsplit(SITE_URL).hostname
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS") or [SITE_HOST, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Data -----------------------------------------------------------------------------------------------------------

DATABASES = {"default": env_database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's own defaults answered a third of 300 parallel writes with "database is locked"; these none (IMMEDIATE
    # takes the write lock before reading, WAL lets readers go on).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # To compile a query for the processor takes PostgreSQL longer (95 ms for a search) than any of ours runs.
    options = DATABASES["default"].setdefault("OPTIONS", {})
    options["options"] = f"{options.get('options', '')} -c jit=off".strip()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_url("REDIS_URL", "", ("redis", "rediss"))
CACHES = {
    "default": (
        {"BACKEND": "portal.content.shared_cache.SharedCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}
    ),
    # Whole anonymous pages, per process, asked every few seconds whether they are still true.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
# nginx of deploy/nginx/ stands in front: it keeps pages (instead of "pages" above), counts views, sends files.
BEHIND_NGINX = env_bool("BEHIND_NGINX")
# How long a page is fresh. nginx may show it as long again while it fetches the next one.
PAGE_CACHE_SECONDS = env_int("PAGE_CACHE_SECONDS", 3 if BEHIND_NGINX else 5)
# After that a page is made anew only if something has changed since (portal/changes), and after so long in any case:
# for the number of views on it, and for words like "today".
PAGE_UNCHANGED_SECONDS = 45
# Menu, banners and footer, which every page shows, are read and rendered once in so many seconds.
FURNITURE_CACHE_SECONDS = 3

# Uploaded files live in "default", which no address reaches; the variants of published photos are copied to "public".
# Web machines that serve one site see the same FILES_DIR; everything else in VAR_DIR is each machine's own.
FILES_DIR = Path(os.environ.get("FILES_DIR") or VAR_DIR).resolve()
PRIVATE_ROOT = FILES_DIR / "private"
MEDIA_ROOT = FILES_DIR / "public"
MEDIA_URL = "/media/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": PRIVATE_ROOT}},
    "public": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.content.static_files.CompressedStaticFiles"
    },
}
FILE_UPLOAD_HANDLERS = ["portal.content.upload_handler.DiskUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # an event with forty photos and thirty agenda items is one form
DATA_UPLOAD_MAX_NUMBER_FILES = 100
PHOTO_MAX_BYTES = 40 * 1024 * 1024
PHOTO_MAX_PIXELS = 50_000_000
# Registrations for events from one network in a quarter of an hour; 0: no limit.
SIGNUPS_PER_ADDRESS = env_int("SIGNUPS_PER_ADDRESS", 300)
ATTACHMENT_MAX_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # a megabyte of Polish text is three when a browser has quoted it
# What a whole request may announce, by the beginning of its address; the first that fits decides.
REQUEST_MAX_BYTES = [
    ("/admin/zdjecia/", PHOTO_MAX_BYTES + 1024 * 1024),  # one photo a request
    ("/admin/login/", 64 * 1024),
    ("/admin/", 500 * 1024 * 1024),  # a dozen photos or attachments in one form, without scripts
    ("/", DATA_UPLOAD_MAX_MEMORY_SIZE),
]

# Whether links that leave the portal are tried at night (portal/links); those inside it always are.
CHECK_OUTGOING_LINKS = env_bool("CHECK_OUTGOING_LINKS")
LINKS_ALLOWED_HOSTS = []  # "host:port" inside a private network that may be asked all the same; the tests' own server

# A backup older than so many hours turns the board and /readyz red; 0: backups are somebody else's business.
BACKUP_MAX_HOURS = env_int("BACKUP_MAX_HOURS", 0)

VIEW_JOURNAL_DIR = VAR_DIR / "views"

# --- Django ---------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.pages.admin_app.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.content.static_files.PortalStaticFilesConfig",
    "django.contrib.sitemaps",
    "django.forms",
    "ckeditor",
    "csp",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "reversion",
    "portal.content",
    "portal.changes",
    "portal.addresses",
    "portal.counters",
    "portal.search",
    "portal.outbox",
    "portal.editing",
    "portal.photos",
    "portal.links",
    "institutions",
    "events",
    "events.registration",
    "news",
    "portal.accessibility",
    "portal.duties",
    "portal.statutory",
    "portal.accounts",
    "portal.backup",
    "portal.pages",
]

MIDDLEWARE = [
    "portal.content.logs.RequestIdMiddleware",
    # Outside of every cache, so that a page counts as seen also when it came from a cache.
    "portal.counters.middleware.ViewJournalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # 304 answers are made outside the page cache: a cached 304 would be an empty page for the next visitor.
    "portal.pages.caching.ConditionalGet",
    "portal.pages.caching.UpdatePageCache",
    "portal.pages.caching.CompressText",
    "portal.pages.caching.EntityTag",
    # Before sessions, so that pages from the cache never open one, and before what they have in them already.
    "portal.pages.caching.FetchPageFromCache",
    "csp.middleware.CSPMiddleware",
    "portal.pages.headers.SafetyHeaders",
    "portal.pages.language_of_page.LanguageOfPage",
    "portal.accounts.networks.AdminNetworksMiddleware",
    # Before everything that could read a form, behind what gives every answer its headers.
    "portal.pages.request_size.RequestSizeMiddleware",
    "portal.content.editor_policy.EditorPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.sessions.EndSessions",
    "portal.addresses.middleware.MovedMiddleware",
    # Last: it turns a log-in that was refused into the page that says so.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # The admin needs these; none of them queries the database or opens a session until a template asks.
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["portal.content.templatetags.content"],
        },
    },
]

LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English"), ("uk", "Українська")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Warsaw"
USE_TZ = True

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "portal.accounts.validators.NotThePresentPassword"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "admin:login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # of an invitation; other links live shorter (portal/accounts/tokens.py)

# A code from the phone of everybody who can publish or see sign-ups. Off only to try the portal on one's own machine.
SECOND_FACTOR = env_bool("SECOND_FACTOR", True)
if not SECOND_FACTOR and SITE_HOST not in ("127.0.0.1", "localhost", "::1"):
    raise ImproperlyConfigured("SECOND_FACTOR=0 works only where SITE_URL is on this machine (127.0.0.1, localhost)")
OTP_TOTP_ISSUER = SITE_HOST

# Five wrong passwords for one name from one place: a quarter of an hour of rest (portal/accounts/lock_out.py).
AXES_HANDLER = "portal.accounts.lock_out.LockOutHandler"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "portal.accounts.lock_out.digest_of_name"
AXES_CLIENT_IP_CALLABLE = "portal.content.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "portal.accounts.lock_out.refusal"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "user_agent", "next", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Editors are logged out after so many minutes without a request, and after twelve hours in any case.
SESSION_IDLE_MINUTES = env_int("SESSION_IDLE_MINUTES", 60)
SESSION_COOKIE_AGE = 12 * 60 * 60

# Networks that the admin can be reached from, such as the office's; none: from anywhere.
ADMIN_NETWORKS = env_networks("ADMIN_NETWORKS")
# Networks that /metrics answers to.
METRICS_NETWORKS = env_networks("METRICS_NETWORKS", "127.0.0.0/8,::1/128")

# --- Safety ---------------------------------------------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("TRUST_PROXY", BEHIND_NGINX) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
# What CKEditor 4 needs to run ("divarea": its toolbar has inline onclick handlers and inline styles), sent with the
# admin's add and change pages only; inline <script> stays blocked there too.
EDITOR_CSP = {"script-src-attr": [UNSAFE_INLINE], "style-src": [SELF, UNSAFE_INLINE]}

# --- Rich text ------------------------------------------------------------------------------------------------------
# CKEditor 4.22 has published advisories; the settings below and portal/content/richtext.py are their mitigations
# (no full page, no CDATA elements, no preview, no samples, no version check, nh3 on every save), which
# tests/test_richtext.py asserts. Only because of them is the package's warning silenced.
SILENCED_SYSTEM_CHECKS = ["ckeditor.W001"]
CKEDITOR_CONFIGS = {
    "default": {
        "language": "pl",
        "skin": "moono-lisa",
        "width": "100%",
        "height": 380,
        "versionCheck": False,
        "extraPlugins": "divarea",
        "removePlugins": ",".join(
            "flash iframe forms elementspath scayt wsc exportpdf smiley preview print save newpage templates about "
            "sourcearea bbcode uicolor devtools docprops adobeair codesnippetgeshi stylesheetparser image uploadimage "
            "uploadfile easyimage filebrowser".split()
        ),
        "format_tags": "p;h2;h3;h4",
        "stylesSet": [{"name": "Autor cytatu", "element": "p", "attributes": {"class": "attribution"}}],
        "toolbar": "Portal",
        "toolbar_Portal": [
            ["Format", "Styles"],
            ["Bold", "Italic", "RemoveFormat"],
            ["NumberedList", "BulletedList", "Blockquote"],
            ["Link", "Unlink", "Table", "SpecialChar"],
            ["PasteText", "PasteFromWord", "Undo", "Redo", "Find", "Maximize"],
        ],
        "disallowedContent": "script style *[on*] *{*} img iframe object embed form input",
        "entities": False,
        "linkShowAdvancedTab": False,
        "linkShowTargetTab": False,
        "disableNativeSpellChecker": False,
        "defaultLanguage": "pl",
    }
}

# --- Mail and logs --------------------------------------------------------------------------------------------------

EMAIL_URL = urlsplit(env_url("EMAIL_URL", "", ("smtp", "smtps", "smtp+tls")))
if EMAIL_URL.scheme:
    EMAIL_HOST, EMAIL_PORT = EMAIL_URL.hostname, EMAIL_URL.port or (465 if EMAIL_URL.scheme == "smtps" else 25)
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(EMAIL_URL.username or ""), unquote(EMAIL_URL.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = EMAIL_URL.scheme == "smtps", EMAIL_URL.scheme == "smtp+tls"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
EMAIL_TIMEOUT = 10  # seconds; `tick` has other work to do than to wait for a server that hangs
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", "").strip() or f"portal@{SITE_HOST}"
MAIL_KEPT_DAYS = env_int("MAIL_KEPT_DAYS", 30)  # afterwards only the fact that it was sent remains

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "portal.content.logs.RequestIdFilter"},
        "links": {"()": "portal.content.logs.LinksFilter"},
    },
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} [{request_id}]: {message}", "style": "{"},
        "json": {"()": "portal.content.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id", "links"],
            "formatter": env_choice("LOG_FORMAT", ("text", "json")),
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # One line for every wrong Host header would let anybody fill the disk.
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
        # Each failed log-in stands in the audit list, and here it would name the machine.
        "axes": {"level": "ERROR"},
        # Whoever sends too much gets a page that says so (portal/pages/errors.py).
        "django.security.RequestDataTooBig": {"handlers": [], "propagate": False},
        "django.security.TooManyFieldsSent": {"handlers": [], "propagate": False},
        "django.security.TooManyFilesSent": {"handlers": [], "propagate": False},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
