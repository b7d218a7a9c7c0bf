"""The demo's mail: every message is printed in the terminal and stored as a file, for `/demo/mailbox/` to show.

Files, because the web server and the worker both send mail, and mail should survive a restart. Production has neither
the backend nor the URLs (see `reflect/settings.py` and `reflect/urls.py`).
"""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from secrets import token_hex
from typing import override

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lib.folders import replace_file

KEPT = 100
NAME = re.compile(r"\d{19}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Letter:
    """A message as the page shows it."""

    name: str
    subject: str
    to: str
    sent_at: datetime
    text: str


class Mailbox(EmailBackend):
    """Prints each message, and stores the newest hundred."""

    @override
    def write_message(self, message: EmailMessage) -> None:
        self.stream.write(f"\nTo: {', '.join(message.to)}\nSubject: {message.subject}\n\n{message.body}\n\n")
        keep(message)


def folder() -> Path:
    return Path(settings.STATE_DIR) / "mailbox"


def keep(message: EmailMessage) -> None:
    """Write a message to its own file at once, and delete the oldest beyond a hundred."""
    folder().mkdir(parents=True, exist_ok=True)
    file = folder() / f"{time.time_ns()}-{token_hex(4)}"
    replace_file(file, message.message().as_bytes())
    for old in names()[KEPT:]:
        (folder() / old).unlink(missing_ok=True)


def names() -> list[str]:
    """Names of the stored messages, newest first."""
    if not folder().exists():
        return []
    return sorted((path.name for path in folder().iterdir() if NAME.fullmatch(path.name)), reverse=True)


def read(name: str) -> Letter | None:
    """The stored message with this name, or None."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (folder() / name).read_bytes()
    except FileNotFoundError:
        return None
    message = message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    return Letter(
        name=name,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=datetime.fromtimestamp(int(name.partition("-")[0]) / 1e9, tz=UTC),
        text=body.get_content() if body else "",
    )


@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages."""
    letters = [letter for letter in map(read, names()) if letter]
    return render(request, "pages/mailbox.html", {"letters": letters})


@login_not_required
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """One message."""
    found = read(name)
    if found is None:
        raise Http404
    return render(request, "pages/letter.html", {"letter": found})
