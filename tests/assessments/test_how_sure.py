"""The page that says how often the questionnaire is wrong: its figures are those of the file, and none is left out."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from assessments import how_sure, how_sure_views
from assessments.algorithm_2.change import least_move, noticeable
from assessments.algorithm_2.constants import Constants, Error
from assessments.algorithms import ALGORITHMS, constants
from assessments.how_sure import CELLS, Figure, percent, shown, simulated
from bench.measurement.figures import CELLS as ALL
from bench.measurement.figures import MATCHED, PEOPLE, PILOTS, SEED, SIMULATED
from bench.measurement.people import instrument
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

pytestmark = pytest.mark.django_db
ADDRESS = "/balance/how-sure/"


def page(client: Client) -> Element:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return assert_valid_html(response.content)


def tables(root: Element) -> list[list[tuple[str, ...]]]:
    """The cells of each table, a row each, without the small words under a name."""
    return [[tuple(_cells(row)) for row in table.iter("tr")] for table in root.iter("table")]


def _cells(row: Element) -> Iterator[str]:
    for cell in row:
        small = " ".join(text_of(each) for each in cell.iter("small"))
        yield text_of(cell).removesuffix(small).strip()


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The file's document, as the page reads it, for a test to change."""
    document: dict[str, Any] = deepcopy({**simulated()})
    monkeypatch.setattr(how_sure, "simulated", lambda: document)
    return document


def use(monkeypatch: pytest.MonkeyPatch, given: Constants) -> None:
    monkeypatch.setattr(how_sure_views, "constants_of_current", lambda: given)


def test_file_is_of_a_whole_run_with_the_versions_in_use() -> None:
    found = simulated()
    assert found["versions"] == {
        "questionnaire": instrument().version,
        "constants": constants().version,
        "algorithm": max(ALGORITHMS),
    }
    assert (found["seed"], found["people"], found["pilots"]["pilots"]) == (SEED, PEOPLE, PILOTS)
    assert {(population, noise) for population, noises in found["cells"].items() for noise in noises} == {*ALL}
    assert found["wanted"].keys() == {*SIMULATED, "pilot", "differencing"}


def test_every_figure_of_every_group_stands_on_the_page(client: Client) -> None:
    found = [row for table in tables(page(client)) for row in table]
    for figures in how_sure.every_figure().values():
        for figure in figures:
            for population, noises in CELLS.items():
                cells = [found_in(figure, population, noise) for noise in noises]
                assert (figure.name, *cells) in found


def found_in(figure: Figure, population: str, noise: str) -> str:
    return shown(figure, simulated()["cells"][population][noise]).replace("\N{NO-BREAK SPACE}", " ")


def test_every_figure_of_the_file_is_one_that_the_page_shows() -> None:
    """A new figure of the simulation is published as it is, too."""
    named = {figure.path for figures in how_sure.every_figure().values() for figure in figures}
    apart = {
        "spread",
        "closer_to_level",  # in the sentence about large balances
        "parts_inside_their_error_too_small_to_tell",  # among the figures that were wanted
    }
    for path in _paths(simulated()["cells"]["wide"]["assumed"]):
        at_the_side = path[-1] in ("share", "other_side") or "at_least_once" in path
        assert path in named or path[0] in apart or at_the_side


def _paths(found: Any, *before: str) -> Iterator[tuple[str, ...]]:
    if not isinstance(found, dict):
        yield before
        return
    for key, value in found.items():
        yield from _paths(value, *before, key)


def test_sentences_say_what_the_file_says(client: Client, changed: dict[str, Any]) -> None:
    wide, narrow = (changed["cells"][population]["assumed"] for population in CELLS)
    wide["words"]["quite_sure"]["again"], narrow["words"]["quite_sure"]["again"] = 0.8149, 0.33
    wide["range"]["10"], wide["false_alarms"]["any_part"] = 0.71, 0.38
    more = changed["cells"]["wide"]["more"]
    more["words"]["quite_sure"]["again"], more["range"]["10"] = 0.52, 0.53
    more["false_alarms"]["later_result"] = 0.21
    wide["false_alarms"]["later_result"] = 0.13
    wide["false_alarms"]["at_least_once"]["6"] = 0.44
    wide["power"]["needed"], wide["power"]["told_at"]["20"] = 61.7, 0.09
    wide["even_couples"]["to_one_side"] = 0.27
    wide["even_couples"]["to_one_side_quite_sure"] = 0.031
    changed["pilots"]["pilots"] = 1500
    changed["pilots"]["covered"]["plain"]["sigma"] = 0.77
    changed |= {"people": 12_345, "seed": 99, "date": "2031-05-04"}
    words = text_of(page(client))
    for said in (
        "same way in 81 of 100 cases if people differ widely, and in 33 of 100",
        "holds the usual balance in 71 of 100",
        "nothing has changed, 13 of 100 later results",
        "answer six times, 44 are told so",
        "about level up to 15 of 100, and areas uneven from 35 on. “Fairly sure” takes a chance of 60 of 100",
        "and “quite sure” one of 85. “Probably changed” begins at 2.24 times",
        "38 of 100 results say “more” or “less”",
        "in 33 of 100 cases. If there is a quarter more chance than assumed, it is in 52, the range holds the usual "
        "balance in 53, and 21 of 100 later results",
        "a true change of 62 points",
        "A change of 20 points is told in 9 of 100",
        "27 are still said to lean to one side. To 3.1 % of such couples",
        "In 1,500 simulated measurements it did in 77 of 100",
        "12,345 invented people",
        "Last run on 4 May 2031, seed 99",
    ):
        assert said in words


def test_words_that_stand_for_figures_are_true() -> None:
    """Some sentences, here and on the result, say a figure in words of their own."""
    wide, narrow = (simulated()["cells"][population]["assumed"] for population in CELLS)
    assert 0.62 <= narrow["words"]["quite_sure"]["again"] <= 0.71  # about two in three
    assert 0.86 <= wide["words"]["quite_sure"]["again"] <= 0.94  # nine in ten
    assert 45 <= wide["power"]["needed"] <= 55  # about two steps of four in every area
    assert ceil(least_move(4, constants())) == 4
    for cell in (wide, narrow):
        assert cell["words"]["quite_sure"]["other_side"] < 0.01  # it does not turn round
        assert cell["range_by_size"]["0 to 15"] > 0.8 > cell["range_by_size"]["55 and more"]
        assert cell["closer_to_level"] > 0.5


def test_what_was_wanted_and_reached_is_said(client: Client) -> None:
    rows = next(table for table in tables(page(client)) if table[0] == ("Figure", "Wanted", "Found"))
    assert len(rows) == 1 + len(simulated()["wanted"])
    assert ("The range of 80 %, from 7 areas", "78 % to 82 %") in {row[:2] for row in rows}


def test_what_is_not_reached_is_said_with_the_reason(
    client: Client, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, row in changed["wanted"].items():
        row |= {"found": 0.8123, "reached": False} if key in ("quite_sure", "pilot") else {"reached": True}
    monkeypatch.setattr(how_sure, "_reasons", lambda: {"pilot": "Because of this."})
    words = text_of(page(client))
    assert words.count("Not reached.") == 2
    assert "Not reached. Because of this. 87 % to 93 % 81.2 %" in words
    assert "Not reached. We do not know why yet. at least 85 % 81.2 %" in words


def test_each_figure_that_is_not_reached_has_a_reason() -> None:
    missed = {key for key, row in simulated()["wanted"].items() if not row["reached"]}
    assert missed == how_sure._reasons().keys()


def test_assumed_errors_are_called_assumed(client: Client) -> None:
    root = page(client)
    words = text_of(root)
    assert "How much answers differ from day to day has not been measured yet, so it is assumed." in words
    assert "Nobody so far (n = 0)." in words
    known = next(table for table in tables(root) if table[0] == ("Figure", "Error"))
    assert ("Balance from 10 areas", "11.3") in known
    assert ("Balance from 7 areas", "12.3") in known
    assert ("Part with 2 answers", "13.8") in known
    assert words.count("assumed, not measured yet") == len(known) - 1


def test_measured_errors_say_on_how_many_and_between_what(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(value: float, low: float, high: float, n: int = 120) -> Error:
        return Error(value, n, date(2027, 6, 1), "sample", "pairs", (low, high))

    used = constants()
    use(
        monkeypatch,
        replace(
            used,
            version=3,
            s=measured(7, 6, 8),
            e=measured(20, 19, 21),
            A=measured(6.3, 5.9, 7.1),
            L=Error(5, 300, date(2020, 1, 1), "published", "Somebody 2020", (4, 6)),
        ),
    )
    root = page(client)
    words = text_of(root)
    assert "is probably a little too small, because people remember some of what they answered" in words
    assert "we take their word for it" in words
    assert "in 9 of 10 such measurements" not in words  # nobody has measured the whole balance
    assert "was measured with 120 people who answered twice" in words
    assert "120 people answered again after about two weeks" in words
    assert "Unevenness by area measured here with 120 people, between 5.9 and 7.1 6.3" in words
    assert "published, measured with 300 people, between 4.0 and 6.0: Somebody 2020 5.0" in words
    assert "Balance from 10 areas measured here with 120 people 9.4" in words
    assert "assumed, not measured yet" in words
    assert "Results are now scored with version 3 of the constants." in words
    dated = "Basis: simulated, with the errors that we assumed at first (version 2 of the constants)."
    assert "Basis: simulated, with the assumed errors. " not in words
    for section in root.iter("section"):
        if section.find(".//table") is not None and section.get("aria-labelledby") != "errors":
            assert dated in text_of(section)


def test_error_of_the_whole_balance_that_was_measured_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def measured(value: float, low: float, high: float) -> Error:
        return Error(value, 120, date(2027, 6, 1), "sample", "pairs", (low, high))

    s, e, sigma = measured(7, 5, 9), measured(20, 19, 21), measured(9.4, 8.4, 10.6)
    use(monkeypatch, replace(constants(), version=101, s=s, e=e, sigma=sigma))
    root = page(client)
    words = text_of(root)
    near = "On about two of three days, a balance is within 9.4 points of the usual one."
    assert f"{near} The true figure is probably between 8.4 and 10.6, as it is in 9 of 10 such measurements" in words
    assert "differs by" not in words  # two answerings differ by √2 times as much
    assert "Balance from 10 areas measured here with 120 people, between 8.4 and 10.6 9.4" in words
    assert "takes the upper end: the error may be as large as that" in words
    first = text_of(next(each for each in root.iter("section") if each.get("aria-labelledby") == "plain"))
    needed = ceil(noticeable(10, replace(constants(), version=101, s=s, e=e, sigma=sigma)))
    assert "used the error that we assumed at first, 11.3 points. New results use another one, 9.4 points" in first
    assert f"a true change of {needed} points is now noticed" in first
    assert first.index("With the error that we assumed at first:") < first.index("a true change of 50 points")
    known = next(table for table in tables(root) if table[0] == ("Figure", "Error"))
    assert ("Change of the balance between two results", f"{2**0.5 * (89**0.5 * 10.6 / 9.4):.1f}") in known


def test_page_names_the_command_and_what_is_in_use(client: Client) -> None:
    words = text_of(page(client))
    assert "make bench ARGS=measurement" in words
    assert "have not been run" not in words
    assert "Results are now scored with" not in words
    assert "assumed at first" not in words


def test_page_is_for_everybody_and_asks_the_database_for_the_constants_only(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        response = client.get(ADDRESS)
    assert b"noindex" not in response.content
    assert "no-store" not in response.headers.get("Cache-Control", "")


@pytest.mark.parametrize("path", ["/about/", "/balance/"])
def test_page_is_linked_where_the_questionnaire_is_explained(ana: User, as_user: AsUser, path: str) -> None:
    root = assert_valid_html(as_user(ana).get(path).content)
    assert ADDRESS in {link.get("href") for link in root.iter("a")}


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0, "0 %"),
        (0.001, "0.1 %"),
        (0.0994, "9.9 %"),
        (0.1, "10 %"),
        (0.8851, "89 %"),
        (0.9981, "99.8 %"),
        (1, "100 %"),
    ],
)
def test_shares_are_whole_where_that_says_enough(share: float, words: str) -> None:
    assert percent(share).replace("\N{NO-BREAK SPACE}", " ") == words


def test_no_word_promises_that_something_is_so(client: Client) -> None:
    """Each part that shows simulated figures says that they are."""
    root = page(client)
    assert MATCHED == ("wide", "assumed")
    shown_in = [section for section in root.iter("section") if section.find(".//table") is not None]
    for section in shown_in:
        assert re.search("simulat|assumed", text_of(section)), text_of(section)[:80]
