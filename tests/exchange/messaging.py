"""Messages between two people, as tests need them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.drafts import Write
from accounts.models import Unread, User
from consultations.models import Specialist
from exchange.models import Draft, Message, Report, Side
from exchange.models.messages import Words
from exchange.services import messages, reports
from exchange.services.drafts import save_draft
from exchange.services.messages import Letter
from tests.html import parse

WORDS = "Marked words of a message."
REASON = "Marked reason."


def letter(text: str = WORDS) -> Letter:
    return Letter(uuid4(), Words(text))


def thread(member: User, specialist: Specialist, *texts: str, now: datetime, name: str = "Noor") -> tuple[Side, Side]:
    """Both sides of a thread with messages of the member."""
    side = messages.begin(owner=member, specialist=specialist, name=name, now=now)
    for text in texts or (WORDS,):
        messages.send(owner=member, side=side, letter=letter(text), now=now)
    return side_of(member), side_of(specialist.user)


def side_of(owner: User) -> Side:
    """Their latest."""
    return Side.objects.visible_to(owner).select_related("thread").latest_first()[0]


def reply(side: Side, text: str = WORDS, *, now: datetime) -> Message:
    sent = letter(text)
    messages.send(owner=side.owner, side=side, letter=sent, now=now)
    return Message.objects.get(pk=sent.id)


def texts(owner: User) -> list[str]:
    """What all their copies hold, oldest first."""
    return [row.words(owner).text for row in Message.objects.visible_to(owner).order_by("at", "number")]


def fields(client: Client, path: str, **changed: Any) -> dict[str, Any]:
    """What the form of a message on the page that is opened now holds, with words and a name."""
    root = parse(client.get(path).text)
    [form] = [one for one in root.iter("form") if one.find(".//textarea") is not None]
    hidden = {one.get("name", ""): one.get("value", "") for one in form.iter("input") if one.get("type") == "hidden"}
    del hidden["csrfmiddlewaretoken"]
    return hidden | {"name": "Noor", "text": WORDS} | changed


def address(side: Side, name: str = "message_thread") -> str:
    return reverse(name, args=[side.pk])


def drafted(side: Side, text: str = WORDS, *, now: datetime) -> Draft:
    """A draft of the owner of this side."""
    write = Write(uuid4(), Words(text), base_revision=0, client=uuid4(), sequence=1)
    return save_draft(owner=side.owner, side=side, write=write, now=now)


def new_messages(user: User) -> int:
    row = Unread.objects.filter(owner=user).first()
    return row.messages if row else 0


def post(client: Client, path: str, **changed: Any) -> Any:
    return client.post(path, fields(client, path, **changed))


def reported(side: Side, **changed: Any) -> Report:
    about: dict[str, Any] = {"report_id": uuid4(), "reason": REASON, "now": timezone.now(), **changed}
    reports.report(owner=side.owner, side=side, **about)
    return Report.objects.get(pk=about["report_id"])


def asked(ask: Callable[[], object]) -> int:
    """How many questions that asks the database."""
    with CaptureQueriesContext(connection) as found:
        ask()
    return len([query for query in found if not query["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))])
