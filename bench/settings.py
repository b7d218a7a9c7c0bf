"""The product's own settings on a database of its own, with the anchor beside it."""

from reflect.settings import *  # noqa: F403  # the product as it is
from reflect.settings import DATABASES, INSTALLED_APPS

DATABASES["default"]["NAME"] = "bench"
INSTALLED_APPS.append("bench")
ROOT_URLCONF = "bench.urls"
