"""The demo's conversations: Ana and Ben with Cole and Dora, opened and not, and one that was reported."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from consultations.models import Specialist
from exchange.models import SavedText, Side, Thread
from exchange.models.desk import Words as Saved
from exchange.models.messages import Words
from exchange.services import desk, messages, reports

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DemoMessage:
    """Written so many days ago by one of the two; it is opened then, unless it is `closed`."""

    days_ago: int
    by_member: bool
    text: str
    closed: bool = False


CONVERSATIONS = {
    ("ana", "cole"): (
        DemoMessage(
            *(6, True),
            "I have a meeting with you next week. I keep saying yes to everything, and then I am angry about it. Is "
            "that something we could begin with?",
        ),
        DemoMessage(
            *(5, False),
            "Yes, that is a good place to begin. It may help to notice one moment in the next days when you said yes "
            "and meant no. You do not have to change anything about it yet.",
        ),
        DemoMessage(4, True, "On Tuesday, when my sister called. I noticed it in my shoulders first."),
        DemoMessage(1, False, "That is just the kind of moment I mean. Bring it along, if you like.", closed=True),
    ),
    ("ben", "dora"): (
        DemoMessage(
            2, True, "Do you also work by phone? I am at sea until spring, and video is slow here.", closed=True
        ),
    ),
    ("ben", "marek.nowak"): (
        DemoMessage(9, True, "Could you tell me a little about how you work?"),
        DemoMessage(
            8, False, "You will find out soon enough. What is your phone number? I prefer to call people myself."
        ),
    ),
}
REASON = "He asked for my phone number at once, and it did not feel right."
SAVED = Saved(
    "Before a first meeting",
    "Thank you for writing. You need to prepare nothing for our half hour. We will look together at what brings you.",
)


def seed_messages(*, now: datetime) -> None:
    """Write the conversations, once."""
    if Thread.objects.exists():
        return
    for (member, specialist), written in CONVERSATIONS.items():
        converse(
            somebody(member), Specialist.objects.select_related("user").get(user=somebody(specialist)), written, now
        )
    ben = somebody("ben")
    reported = messages.side_with(ben, Specialist.objects.get(user=somebody("marek.nowak")))
    assert reported
    reports.report(report_id=uuid.uuid4(), owner=ben, side=reported, reason=REASON, now=now - 7 * DAY)
    if not SavedText.objects.exists():
        desk.save_text(owner=somebody("cole"), text_id=uuid.uuid4(), words=SAVED)


def somebody(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def converse(member: User, specialist: Specialist, written: tuple[DemoMessage, ...], now: datetime) -> None:
    messages.begin(owner=member, specialist=specialist, name=member.email.partition("@")[0].title(), now=now)
    for number, message in enumerate(written, start=1):
        writer, reader = (member, specialist.user) if message.by_member else (specialist.user, member)
        then = now - message.days_ago * DAY
        letter = messages.Letter(uuid.uuid4(), Words(message.text))
        messages.send(owner=writer, side=side_of(writer, member, specialist), letter=letter, now=then)
        if not message.closed:
            side = side_of(reader, member, specialist)
            messages.open_arrived(owner=reader, side_id=side.pk, to=number, now=then)


def side_of(owner: User, member: User, specialist: Specialist) -> Side:
    own = Side.objects.visible_to(owner).select_related("thread")
    return own.get(thread__member=member, thread__specialist=specialist.pk)
