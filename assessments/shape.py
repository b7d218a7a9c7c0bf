"""The shape of an instrument's document: which tables and keys there are, and of what kind. Pure: no Django."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any

from assessments.instrument import NOT_ANSWERED, Area, Constants, Item, Position

TABLES = (
    "instrument", "items", "scales", "non_answers", "importance", "forms", "areas", "clusters", "subscales",
    "positions", "confidence", "change", "roles", "role_words", "routes", "safety", "constants",
)  # fmt: skip
HEAD = {
    "id": str, "version": int, "algorithm": int, "title": str, "language": str, "time_frame": str,
    "minutes_full": int, "minutes_short": int, "intro": str, "partnered_question": str, "partnered_help": str,
    "bands_note": str, "themes": list,
}  # fmt: skip
ALGORITHMS = (1, 2)
SUBSCALE: Mapping[str, type] = dict.fromkeys(("key", "title", "theme", "scale", "basis"), str)
BANDS: Mapping[str, type] = dict.fromkeys(("lower", "middle", "higher"), str)
OPTIONAL: Mapping[str, type] = {"only_with_imbalance": str}
LINE: Mapping[str, type] = {
    **SUBSCALE, **BANDS, **dict.fromkeys(("low_end", "high_end", "direction"), str), **OPTIONAL
}  # fmt: skip
# What came with algorithm 2: texts for the short form and for the lines of a pair, and another way not to answer.
TABLES_OF_2 = ("short", "lines")
WAYS_OF_2 = {"no_occasion", "which"}
CONFIDENCE = ("clear", "leaning", "too_close")
CHANGE = ("likely", "maybe", "wobble", "note")
SAFETY = ("intro", "answers", "raised_by", "questions", "panel_heading", "panel_text", "panel_link",
          "everyone_heading", "everyone_text")  # fmt: skip

type Document = Mapping[str, Any]


def shape_problems(document: Document) -> list[str]:
    """What is missing, unknown or of the wrong type. The contents of tables are checked once the tables are right."""
    return list(_tables(document)) or [line for part in SHAPES for line in part(document)]


def _tables(document: Document) -> Iterator[str]:
    head = document.get("instrument")
    algorithm = head.get("algorithm", 1) if isinstance(head, dict) else 1
    if algorithm not in ALGORITHMS:
        yield f"instrument.algorithm: {' and '.join(map(str, ALGORITHMS))} are the only ones that there are"
    expected = TABLES if algorithm == 1 else (*TABLES, *TABLES_OF_2)
    yield from (f"{name}: this table is missing" for name in expected if name not in document)
    yield from (f"{name}: there is no such table" for name in document if name not in expected)
    for name in ("items", "areas", "subscales", "positions", "routes"):
        rows = document.get(name, [])
        if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
            yield f"{name}: a list of tables is expected"
    for name in {*TABLES, *TABLES_OF_2} - {"items", "areas", "subscales", "positions", "routes"}:
        if name in document and not isinstance(document[name], dict):
            yield f"{name}: a table is expected"


def _typed(where: str, row: Document, expected: Mapping[str, type], optional: Iterable[str] = ()) -> Iterator[str]:
    for key, kind in expected.items():
        if key not in row:
            if key not in optional:
                yield f"{where}.{key}: this is missing"
        elif not _is(row[key], kind):
            yield f"{where}.{key}: {_words(kind)} is expected"
        elif kind is str and key not in optional and not row[key].strip():
            yield f"{where}.{key}: some text is expected"
    for key in row:
        if key not in expected:
            yield f"{where}.{key}: there is no such key"


def _is(value: object, kind: type) -> bool:
    if kind is float:
        return is_number(value)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def is_number(value: object) -> bool:
    """A number of a plausible size: no boolean, no NaN, nothing from 1e9 up."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _words(kind: type) -> str:
    return {
        str: "text",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        list: "a list",
        dict: "a table",
    }[kind]


def _row_shape(row_type: type) -> tuple[dict[str, type], set[str]]:
    """The keys and kinds of a dataclass of plain values, and those that may be left out."""
    kinds = {}
    for each in fields(row_type):
        name = each.type if isinstance(each.type, type) else str
        kinds[each.name] = name
    return kinds, {each.name for each in fields(row_type) if each.default is not MISSING}


def _rows(name: str, row_type: type) -> Callable[[Document], Iterator[str]]:
    kinds, optional = _row_shape(row_type)

    def check(document: Document) -> Iterator[str]:
        for place, row in enumerate(document[name], start=1):
            yield from _typed(f"{name}[{row.get('key', place)}]", row, kinds, optional)

    return check


def _head(document: Document) -> Iterator[str]:
    """Algorithm 1 takes all of its numbers from this file; those after it have constants of their own."""
    yield from _typed("instrument", document["instrument"], HEAD)
    kinds, of_algorithm_1 = _row_shape(Constants)
    if not is_algorithm_1(document):
        kinds = {key: kind for key, kind in kinds.items() if key not in of_algorithm_1}
    yield from _typed("constants", document["constants"], kinds)


def is_algorithm_1(document: Document) -> bool:
    """Also where the file does not say: `_head` does, then."""
    return bool(document["instrument"].get("algorithm", 1) == 1)


def _subscales(document: Document) -> Iterator[str]:
    """A line with a text for each band, or from algorithm 2 on a choice with a text for each answer."""
    for place, row in enumerate(document["subscales"], start=1):
        where = f"subscales[{row.get('key', place)}]"
        if "choices" in row and not is_algorithm_1(document):
            yield from _typed(where, row, {**SUBSCALE, "choices": list})
            if not _are(row["choices"], str):
                yield f"{where}.choices: a list of texts is expected"
            continue
        yield from _typed(where, row, LINE, OPTIONAL)


def _band_texts(document: Document) -> Iterator[str]:
    """Those of the short form, and those of each line of a pair, which has a title as well."""
    if is_algorithm_1(document):
        return
    yield from _tables_of("short", document["short"], BANDS)
    for key, lines in document["lines"].items():
        if isinstance(lines, dict):
            yield from _tables_of(f"lines.{key}", lines, {"title": str, **BANDS})
        else:
            yield f"lines.{key}: a table is expected"


def _tables_of(where: str, rows: Document, expected: Mapping[str, type]) -> Iterator[str]:
    for key, row in rows.items():
        if isinstance(row, dict):
            yield from _typed(f"{where}.{key}", row, expected)
        else:
            yield f"{where}.{key}: a table is expected"


def _scales(document: Document) -> Iterator[str]:
    for key, scale in document["scales"].items():
        if not isinstance(scale, dict):
            yield f"scales.{key}: a table is expected"
            continue
        values, labels = scale.get("values"), scale.get("labels")
        if not (isinstance(values, list) and isinstance(labels, list) and len(values) == len(labels) > 1):
            yield f"scales.{key}: as many labels as values are expected, two at least"
        elif not all(_is(value, int) for value in values) or values != list(range(values[0], values[0] + len(values))):
            yield f"scales.{key}.values: whole numbers that rise by one are expected"
        elif not all(isinstance(label, str) and label.strip() for label in labels):
            yield f"scales.{key}.labels: every point needs a label"
    for name in ("amount", "felt", "importance"):
        if name not in document["scales"]:
            yield f"scales.{name}: this scale is missing"


def _plain_tables(document: Document) -> Iterator[str]:
    ways = set(NOT_ANSWERED.values()) - WAYS_OF_2
    tables: dict[str, Mapping[str, type]] = {
        "non_answers": dict.fromkeys(ways if is_algorithm_1(document) else ways | WAYS_OF_2, str),
        "confidence": dict.fromkeys(CONFIDENCE, dict),
        "change": dict.fromkeys(CHANGE, str),
        "clusters": dict.fromkeys(document["clusters"], str),
        "roles": dict.fromkeys(document["roles"], str),
        "role_words": {"lower": str, "middle": str, "higher": str},
        "importance": {"text": str, "help": str, "scale": str, "default": int, "forms": list},
        "forms": {"full": dict, "short": dict},
        "safety": dict.fromkeys(SAFETY, str) | {"answers": list, "questions": list},
    }
    for table, expected in tables.items():
        yield from _typed(table, document[table], expected)
    parts: dict[str, Mapping[str, type]] = {
        "confidence": {"word": str, "meaning": str},
        "forms": {"label": str, "comparability_group": str, "scored_items": int},
    }
    for table, expected in parts.items():
        for key, row in document[table].items():
            if isinstance(row, dict):
                yield from _typed(f"{table}.{key}", row, expected)


def _lists(document: Document) -> Iterator[str]:
    """Lists of text, and of tables."""
    texts = {
        "instrument.themes": document["instrument"].get("themes"),
        "importance.forms": document["importance"].get("forms"),
        "safety.answers": document["safety"].get("answers"),
    }
    yield from (f"{where}: a list of texts is expected" for where, found in texts.items() if not _are(found, str))
    questions = document["safety"].get("questions")
    if not _are(questions, dict) or not questions:
        yield "safety.questions: a list of tables is expected"
        return
    for question in questions:
        yield from _typed(f"safety.questions[{question.get('key')}]", question, {"key": str, "text": str})


def _are(found: object, kind: type) -> bool:
    return isinstance(found, list) and all(isinstance(each, kind) for each in found)


def _route_shapes(document: Document) -> Iterator[str]:
    lists = {"any": dict, "themes": str, "prompts": str, "themes_if_unsafe": str, "prompts_if_unsafe": str}
    kinds = {"key": str, "suppressed_if_unsafe": bool, "help_card": bool, "fallback": bool} | dict.fromkeys(lists, list)
    optional = ("themes_if_unsafe", "prompts_if_unsafe", "help_card", "fallback")
    for row in document["routes"]:
        where = f"routes[{row.get('key')}]"
        yield from _typed(where, row, kinds, optional)
        for key, kind in lists.items():
            if not _are(row.get(key, []), kind):
                yield f"{where}.{key}: its entries are not of the right kind"
                return
        for way in row.get("any", []):
            yield from _typed(f"{where}.any", way, {"distance": str, "all": list})


SHAPES: Sequence[Callable[[Document], Iterator[str]]] = (
    _head, _rows("items", Item), _rows("areas", Area), _subscales, _rows("positions", Position),
    _scales, _band_texts, _plain_tables, _lists, _route_shapes,
)  # fmt: skip
