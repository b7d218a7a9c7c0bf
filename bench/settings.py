"""The product's own settings, with the anchor added and a separate database."""

from reflect.settings import *  # noqa: F403  # the product as it is
from reflect.settings import DATABASES, INSTALLED_APPS, RATE_LIMITS

DATABASES["default"]["NAME"] = "bench"
INSTALLED_APPS.append("bench")
ROOT_URLCONF = "bench.urls"
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 8478},  # bench/entrance.py
    }
}
RATE_LIMITS = dict.fromkeys(RATE_LIMITS, (10**9, 1, 10**9))  # they are counted as ever, and never reached
QUOTA = 10**12  # an account of 100,000 entries is larger than any real one may be
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # one machine asks for everybody
