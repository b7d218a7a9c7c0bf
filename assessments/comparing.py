"""What is said of a result beside earlier ones: worked out once, when it is new, and stored with it.

Compared are the answers, by algorithm 2 and with the constants in use, whatever the results were scored with. What was
said does not change with later constants, nor when the other result is deleted.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments import change as algorithm_1
from assessments.algorithm_2 import change
from assessments.algorithm_2.constants import Constants
from assessments.algorithms import FIRST, score_by
from assessments.models import Result, ResultQuerySet
from assessments.scoring import FIRST_LINE, Answers, Document

AGAINST = ("previous", "first")  # what a new result is compared with, both of its line


class Opened(NamedTuple):
    """A result with its answers, as algorithm 2 compares them."""

    row: Result
    figures: change.Result

    @property
    def line(self) -> str:
        return self.figures.answers.line


def began(at: datetime) -> str:
    """The name of a line that begins at a moment."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def line_of(score: Document) -> str:
    """The line of results that a score belongs to; all from before people were asked are in the first."""
    line: str = score.get("compared", {}).get("line", FIRST_LINE)
    return line


def line_of_latest(owner: User, now: datetime) -> str:
    """The line that goes on with a new response: that of the latest result, or a new one if that cannot be opened."""
    latest = Result.objects.visible_to(owner).newest_first().first()
    if latest is None:
        return FIRST_LINE
    try:
        return line_of(latest.score(owner))
    except CannotOpen:
        return began(now)


def opened(owner: User, row: Result, used: Constants, answers: Answers | None = None) -> Opened:
    """A result, read by algorithm 2; its row needs `response` unless `answers` are given. Raises `CannotOpen`."""
    answers = answers or row.response.answers(owner)
    instrument = row.instrument
    score = score_by(2, instrument, used)(instrument, answers)
    return Opened(row, change.Result(instrument, answers, score, answers.same_relationship))


def compared(owner: User, new: Result, answers: Answers, used: Constants) -> Document:
    """What is stored with a new result: its line, and its comparisons with the one before and the first of the line.

    Each is None where there is no such result, and the first where it is the one before. Two queries.
    """
    here = opened(owner, new, used, answers)
    before = Result.objects.visible_to(owner).filter(created_at__lte=new.created_at).exclude(pk=new.pk)
    if here.line != FIRST_LINE:
        before = before.filter(response__started_at__gte=datetime.fromisoformat(here.line))
    previous = _in_line(owner, before.newest_first(), here, used)
    first = _in_line(owner, before.oldest_first(), here, used)
    if previous and first and previous.row == first.row:
        first = None
    return {
        "line": here.line,
        "previous": between(previous, here, used) if previous else None,
        "first": between(first, here, used) if first else None,
    }


def _in_line(owner: User, rows: ResultQuerySet, here: Opened, used: Constants) -> Opened | None:
    """The first of these rows, if it is in the same line and can be opened."""
    row = rows.select_related("response").first()
    try:
        found = opened(owner, row, used) if row else None
    except CannotOpen:
        return None
    return found if found and found.line == here.line else None


def between(first: Opened, second: Opened, used: Constants, *, chosen: bool = False) -> Document:
    """The document of a comparison: which result, when, and what `algorithm_2.change` finds.

    If comparable, with the areas that `moved`, the change of the balance that is `needed` to be noticed, and whether
    the illusions are read both times.
    """
    one, two = first.figures, second.figures
    two = two._replace(same_relationship=first.line == second.line)
    found = change.compare(one, two, used, chosen=chosen)
    about = {"result": str(first.row.pk), "on": first.row.created_at.isoformat(), "constants": used.version}
    if not found["comparable"]:
        return about | found
    more = {
        "moved": change.areas_moved(one, two, used),
        "needed": change.noticeable(found["areas"], used),
        "ill_shown": one.score["ill_shown"] and two.score["ill_shown"],
    }
    return about | found | more


def said_of(owner: User, result: Result, score: Document) -> dict[str, Document]:
    """What was said of a result when it was new, by what it was compared with (`AGAINST`). `result` has its response.

    A result from before comparisons were stored keeps the word of algorithm 1, worked out as its page always did.
    """
    if "compared" in score:
        return stored(score)
    if result.algorithm != FIRST:
        return {}
    found = _said_by_algorithm_1(owner, result)
    return {"previous": found} if found else {}


def stored(score: Document) -> dict[str, Document]:
    """What was stored with a score; nothing with one from before."""
    found = score.get("compared", {})
    return {name: found[name] for name in AGAINST if found.get(name)}


def said_of_pair(owner: User, first: Result, second: Result) -> Document:
    """What was said of these two when the later one was new; nothing of any other pair. Raises `CannotOpen`."""
    said = said_of(owner, second, second.score(owner)).values()
    return next((one for one in said if one["result"] == str(first.pk)), {})


def _said_by_algorithm_1(owner: User, result: Result) -> Document | None:
    """The change since the latest earlier result of the same version and form, with `algorithm` 1."""
    earlier = Result.objects.visible_to(owner).filter(
        version=result.version_id, form=result.form, created_at__lt=result.created_at
    )
    before = earlier.select_related("response").newest_first().first()
    if before is None:
        return None
    try:
        before.score(owner)  # of what cannot be opened nothing is said
        answers = before.response.answers(owner), result.response.answers(owner)
    except CannotOpen:
        return None
    found = algorithm_1.compare(result.instrument, *answers)
    about = {"result": str(before.pk), "on": before.created_at.isoformat(), "algorithm": FIRST}
    return about | found if found["comparable"] else None
