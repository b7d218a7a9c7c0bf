"""Published questions as members find them: lists paged by key, a search, and one with its answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank, TrigramWordSimilarity
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleLessThan

from accounts.models import User
from accounts.sealing import CannotOpen, data_key, tag
from consultations.models import Specialist
from consultations.models.profiles import are_reachable
from exchange.models import Answer, Answering, Helped, Question

PAGE = 12
MOST_FOUND = 200  # of the newest that match: they are put in order, and more of them nobody reads
FEW = 3  # with fewer than these, questions with a title that looks alike are found as well
MOST_ALIKE = 24
DIGITS = 7  # of a number in a key, which is a count or the ordinal of a day


class Order(StrEnum):
    NEWEST = "newest"
    HELPFUL = "helpful"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions, and which first; an empty theme is any, and with words the best match comes first."""

    theme: str = ""
    order: Order = Order.NEWEST
    words: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of a list ends: the column and value by which it is ordered, and the id.

    It says all that is needed to go on, even if the question is withdrawn meanwhile.
    """

    column: str
    value: int | date
    question: UUID

    @classmethod
    def of(cls, question: Question, order: Order) -> Self:
        if order is Order.HELPFUL:
            return cls("helped", question.helped, question.pk)
        return cls("published_on", question.published_on, question.pk)

    @classmethod
    def read(cls, text: str, order: Order = Order.NEWEST) -> Self:
        """Parse what `str` wrote for this order. Raises ValueError for anything else."""
        number, _, question = text.partition("-")
        if not (number.isascii() and number.isdecimal() and len(number) <= DIGITS):
            raise ValueError(text)
        if order is Order.HELPFUL:
            return cls("helped", int(number), UUID(question))
        return cls("published_on", date.fromordinal(int(number)), UUID(question))

    def __str__(self) -> str:
        number = self.value.toordinal() if isinstance(self.value, date) else self.value
        return f"{number}-{self.question}"


@dataclass(frozen=True, slots=True)
class Page:
    """Questions, and the key of the next page if there is one. `is_cut`: more would match than are searched."""

    questions: Sequence[Question]
    after: str = ""
    is_cut: bool = False


def listed(rows: QuerySet[Question], order: Order, after: Key | None = None) -> Page:
    """One page of a list, by index alone: the two columns of the key are compared as a row."""
    by = "helped" if order is Order.HELPFUL else "published_on"
    if after:
        rows = rows.filter(TupleLessThan(Tuple(F(after.column), F("id")), (after.value, after.question)))
    found = list(rows.order_by(f"-{by}", "-id").defer("search")[: PAGE + 1])
    return Page(found[:PAGE], str(Key.of(found[PAGE - 1], order)) if len(found) > PAGE else "")


def chosen(wanted: Wanted) -> QuerySet[Question]:
    """Those of the theme, and without an answer if that is asked for."""
    rows = Question.objects.filter(theme=wanted.theme) if wanted.theme else Question.objects.all()
    return rows.filter(answers=0) if wanted.order is Order.UNANSWERED else rows


def list_questions(wanted: Wanted, after: Key | None = None) -> Page:
    """All questions, without regard to words."""
    return listed(chosen(wanted), wanted.order, after)


def find_questions(wanted: Wanted, after: UUID | None = None) -> Page | None:
    """What a search finds, page by page; None behind a question that it does not find (any more).

    The ids of all that is found are few, and asked for with each page: a rank is a poor key.
    """
    ids = found_ids(wanted)
    is_cut = len(ids) >= MOST_FOUND
    if len(ids) < FEW:
        ids += [pk for pk in alike_ids(wanted) if pk not in ids]
    begin = 0
    if after:
        if after not in ids:
            return None
        begin = ids.index(after) + 1
    shown = ids[begin : begin + PAGE]
    rows = Question.objects.defer("search").in_bulk(shown)
    more = len(ids) > begin + PAGE
    return Page([rows[pk] for pk in shown if pk in rows], str(shown[-1]) if more else "", is_cut)


def found_ids(wanted: Wanted) -> list[UUID]:
    """The newest MOST_FOUND that hold the words, the best match first, or the most helpful."""
    query = SearchQuery(wanted.words, search_type="websearch", config="english")
    newest = chosen(wanted).filter(search=query).order_by("-published_on", "-id")
    found = Question.objects.filter(pk__in=newest.values("pk")[:MOST_FOUND])
    first = ["-helped"] if wanted.order is Order.HELPFUL else []
    ranked = found.annotate(rank=SearchRank(F("search"), query)).order_by(*first, "-rank", "-published_on", "-id")
    return list(ranked.values_list("pk", flat=True))


def alike_ids(wanted: Wanted) -> list[UUID]:
    """The newest MOST_ALIKE with a title in which the words stand, or almost; the nearest first."""
    newest = chosen(wanted).filter(title__trigram_word_similar=wanted.words).order_by("-published_on", "-id")
    alike = Question.objects.filter(pk__in=newest.values("pk")[:MOST_ALIKE])
    nearest = alike.annotate(near=TrigramWordSimilarity(wanted.words, "title")).order_by(
        "-near", "-published_on", "-id"
    )
    return list(nearest.values_list("pk", flat=True))


# One question


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as one member sees it. Whoever is not reachable any more stands there with their name alone."""

    answer: Answer
    specialist: Specialist
    is_reachable: bool
    is_own: bool
    helped_me: bool = False


def question_of(pk: UUID) -> Question | None:
    """A published question: what waits, was sent back or was withdrawn is not there, and nothing tells them apart."""
    return Question.objects.defer("search").filter(pk=pk).first()


def answers_to(question: Question, reader: User) -> list[Shown]:
    """The answers in the order in which they came, with those who wrote them. Two queries."""
    rows = Answer.objects.filter(question=question, specialist__specialist__isnull=False)
    answers = list(rows.select_related("specialist__specialist").order_by("on", "id"))
    helped = helped_by(reader, [answer.pk for answer in answers])
    return [shown(answer, reader, helped) for answer in answers]


def shown(answer: Answer, reader: User, helped: Iterable[UUID] = ()) -> Shown:
    host = answer.specialist.specialist
    return Shown(
        answer=answer,
        specialist=host,
        is_reachable=are_reachable(host, answer.specialist),
        is_own=answer.specialist_id == reader.pk,
        helped_me=answer.pk in helped,
    )


def mark_id(reader: User, label: str, about: UUID) -> UUID:
    """The id of what one person may leave once, and that names nobody. Raises CannotOpen."""
    return UUID(bytes=tag(reader, label, about.bytes)[:16])


def helped_by(reader: User, answers: Sequence[UUID]) -> set[UUID]:
    """Which of these answers this person said had helped."""
    try:
        if not answers or data_key(reader) is None:  # they have left nothing yet, and a GET makes no key
            return set()
        ids = {mark_id(reader, Helped.LABEL, pk): pk for pk in answers}
    except CannotOpen:
        return set()
    return {ids[pk] for pk in Helped.objects.filter(pk__in=ids).values_list("pk", flat=True)}


# For specialists


class Shelf(StrEnum):
    """The lists of the desk."""

    TOPICS = "topics"  # without an answer, in the specialist's topics
    OTHERS = "others"  # without an answer, in all the others
    MINE = "mine"  # answered by the specialist


def shelf(specialist: Specialist, name: Shelf, after: Key | None = None) -> Page:
    """One page of a list of the desk, newest first."""
    rows = Question.objects.all()
    match name:
        case Shelf.TOPICS:
            rows = rows.filter(answers=0, theme__in=specialist.themes)
        case Shelf.OTHERS:
            rows = rows.filter(answers=0).exclude(theme__in=specialist.themes)
        case Shelf.MINE:
            rows = rows.filter(pk__in=Answer.objects.filter(specialist=specialist.pk).values("question"))
    return listed(rows, Order.NEWEST, after)


def asked_more(specialist: Specialist) -> list[Question]:
    """The newest of those in which something more was asked, and this specialist's reply is missing."""
    waiting = Answer.objects.filter(specialist=specialist.pk, reply="").exclude(question__more="")
    rows = Question.objects.filter(pk__in=waiting.values("question")).order_by("-published_on", "-id")
    return list(rows.defer("search")[:PAGE])


def being_answered(specialist: Specialist) -> Answering | None:
    """What this specialist has begun to answer."""
    return Answering.objects.filter(specialist=specialist.pk).select_related("question").order_by("-until").first()
