"""The demo's inbox: a message in each state, from Ana, from Ben, and from people without an account."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from exchange.models import AnswerTemplate, Contact
from exchange.services import contact

DAY = timedelta(days=1)
Topic, State = Contact.Topic, Contact.State


@dataclass(frozen=True)
class DemoContact:
    """What somebody wrote so many days ago, and what came of it."""

    days_ago: int
    topic: str
    text: str
    state: str = State.NEW
    who: str = ""
    email: str = ""
    answer: str = ""
    note: str = ""


CONTACTS = (
    DemoContact(0, Topic.PRESS, "I write for a local paper. Could I ask you some questions?", email="rosa@example.org"),
    DemoContact(1, Topic.OTHER, "The text is rather small on my tablet. Could it be larger?", who="ben"),
    DemoContact(
        *(2, Topic.ACCESS, "I have a new phone, and the code of my old one is gone."),
        state=State.OPEN,
        note="Ask which other step is set up. Never remove one on the strength of a message alone.",
    ),
    DemoContact(
        *(6, Topic.PRIVACY, "If I delete an entry, how long does it stay in your backups?"),
        state=State.ANSWERED,
        who="ana",
        answer="Copies in our backups stay locked, and they are gone within the time that the privacy page names.",
    ),
    DemoContact(
        *(40, Topic.COMPLAINT, "Nobody came to my meeting, and I waited for half an hour."),
        state=State.CLOSED,
        who="ana",
        answer="We are sorry that you waited. We have spoken with the person you were to meet.",
    ),
)


def seed_contact(*, now: datetime) -> None:
    """Write the messages, once."""
    if Contact.objects.exists():
        return
    AnswerTemplate.objects.get_or_create(
        title="Thank you, we are looking into it",
        defaults={"text": "Thank you for writing. We are looking into it, and will write again within a week."},
    )
    staff = User.objects.get(email="sam@example.org")
    for planned in CONTACTS:
        create(planned, staff, now=now)


def create(planned: DemoContact, staff: User, *, now: datetime) -> None:
    pk, then = uuid.uuid4(), now - planned.days_ago * DAY
    owner = User.objects.get(email=f"{planned.who}@example.org") if planned.who else None
    contact.send(contact_id=pk, owner=owner, topic=planned.topic, text=planned.text, email=planned.email, now=then)
    if planned.state != State.NEW:
        contact.assign(contact_id=pk, assignee=staff, was=None, now=then)
    if planned.note:
        contact.note(contact_id=pk, text=planned.note, now=then)
    if planned.answer:
        contact.answer(contact_id=pk, staff=staff, text=planned.answer, after=0, now=min(now, then + DAY))
    if planned.state == State.CLOSED:
        contact.close(contact_id=pk, now=min(now, then + 2 * DAY))
