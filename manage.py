#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from reflect.version import revision, version

if __name__ == "__main__":
    if sys.argv[1:] == ["version"]:  # Django's own says Django's; and it needs no settings
        sys.stdout.write(f"{version()} {revision()}\n")
        sys.exit()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reflect.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Reflect cannot start. {error}")
