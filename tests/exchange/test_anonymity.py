"""Nobody can learn who asked: a script that reads the whole database and the admin guesses, and does not do better.

It knows what no honest test of one table would: the order in which rows are stored, every column, the length of what is
sealed, and what names an account by way of another table.
"""

import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.admin import site
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.held import hold
from accounts.models import User
from accounts.self_document import change
from exchange.models import Answer, Flag, Helped, Question, Submission
from exchange.own import own
from exchange.published import mark_id
from exchange.services import day, question_drafts, questions, submissions
from tests.consultations.cast import verified
from tests.exchange.asked import CHANGE, NEW, address, answered, moderated
from tests.exchange.readable import published
from tests.outbox import mailed
from tests.postgres import dump

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
AUTHORS = 50
GUESSED = 15  # of them, at most: by chance one is right, and the best of thousands of guesses has about six
ALIKE = 0.85  # two orders, at most, as Spearman has it: six standard deviations

type Order = tuple[str, ...]
type Orders = dict[Order, str]
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Table:
    """Rows in the order in which they are stored, or shown."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables(sql: str) -> Iterator[Table]:
    lines = iter(sql.splitlines())
    for line in lines:
        if line.startswith("COPY "):
            name, columns = line.removeprefix("COPY public.").split(" (", 1)
            rows = []
            while (row := next(lines)) != "\\.":
                rows.append(row.split("\t"))
            yield Table(name, columns.split(")")[0].split(", "), rows)


def admin_pages(dana: User) -> Iterator[Table]:
    """What staff see of each model, a line as a row: its list, and of each row's page the lines that not all have."""
    client = Client()
    client.force_login(dana)
    for model in site._registry:
        page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        html = client.get(page).text
        yield Table(f"admin of {model.__name__}", ["line"], [[line] for line in html.splitlines()])
        ids = re.findall(rf'href="{page}([0-9a-f-]{{36}})/change/', html)
        pages = {pk: client.get(f"{page}{pk}/change/").text.splitlines() for pk in dict.fromkeys(ids)}
        common = set.intersection(*map(set, pages.values())) if pages else set()
        rows = [[pk, line] for pk, lines in pages.items() for line in lines if line not in common]
        yield Table(f"pages of {model.__name__}", ["id", "line"], rows)


def orders_of(found: Sequence[Table], who: Mapping[str, str]) -> Orders:
    """Each order in which all of them stand somewhere: by place, by a column, or by the length of what is in it.

    `who` has what names them, which grows by what stands beside it in one row of one of them alone.
    """
    orders: Orders = {}
    names = {**beside(found, who), **who}
    everybody = len(set(who.values()))
    for table in found:
        rows = [(place, row, named) for place, row in enumerate(table.rows) if len(named := named_in(row, names)) == 1]
        for which, key in keys(table):
            for end, ordered in (("first", rows), ("last", rows[::-1])):
                place_of: dict[str, tuple[Any, ...]] = {}
                for place, row, [one] in ordered:
                    place_of.setdefault(one, (key(row), place) if which else (place,))
                if len(place_of) == everybody and (not which or len({at[0] for at in place_of.values()}) > 1):
                    orders.setdefault(tuple(sorted(place_of, key=place_of.__getitem__)), f"{table.name} {which} {end}")
    return orders


def keys(table: Table) -> Iterator[tuple[str, Callable[[Sequence[str]], Any]]]:
    yield "", len
    for index, column in enumerate(table.columns):
        yield column, lambda row, index=index: row[index]  # type: ignore[misc]
        yield f"length of {column}", lambda row, index=index: len(row[index])  # type: ignore[misc]


def beside(found: Sequence[Table], who: Mapping[str, str]) -> dict[str, str]:
    """Keys, digests and the like that stand in rows of one of them alone."""
    seen: dict[str, set[str]] = defaultdict(set)
    for table in found:
        for row in table.rows:
            if len(named := named_in(row, who)) == 1:
                for value in row:
                    if 16 <= len(value) <= 100 and " " not in value:
                        seen[value] |= named
    return {value: one for value, [*ones] in seen.items() if len(ones) == 1 for one in ones}


def named_in(row: Sequence[str], who: Mapping[str, str]) -> set[str]:
    return {who[value] for value in row if value in who} or {
        one for value in row if len(value) < 5_000 for name, one in who.items() if len(name) > 30 and name in value
    }


def guess(truth: dict[str, str], dana: User, *, by_name: dict[str, str]) -> tuple[int, float, str]:
    """How many of the questions the best way to guess gives to their authors, how close two orders come, and how.

    `truth` has the author of each question, and is used only to look what was right.
    """
    found = [*tables(dump().decode()), *admin_pages(dana)]
    people = {name: account for account in truth.values() for name in names_of(account)}
    asked = {question: question for question in truth} | by_name
    both = (beside(found, people) | people).keys() & (beside(found, asked) | asked).keys()
    assert not both, "one value stands beside an author and a question"
    best = (0, 0.0, "")
    for (one, of_people), (other, of_questions) in product(
        orders_of(found, people).items(), orders_of(found, asked).items()
    ):
        authors = [truth[question] for question in other]
        rank = {account: place for place, account in enumerate(one)}
        squares = sum((place - rank[account]) ** 2 for place, account in enumerate(authors))
        alike = abs(1 - 6 * squares / (AUTHORS * (AUTHORS**2 - 1)))
        right = max(sum(map(str.__eq__, authors, way)) for way in (one, one[::-1]))
        best = max(best, (right, alike, f"{of_people} | {of_questions}"), key=lambda way: max(way[0] / AUTHORS, way[1]))
    return best


def names_of(account: str) -> Collection[str]:
    return {account, User.objects.get(pk=account).email}


# The story of a few days


@pytest.fixture
def empty(db: None) -> None:
    """Tables as new: where an earlier test was rolled back, rows would fill its gaps, in an order of their own."""
    call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def people(empty: None) -> list[User]:
    made = [User.objects.create_user(f"author{number}@example.org", "look-at-the-balance") for number in range(AUTHORS)]
    with transaction.atomic():
        for author in made[::2]:
            change(author, mail_is_safe=True)
    random.shuffle(made)
    return made


@pytest.fixture
def dana(empty: None) -> User:
    return User.objects.create_superuser("dana@example.org", "look-at-the-balance")


def ask_each(people: Sequence[User]) -> dict[str, str]:
    """Each logs in at their own time, has a form refused, and sends their question; returns whose is which."""
    truth, lengths = {}, random.sample(range(AUTHORS), AUTHORS)
    for number, author in enumerate(people):
        with time_machine.travel(NOW + timedelta(minutes=7 * number), tick=False):
            client = Client()
            client.force_login(author)
            text = "Some words. " * (3 * lengths[number] + 1)
            form = {"title": f"Title {number}", "text": text, "stamp": "", "theme": ""}
            written = {"client": str(uuid4()), "sequence": "1", "base_revision": "0", "stamp": str(uuid4())}
            assert client.post(reverse("question_draft"), form | written).status_code == 200
            client.post(NEW, form)
            stamp = question_drafts.draft_of(author, question_drafts.NEW)["stamp"]
            assert client.post(NEW, form | {"theme": "balance", "stamp": stamp}).status_code == 303
            [row] = own(author)
            truth[str(row.pk)] = str(author.pk)
    return truth


def each(people: Sequence[User], now: datetime, act: Callable[[Client, Submission], object]) -> None:
    """Each does something at their own time, in another order."""
    for number, author in enumerate(random.sample(people, len(people))):
        with time_machine.travel(now + timedelta(minutes=7 * number), tick=False):
            client = Client()
            client.force_login(author)
            [row] = own(author)
            assert act(client, row).status_code in {200, 303}  # type: ignore[attr-defined]


def agree(client: Client, row: Submission) -> Any:
    return client.post(address("question_agree", row.pk), {"seen": questions.digest(CHANGE)})


def give_thanks(client: Client, row: Submission) -> Any:
    [answer] = Answer.objects.filter(question=row.pk)
    client.post(address("question_open", row.pk))
    return client.post(address("question_thank", row.pk, answer.pk))


def end_day(now: datetime) -> None:
    day.end_day(now=now)
    mailed(now)


def test_nobody_can_learn_who_asked(people: list[User], dana: User) -> None:
    mara = verified(User.objects.create_user("mara@example.org", "look-at-the-balance")).user
    truth = ask_each(people)
    names = {row.pen_name: str(row.pk) for row in Submission.objects.all()}

    def cannot_guess(when: str) -> None:
        right, alike, way = guess(truth, dana, by_name=names)
        assert right < GUESSED, f"{when}: {right} by {way}"
        assert alike < ALIKE, f"{when}: {alike} by {way}"

    cannot_guess("as they are sent")
    for row in Submission.objects.order_by("pk"):
        moderated(row, Submission.State.AGREE, change=CHANGE)
    each(people, NOW + timedelta(days=1), agree)
    cannot_guess("as they agree")
    end_day(NOW + timedelta(days=2))
    cannot_guess("when all is published")
    for question in Question.objects.order_by("pk"):
        answered(question, mara, now=NOW + timedelta(days=2))
        submissions.tell_author(question.pk)
    each(people, NOW + timedelta(days=3), give_thanks)
    cannot_guess("as they give thanks")
    end_day(NOW + timedelta(days=4))
    cannot_guess("when the thanks show")


def leave_marks(people: Sequence[User]) -> tuple[dict[str, str], dict[str, str]]:
    """Each says of the same answer that it helped, and flags it; returns which rows are whose."""
    mara = verified(User.objects.create_user("mara@example.org", "look-at-the-balance")).user
    answer = answered(asked := published(people[0]), mara, now=NOW)
    own_marks: dict[str, str] = {}
    own_flags: dict[str, str] = {}
    for number, person in enumerate(people):
        with time_machine.travel(NOW + timedelta(minutes=7 * number), tick=False):
            client = Client()
            client.force_login(person)
            about = [asked.pk, answer.pk]
            client.post(reverse("answer_helped", args=about), {"action": "helped"})
            client.post(reverse("answer_flag", args=about), {"reason": "A reason.", "writer": str(person.pk)})
            own_marks[str(mark_id(person, Helped.LABEL, answer.pk))] = str(person.pk)
            own_flags[str(mark_id(person, Flag.LABEL, answer.pk))] = str(person.pk)
    assert Answer.objects.get().helped == Helped.objects.count() == Flag.objects.count() == AUTHORS
    return own_marks, own_flags


def test_nobody_can_learn_whom_an_answer_helped_or_who_flagged_it(people: list[User], dana: User) -> None:
    truths = leave_marks(people)
    for when in ("as they are left", "after a day"):
        for truth in truths:
            right, alike, way = guess(truth, dana, by_name={})
            assert right < GUESSED, f"{when}: {right} by {way}"
            assert alike < ALIKE, f"{when}: {alike} by {way}"
        end_day(NOW + timedelta(days=2))
    assert Answer.objects.get().helped == AUTHORS


def stays_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "shuffle", lambda *_, **__: None)


def is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused form, as other forms are."""
    keep = question_drafts.keep_draft

    def keep_and_hold(*, owner: User, about: str, fields: Mapping[str, str], typed: Any = None) -> None:
        keep(owner=owner, about=about, fields=fields, typed=typed)
        hold(owner=owner, place=NEW, document={"html": "x" * 1_000, **fields}, now=timezone.now())

    monkeypatch.setattr("exchange.views.asking.keep_draft", keep_and_hold)


@pytest.mark.parametrize("broken", [stays_where_it_is, is_held])
def test_the_script_finds_who_asked_where_it_can_be_found(
    people: list[User], dana: User, monkeypatch: pytest.MonkeyPatch, broken: Callable[[pytest.MonkeyPatch], None]
) -> None:
    broken(monkeypatch)
    right, alike, _way = guess(ask_each(people), dana, by_name={})
    assert right >= GUESSED or alike >= ALIKE  # so that the test above would be red
