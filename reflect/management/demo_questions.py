"""The demo's questions: one or more in each state, with answers, thanks and a flag."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.models import User
from exchange.models import Answer, Question, Submission
from exchange.models.questions import Asked
from exchange.services import answers, moderation, questions
from exchange.services.day import end_day

DAY = timedelta(days=1)
State = Submission.State


@dataclass(frozen=True)
class DemoQuestion:
    """What somebody asked so many days ago, and what has become of it. `answers` are by name of the specialist."""

    who: str
    days_ago: int
    asked: Asked
    state: str = State.PUBLISHED
    words: str = ""  # a moderator's: why, or the private answer
    change: Asked | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    thanked: bool = False
    helped: tuple[str, ...] = ()
    more: str = ""
    flag: str = ""


QUESTIONS = (
    DemoQuestion(
        *("ana", 40),
        Asked(
            "How do I say no without a long explanation?",
            "When I say no I add five reasons, and then we talk about the reasons. In the end I do it after all. How "
            "do people manage to say a short no and leave it there?",
            "refusals",
        ),
        answers={
            "cole": "Reasons invite repair: the other one solves them, one by one. Try a sentence that has no handle, "
            "such as “I can’t on Sunday.” Then wait. The silence after it feels long to you, and short to them.",
            "dora": "It can help to say yes to something else in the same breath: “Not on Sunday. I would love a walk "
            "on Wednesday.” Then the no is about Sunday, and not about the two of you.",
        },
        thanked=True,
        helped=("ben", "dana"),
        more="And if they ask “why” straight away?",
    ),
    DemoQuestion(
        *("ben", 21),
        Asked(
            "We are equals on paper, and I am tired",
            "We share the housework half and half, and I still plan all of it: birthdays, doctors, what we eat. How "
            "can I talk about that without a list of complaints?",
            "reciprocity",
        ),
        answers={
            "amara.okafor": "Planning is work that nobody sees. Choose one thing, and hand over all of it, with the "
            "thinking. Then let it be done in another way than yours.",
        },
        helped=("ana",),
    ),
    DemoQuestion(
        *("ben", 9),
        Asked(
            "Is it normal to need so much reassurance?",
            "A day without a message from my partner, and I am sure that something is wrong. I know it is not, and it "
            "does not help to know it.",
            "self-worth",
        ),
        flag="It sounds like somebody I know.",
    ),
    DemoQuestion(
        *("ana", 5),
        Asked(
            "After the baby we only talk about the baby",
            "We are kind to each other, and I miss us. Where do other people begin?",
            "inner-resources",
        ),
    ),
    DemoQuestion(
        *("ben", 3),
        Asked(
            "My partner works with me at the library in Hull",
            "We see each other all day at the library in Hull, and at home there is nothing left to tell.",
            "real-connection",
        ),
        state=State.AGREE,
        words="We would leave out where you work, so that nobody can tell who you are.",
        change=Asked(
            "My partner and I work at the same place",
            "We see each other all day at work, and at home there is nothing left to tell.",
            "real-connection",
        ),
    ),
    DemoQuestion(
        *("ana", 3),
        Asked("Can somebody look at my result?", "It says about even, and I do not feel even at all.", "balance"),
        state=State.BACK,
        words="A question for everybody can’t hold a result that only you can see. Could you ask about what does not "
        "feel even?",
    ),
    DemoQuestion(
        *("ben", 2),
        Asked("I am afraid to go home tonight", "He has found out that I want to leave.", "pressure"),
        state=State.PRIVATE,
        words="We are glad that you wrote. Please do not wait for an answer on this page: the people under “Help now” "
        "can be reached at this moment, and they know such nights. If you are in danger now, call the emergency "
        "number.",
    ),
    DemoQuestion(
        *("ana", 1),
        Asked("How long do you wait for an answer?", "I asked for more time together. How long is fair?", "pressure"),
        state=State.WAITING,
    ),
    DemoQuestion(
        *("ben", 0),
        Asked(
            "Does it get easier to ask?",
            "Each time I ask for something, my heart beats as if I had stolen.",
            "self-worth",
        ),
        state=State.WAITING,
    ),
    DemoQuestion(*("ana", 0), Asked("Never mind", "I have thought better of it.", "balance"), state=State.WITHDRAWN),
)


def seed_questions(*, now: datetime) -> None:
    """Ask, moderate and answer them, once."""
    if Submission.objects.exists():
        return
    for planned in QUESTIONS:
        create(planned, now - planned.days_ago * DAY, now)
    end_day(now=now)


def somebody(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def create(planned: DemoQuestion, then: datetime, now: datetime) -> None:
    author, asked = somebody(planned.who), planned.asked
    pk = questions.ask(author=author, stamp=uuid.uuid4(), asked=asked, now=then).pk
    match planned.state:
        case State.PUBLISHED:
            moderation.publish(submission_id=pk, shown=seen(pk), now=min(now, then + DAY))
            answer(planned, Question.objects.get(pk=pk), author, then, now)
        case State.AGREE:
            assert planned.change
            words = {"title": planned.change.title, "text": planned.change.text, "theme": planned.change.theme}
            moderation.propose(submission_id=pk, shown=seen(pk), reason=planned.words, **words)
        case State.BACK:
            moderation.send_back(submission_id=pk, shown=seen(pk), reason=planned.words)
        case State.PRIVATE:
            moderation.answer(submission_id=pk, shown=seen(pk), text=planned.words)
        case State.WITHDRAWN:
            questions.withdraw(author=author, submission_id=pk)


def seen(pk: uuid.UUID) -> str:
    row = Submission.objects.get(pk=pk)
    return moderation.seen(row, row.words())


def answer(planned: DemoQuestion, question: Question, author: User, then: datetime, now: datetime) -> None:
    """The answers, and what author and readers leave at them."""
    for days, (name, text) in enumerate(planned.answers.items(), start=2):
        at = min(now, then + days * DAY)
        given = answers.save_answer(user=somebody(name), question_id=question.pk, text=text, now=at)
        leave_at(planned, given, author)
    if planned.more:
        questions.ask_more(author=author, submission_id=question.pk, text=planned.more)
        moderation.publish_more(submission_id=question.pk, shown=seen(question.pk))
    if planned.flag:
        reader = somebody("ana")
        answers.flag(reader=reader, question_id=question.pk, answer_id=None, reason=planned.flag, now=now)


def leave_at(planned: DemoQuestion, given: Answer, author: User) -> None:
    if planned.thanked:
        questions.thank(author=author, submission_id=given.question_id, answer_id=given.pk)
    for name in planned.helped:
        answers.say_it_helped(reader=somebody(name), question_id=given.question_id, answer_id=given.pk)
