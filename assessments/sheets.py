"""Answer sheets in files, for researchers: reads JSON Lines or CSV, writes the score of each sheet. Pure: no Django.

Reading and writing stream: one sheet is in memory at a time.
"""

import codecs
import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from textwrap import shorten
from typing import Any, BinaryIO, NamedTuple, Protocol

from assessments.algorithms import Score
from assessments.instrument import Instrument
from assessments.scoring import Answer, Answers, CannotScore, check

type Document = dict[str, Any]


class Writable(Protocol):
    """Where text is written to."""

    def write(self, text: str, /) -> object: ...


# ASCII, because JSON can name half a character ("\ud800"), which no file can hold otherwise.
ENCODE = json.JSONEncoder(check_circular=False).encode
BROKEN = ("not_json", "not_a_sheet")
KINDS = (str, bool, dict, dict)
TRUTH = {"": True, "true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
IMPORTANCE = "_importance"


class WrongColumns(ValueError):
    """A CSV file whose header is not that of answer sheets."""


class Named(NamedTuple):
    """A sheet of a file with its name, or the reason why the line is not a sheet.

    `version` is that of the questionnaire, where the sheet states it.
    """

    name: str | None
    sheet: Answers | CannotScore
    version: int | None = None


def from_jsonl(lines: Iterable[str | bytes]) -> Iterator[Named]:
    """The sheets of JSON Lines: objects with `form` and `answers`, optionally name, version, partnered and importance.

    Bytes are read as UTF-8, line by line, so that a broken line is an error of its own and the next one is read.
    """
    for line in lines:
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield Named(None, CannotScore("not_json"))
            continue
        yield _named(found) if isinstance(found, dict) else Named(None, CannotScore("not_a_sheet"))


def _named(found: Mapping[str, Any]) -> Named:
    name, importance = found.get("name"), found.get("importance")
    sheet = Answers(
        form=found.get("form", ""),
        partnered=found.get("partnered", True),
        answers=found.get("answers", {}),
        importance={} if importance is None else importance,
    )
    version = found.get("version")
    if not (name is None or isinstance(name, str)):
        return Named(None, CannotScore("not_a_sheet"))
    kinds = type(sheet.form), type(sheet.partnered), type(sheet.answers), type(sheet.importance)
    if kinds != KINDS or not (version is None or type(version) is int):
        return Named(name, CannotScore("not_a_sheet"))
    return Named(name, sheet, version)


def from_csv(lines: Iterable[str], instrument: Instrument) -> Iterator[Named]:
    """The sheets of a CSV file with a column for each answer key; an empty cell is an absent answer.

    Raises `WrongColumns` unless the header has `form` and otherwise only name, version, partnered, answer keys and
    `<area>_importance`; `csv.Error` for what is not CSV.
    """
    rows = csv.DictReader(lines)
    columns = list(rows.fieldnames or ())
    keys = set(instrument.scale_of)
    importance = {f"{area}{IMPORTANCE}": area for area in instrument.area}
    unknown = sorted(set(columns) - keys - set(importance) - {"name", "version", "form", "partnered"})
    if "form" not in columns or len(set(columns)) != len(columns) or unknown:
        raise WrongColumns(_header_problem(columns, unknown))
    for row in rows:
        whole = None not in row and None not in row.values()  # neither more nor fewer cells than the header
        cells = {column: (row[column] or "").strip() for column in columns}
        name = cells.get("name") or None
        partnered = TRUTH.get(cells.get("partnered", "").lower())
        version = cells.get("version", "")
        if partnered is None or not whole or not (version == "" or (version.isascii() and version.isdigit())):
            yield Named(name, CannotScore("not_a_sheet"))
            continue
        answers = {key: _cell(cells[key]) for key in columns if key in keys and cells[key]}
        weights = {area: _cell(cells[column]) for column, area in importance.items() if cells.get(column)}
        yield Named(name, Answers(cells["form"], partnered, answers, weights), int(version) if version else None)


def _header_problem(columns: list[str], unknown: list[str]) -> str:
    if unknown:
        return f"These columns are not known: {shorten(', '.join(unknown), 200, placeholder=' …')}."
    if "form" not in columns:
        return "The column “form” is missing."
    return "A column occurs twice."


def _cell(text: str) -> Answer:
    """An integer, or the text itself, for the scoring to judge."""
    try:
        return int(text) if text.isascii() and text.removeprefix("-").isdigit() else text  # type: ignore[return-value]
    except ValueError:  # thousands of digits
        return text  # type: ignore[return-value]


def scored(sheets: Iterable[Named], instrument: Instrument, score: Score, *, is_stated: bool) -> Iterator[Document]:
    """One document for each sheet: its name and its figures, or its name and the code of what is wrong.

    A sheet of another version than the instrument's is not scored: its answers are to other questions, and neither is
    one that has an answer which this does not offer. One that does not state its version is scored only if the version
    of all sheets `is_stated`: most answers could be to any.
    """
    for name, sheet, version in sheets:
        try:
            if isinstance(sheet, CannotScore):
                raise sheet
            if version is None and not is_stated:
                raise CannotScore("no_version")
            if version not in (None, instrument.version):
                raise CannotScore("other_version")
            check(instrument, sheet)  # algorithm 2 knows ways not to answer that an older version does not offer
            yield {"name": name, **score(instrument, sheet)}
        except CannotScore as error:
            yield {"name": name, "error": error.code}


def to_jsonl(documents: Iterable[Document], out: Writable, columns: Sequence[str]) -> Iterator[Document]:
    """Write a line per document and yield the document. (`columns` is unused: all writers share one signature.)"""
    for document in documents:
        out.write(ENCODE(document) + "\n")
        yield document


def to_csv(documents: Iterable[Document], out: Writable, columns: Sequence[str]) -> Iterator[Document]:
    """Write a row for each document, its keys flattened with dots; the columns are the same for every file."""
    writer = csv.DictWriter(out, ["name", "error", *columns], restval="", lineterminator="\n")
    sheets = iter(documents)
    first = [*islice(sheets, 1)]  # read before anything is written: the file may be refused
    writer.writeheader()
    for document in chain(first, sheets):
        writer.writerow(flat(document))
        yield document


def flat(document: Document) -> Document:
    """The values of a document by their path: `balance.B`, `areas.0.1`; nothing for null and for empty lists."""
    found: Document = {}
    _flatten(document, "", found)
    return found


def _flatten(part: Document | list[Any], path: str, found: Document) -> None:
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(value, dict | list):
            _flatten(value, f"{path}{key}.", found)
        elif value is not None:
            found[f"{path}{key}"] = value


def columns(instrument: Instrument, score: Score) -> list[str]:
    """Every column that a score can fill: those of a full sheet with every answer, and all places for routes."""
    answers: dict[str, Answer] = {key: scale.values[-1] for key, scale in instrument.scale_of.items()}
    answers[instrument.areas[0].answer_keys()[1]] = 0
    found = score(instrument, Answers("full", True, answers, {}))
    for name in ("routes", "routes_if_unsafe"):
        found[name] = [name] * instrument.constants.routes_max
    return list(flat(found))


READERS: Mapping[str, Callable[[BinaryIO, Instrument], Iterator[Named]]] = {
    "jsonl": lambda file, _: from_jsonl(file),
    "csv": lambda file, instrument: from_csv(codecs.iterdecode(file, "utf-8-sig"), instrument),
}
WRITERS: Mapping[str, Callable[[Iterable[Document], Writable, Sequence[str]], Iterator[Document]]] = {
    "jsonl": to_jsonl,
    "csv": to_csv,
}
