"""Export and import of questionnaires. Imported results are scored again, not trusted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import consents
from accounts.models import User
from accounts.portable import (
    Arrival,
    Document,
    FileRefused,
    Portable,
    count,
    flag,
    moment,
    reading,
    slug,
    text,
)
from accounts.sealing import CannotOpen
from assessments.algorithms import FIRST, score, versions
from assessments.comparing import began, compared
from assessments.models import InstrumentVersion, Response, Result, Retest, constants_of
from assessments.readable import results_text
from assessments.scoring import FIRST_LINE, Answers, check

CHUNK = 100
KEYS = (
    *("id", "cannot_be_opened", "instrument", "form", "started_at", "changed_at", "submitted_at"),
    *("partnered", "same_relationship", "line", "answers", "importance", "result"),
)
NO_VERSION = _("Nothing was added: this file holds answers to questions that this site does not have.")


def questionnaires(owner: User) -> Iterator[Document]:
    """Every response with its result, oldest first."""
    rows = Response.objects.visible_to(owner).select_related("version", "result").defer("version__source")
    for response in rows.order_by("started_at", "id").iterator(chunk_size=CHUNK):
        try:
            yield written(owner, response)
        except CannotOpen:
            yield {"id": str(response.pk), "cannot_be_opened": True}


def written(owner: User, response: Response) -> Document:
    """One response with its result. Raises CannotOpen."""
    answers = response.answers(owner)
    result: Result | None = getattr(response, "result", None)
    return {
        "id": str(response.pk),
        "instrument": {"name": response.version.slug, "version": response.version.version},
        "form": response.form,
        "started_at": response.started_at.isoformat(),
        "changed_at": response.changed_at.isoformat(),
        "submitted_at": response.submitted_at and response.submitted_at.isoformat(),
        "partnered": answers.partnered,
        "same_relationship": answers.same_relationship,
        "line": answers.line,
        "answers": answers.answers,
        "importance": answers.importance,
        "result": result
        and {
            "id": str(result.pk),
            "created_at": result.created_at.isoformat(),
            "constants": result.constants,
            "algorithm": result.algorithm,
            "figures": result.score(owner),
        },
    }


def take_questionnaires(arrival: Arrival, rows: Sequence[Document]) -> None:
    """Import the responses that the owner lacks; none without consent. Raises FileRefused."""
    owner = arrival.owner
    mine = Response.objects.visible_to(owner)
    versions: dict[tuple[str, int], InstrumentVersion] = {}
    agreed = consents.has_given(owner, consents.QUESTIONNAIRE.purpose)
    for pk, row in arrival.new_rows(mine, rows):
        if not agreed:
            leave_out(arrival, row)
            continue
        response, answers = read(arrival, pk, row, versions)
        if response.submitted_at is None and mine.unfinished().exists():
            arrival.left += 1  # a person has one at most
            continue
        response.save(force_insert=True)
        if response.submitted_at:
            scored(arrival, response, answers, row).save(force_insert=True)
        arrival.came[kind_of(row)] += 1


def leave_out(arrival: Arrival, row: Document) -> None:
    """Count a response that may not be stored. Entries name its result as they will once it is imported."""
    with reading():
        if row["result"]:
            exported = UUID(row["result"]["id"])
            arrival.results[exported] = arrival.new_id(exported)
        arrival.not_agreed[kind_of(row)] += 1


def kind_of(row: Document) -> str:
    return "results" if row["submitted_at"] else "unfinished"


def read(
    arrival: Arrival, pk: UUID, row: Document, versions: dict[tuple[str, int], InstrumentVersion]
) -> tuple[Response, Answers]:
    """Build an unsaved response and its answers from a row. Raises FileRefused."""
    with reading():
        of = slug(row["instrument"]["name"], 32), count(row["instrument"]["version"])
        answers = Answers(
            text(row["form"], 5),
            flag(row["partnered"]),
            dict(row["answers"]),
            dict(row["importance"]),
            None if row.get("same_relationship") is None else flag(row["same_relationship"]),
            line_in(row),
        )
        response = Response(
            id=pk,
            owner=arrival.owner,
            form=answers.form,
            started_at=arrival.done_at(row["started_at"]),
            changed_at=arrival.done_at(row["changed_at"]),
            submitted_at=arrival.done_at_or_none(row["submitted_at"]),
        )
    if of not in versions:
        found = InstrumentVersion.objects.published().defer("source").filter(slug=of[0], version=of[1]).first()
        if found is None:
            raise FileRefused(NO_VERSION)
        versions[of] = found
    response.version = versions[of]
    with reading():
        check(response.instrument, answers)
    response.seal(arrival.owner, answers)
    return response, answers


def line_in(row: Document) -> str:
    """The line of a row; in files from before there were lines, all are in the first. Raises ValueError."""
    line = row.get("line", FIRST_LINE)
    return FIRST_LINE if line == FIRST_LINE else began(moment(line))


def scored(arrival: Arrival, response: Response, answers: Answers, row: Document) -> Result:
    """Score an imported response anew, by the algorithm and constants of its result, and compare it anew.

    Only that, the id and the time come from the file.
    """
    with reading():
        algorithm = count(row["result"].get("algorithm", FIRST))  # files from before there were two do not name it
        used = constants_of(count(row["result"].get("constants", FIRST)), response.version_id)
        found = score(response.instrument, answers, algorithm, used)
    of = versions(response.instrument, found)
    with reading():
        exported = UUID(row["result"]["id"])
        arrival.results[exported] = arrival.new_id(exported)
        result = Result(
            id=arrival.results[exported],
            owner=arrival.owner,
            response=response,
            version=response.version,
            form=response.form,
            constants=of.constants,
            algorithm=of.algorithm,
            created_at=arrival.done_at(row["result"]["created_at"]),
        )
    result.seal(arrival.owner, found, compared(arrival.owner, result, answers, used) if has_comparisons(row) else None)
    return result


def has_comparisons(row: Document) -> bool:
    """Whether comparisons were stored with a result; of one from before, nothing new is said."""
    with reading():
        return "compared" in row["result"].get("figures", {})


def retests(owner: User) -> Iterator[Document]:
    """When the owner was asked to answer again, and what they said of a pair. Like consents, it is never imported."""
    for row in Retest.objects.visible_to(owner).order_by("asked_at", "id").iterator():
        about: Document = {"first": str(row.first_id), "second": row.second_id and str(row.second_id)}
        for name in ("asked_at", "reminded_at", "declined_at"):
            at: datetime | None = getattr(row, name)
            about[name] = at and at.isoformat()
        try:
            yield about | {"changed": str(row.changed(owner)) if row.sealed else None}
        except CannotOpen:
            yield about | {"changed": None, "cannot_be_opened": True}


RETESTS = Portable(retests)
QUESTIONNAIRES = Portable(
    questionnaires,
    take_questionnaires,
    KEYS,
    readable=("results.md", results_text),
    kinds={
        "results": ngettext_lazy("%(count)d result", "%(count)d results", "count"),
        "unfinished": ngettext_lazy(
            "%(count)d unfinished questionnaire", "%(count)d unfinished questionnaires", "count"
        ),
    },
)
