"""Results over time: the list, the course of the balance, the change between two."""

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments import comparison, readings, services
from assessments.algorithms import constants
from assessments.comparing import between, opened
from assessments.history import PAGE, history
from assessments.models import InstrumentVersion, Result
from assessments.scoring import Answers
from assessments.words import whole
from tests.answered import begin
from tests.assessments.conftest import NOW, Answered, MakeResult
from tests.assessments.vectors import ANSWERS, PUBLIC_ANSWERS, SOURCE
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of


def answers_to_areas(sheet: str) -> Answers:
    """A sheet without its statements, which another version does not share."""
    areas = {key: value for key, value in ANSWERS[sheet].answers.items() if key.endswith(("_give", "_receive"))}
    return replace(ANSWERS[sheet], answers=areas)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def compare(client: Client, first: Result, second: Result) -> Element:
    response = client.get("/balance/compare/", {"first": str(first.pk), "second": str(second.pk)})
    assert response.status_code == 200
    return next(assert_valid_html(response.content).iter("main"))


def test_the_change_of_the_worked_example(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    first, second = make_result(ana, "worked-1"), make_result(ana, "worked-2", at=NOW + days(98))
    main = compare(as_user(ana), first, second)
    assert text_of(next(main.iter("h1"))) == "From 1 March 2026 to 7 June 2026"
    assert "The change is too small to tell from everyday ups and downs." in text_of(main)
    assert "Based on the 9 areas you answered both times." in text_of(main)
    areas, answers, balance, parts = list(main.iter("table"))
    assert [[text_of(cell) for cell in row] for row in balance.iter("tr")] == [
        ["Measure", "1 Mar 2026", "7 Jun 2026", "Change"],
        ["I give", "81", "72", "−9"],
        ["I receive", "50", "61", "+11"],
        ["Balance", "+31", "+11", "−20"],
    ]
    assert [[text_of(cell) for cell in row if cell.get("class") != "bar"] for row in list(areas.iter("tr"))[1:4]] == [
        ["Attention and listening", "gives more, by 2", "level", "too small to tell"],
        ["Everyday help", "gives more, by 3", "gives more, by 1", "too small to tell"],
        ["Comfort and support", "gives more, by 1", "gives more, by 1", "the same"],
    ]
    assert [text_of(cell) for cell in list(answers.iter("tr"))[2]] == ["Everyday help", "4, then 3", "1, then 2"]
    assert [text_of(cell) for cell in list(parts.iter("tr"))[1]] == [
        *("How heavy it feels: When I give", "75", "50", "−25 too small to tell"),
    ]


@pytest.mark.parametrize("name", ANSWERS)
def test_what_stands_side_by_side_adds_up(name: str, ana: User, make_result: MakeResult) -> None:
    used = constants()
    one, two = (opened(ana, make_result(ana, vector), used) for vector in ("worked-2", name))
    said = between(one, two, used, chosen=True)
    if not said["comparable"]:
        return
    found = comparison.compare(said, one.figures, two.figures)
    assert found.before.given - found.before.received == found.before.balance
    assert found.balance.replace("−", "-").lstrip("+") == str(found.after.balance - found.before.balance)


def test_the_earlier_result_is_first_whichever_way_they_were_chosen(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    first, second = make_result(ana), make_result(ana, "worked-2", at=NOW + days(1))
    client = as_user(ana)
    assert text_of(compare(client, first, second)) == text_of(compare(client, second, first))


@pytest.mark.parametrize(
    ("other", "reason"),
    [
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


def test_results_of_one_day_have_their_times(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    make_result(ana, "worked-1")
    early = make_result(ana, "leaning-20", at=NOW + days(1), algorithm=2)
    late = make_result(ana, "worked-2", at=NOW + days(1) + timedelta(hours=3), algorithm=2)
    client = as_user(ana)
    main = overview(client)
    times = [re.search(r"(\d+ March 2026(?:, \d\d:\d\d)?), (?:short|full)", line) for line in entries(main)]
    assert [found and found[1] for found in times] == ["2 March 2026, 15:00", "2 March 2026, 12:00", "1 March 2026"]
    course = text_of(next(main.iter("table")))
    for words in ("2 Mar 2026, 12:00", "2 Mar 2026, 15:00", "1 Mar 2026 full form"):
        assert words in course
    compared = compare(client, early, late)
    assert text_of(next(compared.iter("h1"))) == "From 2 March 2026, 12:00 to 2 March 2026, 15:00"
    assert "Result from 2 March 2026, 12:00" in text_of(compared)


def test_what_changed_since_an_earlier_result_of_the_same_day_names_its_time(
    ana: User, as_user: AsUser, answered: Answered, balance_1: InstrumentVersion
) -> None:
    first = answered()
    later = first.created_at + timedelta(hours=2)
    response = begin(ana, balance_1, PUBLIC_ANSWERS["worked-2"], later, same=True)
    page = result_page(as_user(ana), services.submit_response(owner=ana, response_id=response.pk, now=later))
    assert "Change since last time, 2 Mar 2026, 12:00" in page
    assert "Since last time, 2 March 2026, 12:00" in page
    assert "2 March 2026, 14:00, full form." in page


def test_a_heading_of_algorithm_2_stands_nowhere_without_how_sure_it_is(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    for day, sheet in enumerate(("extreme-give", "leaning-20", "worked-2", "cancelling", "level-50", "six-pairs")):
        result = make_result(ana, sheet, at=NOW + days(day), algorithm=2)
        sure = readings.sure(result.instrument, result.score(ana))
        client = as_user(ana)
        line = entries(overview(client))[0]
        assert sure in line
        assert sure in text_of(assert_valid_html(client.get("/today/").content))
        one_side = line.startswith(("In your answers, you give more than", "In your answers, you receive more than"))
        assert one_side == (sure in ("Quite sure.", "Fairly sure, but no more than that."))
        assert one_side or re.search("may be|as far as this can tell|not enough", line.lower())


def test_a_heading_of_algorithm_1_is_called_sure_by_its_own_page_only(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    """Its "quite sure" takes less than that of algorithm 2, and was said of "about even", too."""
    client = as_user(ana)
    for day, sheet in enumerate(("extreme-give", "leaning-20", "level-50", "worked-2")):
        result = make_result(ana, sheet, at=NOW + days(day))
        assert readings.sure(result.instrument, result.score(ana)) == ""
        today = text_of(assert_valid_html(client.get("/today/").content))
        for words in ("Quite sure", "airly sure"):
            assert words not in entries(overview(client))[0]
            assert words not in today


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
    make_result(ana, "leaning-20", at=NOW + days(40))
    make_result(ana, "six-pairs", at=NOW + days(50))
    main = overview(client)
    assert [len(list(select)) for select in main.iter("select")] == [3, 3]
    assert "Over time" not in text_of(main)  # two with a balance
    make_result(ana, "mask-25", at=NOW + days(60))
    main = overview(client)
    (table,) = main.iter("table")
    assert [[text_of(cell) for cell in row] for row in table.iter("tr")] == [
        ["Date", "Balance", "Range"],
        ["1 Mar 2026 full form", "+10", "−4 to +24"],
        ["10 Apr 2026 short form", "+20", "+6 to +34"],
        ["30 Apr 2026 full form", "+25", "+11 to +39"],
    ]


def test_more_results_stand_on_the_next_page(ana: User, ben: User, as_user: AsUser, make_result: MakeResult) -> None:
    """Some of one moment: none is left out, none comes twice."""
    for number in range(PAGE + 3):
        make_result(ana, at=NOW + days(number // 4))
    first = history(ana)
    assert first.older
    second = history(ana, after=Result.objects.get(pk=first.older))
    keys = [listed.result.pk for listed in (*first.listed, *second.listed)]
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
    assert counts[0] <= (6, 5), "\n".join(query["sql"] for query in listed)


def test_whole_numbers_round_halves_away_from_nothing() -> None:
    assert [whole(value) for value in (0.5, 1.5, -0.5, -2.5, 0.499999)] == [1, 2, -1, -3, 0]


# --- Lines of one relationship ------------------------------------------------------------------------------------


def result_page(client: Client, result: Result) -> str:
    response = client.get(f"/balance/results/{result.pk}/")
    assert response.status_code == 200
    return text_of(next(assert_valid_html(response.content).iter("main")))


def test_a_new_result_says_what_changed_since_last_time_and_since_the_first(
    ana: User, as_user: AsUser, answered: Answered
) -> None:
    answered("change-10-0")
    answered("b-quite-sure-10-13", True)
    said = result_page(as_user(ana), answered("b-regression-10-17", True))
    assert "What changed Only large changes can be seen: a change of the balance needs to be 50 of 100" in said
    assert "Since last time, 3 March 2026 No change can be seen overall: the difference is too small to tell" in said
    assert "Since the first time, 2 March 2026 Your balance has probably moved towards giving." in said
    assert "your balance was level, and is 43 of 100 towards giving now." in said
    top = said[: said.index("The larger a weight")]
    assert "Change since last time, 3 Mar 2026 No change can be seen overall" in top
    assert "Change since the first time, 2 Mar 2026 Your balance has probably moved towards giving." in top


def test_what_was_said_of_a_pair_is_said_again_and_no_other_pair_is_called_likely(
    ana: User, as_user: AsUser, answered: Answered
) -> None:
    client = as_user(ana)
    first = answered("extreme-receive")
    second, third, fourth = (answered("extreme-give", True) for _ in range(3))
    probably, maybe = "Your balance has probably moved", "Your balance may have moved"
    assert probably in text_of(compare(client, first, second))  # the one before
    assert probably in text_of(compare(client, first, fourth))  # the first of the line
    assert "too small to tell" in text_of(compare(client, third, fourth))
    second.delete()
    assert probably in text_of(compare(client, first, third))
    fifth, _sixth = answered("extreme-receive", True), answered("extreme-receive", True)
    chosen = text_of(compare(client, third, fifth))
    assert maybe in chosen
    assert "probably" not in chosen


def test_deleting_the_other_result_leaves_what_was_said(ana: User, as_user: AsUser, answered: Answered) -> None:
    client = as_user(ana)
    first = answered("extreme-receive")
    second = answered("extreme-give", True)
    before = result_page(client, second)
    assert "Compare with 2 March 2026, area by area" in before
    client.post(f"/balance/results/{first.pk}/delete/")
    after = result_page(client, second)
    assert "Since last time, 2 March 2026 Your balance has probably moved towards giving." in after
    assert "Compare with" not in after


def test_a_no_shows_no_change_no_course_and_no_comparison(ana: User, as_user: AsUser, answered: Answered) -> None:
    client = as_user(ana)
    before = [answered(), answered("worked-2", True)]
    new = answered("extreme-receive", False)
    said = result_page(client, new)
    for words in ("What changed", "Before:", "open ring", "Since"):
        assert words not in said
    main = overview(client)
    assert "Over time" not in text_of(main)
    first, second, third = entries(main)
    assert first.endswith("Here a new line begins: the results below are about another relationship.")
    assert "new line" not in second + third
    refused = text_of(compare(client, before[0], new))
    assert "These two results are about different relationships, so they are not compared." in refused
    answered("worked-2", True)
    answered("worked-1", True)
    main = overview(client)
    (table,) = main.iter("table")
    dates = [text_of(row[0]) for row in list(table.iter("tr"))[1:]]
    assert dates == [f"{day} Mar 2026 full form" for day in (4, 5, 6)]


def test_the_mark_of_a_new_line_stands_on_whichever_page_it_is(ana: User, as_user: AsUser, answered: Answered) -> None:
    client = as_user(ana)
    answered()
    answered(same=False)
    for _more in range(PAGE - 1):
        answered(same=True)
    first = overview(client)
    assert "Here a new line begins" in entries(first)[-1]


def test_results_of_two_versions_are_marked_and_not_compared(ana: User, as_user: AsUser, answered: Answered) -> None:
    client, old = as_user(ana), answered()
    newer, _ = services.load_version(
        source=SOURCE.replace("instrument.version = 1", "instrument.version = 2"), publish=True, now=NOW
    )
    response = begin(ana, newer, PUBLIC_ANSWERS["worked-2"], NOW + days(9), same=True)
    new = services.submit_response(owner=ana, response_id=response.pk, now=NOW + days(9))
    page = result_page(client, new)
    assert "Since last time, 2 March 2026 This cannot be compared: the questions changed in between." in page
    assert "These two results" not in page
    refused = "These two results cannot be compared: the questions changed between them."
    assert refused in text_of(compare(client, old, new))
    assert "Here the questions changed" in entries(overview(client))[0]


def test_two_earlier_results_that_cannot_be_compared_are_both_named(
    ana: User, as_user: AsUser, answered: Answered, balance_2: InstrumentVersion
) -> None:
    answered()
    answered("worked-2", True)
    response = begin(ana, balance_2, answers_to_areas("worked-2"), NOW + days(9), same=True)
    new = services.submit_response(owner=ana, response_id=response.pk, now=NOW + days(9))
    page = result_page(as_user(ana), new)
    named = "Change since last time, 3 Mar 2026, and since the first time, 2 Mar 2026"
    assert f"{named} This cannot be compared: the questions changed in between." in page
    assert "two results" not in page


def test_what_a_course_leaves_out_is_named_with_the_reason(
    ana: User, as_user: AsUser, answered: Answered, make_result: MakeResult, balance_2: InstrumentVersion
) -> None:
    for sheet in ("worked-1", "worked-2", "worked-1"):
        answered(sheet)
    make_result(ana, "six-pairs", at=NOW + days(6))
    closed = make_result(ana, at=NOW + days(2) + timedelta(hours=2))
    Result.objects.filter(pk=closed.pk).update(sealed=b"broken")
    client = as_user(ana)
    main = text_of(overview(client))
    assert "The chart does not show results with too few answers for a balance: 7 Mar 2026." in main
    assert "The chart does not show what can’t be opened: 3 Mar 2026, 14:00." in main
    assert "questions were others" not in main
    for day, same in ((9, True), (10, True), (11, False)):
        response = begin(ana, balance_2, answers_to_areas("worked-2"), NOW + days(day), same=same)
        services.submit_response(owner=ana, response_id=response.pk, now=NOW + days(day))
    main = text_of(overview(client))
    assert main.count("Over time") == 1
    assert "The chart does not show answers to another version of the questions: 10 Mar 2026; 11 Mar 2026." in main
    assert "The chart does not show results about another relationship: 12 Mar 2026." in main


def test_between_forms_the_balance_and_the_areas_are_compared_and_no_part(
    ana: User, as_user: AsUser, answered: Answered
) -> None:
    full, short = answered("worked-1"), answered("leaning-20", True)
    main = compare(as_user(ana), full, short)
    assert "The earlier one is the full form, the later one the short form." in text_of(main)
    assert "so only the balance and the areas are compared" in text_of(main)
    assert "The figures of the parts" not in text_of(main)
    assert len(list(main.iter("table"))) == 3


def test_old_results_say_on_both_pages_what_they_always_said(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    client = as_user(ana)
    first, second = make_result(ana, "worked-partner"), make_result(ana, "extreme-give", at=NOW + days(1))
    for said in (result_page(client, second), text_of(compare(client, first, second))):
        assert "Your balance has probably changed." in said


def test_a_result_and_a_comparison_cost_the_same_however_many_there_are(
    ana: User, as_user: AsUser, answered: Answered
) -> None:
    client = as_user(ana)
    counts = []
    first, _second, last = answered(), answered(), answered()
    for more in (0, 6):
        for _number in range(more):
            last = answered()
        result_page(client, last)
        with CaptureQueriesContext(connection) as read:
            result_page(client, last)
        with CaptureQueriesContext(connection) as compared:
            compare(client, first, last)
        with CaptureQueriesContext(connection) as new:
            answered()
        counts.append((len(read), len(compared), len(new)))
    assert counts[0] == counts[1]
