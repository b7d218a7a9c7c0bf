"""A production environment, for commands that run in a process of their own, as settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

ENVIRONMENT = {
    "SECRET_KEY": "oGzLr0n8nTj5cdqLFSJcRg1bO3u8Wn5mPpV2yXk4tHs6QeAi7Z",
    "SEALING_KEYS": "2026-01:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "ALLOWED_HOSTS": "reflect.example.org",
    "DATABASE_URL": "postgres://reflect:secret@127.0.0.1:1/reflect",
    "MAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "Reflect <no-reply@example.org>",
    "WEB_THREADS": "4",
    "ORGANISATION_NAME": "Example",
    "POSTAL_ADDRESS": "1 Street, Town",
    "PRIVACY_CONTACT": "privacy@example.org",
    "HOSTING_COUNTRY": "Ireland",
    "HOSTING_PROVIDER": "Example Hosting",
    "MAIL_PROVIDER": "Example Mail",
    "BACKUP_RETENTION_DAYS": "30",
    "DATA_PROTECTION_AUTHORITY": "the Data Protection Commission",
}


def manage(*arguments: str, without: str = "", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with production's environment, and nothing of the tests' own."""
    environment = ENVIRONMENT | {"PATH": os.environ["PATH"]} | changes
    environment.pop(without, None)
    return manage_in(environment, *arguments)


def manage_in(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with this environment, and nothing else."""
    command = [sys.executable, str(Path(settings.BASE_DIR, "manage.py")), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
