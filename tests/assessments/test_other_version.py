"""A version with other cuts and scales: its pages show its figures, and none of the first version's."""

import re
from collections.abc import Callable
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from accounts.models import User
from assessments import services
from assessments.beam import beam
from assessments.instrument import Instrument, build, read
from assessments.models import InstrumentVersion
from assessments.scoring import Answers
from assessments.words import gap_words
from tests.assessments.conftest import NOW, MakeResult
from tests.assessments.vectors import ANSWERS, INSTRUMENT, SOURCE
from tests.html import assert_valid_html, text_of

OTHER_FIGURES = {
    "balance_band = 15.0": "balance_band = 30.0",
    "min_pairs = 7": "min_pairs = 6",
    "missing_max = 0.25": "missing_max = 0.5",
    'score = "M", op = ">=", value = 25.0': 'score = "M", op = ">=", value = 40.0',
    "R = 4": "R = 5",
    "values = [0, 1, 2, 3, 4]\nlabels = [": 'values = [0, 1, 2, 3, 4, 5]\nlabels = ["Nothing", ',
    "minutes_short = 5": "minutes_short = 6",
    "minutes_full = 12": "minutes_full = 14",
}
SVG = "{http://www.w3.org/2000/svg}"
AsUser = Callable[[User], Client]

pytestmark = pytest.mark.usefixtures("prompts")


def other_source() -> str:
    source = SOURCE
    for old, new in OTHER_FIGURES.items():
        assert old in source, old
        source = source.replace(old, new)
    return source


@pytest.fixture
def balance_1(db: None) -> InstrumentVersion:
    """The other version in the place of the first: `make_result` takes it."""
    version, _created = services.load_version(source=other_source(), publish=True, now=NOW)
    return version


def page(client: Client, address: str, **query: str) -> tuple[str, Element]:
    response = client.get(address, query)
    assert response.status_code == 200
    root = assert_valid_html(response.content)
    return text_of(next(root.iter("main"))), root


def test_a_result_says_and_draws_the_figures_of_its_version(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    said, root = page(as_user(ana), f"/balance/results/{make_result(ana).pk}/")
    for words in (
        "That your usual balance is above 30.",
        "That it is between −30 and +30.",
        "That it is below −30.",
        "0 is nothing, 5 is a great deal.",
        "Each area has two answers, from 0 to 5.",
        "With fewer than six areas there is no balance.",
        "If more than half of them have no answer, there is no figure.",
        "in each area, from 0 to 5,",
        "things are about as uneven as your overall feeling says",
    ):
        assert words in said
    assert not re.search(r"\b(15|0 to 4|4 is|seven|a quarter)\b", said)
    drawn = {path.get("d") for path in root.iter(f"{SVG}path")}
    assert beam(50, 50, level=30).level in drawn
    assert beam(50, 50, level=15).level not in drawn
    (bar, *_others) = (cell for cell in root.iter("td") if cell.get("class") == "bar")
    assert len([line for line in bar.iter(f"{SVG}line") if line.get("class") == "rule-fine"]) == 10


def test_a_comparison_says_the_figures_of_its_version(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    first, second = make_result(ana, "worked-1"), make_result(ana, "worked-2", at=NOW + timedelta(days=98))
    _said, root = page(as_user(ana), "/balance/compare/", first=str(first.pk), second=str(second.pk))
    (bar, *_others) = (cell for cell in root.iter("td") if cell.get("class") == "bar")
    assert len([line for line in bar.iter(f"{SVG}line") if line.get("class") == "rule-fine"]) == 11


def test_too_few_areas_are_counted_by_the_version(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    six_pairs = ANSWERS["six-pairs"]
    given = [key for key, answer in six_pairs.answers.items() if key.endswith("_give") and isinstance(answer, int)]
    few = Answers(six_pairs.form, six_pairs.partnered, {**six_pairs.answers, given[0]: "skip", given[1]: "skip"}, {})
    first, second = make_result(ana, few), make_result(ana, few, at=NOW + timedelta(days=98))
    said, _root = page(as_user(ana), "/balance/compare/", first=str(first.pk), second=str(second.pk))
    assert "needs at least six areas" in said


def test_the_front_page_says_how_long_the_version_takes(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion
) -> None:
    said, _root = page(as_user(ana), "/today/")
    assert "A questionnaire that takes about six or 14 minutes." in said


@pytest.mark.parametrize(
    ("source", "gap", "is_said"),
    [(SOURCE, 25, True), (SOURCE, 24.9, False), (other_source(), 40, True), (other_source(), 39.9, False)],
)
def test_a_gap_is_said_from_where_a_route_leads_on(source: str, gap: float, *, is_said: bool) -> None:
    assert ("more uneven" in gap_words(build(read(source)), gap, gap, 0)) is is_said


def test_a_version_without_a_route_from_the_gap_never_says_it() -> None:
    without = build(
        read(SOURCE.replace('score = "M", op = ">=", value = 25.0', 'score = "A", op = ">=", value = 25.0'))
    )
    assert gap_words(without, 100, 100, 0) == gap_words(INSTRUMENT, 0, 0, 0)


@pytest.mark.parametrize(("balance", "points"), [(16, True), (15, False)])
def test_directions_differ_only_beyond_the_band(balance: float, *, points: bool) -> None:
    def differs(instrument: Instrument) -> bool:
        return "different directions" in gap_words(instrument, 0, balance, -10)

    assert differs(INSTRUMENT) is points
    assert not differs(build(read(other_source())))
