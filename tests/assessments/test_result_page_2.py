"""The page of a result of algorithm 2: what is on it for each kind of result, and that old results keep their page."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.self_document import change
from assessments.models import Result
from assessments.scoring import Answers
from tests.assessments.conftest import NOW, MakeResult
from tests.assessments.test_reading_2 import REFERENCE, UNEVEN, answers, everywhere, statements
from tests.assessments.vectors import ANSWERS, INSTRUMENT
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

SVG = "{http://www.w3.org/2000/svg}"
QUERIES = 5
CASES = {
    "wide": answers(everywhere(4, 1), statements(2)),
    "far out": answers(everywhere(4, 0)),
    "uneven": answers(UNEVEN, statements(3)),
    "level": answers(everywhere(3, 3), statements(1)),
    "too close": answers(REFERENCE, statements(2)),
    "too few areas": ANSWERS["six-pairs"],
    "short": answers(REFERENCE, statements(4, form="short"), form="short"),
    "ended": answers(REFERENCE, statements(3), partnered=False),
    "only non-answers": Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, "na"), {}),
    "nothing": Answers("full", True, {}, {}),
    "equal answers": Answers("full", True, dict.fromkeys(INSTRUMENT.scale_of, 2), {}),
    "worked": ANSWERS["worked-1"],
}

pytestmark = pytest.mark.usefixtures("prompts")


def open_page(client: Client, result: Result) -> Element:
    response = client.get(f"/balance/results/{result.pk}/")
    assert response.status_code == 200
    return assert_valid_html(response.content)


def words(root: Element) -> str:
    return text_of(next(root.iter("main")))


def by_id(root: Element, wanted: str) -> Element:
    return next(e for e in root.iter() if e.get("id") == wanted)


@pytest.fixture
def page(ana: User, as_user: AsUser, make_result: MakeResult, request: pytest.FixtureRequest) -> Element:
    """The page of the case that a test is marked with."""
    return open_page(as_user(ana), make_result(ana, CASES[request.param], algorithm=2))


def of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", names or CASES, indirect=True)


@of()
def test_every_kind_of_result_makes_a_valid_page(page: Element) -> None:
    linked = {str(link.get("href")) for link in next(page.iter("main")).iter("a")}
    there = {f"#{element.get('id')}" for element in page.iter() if element.get("id")}
    assert {link for link in linked if link.startswith("#")} <= there
    assert not any(details.get("open") for details in page.iter("details"))
    assert "Does something feel unsafe?" in words(page)
    assert "version 1 of the questionnaire, version 2 of the constants and version 2 of the algorithm" in words(page)


@of("wide")
def test_a_wide_result(page: Element) -> None:
    said = words(page)
    assert text_of(next(page.iter("h1"))) == "In your answers, you give more than you receive."
    for words_said in (
        "You give more in attention and listening, everyday help, comfort and support, ",
        "Quite sure: if you answered again, the result would mostly point the same way.",
        "In about 16 of 20 cases your usual balance lies between 60 and 90.",
        "your usual balance is one of these 20 dots, each as likely as the next; the 16 solid ones are the range.",
        "a second answering is usually closer to level",
        "answers differ from day to day had not been measured yet when this was worked out, so it was assumed.",
        "0 is none, 4 is a great deal. The largest difference comes first.",
        "When I give",
        "My partner presses, I pull back",
        "In about two of three cases what is usual for you is inside the band.",
    ):
        assert words_said in said
    assert [text_of(e) for e in page.iter() if "figure" in (e.get("class") or "").split()] == ["4.0", "1.0"]
    assert "most likely" not in said


@of("uneven")
def test_an_uneven_result_leads_to_the_list(page: Element) -> None:
    assert text_of(next(page.iter("h1"))) == "About level overall, uneven by area: look at the list."
    assert "uite sure" not in words(page)
    assert "You receive more in attention and listening, " in words(page)


@of("level")
def test_a_level_result_is_as_level_as_this_can_tell(page: Element) -> None:
    assert text_of(next(page.iter("h1"))) == "Giving and receiving are about level, as far as this can tell."
    assert "uite sure" not in words(page)
    assert [text_of(dt) for dt in by_id(page, "plain").iter("dt")] == [
        "Level",
        "Change",
        "What this does not say",
    ]
    assert "closer to level" not in words(page)


@of("too few areas", "only non-answers", "nothing")
def test_without_a_balance_there_is_no_beam_and_no_word_for_it(page: Element) -> None:
    drawings = {
        text_of(next(drawing.iter(f"{SVG}title")))
        for drawing in page.iter(f"{SVG}svg")
        if drawing.get("viewBox") == "40 0 560 350"
    }
    assert not drawings
    headings = {text_of(heading) for heading in page.iter("h2")}
    assert not {"The beam", "How sure is this?"} & headings
    assert {"What you answered", "The figures"} <= headings
    assert text_of(next(page.iter("h1"))) == "There are not enough answers for the balance."


@of("ended")
def test_an_ended_relationship_counts_only_what_was_asked(page: Element) -> None:
    assert not re.search(r"Based on \d of \d answers", words(page))
    assert "my partner pulls back" not in words(page)
    assert "Ready for a small change" not in words(page)


@of("short")
def test_the_short_form_says_what_it_asked(page: Element) -> None:
    assert "you often felt like yourself, and took time for what you need" in words(page)
    assert "By importance" not in words(page)
    assert "How heavy it feels" not in words(page)


@of("equal answers")
def test_equal_answers_are_softly_noted(page: Element) -> None:
    assert "You gave the same answer 80 times in a row. That can be true; it can also be haste." in words(page)


@of("wide")
def test_texts_about_statements_lead_to_the_answers(page: Element) -> None:
    links = [link for link in page.iter("a") if str(link.get("href")).startswith("#answers-")]
    assert {link.get("href") for link in links} == {"#answers-ill", "#answers-prj", "#answers-aut", "#answers-rec"}
    assert "Every question with your answer" in [text_of(summary) for summary in page.iter("summary")]
    assert text_of(by_id(page, "answers-aut")) == "What I have of my own"
    assert text_of(page).count("I had someone else to talk to when I needed support.Sometimes") == 1


@of("too close")
def test_drawings_have_a_text_or_are_hidden(page: Element) -> None:
    drawings = [d for d in next(page.iter("main")).iter(f"{SVG}svg") if d.get("aria-hidden") != "true"]
    assert {d.get("role") for d in drawings} == {"img"}
    beam, *lines = drawings
    assert text_of(next(beam.iter(f"{SVG}title"))).endswith("your usual balance lies between −4 and 26.")
    assert len(lines) == 7
    assert all(
        re.fullmatch(r"\d+, between \d+ and \d+\. 0 is “.+”, 100 is “.+”\.", d.get("aria-label") or "") for d in lines
    )
    dots = [c for c in beam.iter(f"{SVG}circle") if c.get("r") == "4.6"]
    assert [dot.get("class") for dot in dots].count("mark-ink") == 16
    assert len(dots) == 20


def in_sight(element: Element) -> Iterator[str]:
    """The texts of what is open and no drawing."""
    if element.tag not in {"details", f"{SVG}svg"}:
        yield element.text or ""
        for child in element:
            yield from in_sight(child)
            yield child.tail or ""


@of("too close")
def test_one_scale_is_in_sight(page: Element) -> None:
    """Outside what is closed at first there are the answers' scale, counts of areas, and the range with its meaning."""
    said = "".join(in_sight(next(page.iter("main"))))
    sure = "".join(in_sight(next(e for e in page.iter("section") if e.get("aria-labelledby") == "sure")))
    assert re.findall(r"−?\d+", sure) == ["16", "20", "−4", "26", "100", "0", "−100", "20", "16", "11"]
    figures = re.findall(r"−?\d+(?:\.\d+)?", re.sub(r"\d+ times in a row", "", said.replace(sure, "")))
    assert set(figures) - {"1", "2026", "9", "10"} == {"0", "1", "2", "3", "4", "2.3", "2.8"} - {"1"}


@of("worked")
def test_the_list_numbers_its_axis(page: Element) -> None:
    table = next(page.iter("table"))
    assert [text_of(text) for text in next(table.iter("tfoot")).iter(f"{SVG}text")] == [*"432101234"]
    first = next(table.iter("tbody")).find("tr")
    assert first is not None
    assert [text_of(cell) for cell in first if cell.get("class") != "bar"] == [
        "Everyday help",
        "4",
        "1",
        "gives more, by 3",
    ]


def test_the_page_asks_the_database_little(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    result, client = make_result(ana, algorithm=2), as_user(ana)
    open_page(client, result)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/balance/results/{result.pk}/")
    asked = [query["sql"] for query in captured if not re.match("SAVEPOINT|RELEASE", query["sql"])]
    assert len(asked) <= QUERIES, "\n".join(asked)


def test_gentle_prompts_change_what_is_suggested(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    result, client = make_result(ana, algorithm=2), as_user(ana)
    assert "Find a specialist" in words(open_page(client, result))
    change(ana, gentle_prompts=True)
    assert "Find a specialist" not in words(open_page(client, result))


@of()
def test_the_four_questions_are_answered_before_the_first_drawing(page: Element) -> None:
    """Which way, how sure, whether it changed, and what it does not say: docs/measurement/comprehension.md."""
    said = words(page)
    if "The beam" not in {text_of(heading) for heading in page.iter("h2")}:
        return
    top = said[: said.index("The larger a weight")]
    assert re.search("you answered again, the result (would|could)", top)
    assert "Change Nothing can be said yet: there is no earlier result to compare this one with." in top
    assert "It does not say how your partner sees it, whether any of this is good or bad" in top
    assert "Whether the questions measure what they are meant to was never tested." in said


def test_an_old_result_beside_a_new_one_keeps_its_page(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    old, client = make_result(ana), as_user(ana)
    before = words(open_page(client, old))
    make_result(ana, at=NOW.replace(year=2027), algorithm=2)
    assert words(open_page(client, old)) == before
    assert "your balance is most likely between 16 and 45 towards giving." in before
    assert "The beam" not in before
