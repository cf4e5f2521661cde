"""Every setting, read from the environment (.env.example lists them). The defaults are the embedded mode:
SQLite, Celery on the filesystem transport, no service to install."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# Everything the embedded mode writes: database, queue, secret key, collected static files.
DATA_DIR = env.path("VOLTAIC_DATA_DIR", default=BASE_DIR / "var")

DEBUG = env.bool("VOLTAIC_DEBUG", default=False)


def _secret_key() -> str:
    """From the environment, else from the file `make setup` wrote. Nothing is guessable by default."""
    if key := env.str("VOLTAIC_SECRET_KEY", default=""):
        return key
    key_file = DATA_DIR / "secret_key"
    if key_file.exists():
        return key_file.read_text().strip()
    raise ImproperlyConfigured(
        f"No secret key. Set VOLTAIC_SECRET_KEY, or run `make setup`, which writes one to {key_file}."
    )


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("VOLTAIC_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("VOLTAIC_CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.humanize",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "template_partials",
    "ninja",
    "anymail",
    "catalog",
    "sourcing",
    "configurator",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "project.body_limit.body_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sourcing.demo_notice.simulated",
            ],
        },
    },
]

# Forms find the widgets of templates/django/forms/ before Django's own.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'voltaic.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Readers do not wait for the one writer, and a writer waits for another instead of failing at once.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = (
    {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    if REDIS_URL
    else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
)

QUEUE_DIR = DATA_DIR / "queue"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL or "filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
# A worker serves all of them unless told which (--queues). A marketplace's queue is named in sourcing.marketplaces.
CELERY_TASK_QUEUES = [Queue(name) for name in ("celery", "mail", "poll-ebay", "poll-demo")]
# A mail server that is slow to answer keeps no poll waiting.
CELERY_TASK_ROUTES = {"sourcing.tasks.send_mail": {"queue": "mail"}}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = env.path("VOLTAIC_STATIC_ROOT", default=DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True

# HTTPS is the proxy's; these turn on what a public address needs (see .env.example).
HTTPS_ONLY = env.bool("VOLTAIC_HTTPS_ONLY", default=False)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SECURE_HSTS_SECONDS = env.int("VOLTAIC_HSTS_SECONDS", default=31_536_000) if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SESSION_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "configurator.views.csrf_failure"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# The longest request that is read at all; a chosen GGUF file sends its first 32 MiB.
MOST_BODY_BYTES = 34 * 2**20
# The longest text in a form: the source of a page that somebody pastes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20

# The model hub that is asked for config.json and the heads of weight files, or a mirror of it.
HF_ENDPOINT = env.str("HF_ENDPOINT", default="https://huggingface.co")

# The European Central Bank's rates of the day, or a mirror of them.
ECB_DAILY_URL = env.str("ECB_DAILY_URL", default="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml")

# E-mail goes to the server of EMAIL_URL; without one it is written to a folder, and /dev/mail/ shows it.
MAIL_DIR = DATA_DIR / "mail"
EMAIL_URL = env.str("EMAIL_URL", default="")
_email = env.dj_email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_HOST, EMAIL_PORT = _email["EMAIL_HOST"], _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_USER"], _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _email["EMAIL_USE_TLS"], _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = env.float("EMAIL_TIMEOUT", default=30.0)
EMAIL_ANSWER_TIMEOUT = env.float("EMAIL_ANSWER_TIMEOUT", default=120.0)
EMAIL_BACKEND = (
    "sourcing.smtp_backend.EmailBackend" if EMAIL_URL else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(MAIL_DIR)
# So long take the answers that must not tell whether an address is known: longer than the work for one that is.
EVEN_ANSWER_SECONDS = 0.4
# They hold secret links. Shown on one's own machine only, where nothing else is set up for others either.
MAILS_SHOWN = not EMAIL_URL and env.bool(
    "VOLTAIC_SHOW_MAILS",
    default=DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3" and not REDIS_URL and not HTTPS_ONLY,
)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("VOLTAIC_MAIL_FROM", default="Voltaic <voltaic@localhost>")
# What links in mails begin with.
PUBLIC_URL = env.str("VOLTAIC_PUBLIC_URL", default=f"http://localhost:{env.str('PORT', default='8000')}")
# Mail services tell of bounces and complaints at /anymail/, with this "name:password"; without it nobody is heard.
ANYMAIL = {"WEBHOOK_SECRET": env.str("ANYMAIL_WEBHOOK_SECRET", default="")}

# How we name ourselves to marketplaces and agents; an operator may add an address to write to.
MARKETPLACE_USER_AGENT = env.str("MARKETPLACE_USER_AGENT", default="Voltaic (self-hosted price tracker)")

# eBay's Browse API, or a local server that speaks it. Without client id and secret nothing is asked.
EBAY_API_URL = env.str("EBAY_API_URL", default="https://api.ebay.com")
EBAY_CLIENT_ID = env.str("EBAY_CLIENT_ID", default="")
EBAY_CLIENT_SECRET = env.str("EBAY_CLIENT_SECRET", default="")
EBAY_MARKETPLACE_ID = env.str("EBAY_MARKETPLACE_ID", default="EBAY_US")
EBAY_COUNTRY = env.str("EBAY_COUNTRY", default="US")
EBAY_POSTAL_CODE = env.str("EBAY_POSTAL_CODE", default="")
EBAY_CALLS_PER_DAY = env.int("EBAY_CALLS_PER_DAY", default=5_000)
EBAY_HISTORY_CLAUSE = env.str("EBAY_HISTORY_CLAUSE", default="")
EBAY_DELETION_TOKEN = env.str("EBAY_DELETION_TOKEN", default="")
EBAY_DELETION_ENDPOINT = env.str("EBAY_DELETION_ENDPOINT", default="")

# The demo marketplace (python -m sourcing.demo), whose data are simulated.
DEMO_MARKETPLACE_URL = env.str("DEMO_MARKETPLACE_URL", default="")

# Agents whose item pages may be fetched, by name; nobody's by default. Their addresses, or local servers instead.
AGENT_PAGES_FETCHED: list[str] = env.list("AGENT_PAGES_FETCHED", default=[])
AGENT_PAGES_SECONDS_APART = env.float("AGENT_PAGES_SECONDS_APART", default=30.0)
AGENT_PAGES_PER_DAY = env.int("AGENT_PAGES_PER_DAY", default=200)
AGENT_URLS = {
    "superbuy": env.str("SUPERBUY_URL", default="https://www.superbuy.com"),
    "cssbuy": env.str("CSSBUY_URL", default="https://www.cssbuy.com"),
    "basetao": env.str("BASETAO_URL", default="https://www.basetao.com"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # It writes a line for every request to a marketplace, of which there are thousands a day.
    "loggers": {"httpx": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("VOLTAIC_LOG_LEVEL", default="INFO")},
}
