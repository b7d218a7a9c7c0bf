"""Reading messages: opening and counting what is new, the list, and the page of a conversation."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import Notice, Unread, User
from accounts.notices import Kind, shown
from accounts.services import erase_account
from consultations.models import Photo, Specialist
from consultations.services.leaving import block
from exchange import reading
from exchange.models import Message, Side, Thread
from exchange.services import messages
from tests.accounts.portable import exported, read
from tests.conftest import AsUser
from tests.consultations.cast import UNLISTED, page, unlist
from tests.exchange.messaging import address, asked, new_messages, reply, side_of, thread
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


# Opening


def test_looking_opens_nothing(as_user: AsUser, ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, "First.", "Second.", now=NOW)
    client = as_user(mara.user)
    for path in (reverse("messages"), address(theirs), reverse("notices"), address(theirs, "message_open")):
        client.get(path)
        client.head(path)
    assert new_messages(mara.user) == 2
    assert Side.objects.get(pk=theirs.pk).opened_to == 0
    assert new_about(mara.user) == [(Kind.MESSAGE, theirs.pk)]


def test_what_came_after_the_page_stays_closed(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    client = as_user(mara.user)
    html = client.get(address(theirs)).text
    assert '<input type="hidden" name="to" value="1">' in html
    reply(mine, "Second.", now=NOW)
    client.post(address(theirs, "message_open"), {"to": 1})
    seen = page(client.get(address(theirs)))
    assert "First." in seen
    assert "Second." not in seen
    assert new_messages(mara.user) == 1
    assert new_about(mara.user) == [(Kind.MESSAGE, theirs.pk)]
    client.post(address(theirs, "message_open"), {"to": 99})
    assert "Second." in page(client.get(address(theirs)))
    assert new_messages(mara.user) == 0
    assert new_about(mara.user) == []
    client.post(address(theirs, "message_open"), {"to": 1})  # a page that was open for long
    assert Side.objects.get(pk=theirs.pk).opened_to == 2


@pytest.mark.parametrize("to", ["", "x", "-1", "1.5", "²", "9" * 40])
def test_an_odd_number_opens_nothing(as_user: AsUser, ana: User, mara: Specialist, to: str) -> None:
    _, theirs = thread(ana, mara, now=NOW)
    assert as_user(mara.user).post(address(theirs, "message_open"), {"to": to}).status_code == 404
    assert new_messages(mara.user) == 1


def test_the_weekday_of_opening_is_shown_once_the_reader_wants_that(
    as_user: AsUser, ana: User, mara: Specialist
) -> None:
    mine, theirs = thread(ana, mara, "First.", now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    client = as_user(mara.user)
    client.post(address(theirs, "message_shows"), {"shows": "on"})
    reply(mine, "Second.", now=NOW)
    mara.user.timezone = "Pacific/Auckland"
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=2, now=NOW + timedelta(hours=5))
    client.post(address(theirs, "message_shows"), {})
    reply(mine, "Third.", now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=3, now=NOW)
    own = Message.objects.visible_to(ana).order_by("number")
    assert [str(row.opened_on) for row in own] == ["None", "2026-11-24", "None"]
    seen = page(as_user(ana).get(address(mine)))
    assert "Opened Tuesday" in seen
    assert seen.count("Opened") == 1
    assert not Message.objects.visible_to(mara.user).exclude(opened_on=None).exists()


def test_nothing_is_shown_of_opening_after_a_block(ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, now=NOW)
    messages.show_opened(owner=mara.user, side_id=theirs.pk, shows=True)
    block(owner=mara.user, other_id=ana.pk, now=NOW)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    assert not Message.objects.exclude(opened_on=None).exists()


def test_a_notice_says_from_whom_and_leads_to_the_conversation(ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    [one] = shown(mara.user, [*Notice.objects.visible_to(mara.user)], NOW)
    assert (one.line.words, one.line.about) == ("A message has arrived.", "Noor")
    assert one.line.link == address(theirs)
    reply(theirs, now=NOW)
    [one] = shown(ana, [*Notice.objects.visible_to(ana)], NOW)
    assert (one.line.about, one.line.link) == ("Mara L.", address(mine))
    Thread.objects.all().delete()
    [one] = shown(ana, [*Notice.objects.visible_to(ana)], NOW)
    assert one.line.words == "A message had arrived. The conversation is no longer kept here."


# Counting


def test_what_is_new_is_counted_in_every_way_it_changes(ana: User, ben: User, mara: Specialist) -> None:
    thread(ana, mara, "1", "2", now=NOW)
    mine, _ = thread(ben, mara, "3", now=NOW + DAY)
    assert new_messages(mara.user) == 3
    _, theirs = mine, side_of(mara.user)
    messages.open_arrived(owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    assert (new_messages(mara.user), new_messages(ana), new_messages(ben)) == (2, 0, 0)
    reply(theirs, now=NOW + DAY)
    assert new_messages(ben) == 1
    Thread.objects.filter(member=ana).delete()
    assert new_messages(mara.user) == 0
    erase_account(owner=mara.user, now=NOW)
    assert new_messages(ben) == 1
    erase_account(owner=ben, now=NOW)
    assert Unread.objects.filter(messages__gt=0).count() == 0


# Lists and pages


def test_the_list_shows_who_what_and_when_and_pages_by_key(
    as_user: AsUser, ana: User, mara: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    for number in range(5):
        member = User.objects.create_user(f"m{number}@example.org")
        thread(member, mara, f"Words {number}.", now=NOW + number * DAY, name=f"Member {number}")
    newest = side_of(mara.user)
    messages.open_arrived(owner=mara.user, side_id=newest.pk, to=1, now=NOW)
    client = as_user(mara.user)
    seen, path = [], reverse("messages")
    for _page in range(3):
        html = client.get(path).text
        page(client.get(path))
        listed = html.partition('id="all"')[2]
        seen += re.findall(r"<bdi>(Member \d)", listed)
        assert "Words 0." not in html
        if older := re.search(r'href="(\?after=[^"]+)"', listed):
            path = reverse("messages") + older[1]
    assert seen == [f"Member {number}" for number in (4, 3, 2, 1, 0)]
    first = client.get(reverse("messages")).text
    assert "Words 4." in first
    assert first.count('name="to"') == 2
    for odd in ("x", str(uuid4())):
        assert client.get(reverse("messages"), {"after": odd}).status_code in {200, 404}


def test_a_long_conversation_pages_by_number(
    as_user: AsUser, ana: User, mara: Specialist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    mine, _ = thread(ana, mara, *(f"Words {number}." for number in range(5)), now=NOW)
    client = as_user(ana)
    path, seen = address(mine), []
    for _page in range(3):
        html = client.get(path).text
        seen.append(re.findall(r"Words \d", html))
        if earlier := re.search(r'href="(\?before=\d+)"', html):
            path = address(mine) + earlier[1]
    assert seen == [["Words 3", "Words 4"], ["Words 1", "Words 2"], ["Words 0"]]
    assert client.get(address(mine), {"before": "x"}).status_code == 200


def test_pages_ask_the_database_the_same_number_of_times(as_user: AsUser, mara: Specialist) -> None:
    counts = []
    for number in range(3):
        member = User.objects.create_user(f"m{number}@example.org")
        mine, theirs = thread(member, mara, *["Words."] * (number + 1), now=NOW + number * DAY)
        reply(theirs, now=NOW + number * DAY)
        for user, side in ((mara.user, theirs), (member, mine)):
            client = as_user(user)
            for path in (reverse("messages"), address(side)):
                client.get(path)
                counts.append(asked(partial(client.get, path)))
    # Session and account; the list, and of who has new messages those; the frame and the messages; saved texts.
    assert counts == [4, 5, 4, 4] * 3


@pytest.mark.parametrize("fields_of", [{}, *UNLISTED], ids=str)
def test_a_conversation_leads_to_a_profile_that_is_listed(
    as_user: AsUser, ana: User, mara: Specialist, fields_of: dict[str, Any]
) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    Photo.objects.create(specialist=mara, sha256="a" * 64, webp=b"x")
    if fields_of:
        unlist(mara, fields_of)
    seen = as_user(ana).get(address(mine)).text
    assert ("See the profile" in seen) == ("Book a free half hour" in seen) == (not fields_of)
    assert reverse("photo", args=["a" * 64]) in seen
    assert reading.conversation(mara.user, theirs.pk, NOW).specialist is None


def test_a_member_sees_how_the_specialist_is_called_now(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    Specialist.objects.update(name="Mara Lindqvist")
    client = as_user(ana)
    for path in (reverse("messages"), address(mine)):
        assert "Mara Lindqvist" in page(client.get(path))


def test_what_cannot_be_opened_is_said_and_breaks_nothing(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _theirs = thread(ana, mara, "First.", "Second.", now=NOW)
    Message.objects.visible_to(ana).filter(number=1).update(sealed=b"x")
    client = as_user(ana)
    seen = page(client.get(address(mine)))
    assert "can’t be opened" in seen
    assert "Second." in seen
    Side.objects.filter(pk=mine.pk).update(sealed=b"x")
    for path in (reverse("messages"), address(mine)):
        assert "Mara L." in page(client.get(path))
    assert "cannot_be_opened" in read(exported(ana))
