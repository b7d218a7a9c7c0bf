"""What a change in the admin leaves behind, as tests need it."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.core import mail

from tests import outbox


def log() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("pk").values_list("user__email", "change_message"))


def mailed() -> list[str]:
    """Recipients of the mails that the worker sends."""
    mail.outbox.clear()
    return [message.to[0] for message in outbox.mailed()]


# What the form of an approval needs, beside the day of the next check.
CHECKED: dict[str, Any] = {
    "checked": ["name", "profession", "register"],
    "where": "https://register.example/entries/1234",
}
