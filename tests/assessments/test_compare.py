"""Results over time: the list, the course of the balance, the change between two."""

import uuid
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.history import PAGE, CannotCompare, change, history
from assessments.models import Result
from assessments.words import change_words, whole
from tests.assessments.conftest import NOW, MakeResult
from tests.assessments.vectors import ANSWERS, INSTRUMENT, VECTORS
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of


def days(count: int) -> timedelta:
    return timedelta(days=count)


def compare(client: Client, first: Result, second: Result) -> Element:
    response = client.get("/balance/compare/", {"first": str(first.pk), "second": str(second.pk)})
    assert response.status_code == 200
    return next(assert_valid_html(response.content).iter("main"))


@pytest.mark.parametrize("vector", [pytest.param(v, id=f"{v['first']}-{v['second']}") for v in VECTORS["retakes"]])
def test_every_retake_of_the_vectors(vector: dict[str, Any]) -> None:
    first, second, expected = ANSWERS[vector["first"]], ANSWERS[vector["second"]], vector["expected"]
    if not expected["comparable"]:
        with pytest.raises(CannotCompare) as refused:
            change(INSTRUMENT, first, second)
        assert refused.value.reason == expected["reason"]
        return
    found = change(INSTRUMENT, first, second)
    assert found.word == change_words(expected["word"])
    assert len(found.areas) == expected["areas"]
    assert abs(found.before.balance - expected["B_first"]) <= 1
    assert abs(found.after.balance - expected["B_second"]) <= 1


def test_the_change_of_the_worked_example(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    first, second = make_result(ana, "worked-1"), make_result(ana, "worked-2", at=NOW + days(98))
    main = compare(as_user(ana), first, second)
    assert text_of(next(main.iter("h1"))) == "From 1 March 2026 to 7 June 2026"
    assert "The change is too small to tell from everyday ups and downs." in text_of(main)
    assert "Based on the 9 areas you answered both times." in text_of(main)
    balance, areas = list(main.iter("table"))
    assert [[text_of(cell) for cell in row] for row in balance.iter("tr")] == [
        ["Measure", "1 Mar 2026", "7 Jun 2026", "Change"],
        ["I give", "81", "72", "−9"],
        ["I receive", "50", "61", "+11"],
        ["Balance", "+31", "+11", "−20"],
    ]
    assert len(list(areas.iter("tr"))) == 10


@pytest.mark.parametrize("name", ANSWERS)
def test_what_stands_side_by_side_adds_up(name: str) -> None:
    try:
        found = change(INSTRUMENT, ANSWERS["worked-2"], ANSWERS[name])
    except CannotCompare:
        return
    assert found.before.given - found.before.received == found.before.balance
    assert found.balance.replace("−", "-").lstrip("+") == str(found.after.balance - found.before.balance)


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [
        ("worked-partner", "mask-25", "Your balance may have changed."),
        ("worked-partner", "extreme-give", "Your balance has probably changed."),
        ("worked-1", "worked-1", "The change is too small to tell from everyday ups and downs."),
    ],
)
def test_the_words_of_a_change(
    first: str, second: str, word: str, ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    main = compare(as_user(ana), make_result(ana, first), make_result(ana, second, at=NOW + days(1)))
    assert word in text_of(main)


def test_the_earlier_result_is_first_whichever_way_they_were_chosen(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    first, second = make_result(ana), make_result(ana, "worked-2", at=NOW + days(1))
    client = as_user(ana)
    assert text_of(compare(client, first, second)) == text_of(compare(client, second, first))


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ("tie-plus-15", "One result is from the short form and one from the full form."),
        ("six-pairs", "A fair comparison needs at least seven areas with both answers"),
    ],
)
def test_what_cannot_be_compared_says_why(
    other: str, reason: str, ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    main = compare(as_user(ana), make_result(ana), make_result(ana, other, at=NOW + days(1)))
    assert text_of(next(main.iter("h1"))) == "No comparison to show."
    assert reason in text_of(main)
    assert not list(main.iter("table"))


def test_one_result_is_not_compared_with_itself(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    result = make_result(ana)
    assert "Choose two different results." in text_of(compare(as_user(ana), result, result))


def test_a_result_that_cannot_be_opened_is_not_compared(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    first, second = make_result(ana), make_result(ana, at=NOW + days(1))
    Result.objects.filter(pk=first.pk).update(sealed=second.sealed)
    assert "It has not been changed." in text_of(compare(as_user(ana), first, second))


def test_only_ones_own_results_are_compared(ana: User, ben: User, as_user: AsUser, make_result: MakeResult) -> None:
    mine, theirs = make_result(ana), make_result(ben)
    client = as_user(ana)
    for second in (str(theirs.pk), str(uuid.uuid4()), "nonsense", ""):
        assert client.get("/balance/compare/", {"first": str(mine.pk), "second": second}).status_code == 404
    assert client.get("/balance/compare/").headers["Location"] == "/balance/"  # where two are chosen


# --- The list ---------------------------------------------------------------------------------------------------


def overview(client: Client, path: str = "/balance/") -> Element:
    response = client.get(path)
    assert response.status_code == 200
    return next(assert_valid_html(response.content).iter("main"))


def entries(main: Element) -> list[str]:
    return [text_of(li) for ol in main.iter("ol") if "entries" in (ol.get("class") or "") for li in ol]


@pytest.mark.usefixtures("balance_1")
def test_without_a_result_the_list_says_so(ana: User, as_user: AsUser) -> None:
    main = overview(as_user(ana))
    assert "No result yet. You can answer whenever you like." in text_of(main)
    assert not list(main.iter("select"))


def test_the_list_is_newest_first_and_ones_own(ana: User, ben: User, as_user: AsUser, make_result: MakeResult) -> None:
    make_result(ana, "worked-1")
    make_result(ana, "leaning-20", at=NOW + days(1))
    make_result(ben, "worked-2", at=NOW + days(2))
    assert entries(overview(as_user(ana))) == [
        "In your answers, you give more than you receive. 2 March 2026, short form. Balance: 20 of 100 towards giving.",
        "In your answers, you give more than you receive. 1 March 2026, full form. Balance: 31 of 100 towards giving.",
    ]


def test_a_row_that_cannot_be_opened_hides_none_of_the_others(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    results = [make_result(ana, at=NOW + days(n)) for n in range(4)]
    Result.objects.filter(pk=results[0].pk).update(sealed=results[1].sealed)
    main = overview(as_user(ana))
    listed = entries(main)
    assert len(listed) == 4
    assert "be opened. It has not been changed." in listed[-1]
    assert "Over time" in text_of(main)


def test_two_results_can_be_chosen_and_three_make_a_course(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    client = as_user(ana)
    make_result(ana, "worked-2")
    make_result(ana, "worked-1", at=NOW + days(30))
    make_result(ana, "leaning-20", at=NOW + days(40))
    make_result(ana, "six-pairs", at=NOW + days(50))
    main = overview(client)
    assert [len(list(select)) for select in main.iter("select")] == [4, 4]
    assert "Over time" not in text_of(main)  # two full results with a balance
    make_result(ana, "mask-25", at=NOW + days(60))
    main = overview(client)
    (table,) = main.iter("table")
    assert [[text_of(cell) for cell in row] for row in table.iter("tr")] == [
        ["Date", "Balance", "Range"],
        ["1 Mar 2026", "+10", "−4 to +24"],
        ["31 Mar 2026", "+31", "+16 to +45"],
        ["30 Apr 2026", "+25", "+11 to +39"],
    ]


def test_more_results_stand_on_the_next_page(ana: User, ben: User, as_user: AsUser, make_result: MakeResult) -> None:
    """Some of one moment: none is left out, none comes twice."""
    for number in range(PAGE + 3):
        make_result(ana, at=NOW + days(number // 4))
    first = history(ana)
    assert first.older
    second = history(ana, after=Result.objects.get(pk=first.older))
    keys = [opened.result.pk for opened in (*first.opened, *second.opened)]
    assert len(keys) == len(set(keys)) == PAGE + 3
    assert second.older is None
    client = as_user(ana)
    assert len(entries(overview(client))) == PAGE
    assert len(entries(overview(client, f"/balance/?after={first.older}"))) == 3
    for key in (make_result(ben).pk, uuid.uuid4(), "nonsense"):
        assert client.get(f"/balance/?after={key}").status_code == 404
    assert Result.objects.visible_to(ana).newest_first().totally_ordered


def test_the_list_and_a_comparison_ask_the_database_little(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    first, second = make_result(ana), make_result(ana, "worked-2", at=NOW + days(1))
    client = as_user(ana)
    compare(client, first, second)
    counts = []
    for more in (0, 5):
        for number in range(more):
            make_result(ana, at=NOW + days(2 + number))
        with CaptureQueriesContext(connection) as listed:
            overview(client)
        with CaptureQueriesContext(connection) as compared:
            compare(client, first, second)
        counts.append((len(listed), len(compared)))
    assert counts[0] == counts[1]
    assert counts[0] <= (6, 4), "\n".join(query["sql"] for query in listed)


def test_whole_numbers_round_halves_away_from_nothing() -> None:
    assert [whole(value) for value in (0.5, 1.5, -0.5, -2.5, 0.499999)] == [1, 2, -1, -3, 0]
