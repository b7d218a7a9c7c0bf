"""Erasing an account, the end of a conversation, and what a download holds of it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.services import erase_account
from consultations.models import Specialist
from exchange import tasks
from exchange.models import Message, Side, Thread
from exchange.services import messages
from tests.accounts.portable import exported, parts, read
from tests.conftest import AsUser
from tests.consultations.cast import page
from tests.exchange.messaging import address, new_messages, post, reply, texts, thread

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]
CLOSED = "This conversation is closed"


@pytest.fixture
def new() -> str:
    return reverse("message_new", args=["mara-l"])


def test_erasing_one_account_leaves_the_other_ones_copies_marked(as_user: AsUser, ana: User, mara: Specialist) -> None:
    _mine, theirs = thread(ana, mara, "First.", now=NOW)
    reply(theirs, "Second.", now=NOW)
    erase_account(owner=ana, now=NOW)
    assert texts(mara.user) == ["First.", "Second."]
    assert Thread.objects.get().member is None
    client = as_user(mara.user)
    client.post(address(theirs, "message_open"), {"to": 2})
    seen = page(client.get(address(theirs)))
    assert "This account is deleted" in seen
    assert "First." in seen
    assert "Send" not in seen
    assert "The other account is deleted." in page(client.get(reverse("messages")))
    sent = {"message": uuid4(), "writer": mara.pk, "client": uuid4(), "sequence": 1, "base_revision": 0, "text": "x"}
    assert CLOSED in page(client.post(address(theirs), sent), 409)
    erase_account(owner=mara.user, now=NOW)
    assert not (Message.objects.exists())
    assert not (Side.objects.exists())
    tasks.forget_messages(timestamp=int(NOW.timestamp()))
    assert not Thread.objects.exists()


def test_a_member_keeps_what_a_specialist_who_has_left_wrote(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    reply(theirs, "Second.", now=NOW)
    messages.open_arrived(owner=ana, side_id=mine.pk, to=2, now=NOW)
    erase_account(owner=mara.user, now=NOW)
    seen = page(as_user(ana).get(address(mine)))
    assert "Mara L." in seen
    assert "Second." in seen
    assert "This specialist no longer works here" in seen


def test_a_conversation_goes_twelve_months_after_its_last_word(ana: User, ben: User, mara: Specialist) -> None:
    def work(now: datetime) -> int:
        tasks.forget_messages(timestamp=int(now.timestamp()))
        return Thread.objects.count()

    thread(ana, mara, now=NOW)
    mine, _ = thread(ben, mara, now=NOW)
    reply(mine, now=NOW + DAY)
    end = NOW.replace(year=2027)
    assert work(end) == 2
    assert work(end + timedelta(seconds=1)) == 1
    assert texts(ana) == []
    assert new_messages(mara.user) == 2
    assert work(end + DAY + timedelta(seconds=1)) == 0
    assert new_messages(mara.user) == 0


def test_a_download_holds_ones_own_copies_and_nothing_of_drafts_of_others(
    ana: User, mara: Specialist, as_user: AsUser, new: str
) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    reply(theirs, "Second.", now=NOW)
    client = as_user(mara.user)
    post(client, address(theirs), text="Marked draft.", keep="1")
    file = exported(ana)
    first, second = parts(file)["messages"]
    assert first | {"id": ""} == {
        "id": "",
        "conversation": str(mine.pk),
        "my_name": "Noor",
        "other": "Mara L.",
        "by_me": True,
        "at": NOW.isoformat(),
        "text": "First.",
    }
    assert (second["by_me"], second["text"]) == (False, "Second.")
    text = read(file, "messages.md")
    assert "## Mara L.\n" in text
    assert "### 2026-11-23 09:00, You\n\nFirst.\n" in text
    assert "### 2026-11-23 09:00, Mara L.\n\nSecond.\n" in text
    assert "Marked draft." not in text + read(file)
    theirs_file = exported(mara.user)
    assert "Marked draft." in read(theirs_file)
    assert "Marked draft." in read(theirs_file, "messages.md")
    assert ana.email not in read(theirs_file)
