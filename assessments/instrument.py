"""The questionnaire as data: a version's TOML file turned into typed, frozen values, and the parts that it is asked in.

Pure: no Django. Whether a file may be published at all is decided in `assessments/validation.py`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf, nan
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Scale:
    """A response format: the integers that may be answered and the label of each."""

    values: tuple[int, ...]
    labels: tuple[str, ...]

    @property
    def choices(self) -> tuple[tuple[int, str], ...]:
        return tuple(zip(self.values, self.labels, strict=True))


@dataclass(frozen=True, slots=True)
class Item:
    """A statement and its place in the full form. `reverse`: keyed = top of the scale − answer."""

    key: str
    subscale: str
    facet: str
    text: str
    reverse: bool
    short: bool
    page: int
    order: int
    role: str | None = None
    if_partnered: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A part of daily life, asked twice: `<key>_give` and `<key>_receive`."""

    key: str
    label: str
    explanation: str
    give: str
    receive: str
    cluster: str
    short: bool
    sensitive: bool = False

    def answer_keys(self) -> tuple[str, str]:
        return f"{self.key}_give", f"{self.key}_receive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscale:
    """A group of statements: its title, the words at both ends of its line, and a text for each band.

    `choices`: what is said of each answer to a single statement that has neither figure nor band, in their place.
    """

    key: str
    title: str
    theme: str
    scale: str
    basis: str
    low_end: str = ""
    high_end: str = ""
    direction: str = ""
    lower: str = ""
    middle: str = ""
    higher: str = ""
    choices: tuple[str, ...] = ()
    only_with_imbalance: str = ""

    def band_text(self, band: str) -> str:
        return {"lower": self.lower, "middle": self.middle, "higher": self.higher}[band]


@dataclass(frozen=True, slots=True)
class Position:
    key: str
    heading: str
    reading: str


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    label: str
    comparability_group: str
    scored_items: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in which a route applies: all conditions hold; the route is ranked by the named figure's `distance`."""

    distance: str
    conditions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where to read and what to write next."""

    key: str
    any: tuple[Alternative, ...]
    themes: tuple[str, ...]
    prompts: tuple[str, ...]
    suppressed_if_unsafe: bool
    themes_if_unsafe: tuple[str, ...] = ()
    prompts_if_unsafe: tuple[str, ...] = ()
    help_card: bool = False
    fallback: bool = False

    def leads_to(self, *, unsafe: bool) -> tuple[str, ...]:
        """The themes to read."""
        return self.themes_if_unsafe if unsafe else self.themes

    def asks(self, *, unsafe: bool) -> tuple[str, ...]:
        """The prompts to write on."""
        return self.prompts_if_unsafe if unsafe else self.prompts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)  # hashed by identity: a cheap `lru_cache` key
class Constants:
    """The numbers of the scoring; each is explained in the document's own `constants` table.

    Those with a default are of algorithm 1 only: later ones have constants of their own (`algorithm_2/constants.py`).
    """

    R: int
    balance_band: float
    uneven: float
    thin: float
    lower_below: float
    higher_above: float
    leaning: float
    z80: float
    z95: float
    min_pairs: int
    routes_max: int
    cluster_gap: float
    cluster_min_areas: int
    decimals: int
    clear: float = nan
    sd: float = nan
    reliability: float = nan
    sem: float = nan
    provenance: str = ""
    missing_max: float = nan


# The ways not to answer, as they are stored, and the name of each in a document.
NOT_ANSWERED = {"no_occasion": "no_occasion", "na": "does_not_apply", "skip": "prefer_not_to_say"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it is asked. `key` is the answer's key; `scale` names its response format."""

    key: str
    text: str
    scale: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the questionnaire: the overall feeling, one area, or three to four statements.

    `subscale` is that of the first statement, and `continues` says that the part before has the same one.
    `opens_group`: it is the first of its kind.
    """

    number: int
    kind: Literal["felt", "area", "statements"]
    questions: tuple[Question, ...]
    area: Area | None = None
    asks_importance: bool = False
    subscale: str | None = None
    continues: bool = False
    opens_group: bool = True

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(question.key for question in self.questions)


@dataclass(frozen=True, eq=False)
class Instrument:
    """One version of the questionnaire, whole. `text` holds the words that have no structure of their own."""

    id: str
    version: int
    algorithm: int
    title: str
    language: str
    themes: tuple[str, ...]
    items: tuple[Item, ...]
    areas: tuple[Area, ...]
    subscales: Mapping[str, Subscale]
    scales: Mapping[str, Scale]
    forms: Mapping[str, Form]
    positions: Mapping[str, Position]
    routes: tuple[Route, ...]
    constants: Constants
    text: Mapping[str, Any] = field(repr=False)

    @cached_property
    def item(self) -> Mapping[str, Item]:
        return {item.key: item for item in self.items}

    @cached_property
    def area(self) -> Mapping[str, Area]:
        return {area.key: area for area in self.areas}

    @cached_property
    def scale_of(self) -> Mapping[str, Scale]:
        """The response format of every answer key, of all forms."""
        scales = {key: self.scales["amount"] for area in self.areas for key in area.answer_keys()}
        return scales | {item.key: self.scales[self.subscales[item.subscale].scale] for item in self.items}

    @cached_property
    def choices(self) -> tuple[Item, ...]:
        """The statements that have neither figure nor band."""
        return tuple(item for item in self.items if self.subscales[item.subscale].choices)

    @cached_property
    def non_answers(self) -> Mapping[str, str]:
        """The ways not to answer that this version offers, as they are stored, with their labels."""
        words = self.text["non_answers"]
        return {stored: words[name] for stored, name in NOT_ANSWERED.items() if name in words}

    @cached_property
    def importance_form(self) -> frozenset[str]:
        """The forms in which the importance of an area is asked."""
        return frozenset(self.text["importance"]["forms"])

    @cached_property
    def wide_gap(self) -> float:
        """The masking gap from which the words mention it: where a route begins to apply; infinite without a route."""
        conditions = [condition for route in self.routes for way in route.any for condition in way.conditions]
        return min((one["value"] for one in conditions if one.get("score") == "M" and ">" in one["op"]), default=inf)

    def items_of(self, form: str, *, partnered: bool = True) -> tuple[Item, ...]:
        """The statements that a form asks a person in this situation, in the file's order."""
        return tuple(
            item for item in self.items if (form != "short" or item.short) and (partnered or not item.if_partnered)
        )

    def areas_of(self, form: str) -> tuple[Area, ...]:
        return tuple(area for area in self.areas if form != "short" or area.short)

    def parts(self, form: str, *, partnered: bool) -> tuple[Part, ...]:
        """The parts of a form, numbered from 1: the overall feeling, then one area each, then the statements.

        In the short form the statements of a subscale share a part; parts left without a question are dropped.
        """
        items = self.items_of(form, partnered=partnered)
        felt = [item for item in items if item.subscale == "felt"]
        contents: list[tuple[Literal["felt", "area", "statements"], tuple[Question, ...], Area | None]] = [
            ("felt", self._questions(felt), None)
        ]
        contents += [("area", _area_questions(area), area) for area in self.areas_of(form)]
        groups: dict[Any, list[Item]] = {}
        for item in sorted(items, key=lambda item: (item.page, item.order)):
            if item.subscale != "felt":
                groups.setdefault(item.subscale if form == "short" else item.page, []).append(item)
        contents += [("statements", self._questions(group), None) for group in groups.values()]
        subscales = [None if area else self.item[questions[0].key].subscale for _, questions, area in contents]
        return tuple(
            Part(
                number,
                kind,
                questions,
                area,
                asks_importance=area is not None and form in self.importance_form,
                subscale=subscales[number - 1],
                continues=number > 1 and area is None and subscales[number - 2] == subscales[number - 1],
                opens_group=number == 1 or contents[number - 2][0] != kind,
            )
            for number, (kind, questions, area) in enumerate(contents, start=1)
        )

    def _questions(self, items: Iterable[Item]) -> tuple[Question, ...]:
        return tuple(Question(item.key, item.text, self.subscales[item.subscale].scale) for item in items)


def _area_questions(area: Area) -> tuple[Question, ...]:
    give, receive = area.answer_keys()
    return Question(give, area.give, "amount"), Question(receive, area.receive, "amount")


def read(toml: str) -> dict[str, Any]:
    """The document of an instrument's file. Raises `tomllib.TOMLDecodeError`."""
    return tomllib.loads(toml)


def build(document: Mapping[str, Any]) -> Instrument:
    """The instrument of a valid document (see `validation.problems`)."""
    head = document["instrument"]
    return Instrument(
        id=head["id"],
        version=head["version"],
        algorithm=head["algorithm"],
        title=head["title"],
        language=head["language"],
        themes=tuple(head["themes"]),
        items=tuple(Item(**item) for item in document["items"]),
        areas=tuple(Area(**area) for area in document["areas"]),
        subscales={
            row["key"]: Subscale(**{**row, "choices": tuple(row.get("choices", ()))}) for row in document["subscales"]
        },
        scales={
            key: Scale(tuple(scale["values"]), tuple(scale["labels"])) for key, scale in document["scales"].items()
        },
        forms={key: Form(key, **form) for key, form in document["forms"].items()},
        positions={row["key"]: Position(**row) for row in document["positions"]},
        routes=tuple(_route(row) for row in document["routes"]),
        constants=Constants(**document["constants"]),
        text=document,
    )


def _route(row: Mapping[str, Any]) -> Route:
    alternatives = tuple(Alternative(way["distance"], tuple(way["all"])) for way in row["any"])
    lists = {name: tuple(row.get(name, ())) for name in ("themes", "prompts", "themes_if_unsafe", "prompts_if_unsafe")}
    return Route(
        key=row["key"],
        any=alternatives,
        suppressed_if_unsafe=row["suppressed_if_unsafe"],
        help_card=row.get("help_card", False),
        fallback=row.get("fallback", False),
        **lists,
    )
