"""What a member does to get ready, as tests need it: by the pages."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from accounts.drafts import Write
from accounts.models import User
from consultations.models import Booking
from meetings.copies import copies, mark_of
from meetings.models import Opening, Preparation, Share
from meetings.models.next_steps import Intent
from meetings.models.preparation import Plan
from meetings.services import next_steps, preparing, sharing
from tests.conftest import show_second_factor
from tests.html import assert_valid_html, parse, text_of

ABOUT = "I give a lot of lifts."


class Member:
    """The browser of whoever booked a meeting."""

    def __init__(self, client: Client, booking: Booking) -> None:
        self.client, self.booking = client, booking

    def path(self, name: str) -> str:
        return reverse(name, args=[self.booking.pk])

    def page(self, name: str = "ready") -> str:
        return text_of(assert_valid_html(self.client.get(self.path(name)).text))

    def fields(self, **changed: Any) -> dict[str, Any]:
        """What the form holds now, with changes."""
        return form_fields(self.client.get(self.path("ready")).text) | changed

    def prepare(self, action: str = "save", **changed: Any) -> Any:
        return self.client.post(self.path("ready"), self.fields(**changed) | {"action": action})

    def share(self, **chosen: Any) -> Any:
        """Choose, look, and share."""
        self.prepare("preview", **chosen)
        return self.client.post(self.path("share"), {"seen": self.seen()})

    def seen(self) -> str:
        found = re.search(r'name="seen" value="(\w*)"', self.client.get(self.path("ready_preview")).text)
        return found[1] if found else ""

    def stop(self) -> Any:
        return self.client.post(self.path("share_stop"))


def form_fields(html: str) -> dict[str, Any]:
    """The values of the form with a textarea, as a browser would send them."""
    [form] = [one for one in parse(html).iter("form") if one.find(".//textarea") is not None]
    found: dict[str, Any] = {}
    for one in form.iter("input"):
        if one.get("type") in {"checkbox", "radio"} and one.get("checked") is None:
            continue
        name, value = one.get("name", ""), one.get("value", "on" if one.get("type") == "checkbox" else "")
        found[name] = [*found[name], value] if isinstance(found.get(name), list) else value
        if name == "entries" and not isinstance(found[name], list):
            found[name] = [value]
    for area in form.iter("textarea"):
        found[area.get("name", "")] = (area.text or "").removeprefix("\n")
    for select in form.iter("select"):
        options = list(select.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        found[select.get("name", "")] = chosen[0].get("value", "") if chosen else ""
    del found["csrfmiddlewaretoken"]
    return found


class Host:
    """The browser of the specialist, beside the member's."""

    def __init__(self, specialist: User, booking: Booking) -> None:
        self.client, self.specialist = Client(), specialist
        self.log_in()
        self.path = reverse("practice:shared", args=[booking.pk])

    def log_in(self) -> None:
        """Again, as time passes."""
        self.client.logout()
        self.client.force_login(self.specialist)
        show_second_factor(self.client, self.specialist)

    def html(self) -> str:
        return str(self.client.get(self.path).text)

    def page(self) -> str:
        return text_of(assert_valid_html(self.html()))

    def closed(self) -> list[str]:
        """The ids of what can be opened."""
        return re.findall(r'name="share" value="([\w-]+)"', self.html())

    def open(self, share_id: str) -> Any:
        return self.client.post(self.path, {"share": share_id})

    def open_all(self) -> None:
        for share_id in self.closed():
            self.open(share_id)


def prepared(booking: Booking, *, now: datetime) -> None:
    """Two versions of the notes for a meeting, and the notes shared and opened."""
    owner, plan = booking.client, Plan(about=ABOUT, shows=("about",))
    assert owner
    assert booking.specialist
    for _version in range(2):
        write = Write(uuid4(), plan, base_revision=0, client=uuid4(), sequence=1)
        preparing.save_plan(owner=owner, booking_id=booking.pk, write=write, now=now)
    seen = mark_of(owner, copies(owner, plan))
    sharing.share(owner=owner, booking_id=booking.pk, plan=plan, seen=seen, now=now)
    host = booking.specialist.user
    share_id = Share.objects.get(booking=booking).pk
    sharing.open_shared(specialist=host, booking_id=booking.pk, share_id=share_id, now=now - timedelta(hours=2))


def stepped(booking: Booking, *, now: datetime) -> None:
    """A next step in two versions, about which the member wants to be asked."""
    owner = booking.client
    assert owner
    for _version in range(2):
        intent = Intent("Ask for one evening.", asks=True)
        write = Write(uuid4(), intent, base_revision=0, client=uuid4(), sequence=1)
        next_steps.save_step(owner=owner, booking_id=booking.pk, write=write, now=now)


def plans(owner: User) -> list[Plan]:
    return [row.words(owner) for row in Preparation.objects.visible_to(owner).latest_first()]


def counts() -> tuple[int, int]:
    """How much is shared, and how often something was opened."""
    return Share.objects.count(), Opening.objects.count()
