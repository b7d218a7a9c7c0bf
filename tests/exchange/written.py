"""Messages to the site, as tests need them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.models import User
from exchange.models import Contact, SavedText
from exchange.models.desk import Words
from exchange.services import contact, desk
from tests.html import parse

CONTACT = reverse("contact")
WORDS = "Marked words of a message."


def fields(client: Client, **changed: Any) -> dict[str, Any]:
    """What the form of a page that is opened now holds, filled in by a visitor who has no safe address."""
    root = parse(client.get(CONTACT).text)
    hidden = {one.get("name", ""): one.get("value", "") for one in root.iter("input") if one.get("type") == "hidden"}
    del hidden["csrfmiddlewaretoken"]
    return hidden | {"topic": "privacy", "text": WORDS, "mail": "no"} | changed


def written(owner: User | None = None, *, now: datetime, email: str = "", **changed: Any) -> tuple[Contact, str]:
    """A message, and its code if it has one."""
    about: dict[str, Any] = {"contact_id": uuid4(), "topic": "privacy", "text": WORDS, **changed}
    code = contact.send(owner=owner, email=email, now=now, **about)
    return Contact.objects.get(pk=about["contact_id"]), code


def saved_text(owner: User, title: str = "A title", text: str = "A text.") -> SavedText:
    """A specialist's."""
    pk = uuid4()
    desk.save_text(owner=owner, text_id=pk, words=Words(title, text))
    return SavedText.objects.get(pk=pk)
