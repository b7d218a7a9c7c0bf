"""Whether an instrument's document may be published: every problem, each with its key and its rule. Pure: no Django."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from string import Formatter

from assessments.instrument import Instrument, build
from assessments.position import PHI
from assessments.routes import COMPARE
from assessments.shape import CONFIDENCE, Document, is_algorithm_1, is_number, shape_problems

POSITIONS = {
    "gives_more", "receives_more", "uneven_by_area", "balanced_full", "balanced_thin", "too_close", "not_enough",
}  # fmt: skip
COUNTS = {"areas", "give_areas", "receive_areas", "even_areas"}
INDICES = {"B", "A", "L"}
STATEMENTS_OF_SHORT_FORM = 3
AREAS = 10
KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def check_file(text: str) -> tuple[Instrument | None, list[str]]:
    """The instrument of a TOML file, or none and what is wrong with it."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, [f"This is not TOML: {error}"]
    found = problems(document)
    return (None, found) if found else (build(document), [])


def problems(document: Document) -> list[str]:
    """Everything wrong with a document, one line each: `key: rule`. The shape is checked first, then what it means."""
    return shape_problems(document) or [line for part in MEANINGS for line in part(document)]


def _head(document: Document) -> Iterator[str]:
    head = document["instrument"]
    if not re.fullmatch(r"[a-z][a-z0-9-]*", head["id"]):
        yield "instrument.id: small letters, digits and hyphens are expected"
    for key in ("version", "minutes_full", "minutes_short"):
        if head[key] < 1:
            yield f"instrument.{key}: 1 or more is expected"
    yield from _repeated("instrument.themes", head["themes"])


def _keys(document: Document) -> Iterator[str]:
    for name in ("items", "areas", "subscales", "positions", "routes"):
        keys = [row["key"] for row in document[name]]
        yield from _repeated(name, keys)
        for key in keys:
            if not KEY.fullmatch(key) or key in ("name", "form", "partnered", "error"):
                yield f"{name}[{key}].key: a word in small letters is expected (name, form, partnered, error are taken)"


def _repeated(where: str, keys: Sequence[str]) -> Iterator[str]:
    yield from (f"{where}[{key}]: this key occurs {count} times" for key, count in Counter(keys).items() if count > 1)


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
    for table in ("short", "lines"):
        for key in document.get(table, {}):
            if key not in subscales or "choices" in subscales[key]:
                yield f"{table}.{key}: there is no subscale {key} with bands"
    for role in document["roles"]:
        if not any(item.get("role") == role for item in document["items"]):
            yield f"roles.{role}: no statement has this role"
    if len(document["areas"]) != AREAS:
        yield f"areas: {AREAS} are expected, {len(document['areas'])} are there"
    for area in document["areas"]:
        if area["cluster"] not in document["clusters"]:
            yield f"areas[{area['key']}].cluster: there is no cluster {area['cluster']}"
    keys = Counter(item["key"] for item in document["items"])
    keys.update(f"{area['key']}_{side}" for area in document["areas"] for side in ("give", "receive", "importance"))
    yield from (f"{key}: this answer key occurs {count} times" for key, count in keys.items() if count > 1)


def _scales(document: Document) -> Iterator[str]:
    """Statements must run from 0 to R, which reverse keying and bands assume; the overall feeling is centred on 0.

    A choice has a scale of its own, with a text for each answer.
    """
    scales = document["scales"]
    amount, felt = scales["amount"]["values"], scales["felt"]["values"]
    if felt[0] != -felt[-1]:
        yield "scales.felt.values: as many values below 0 as above are expected"
    if scales["importance"]["values"][0] != 0:
        yield "scales.importance.values: they begin with 0"
    for row in document["subscales"]:
        if (row["key"] == "felt") != (row["scale"] == "felt"):
            yield f"subscales[{row['key']}].scale: the scale felt is for the overall feeling, and for nothing else"
        elif "choices" in row:
            if len(row["choices"]) != len(scales.get(row["scale"], {}).get("values", row["choices"])):
                yield f"subscales[{row['key']}].choices: as many texts as answers are expected"
        elif row["key"] != "felt" and scales.get(row["scale"], {}).get("values", amount) != amount:
            yield f"subscales[{row['key']}].scale: values from 0 to {amount[-1]} are expected (constants.R)"
    overall = [item for item in document["items"] if item["subscale"] == "felt"]
    if len(overall) != 1 or overall[0]["reverse"]:
        yield "items: the overall feeling (subscale felt) is one statement, not reversed"


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
    pages = Counter(item["page"] for item in document["items"] if item["page"] >= first)
    if max(pages, default=first) - first != len(pages) - 1:
        yield f"items: a page from {first} on has no statement"
    for page, count in pages.items():
        if not 3 <= count <= 4:
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
    for row in document["subscales"]:
        yield from _forms_of(row, [item for item in document["items"] if item["subscale"] == row["key"]], document)
    groups = [form["comparability_group"] for form in document["forms"].values()]
    if len(set(groups)) != len(groups):
        yield "forms: each form has a comparability group of its own"


def _forms_of(row: Document, items: Sequence[Document], document: Document) -> Iterator[str]:
    """What the forms ask of a subscale. Texts about statements that were not asked would not be about the answers."""
    where = f"subscales[{row['key']}]"
    short = [item for item in items if item["short"]]
    if "choices" in row:
        if len(items) != 1 or items[0]["reverse"] or short:
            yield f"{where}: a choice is one statement of the full form, not reversed"
    elif row["key"] != "felt":
        if short and (len(short), sum(item["reverse"] for item in short)) != (STATEMENTS_OF_SHORT_FORM, 1):
            yield f"{where}: the short form takes three statements or none, one of them reversed"
        if not is_algorithm_1(document) and 0 < len(short) < len(items) and row["key"] not in document["short"]:
            yield f"short.{row['key']}: texts are expected, because the short form asks only some of the statements"


def _constants(document: Document) -> Iterator[str]:
    c = document["constants"]
    rules = {
        "R": c["R"] == max(document["scales"]["amount"]["values"]) > 0 == min(document["scales"]["amount"]["values"]),
        "balance_band": 0 < c["balance_band"] < 100,
        "uneven": 0 < c["uneven"] <= 100,
        "thin": 0 < c["thin"] < 100,
        "lower_below": 0 < c["lower_below"] < c["higher_above"] < 100,
        "leaning": 0.5 <= c["leaning"] < 1,
        "z80": abs(2 * PHI(c["z80"]) - 1 - 0.80) < 0.0005,  # the page calls these the ranges of 80 % and 95 %
        "z95": abs(2 * PHI(c["z95"]) - 1 - 0.95) < 0.0005,
        "min_pairs": 2 <= c["min_pairs"] <= len(document["areas"]),
        "routes_max": c["routes_max"] >= 1,
        "cluster_gap": 0 < c["cluster_gap"] <= 100,
        "cluster_min_areas": c["cluster_min_areas"] >= 1,
        "decimals": c["decimals"] == 6,
    }
    if is_algorithm_1(document):
        rules |= {
            "clear": c["leaning"] < c["clear"] < 1,
            "sem": c["sem"] > 0 and abs(c["sem"] - c["sd"] * (1 - c["reliability"]) ** 0.5) < 0.05,
            "missing_max": 0 <= c["missing_max"] < 1,
        }
    yield from (f"constants.{key}: this value is out of its range" for key, holds in rules.items() if not holds)
    importance = document["importance"]
    if importance["scale"] != "importance":
        yield "importance.scale: the scale importance is expected"
    elif importance["default"] not in document["scales"][importance["scale"]]["values"]:
        yield "importance.default: this value is not on its scale"
    yield from (f"importance.forms: there is no form {f}" for f in importance["forms"] if f not in document["forms"])


def _positions(document: Document) -> Iterator[str]:
    keys = {row["key"] for row in document["positions"]}
    yield from (f"positions[{key}]: this position is missing" for key in sorted(POSITIONS - keys))
    yield from (f"positions[{key}]: there is no such position" for key in sorted(keys - POSITIONS))
    for row in document["positions"]:
        if _placeholders(row["heading"]):
            yield f"positions[{row['key']}].heading: counts stand in the reading, not in the heading"
        for name in _placeholders(row["reading"]):
            if name not in COUNTS:
                yield f"positions[{row['key']}]: there is no count {{{name}}}"


def _placeholders(text: str) -> list[str]:
    """The names in braces with their format specs, so that `{areas:x}` is not taken for a count."""
    try:
        return [
            name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            for _, name, spec, conversion in Formatter().parse(text)
            if name is not None
        ]
    except ValueError:
        return ["unclosed brace"]


def _routes(document: Document) -> Iterator[str]:
    themes = document["instrument"]["themes"]
    for row in document["routes"]:
        where = f"routes[{row['key']}]"
        if not row["themes"] or not row["prompts"]:
            yield f"{where}: at least one theme and one prompt are expected"
        for key in ("themes_if_unsafe", "prompts_if_unsafe"):
            if row["suppressed_if_unsafe"] == bool(row.get(key)):
                yield f"{where}.{key}: a route is suppressed for someone who may not be safe, or says what it shows"
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
    figures = INDICES | {row["key"] for row in document["subscales"] if "choices" not in row}
    if is_algorithm_1(document):
        figures |= {"M"}
    if way["distance"] not in figures - {"felt"}:
        yield f"{where}.distance: there is no figure {way['distance']} with a middle"
    if not way["all"]:
        yield f"{where}.any: a condition is expected"
    for condition in way["all"]:
        match condition:
            case {"position": str(key), "confidence": [*words], **rest} if not rest:
                if key not in POSITIONS or not words or not all(word in CONFIDENCE for word in words):
                    yield f"{where}: there is no position {key} with {', '.join(map(str, words))}"
            case {"score": str(key), "op": str(op), "value": int() | float() as value, **rest} if not rest:
                if key not in figures or op not in COMPARE or not is_number(value):
                    yield f"{where}: there is no comparison {key} {op} {value}"
            case {"imbalance": bool(), **rest} if not rest:
                pass
            case _:
                yield f"{where}: this condition is not understood: {condition}"


def _safety(document: Document) -> Iterator[str]:
    safety = document["safety"]
    if safety["raised_by"] not in safety["answers"]:
        yield "safety.raised_by: this is not one of the answers"
    yield from _repeated("safety.answers", safety["answers"])
    yield from _repeated("safety.questions", [question["key"] for question in safety["questions"]])


MEANINGS: Sequence[Callable[[Document], Iterator[str]]] = (
    _head, _keys, _references, _scales, _places, _forms, _constants, _positions, _routes, _safety,
)  # fmt: skip
