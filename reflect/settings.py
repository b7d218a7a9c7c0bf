"""All settings, read from the environment and from nowhere else.

A newcomer's checkout has its environment in `.state/demo.env`, made by `reflect/demo.py`; it is read only where none
of production's own variables is set, so that it can never mix with a production environment.
"""

import logging
import os
import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any, override

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environ.fileaware_mapping import FileAwareMapping

from lib import logs
from lib.keyring import read_keys
from reflect.demo import ENVIRONMENT, read_environment

# Zones come from the pinned `tzdata` alone: an old server's own would move meetings by an hour.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = ENVIRONMENT.parent


class EnvironmentAndFiles(FileAwareMapping):
    """Every variable can also stand in a file that `…_FILE` names, which keeps it out of the process's environment."""

    @override
    def __getitem__(self, name: str) -> str:
        try:
            value: str = super().__getitem__(name)
        except (OSError, UnicodeDecodeError):
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read.") from None
        return value.strip()


# Facts that the privacy page states; `reflect/checks.py` requires them in production.
FACTS = (
    *("ORGANISATION_NAME", "POSTAL_ADDRESS", "PRIVACY_CONTACT", "HOSTING_COUNTRY", "HOSTING_PROVIDER"),
    *("MAIL_PROVIDER", "BACKUP_RETENTION_DAYS", "DATA_PROTECTION_AUTHORITY"),
)
FACTS_OF_DEMO = {
    "ORGANISATION_NAME": "whoever started this demo",
    "POSTAL_ADDRESS": "on their own computer",
    "PRIVACY_CONTACT": "them",
    "HOSTING_COUNTRY": "a folder of that computer",
    "HOSTING_PROVIDER": "the demo itself",
    "MAIL_PROVIDER": "nobody (the demo shows them in a mailbox of its own)",
    "BACKUP_RETENTION_DAYS": "0",
    "DATA_PROTECTION_AUTHORITY": "the data protection authority of your country",
}
# The variables that no demo has. SITE_URL and WEB_THREADS are not among them: `manage.py demo` sets them.
PRODUCTIONS_OWN = (
    *("SECRET_KEY", "SEALING_KEYS", "ALLOWED_HOSTS", "DATABASE_URL", "MAIL_URL", "DEFAULT_FROM_EMAIL"),
    *("BEHIND_PROXY", "ALLAUTH_TRUSTED_PROXY_COUNT", "SECURITY_LOG", *FACTS),
)

env = environ.Env()
env.ENVIRON = EnvironmentAndFiles()
OWN = [name for name in PRODUCTIONS_OWN if name in env.ENVIRON]
if OWN and env.bool("DEMO", default=False):
    raise ImproperlyConfigured(f"DEMO is set, and so is {OWN[0]}, which is production's: unset one of them.")
if not OWN:
    env.ENVIRON = EnvironmentAndFiles(read_environment() | os.environ)

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
HTTPS = not (DEMO or DEBUG)


def required(name: str, what: str) -> str:
    """The value of an environment variable without which nothing starts; `what` says why it is needed."""
    value: str = env.str(name, default="")
    if value:
        return value
    demo = f" If this is to be the demo, unset {OWN[0]}, which is production's." if ENVIRONMENT.exists() and OWN else ""
    raise ImproperlyConfigured(f"{name} is not set: {what}.{demo}")


def number(name: str) -> int:
    """A variable that counts something; 0 if it is not set."""
    value: str = env.str(name, default="0")
    if value.isdecimal() and value.isascii():
        return int(value)
    raise ImproperlyConfigured(f"{name} is {value}: write a whole number, like 4.")


def listed(value: str) -> list[str]:
    """The parts of a comma-separated value."""
    return [part.strip() for part in value.split(",")]


SECRET_KEY = required("SECRET_KEY", "it signs sessions and links, and has to be long and random")
# Key-encryption keys of sealed text by id; the first wraps new data keys (how to write them: `lib/keyring.py`).
SEALING_KEYS = read_keys(listed(required("SEALING_KEYS", "it holds the keys that lock what people write")), SECRET_KEY)
ALLOWED_HOSTS = (
    ["127.0.0.1", "localhost", "[::1]"]
    if DEMO
    else listed(required("ALLOWED_HOSTS", "it lists the host names that the site answers to"))
)

SITE_NAME = "Reflect"
# The base of links in mails that are sent outside a request.
SITE_URL = env.str("SITE_URL", default=f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")

# Applications

INSTALLED_APPS = [
    "reflect",
    "practice",
    "exchange",
    "meetings",
    "consultations",
    "assessments",
    "journal",
    "accounts",
    "guide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts.apps.LoginRecordsConfig",  # allauth.usersessions
    "crispy_forms",
    "crispy_bootstrap5",
    "procrastinate.contrib.django",
    "reflect.apps.AdministrationConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "reflect.observing.Observed",
    "reflect.middleware.OnEveryResponse",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random, and CSRF tokens are masked: lengths tell nothing
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "reflect.health.Health",  # below what adds headers, above what asks for the host, a session or the database
    "reflect.middleware.PrivatePages",
    "reflect.double_posts.DoublePosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reflect.middleware.WithoutNul",
    "reflect.middleware.SignedIn",
    "reflect.middleware.LoginRequired",
    "reflect.middleware.RoomForOthers",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reflect.middleware.PostRedirectGet",  # last: who may see what has been decided before a held page is shown
]

PROBES = ("/healthz", "/readyz", "/workerz")  # answered by `reflect/health.py`, counted and logged by nobody
ROOT_URLCONF = "reflect.urls"
WSGI_APPLICATION = "reflect.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["lib.templating"],
        },
    },
]
PAGES = BASE_DIR / "reflect" / "content" / "pages"  # texts that `lib.content` renders
# What answers without the database and the application: the record of the helplines, and the proxy's copies of pages.
PAGES_FOLDER = Path(env.str("PAGES_FOLDER", default=str(STATE_DIR / "pages")))
# A file that the operator's backup touches when it is done; staff see how old it is. None: they see that nobody knows.
BACKUP_STAMP = env.str("BACKUP_STAMP", default="")
# Where the worker for housekeeping keeps the list of erased accounts (`accounts/erasures.py`); None: it keeps none.
ERASED_LIST = env.str("ERASED_LIST", default="")
# Where `manage.py web` has its processes count, and `manage.py metrics` reads (`lib/metrics.py`): best on a tmpfs.
METRICS_FOLDER = env.str("METRICS_FOLDER", default="")
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"

# Data

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A web process keeps its connections in a pool, one for each of its threads; commands and workers need none.
SERVES_WEB = env.bool("SERVES_WEB", default=False)  # said by `reflect/wsgi.py`
# An attempt to connect is given up early, and the next request makes another: by default they become rare, and the site
# stays away for minutes after the server is back.
WEB_THREADS = number("WEB_THREADS")
WEB_SESSIONS = "reflect web"  # what web processes call their sessions with the database
POOL = {"min_size": 1, "max_size": WEB_THREADS, "timeout": 2, "reconnect_timeout": 2}
# How long a web process lets PostgreSQL work. Whatever waits there keeps a thread, and requests of several accounts
# that wait for one lock would keep them all: an import holds the locks of its account for half a minute. No statement
# of a page takes so long. Idle: a transaction whose process hangs lets its locks go. All are less than the proxy waits
# for an answer. Migrations, commands and workers take the time that they need.
WEB_WAITS = {
    "lock_timeout": "5s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "50s",
}


def database() -> dict[str, Any]:
    """PostgreSQL by DATABASE_URL; in the demo by DEMO_DATABASE_URL, and without one the embedded server."""
    name = "DEMO_DATABASE_URL" if DEMO else "DATABASE_URL"
    if not DEMO:
        required(name, "it says where the PostgreSQL server is, as postgres://user:password@host:5432/name")
    if env.str(name, default=""):
        config: dict[str, Any] = env.db(name)
        config["ENGINE"] = "django.db.backends.postgresql"
    else:
        config = {
            "ENGINE": "reflect.embedded",
            "NAME": "postgres",
            "OPTIONS": {"folder": STATE_DIR / "postgres"},
        }
    config["TEST"] = {"NAME": env.str("REFLECT_TEST_DB", default="test_reflect")}
    if SERVES_WEB:
        options = config.setdefault("OPTIONS", {})
        options.setdefault("application_name", WEB_SESSIONS)
        waits = (f"-c {name}={value}" for name, value in WEB_WAITS.items())
        options["options"] = " ".join([*waits, options.get("options", "")]).strip()  # what DATABASE_URL says wins
        if WEB_THREADS:
            options["pool"] = POOL
    return config


DATABASES = {"default": database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # culling drops entries, counts of log-in attempts among them
    },
    # Template fragments that are the same for everybody, per process. Their keys change with their content.
    "fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}

# Bodies, in step with deploy/nginx. Files are taken by two forms alone (`lib/uploads.py`).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["lib.uploads.NoFile"]

# Limits of one account; those of log-ins and codes stand with allauth's settings

QUOTA = 200 * 2**20  # bytes of sealed text; then nothing new begins
QUOTA_BEYOND = 10 * 2**20  # so much more for what is begun already
# How many times at once, and again in how many seconds; what has more bytes than the last number counts several times.
RATE_LIMITS = {
    "writing": (80, 60, 25_000),  # drafts and saves: the script sends six a minute from a page that is being written
    "sent back": (40, 60, 100_000),  # pages that show a refused form again
    "search": (30, 60, 10_000),
    "import": (10, 3_600, 50 * 2**20),
    "download": (6, 3_600, 10_000),
    "booking": (30, 600, 10_000),
    "contact": (5, 86_400, 100_000),
    "thread": (5, 86_400, 100_000),  # begun, by the first message
    "message": (30, 86_400, 100_000),
    "report": (10, 86_400, 100_000),
    "questionnaire": (20, 3_600, 10_000),  # begun
    "calendar": (20, 3_600, 10_000),  # connected, or read now
    "consent": (30, 3_600, 10_000),  # given or taken back: the ledger only grows
}

# Jobs

PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "never"}
# For each queue, how many jobs its worker does at once. Mails have a worker of their own, so that no code waits for
# slots to be made; it is idle while it talks to the mail server. So is that of the calendars, which talks to strangers.
WORKERS = {"mail": 4, "housekeeping": 2, "calendars": 2}
FINISHED_JOBS_KEPT = timedelta(days=7)

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["reflect.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Accounts

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
PASSWORD_LENGTH = 12
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.UnlikeTheAddress"},
    {
        "NAME": "accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "accounts.passwords.Uncommon"},
    {"NAME": "accounts.passwords.HardToGuess"},
]
PASSWORD_HASHERS = ["accounts.hashers.Argon2"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL, SPECIALIST_REDIRECT_URL = "today", "practice:overview"
CODE_SECONDS, CODE_TRIES = 600, 3  # for codes sent by e-mail
CODE_SENT_WITHIN = 480  # seconds: a code that is handed over later is too old to be of use
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # as a decoy, so that an address without an account costs the same
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False  # only a new address could change: that would tell
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.entrance.ChangeEmailForm",
    "change_password": "accounts.forms.entrance.ChangePasswordForm",
    "confirm_email_verification_code": "accounts.forms.entrance.EmailCodeForm",
    "confirm_login_code": "accounts.forms.entrance.LogInCodeForm",
    "confirm_password_reset_code": "accounts.forms.entrance.ResetCodeForm",
    "login": "accounts.forms.entrance.LogInForm",
    "reauthenticate": "accounts.forms.entrance.ReauthenticateForm",
    "reset_password": "accounts.forms.entrance.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.entrance.NewPasswordForm",
    "set_password": "accounts.forms.entrance.SetPasswordForm",
    "signup": "accounts.forms.entrance.SignUpForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_PREVENT_ENUMERATION = True
# "key" is the address together with the network that asks (accounts/adapter.py): nobody locks another person out.
# What is counted by the account or the address alone, others can use up: it leads to a mailed code, or is so high that
# one network does not reach it.
ACCOUNT_RATE_LIMITS = {
    "code_here": "1/10s/key",  # mailed, to confirm an address
    "confirm_email": None,  # allauth's own for that, by the address alone
    "contact": "10/h/key",  # without an account, and of a network alone
    "contact_code": "20/10m/key",  # the same
    "login_failed": "10/m/ip,5/300s/key",
    "login_failed_anywhere": "50/h/key",  # by the address alone; afterwards a mailed code comes before the password
    "manage_email": "10/m/user,20/d/user",  # each new address gets a mail
    "request_login_code_here": "3/5m/key",
    "reset_password": "20/m/ip",
    "reset_password_here": "5/5m/key",
    "second_step_here": "10/m/ip,5/15m/key",
    "second_step_anywhere": "60/h/key",  # of a million codes
    "sign_up_mail": "3/d/key",  # to an address that has an account already
}
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = CODE_TRIES
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = CODE_SECONDS
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ALLAUTH_TRUSTED_PROXY_COUNT = number("ALLAUTH_TRUSTED_PROXY_COUNT")
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.factors.ActivateAppForm",
    "add_webauthn": "accounts.forms.factors.AddPasskeyForm",
    "authenticate": "accounts.forms.factors.SecondStepForm",
    "authenticate_webauthn": "accounts.forms.factors.SecondStepWithPasskeyForm",
    "edit_webauthn": "accounts.forms.factors.EditPasskeyForm",
    "login_webauthn": "accounts.forms.factors.LogInWithPasskeyForm",
    "reauthenticate": "accounts.forms.factors.SecondStepAgainForm",
    "reauthenticate_webauthn": "accounts.forms.factors.SecondStepAgainWithPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]  # recovery codes are ours: allauth keeps the seed of its own
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # the demo has no TLS

# Browsers take a cookie of such a name only from this very host, over HTTPS: no other subdomain can plant one.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}language"
MESSAGE_STORAGE = "reflect.message_storage.Messages"  # its cookie is named there
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())

# Transport

CSRF_FAILURE_VIEW = "reflect.views.csrf_failure"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_AGE = None  # a session cookie, so that no trace of a visit stays on the device
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = [f"^{path.lstrip('/')}$" for path in PROBES]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # data: is the QR code of a second factor's secret
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
CROSS_ORIGIN_RESOURCE_POLICY = "same-origin"
# What a page may ask of the browser: scripts of ours use the last three, the rest is off. `web-share` is not named, as
# browsers without it complain of it.
PERMISSIONS_POLICY = dict.fromkeys(
    [
        *("accelerometer", "autoplay", "browsing-topics", "camera", "captured-surface-control", "clipboard-read"),
        *("compute-pressure", "digital-credentials-create", "digital-credentials-get", "display-capture"),
        *("encrypted-media", "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "identity-credentials-get"),
        *("idle-detection", "keyboard-map", "language-detector", "language-model", "local-fonts", "magnetometer"),
        *("microphone", "midi", "on-device-speech-recognition", "otp-credentials", "payment", "picture-in-picture"),
        *("private-state-token-issuance", "private-state-token-redemption", "screen-wake-lock", "serial"),
        *("speaker-selection", "storage-access", "summarizer", "sync-xhr", "translator", "unload", "usb"),
        *("window-management", "xr-spatial-tracking"),
    ],
    "()",
) | dict.fromkeys(["clipboard-write", "publickey-credentials-create", "publickey-credentials-get"], "(self)")

# Static files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "reflect.storage.SiteStorage"},
}

# Mail

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <no-reply@localhost>")


def mailer() -> dict[str, Any]:
    """SMTP by MAIL_URL (`smtp+tls://user:password@host:587`); in the demo, the mailbox page and the terminal."""
    if DEMO:
        return {"BACKEND": "reflect.mailbox.Mailbox"}
    required("MAIL_URL", "it says which server sends the e-mails, as smtp+tls://user:password@host:587")
    mail = env.email("MAIL_URL")
    return {
        "BACKEND": mail["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": mail["EMAIL_HOST"],
            "port": mail["EMAIL_PORT"],
            "username": mail["EMAIL_HOST_USER"],
            "password": mail["EMAIL_HOST_PASSWORD"],
            "use_tls": mail.get("EMAIL_USE_TLS", False),
            "use_ssl": mail.get("EMAIL_USE_SSL", False),
            "timeout": 10,
        },
    }


MAILERS = {"default": mailer()}

# The blanks of the privacy page, by its own names for them.

LEGAL = {name.lower(): env.str(name, default=FACTS_OF_DEMO[name] if DEMO else "") for name in FACTS}

# Meetings

# The operator's own server for meetings, if there is one, with the key that it shares with this site, and the name that
# it knows the site by. There is no default: no meeting takes place on a server that nobody here has chosen.
MEETING_BASE_URL = env.str("MEETING_BASE_URL", default="").rstrip("/")
MEETING_KEY = env.str("MEETING_KEY", default="")
MEETING_ISSUER = env.str("MEETING_ISSUER", default="reflect")

# Reports

logging.captureWarnings(HTTPS)
DEFAULT_EXCEPTION_REPORTER = "reflect.reports.Reporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "reflect.reports.Filter"
LOGGING = logs.configuration(for_terminal=not HTTPS, queues=WORKERS, security_log=env.str("SECURITY_LOG", default=""))
