"""Blocking: one page for meetings and messages, what it calls off, what the other one sees, and undoing it."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Notice, User
from consultations.models import Block, Booking, Specialist
from consultations.models.bookings import Status
from consultations.services import leaving, refusals
from exchange.models import Message
from exchange.services import messages
from exchange.services.messages import Closed
from tests.conftest import AsUser
from tests.consultations.cast import booked, page
from tests.consultations.racing import at_once
from tests.exchange.messaging import address, fields, letter, reply, thread
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
BLOCKED = reverse("blocked")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def test_a_member_blocks_from_a_conversation_and_undoes_it_there(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    booking, begun = booked(ana, mara, NOW + DAY), booked(ana, mara, NOW - timedelta(minutes=5), status="completed")
    client, path = as_user(ana), address(mine, "message_block")
    assert path in client.get(address(mine)).text
    asked = page(client.get(path))
    for words in ("Block Mara L.", "Tuesday 24 November 2026, 09:00", "Nobody is told", "does not come back"):
        assert words in asked
    assert "23 November" not in asked
    assert not Block.objects.exists()
    answer = client.post(path, {"action": "block"})
    assert answer.headers["Location"] == address(mine)
    booking.refresh_from_db()
    begun.refresh_from_db()
    assert (booking.status, begun.status) == (Status.CANCELLED_BY_CLIENT, Status.COMPLETED)
    assert (Notice.Kind.MEETING_CHANGED, booking.pk) in new_about(mara.user)
    shown = client.get(address(mine))
    assert "You have blocked this person" in page(shown)
    assert "<textarea" not in shown.text
    assert "You have blocked Mara L." in page(client.get(path))
    client.post(path, {"action": "unblock"})
    shown = client.get(address(mine))
    assert "Meetings that it cancelled stay cancelled." in page(shown)
    assert "<textarea" in shown.text
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_CLIENT


def test_a_member_blocks_from_a_meeting(as_user: AsUser, ana: User, mara: Specialist) -> None:
    booking = booked(ana, mara, NOW + DAY)
    client, path = as_user(ana), reverse("booking_block", args=[booking.pk])
    assert path in client.get(reverse("booking", args=[booking.pk])).text
    assert "Block Mara L." in page(client.get(path))
    assert client.post(path, {"action": "block"}).headers["Location"] == reverse("booking", args=[booking.pk])
    shown = page(client.get(reverse("booking", args=[booking.pk])))
    assert "Undo the block" in shown
    assert "cancelled" in shown
    assert "You have blocked" in page(client.post(path, {"action": "block"}, follow=True))  # twice is once
    assert Block.objects.count() == 1


def test_a_specialist_blocks_from_a_conversation(as_user: AsUser, ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, now=NOW)
    booking = booked(ana, mara, NOW + DAY)
    client, path = as_user(mara.user), address(theirs, "message_block")
    asked = page(client.get(path))
    assert "Block Noor" in asked
    assert "They see no free times with you." in asked
    assert ana.email not in asked
    client.post(path, {"action": "block"})
    booking.refresh_from_db()
    assert booking.status == Status.CANCELLED_BY_SPECIALIST
    assert new_about(ana) == [(Notice.Kind.MEETING_CHANGED, booking.pk)]


def test_the_blocked_one_sees_no_difference_until_they_write(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, theirs = thread(ana, mara, now=NOW)
    reply(theirs, now=NOW)

    def seen() -> list[str]:
        client = as_user(ana)
        paths = (reverse("messages"), address(mine), address(mine, "message_block"), address(mine, "message_report"))
        return [page(client.get(path)) for path in (*paths, BLOCKED, reverse("notices"))]

    before = seen()
    leaving.block(owner=mara.user, other_id=ana.pk, now=NOW)
    assert seen() == before
    client = as_user(ana)
    refused = client.post(address(mine), fields(client, address(mine), text="Words that stay."))
    shown = page(refused, 409)
    assert "This conversation is closed" in shown
    assert "Words that stay." in shown
    assert "block" not in shown.lower()


def test_nobody_else_and_nothing_unknown(as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    path = address(mine, "message_block")
    for other in (ben, mara.user):
        assert as_user(other).get(path).status_code == 404
        assert as_user(other).post(path, {"action": "block"}).status_code == 404
    assert "out of date" in page(as_user(ana).post(path, {"action": "x"}, follow=True))
    assert not Block.objects.exists()


def test_where_the_other_account_is_gone_there_is_nobody_to_block(as_user: AsUser, ana: User, mara: Specialist) -> None:
    mine, _ = thread(ana, mara, now=NOW)
    gone = mara.user.pk
    mara.user.delete()
    client = as_user(ana)
    assert "message_block" not in client.get(address(mine)).text
    assert client.get(address(mine, "message_block")).headers["Location"] == address(mine)
    with pytest.raises(refusals.AccountGone):
        leaving.block(owner=ana, other_id=gone, now=NOW)


def test_the_list_names_each_as_one_knows_them(as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    dora = User.objects.create_user("dora@example.org")
    thread(ana, mara, now=NOW)
    booked(ben, mara, NOW - DAY, status="completed")
    for other in (ana, ben, dora):
        leaving.block(owner=mara.user, other_id=other.pk, now=NOW)
    leaving.block(owner=ana, other_id=mara.pk, now=NOW)
    assert "Mara L. Since 23 November 2026" in page(as_user(ana).get(BLOCKED))
    client = as_user(mara.user)
    shown = page(client.get(BLOCKED))
    assert [shown.count(name) for name in ("Noor", "Ana", "Somebody whose name is no longer kept here")] == [1, 1, 1]
    assert "example.org" not in shown
    assert BLOCKED in client.get(reverse("settings")).text
    row = Block.objects.get(owner=mara.user, other=ben)
    for _twice in range(2):
        assert client.post(BLOCKED, {"action": f"unblock:{row.pk}"}).headers["Location"] == BLOCKED
    others = Block.objects.get(owner=ana)
    client.post(BLOCKED, {"action": f"unblock:{others.pk}"})
    assert set(Block.objects.values_list("owner", "other")) == {
        *((mara.pk, other.pk) for other in (ana, dora)),
        (ana.pk, mara.pk),
    }
    for junk in ("", "unblock", "unblock:", "unblock:x", "unblock:²", "unblock:" + "9" * 30, "block:1"):
        assert client.post(BLOCKED, {"action": junk}).status_code == 404


def test_the_list_asks_as_often_for_one_as_for_five(as_user: AsUser, mara: Specialist) -> None:
    def queries() -> int:
        client = as_user(mara.user)
        client.get(BLOCKED)
        with CaptureQueriesContext(connection) as captured:
            client.get(BLOCKED)
        return len(captured)

    def one_more(number: int) -> None:
        other = User.objects.create_user(f"member{number}@example.org")
        thread(other, mara, now=NOW)
        booked(other, mara, NOW - (number + 1) * DAY, status="completed")
        leaving.block(owner=mara.user, other_id=other.pk, now=NOW)

    one_more(0)
    before = queries()
    for number in range(1, 5):
        one_more(number)
    assert queries() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_member", [True, False])
def test_a_block_while_the_other_writes_has_one_outcome(by_member: bool, ana: User, mara: Specialist) -> None:
    """Either the message arrives and then the block holds, or the conversation is closed and nothing arrives."""
    mine, theirs = thread(ana, mara, now=NOW)
    owner, other, side = (ana, mara.user, theirs) if by_member else (mara.user, ana, mine)

    def write() -> str:
        try:
            messages.send(owner=other, side=side, letter=letter("At once."), now=NOW)
        except Closed:
            return "closed"
        return "sent"

    for _round in range(5):
        before = Message.objects.count()
        block = partial(leaving.block, owner=owner, other_id=other.pk, now=NOW)
        said, _ = at_once(write, block)
        assert Message.objects.count() - before == {"sent": 2, "closed": 0}[str(said)]
        assert Block.objects.count() == 1
        assert write() == "closed"
        leaving.unblock(owner=owner, other_id=other.pk)


@pytest.mark.django_db(transaction=True)
def test_both_block_at_once_and_one_undoes(ana: User, mara: Specialist) -> None:
    booking = booked(ana, mara, NOW + DAY)
    at_once(
        partial(leaving.block, owner=ana, other_id=mara.pk, now=NOW),
        partial(leaving.block, owner=mara.user, other_id=ana.pk, now=NOW),
    )
    assert Block.objects.count() == 2
    assert Booking.objects.get().status in {Status.CANCELLED_BY_CLIENT, Status.CANCELLED_BY_SPECIALIST}
    assert booking.changes.count() == 1
    mine = messages.begin(owner=ana, specialist=mara, name="Noor", now=NOW)
    leaving.unblock(owner=ana, other_id=mara.pk)
    with pytest.raises(Closed):
        messages.send(owner=ana, side=mine, letter=letter(), now=NOW)


def test_who_has_blocked_somebody_is_told_before_they_write(as_user: AsUser, ana: User, mara: Specialist) -> None:
    profile, new = reverse("specialist", args=[mara.slug]), reverse("message_new", args=[mara.slug])
    client = as_user(ana)
    assert f'href="{new}"' in client.get(profile).text
    leaving.block(owner=ana, other_id=mara.pk, now=NOW)
    for path in (profile, new):
        seen = client.get(path).text
        assert "You have blocked this person" in seen
        assert f'href="{reverse("blocked")}"' in seen
        assert f'href="{new}"' not in seen
        assert "textarea" not in seen


def test_who_is_blocked_sees_what_everybody_sees(as_user: AsUser, ana: User, ben: User, mara: Specialist) -> None:
    leaving.block(owner=mara.user, other_id=ana.pk, now=NOW)
    for path in (reverse("specialist", args=[mara.slug]), reverse("message_new", args=[mara.slug])):
        seen = [re.sub(r'value="[^"]+"', "", as_user(user).get(path).text) for user in (ana, ben)]
        assert seen[0] == seen[1]
