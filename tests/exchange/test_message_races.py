"""Two who write at once, forms sent twice, and blocks, erasures and openings in between. Over real connections."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from accounts.erasure import close_account
from accounts.models import Unread, User
from consultations.models import Specialist
from consultations.services.leaving import block
from exchange.models import Message, Side, Thread
from exchange.services import messages
from exchange.services.messages import Closed, Letter, SentAlready
from tests.consultations.racing import at_once, deadlocks, standing
from tests.exchange.messaging import letter, side_of, texts, thread

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine(NOW, tick=False)]


def sends(owner: User, sent: Letter) -> Callable[[], str]:
    """Send from this person's side, as another request does."""
    pk = side_of(owner).pk

    def send() -> str:
        me = User.objects.select_related("data_key").get(pk=owner.pk)
        side = Side.objects.select_related("thread").get(pk=pk)
        try:
            messages.send(owner=me, side=side, letter=sent, now=NOW)
        except SentAlready as before:
            return "the same" if before.same else "another"
        except (Closed, User.DoesNotExist, Side.DoesNotExist):
            return "closed"
        return "sent"

    return send


def test_both_write_at_once_and_nothing_is_lost(ana: User, mara: Specialist) -> None:
    thread(ana, mara, "First.", now=NOW)
    before = deadlocks(standing())
    calls = [sends(one, letter(f"{one.email} {n}")) for n in range(4) for one in (ana, mara.user)]
    assert at_once(*calls) == ["sent"] * 8
    assert deadlocks(standing()) == before
    assert sorted(texts(ana)) == sorted(texts(mara.user))
    for owner in (ana, mara.user):
        numbers = Message.objects.visible_to(owner).order_by("number").values_list("number", flat=True)
        assert [*numbers] == [*range(1, 10)]
    assert Thread.objects.get().last_number == 9
    assert {row.owner_id: row.fresh for row in Side.objects.all()} == {ana.pk: 4, mara.pk: 5}
    assert {row.owner_id: row.messages for row in Unread.objects.all()} == {ana.pk: 4, mara.pk: 5}


def test_one_form_sent_ten_times_at_once_is_one_message(ana: User, mara: Specialist) -> None:
    thread(ana, mara, "First.", now=NOW)
    answers = at_once(*[sends(ana, letter("Second."))] * 10)
    assert sorted(map(str, answers)) == ["sent", *["the same"] * 9]
    assert texts(mara.user) == ["First.", "Second."]


def test_two_who_begin_at_once_begin_one_conversation(ana: User, mara: Specialist) -> None:
    def begin() -> str:
        me = User.objects.get(pk=ana.pk)
        return str(messages.begin(owner=me, specialist=mara, name="Noor", now=NOW).pk)

    assert len({*at_once(*[begin] * 6)}) == 1
    assert Thread.objects.count() == Side.objects.count() == 1


def test_a_block_that_comes_while_sending_is_before_or_after_it(ana: User, mara: Specialist) -> None:
    thread(ana, mara, "First.", now=NOW)
    calls = [sends(ana, letter(f"{n}")) for n in range(4)]
    answers = at_once(*calls[:2], partial(block, owner=mara.user, other_id=ana.pk, now=NOW), *calls[2:])
    assert {*answers} <= {"sent", "closed", None}
    assert len(texts(mara.user)) == 1 + answers.count("sent")
    assert sends(ana, letter("Late."))() == "closed"


@pytest.mark.parametrize("who", ["member", "specialist"])
def test_an_erasure_while_sending_leaves_whole_copies(ana: User, mara: Specialist, who: str) -> None:
    thread(ana, mara, "First.", now=NOW)
    leaves, stays = (ana, mara.user) if who == "member" else (mara.user, ana)
    calls = [sends(one, letter(f"{n}")) for n in range(3) for one in (ana, mara.user)]
    answers = at_once(*calls, partial(close_account, owner=leaves, now=NOW))
    assert {*answers} <= {"sent", "closed", None}
    assert len(texts(stays)) == 1 + answers.count("sent")
    assert {row.owner_id for row in Message.objects.all()} == {stays.pk}
    assert Side.objects.get().owner == stays
    assert Unread.objects.get(owner=stays).messages == Side.objects.get().fresh


def test_opening_while_more_arrives_leaves_the_rest_closed(ana: User, mara: Specialist) -> None:
    _, theirs = thread(ana, mara, "First.", now=NOW)
    opening = partial(messages.open_arrived, owner=mara.user, side_id=theirs.pk, to=1, now=NOW)
    at_once(opening, *(sends(ana, letter(f"{n}")) for n in range(4)), opening)
    side = Side.objects.get(pk=theirs.pk)
    assert (side.opened_to, side.fresh) == (1, 4)
    assert Unread.objects.get(owner=mara.user).messages == 4
