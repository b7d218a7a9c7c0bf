"""Whether an instrument's document may be published: every problem, each with its key and its rule. Pure: no Django."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from string import Formatter
from typing import Any

from assessments.instrument import Area, Constants, Instrument, Item, Position, Subscale, build
from assessments.routes import COMPARE

TABLES = (
    "instrument", "items", "scales", "non_answers", "importance", "forms", "areas", "clusters", "subscales",
    "positions", "confidence", "change", "roles", "role_words", "routes", "safety", "constants",
)  # fmt: skip
HEAD = {
    "id": str, "version": int, "algorithm": int, "title": str, "language": str, "time_frame": str,
    "minutes_full": int, "minutes_short": int, "intro": str, "partnered_question": str, "partnered_help": str,
    "bands_note": str, "themes": list,
}  # fmt: skip
POSITIONS = {
    "gives_more", "receives_more", "uneven_by_area", "balanced_full", "balanced_thin", "too_close", "not_enough",
}  # fmt: skip
CONFIDENCE = ("clear", "leaning", "too_close")
CHANGE = ("likely", "maybe", "wobble", "note")
SAFETY = ("intro", "answers", "raised_by", "questions", "panel_heading", "panel_text", "panel_link",
          "everyone_heading", "everyone_text")  # fmt: skip
COUNTS = {"areas", "give_areas", "receive_areas", "even_areas"}
INDICES = {"B", "A", "L", "M"}
STATEMENTS_OF_SHORT_FORM = 3

type Document = Mapping[str, Any]


def check_file(text: str) -> tuple[Instrument | None, list[str]]:
    """The instrument of a TOML file, or none and what is wrong with it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [f"This is not TOML: {error}"]
    found = problems(document)
    return (None, found) if found else (build(document), [])


def problems(document: Document) -> list[str]:
    """Everything wrong with a document, one line each: `key: rule`. The shape is checked first, then what it means."""
    found = list(_tables(document))
    if not found:
        found = [line for part in SHAPES for line in part(document)]
    if not found:
        found = [line for part in MEANINGS for line in part(document)]
    return found


# --- Shape ----------------------------------------------------------------------------------------------------


def _tables(document: Document) -> Iterator[str]:
    for name in TABLES:
        if name not in document:
            yield f"{name}: this table is missing"
    for name in document:
        if name not in TABLES:
            yield f"{name}: there is no such table"
    for name in ("items", "areas", "subscales", "positions", "routes"):
        rows = document.get(name, [])
        if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
            yield f"{name}: a list of tables is expected"
    for name in set(TABLES) - {"items", "areas", "subscales", "positions", "routes"}:
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
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


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
    yield from _typed("instrument", document["instrument"], HEAD)
    yield from _typed("constants", document["constants"], _row_shape(Constants)[0])


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
    tables: dict[str, Mapping[str, type]] = {
        "non_answers": {"does_not_apply": str, "prefer_not_to_say": str},
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
    if not _are(document["safety"].get("questions"), dict):
        yield "safety.questions: a list of tables is expected"


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


# --- Meaning --------------------------------------------------------------------------------------------------


def _unique(document: Document) -> Iterator[str]:
    for name in ("items", "areas", "subscales", "positions", "routes"):
        keys = Counter(row["key"] for row in document[name])
        yield from (f"{name}[{key}]: this key occurs {count} times" for key, count in keys.items() if count > 1)


def _references(document: Document) -> Iterator[str]:
    subscales = {row["key"]: row for row in document["subscales"]}
    themes = document["instrument"]["themes"]
    for item in document["items"]:
        if item["subscale"] not in subscales:
            yield f"items[{item['key']}].subscale: there is no subscale {item['subscale']}"
        if item.get("role") is not None and item["role"] not in document["roles"]:
            yield f"items[{item['key']}].role: there is no role {item['role']}"
    for row in subscales.values():
        if row["scale"] not in document["scales"]:
            yield f"subscales[{row['key']}].scale: there is no scale {row['scale']}"
        if row["theme"] not in themes:
            yield f"subscales[{row['key']}].theme: there is no theme {row['theme']}"
        if not any(item["subscale"] == row["key"] for item in document["items"]):
            yield f"subscales[{row['key']}]: no statement belongs to it"
    for area in document["areas"]:
        if area["cluster"] not in document["clusters"]:
            yield f"areas[{area['key']}].cluster: there is no cluster {area['cluster']}"
    keys = Counter(item["key"] for item in document["items"])
    keys.update(f"{area['key']}_{side}" for area in document["areas"] for side in ("give", "receive"))
    yield from (f"{key}: this answer key occurs {count} times" for key, count in keys.items() if count > 1)


def _places(document: Document) -> Iterator[str]:
    places = Counter((item["page"], item["order"]) for item in document["items"])
    for (page, order), count in places.items():
        if count > 1:
            yield f"items: {count} statements stand on page {page} at place {order}"
    first = len(document["areas"]) + 2
    for item in document["items"]:
        on_first = item["subscale"] == "felt"
        if on_first != (item["page"] == 1) or (not on_first and item["page"] < first):
            yield f"items[{item['key']}].page: page 1 is the overall feeling, the statements begin on page {first}"
    for page, count in Counter(item["page"] for item in document["items"]).items():
        if page >= first and not 3 <= count <= 4:
            yield f"items: page {page} has {count} statements, 3 or 4 are expected"


def _forms(document: Document) -> Iterator[str]:
    if not any(item["subscale"] == "felt" and item["short"] for item in document["items"]):
        yield "items: the overall feeling (subscale felt) is asked in both forms"
    for key, form in document["forms"].items():
        areas = [area for area in document["areas"] if key == "full" or area["short"]]
        items = [item for item in document["items"] if key == "full" or item["short"]]
        count = 2 * len(areas) + len(items)
        if count != form["scored_items"]:
            yield f"forms.{key}.scored_items: {form['scored_items']} is stated, {count} are there"
    for subscale in {item["subscale"] for item in document["items"]} - {"felt"}:
        short = [item for item in document["items"] if item["subscale"] == subscale and item["short"]]
        if short and (len(short), sum(item["reverse"] for item in short)) != (STATEMENTS_OF_SHORT_FORM, 1):
            yield f"subscales[{subscale}]: the short form takes three statements or none, one of them reversed"
    groups = [form["comparability_group"] for form in document["forms"].values()]
    if len(set(groups)) != len(groups):
        yield "forms: each form has a comparability group of its own"


def _constants(document: Document) -> Iterator[str]:
    c = document["constants"]
    rules = {
        "R": c["R"] == max(document["scales"]["amount"]["values"]) > 0 == min(document["scales"]["amount"]["values"]),
        "balance_band": 0 < c["balance_band"] < 100,
        "uneven": 0 < c["uneven"] <= 100,
        "thin": 0 < c["thin"] < 100,
        "lower_below": 0 < c["lower_below"] < c["higher_above"] < 100,
        "clear": 0.5 <= c["leaning"] < c["clear"] < 1,
        "sem": c["sem"] > 0 and abs(c["sem"] - c["sd"] * (1 - c["reliability"]) ** 0.5) < 0.05,
        "z80": 0 < c["z80"] < c["z95"],
        "missing_max": 0 <= c["missing_max"] < 1,
        "min_pairs": 2 <= c["min_pairs"] <= len(document["areas"]),
        "routes_max": c["routes_max"] >= 1,
        "cluster_min_areas": c["cluster_min_areas"] >= 1,
        "decimals": c["decimals"] == 6,
    }
    yield from (f"constants.{key}: this value is out of its range" for key, holds in rules.items() if not holds)
    importance = document["importance"]
    if importance["scale"] not in document["scales"]:
        yield f"importance.scale: there is no scale {importance['scale']}"
    elif importance["default"] not in document["scales"][importance["scale"]]["values"]:
        yield "importance.default: this value is not on its scale"
    yield from (f"importance.forms: there is no form {f}" for f in importance["forms"] if f not in document["forms"])


def _positions(document: Document) -> Iterator[str]:
    keys = {row["key"] for row in document["positions"]}
    yield from (f"positions[{key}]: this position is missing" for key in sorted(POSITIONS - keys))
    yield from (f"positions[{key}]: there is no such position" for key in sorted(keys - POSITIONS))
    for row in document["positions"]:
        for name in _placeholders(row["heading"] + row["reading"]):
            if name not in COUNTS:
                yield f"positions[{row['key']}]: there is no count {{{name}}}"


def _placeholders(text: str) -> list[str]:
    try:
        return [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError:
        return ["unclosed brace"]


def _routes(document: Document) -> Iterator[str]:
    themes = document["instrument"]["themes"]
    for row in document["routes"]:
        where = f"routes[{row['key']}]"
        if not row["themes"] or not row["prompts"]:
            yield f"{where}: at least one theme and one prompt are expected"
        if not row["suppressed_if_unsafe"] and not row.get("themes_if_unsafe"):
            yield f"{where}.themes_if_unsafe: what is shown to someone who may not be safe is missing"
        for key in ("themes", "themes_if_unsafe"):
            yield from (f"{where}.{key}: there is no theme {t}" for t in row.get(key, []) if t not in themes)
        for key in ("prompts", "prompts_if_unsafe"):
            for prompt in row.get(key, []):
                if not (match := re.fullmatch(r"(.+)-\d+", prompt)) or match[1] not in themes:
                    yield f"{where}.{key}: {prompt} is not the key of a prompt (<theme>-<n>)"
        if bool(row["any"]) == bool(row.get("fallback")):
            yield f"{where}.any: every route but the fallback needs a condition"
        for way in row["any"]:
            yield from _way(where, way, document)
    if sum(bool(row.get("fallback")) for row in document["routes"]) != 1:
        yield "routes: exactly one fallback is expected"


def _way(where: str, way: Document, document: Document) -> Iterator[str]:
    figures = INDICES | {row["key"] for row in document["subscales"]}
    if way["distance"] not in figures:
        yield f"{where}.distance: there is no figure {way['distance']}"
    for condition in way["all"]:
        match condition:
            case {"position": str(key), "confidence": [*words], **rest} if not rest:
                if key not in POSITIONS or not all(word in CONFIDENCE for word in words):
                    yield f"{where}: there is no position {key} with {', '.join(map(str, words))}"
            case {"score": str(key), "op": str(op), "value": int() | float(), **rest} if not rest:
                if key not in figures or op not in COMPARE:
                    yield f"{where}: there is no comparison {key} {op}"
            case {"imbalance": bool(), **rest} if not rest:
                pass
            case _:
                yield f"{where}: this condition is not understood: {condition}"


def _safety(document: Document) -> Iterator[str]:
    safety = document["safety"]
    if safety["raised_by"] not in safety["answers"]:
        yield "safety.raised_by: this is not one of the answers"
    for question in safety["questions"]:
        yield from _typed("safety.questions", question, {"key": str, "text": str})


SHAPES: Sequence[Callable[[Document], Iterator[str]]] = (
    _head, _rows("items", Item), _rows("areas", Area), _rows("subscales", Subscale), _rows("positions", Position),
    _scales, _plain_tables, _lists, _route_shapes,
)  # fmt: skip
MEANINGS: Sequence[Callable[[Document], Iterator[str]]] = (
    _unique, _references, _places, _forms, _constants, _positions, _routes, _safety,
)  # fmt: skip
