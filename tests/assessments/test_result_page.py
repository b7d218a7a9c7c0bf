"""The page of one result: what is on it, who sees it, what it costs, and deleting it."""

import re
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.self_document import change
from assessments.models import Response, Result
from assessments.scoring import Answers
from tests.assessments.conftest import NOW, MakeResult
from tests.assessments.vectors import ANSWERS
from tests.conftest import AsUser
from tests.html import assert_valid_html, parse, text_of

SVG = "{http://www.w3.org/2000/svg}"
QUERIES = 6

pytestmark = pytest.mark.usefixtures("prompts")


def address(result: Result, *more: str) -> str:
    return "/".join(["/balance/results", str(result.pk), *more, ""])


def open_page(client: Client, result: Result) -> Element:
    response = client.get(address(result))
    assert response.status_code == 200
    return assert_valid_html(response.content)


def words(root: Element) -> str:
    return text_of(next(root.iter("main")))


@pytest.mark.parametrize("name", ANSWERS)
def test_every_response_makes_a_valid_page(name: str, ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    open_page(as_user(ana), make_result(ana, name))


def test_the_page_of_the_worked_example(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    root = open_page(as_user(ana), make_result(ana))
    assert text_of(next(root.iter("h1"))) == "In your answers, you give more than you receive."
    said = words(root)
    for words_said in (
        "Quite sure: if you answered again, it would very likely point the same way.",
        "your balance is most likely between 16 and 45 towards giving.",
        "Based on 9 of 10 areas.",
        "Based on 7 of 8 answers.",
        "What this can and cannot tell you",
        "These bands come from how the questions are built.",
        "Your feeling leaves out 31 of 100.",
        "Me, pressing for an answer",
        "assumed until a pilot of 100 retests",
        "Worked out with version 1 of the questionnaire, version 1 of the constants and version 1 of the algorithm.",
        "Does something feel unsafe?",
        "What were the steps of our last round?",
        "Which one thing could I let rest for a week?",
        "Pressing, pulling away, and the loop between",
    ):
        assert words_said in said
    assert [text_of(e) for e in root.iter() if "figure" in (e.get("class") or "").split()] == ["+31", "81", "50"]
    assert [text_of(e) for e in root.iter("summary")] == [
        "Menu: Balance",
        "What the numbers are and how they are worked out",
    ]
    assert not any(e.get("open") for e in root.iter("details"))


def test_the_areas_are_a_real_table(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    root = open_page(as_user(ana), make_result(ana))
    table = next(root.iter("table"))
    rows = [[text_of(cell) for cell in row if cell.get("class") != "bar"] for row in table.iter("tr")]
    assert rows[0] == ["Area", "I give", "Drawing I give I receive", "I receive", "Difference"]
    assert table.find("thead/tr/td") is None
    assert rows[1] == ["Everyday help", "4", "1", "gives more, by 75 of 100"]
    assert len(rows) == 10
    assert all(header.get("scope") for header in root.iter("th"))


def test_what_is_drawn_has_a_text_or_is_hidden(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    root = open_page(as_user(ana), make_result(ana))
    drawings = list(next(root.iter("main")).iter(f"{SVG}svg"))
    assert [d.get("role") for d in drawings if d.get("aria-hidden") != "true"] == ["img"]
    beam = next(d for d in drawings if d.get("role") == "img")
    assert text_of(next(beam.iter(f"{SVG}title"))).endswith("tips to the left by 31, towards giving.")
    assert beam.get("aria-labelledby") == next(beam.iter(f"{SVG}title")).get("id")


def test_the_tab_names_a_date_and_nothing_else(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    root = open_page(as_user(ana), make_result(ana))
    assert text_of(next(root.iter("title"))) == "Result from 1 March 2026 | Reflect"


def test_a_score_without_a_balance_has_no_beam(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    root = open_page(as_user(ana), make_result(ana, "six-pairs"))
    assert not any(d.get("role") == "img" for d in next(root.iter("main")).iter(f"{SVG}svg"))
    assert "You have answered both in 6." in words(root)


def test_a_result_of_few_answers_is_short(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    few = Answers(form="full", partnered=True, answers={"attention_give": 3, "attention_receive": 1}, importance={})
    root = open_page(as_user(ana), make_result(ana, few))
    headings = [text_of(heading) for heading in root.iter("h2")]
    assert "Area by area" in headings
    assert not {"Around the balance", "The figures"} & set(headings)
    assert words(root).count("too few answers") == 0
    assert "Does something feel unsafe?" in words(root)


def test_what_has_too_few_answers_is_named_in_one_sentence(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    said = words(open_page(as_user(ana), make_result(ana, "missing-rules")))
    assert said.count("too few answers") == 1


def test_help_stands_beside_a_route_that_asks_for_it(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    """`short-one-missing` has the route self_worth; the worked example has none with a help card."""
    client = as_user(ana)
    assert words(open_page(client, make_result(ana, "short-one-missing"))).count("watched, controlled or hurt") == 2
    assert words(open_page(client, make_result(ana, at=NOW + timedelta(1)))).count("watched, controlled or hurt") == 1


def test_nothing_is_suggested_twice(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    """`route-ties` has two routes that both lead to self-worth and ask its second prompt."""
    root = open_page(as_user(ana), make_result(ana, "route-ties"))
    prompts = [text_of(p) for p in root.iter("p") if p.get("class") == "prompt"]
    chapters = [text_of(chapter) for chapter in root.iter("cite")]
    assert len(prompts) == len(set(prompts)) > 3
    assert len(chapters) == len(set(chapters))


def test_hidden_prompts_are_not_suggested(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    client, found = as_user(ana), make_result(ana, "route-ties")

    def asked() -> list[str]:
        return [
            str(p.get("id")).removeprefix("p-")
            for p in open_page(client, found).iter("p")
            if p.get("class") == "prompt"
        ]

    first, *others = asked()
    assert others
    client.post("/journal/prompts/choose/", {"hide": first})
    assert asked() == others


def test_result_leads_to_its_chapters(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    client = as_user(ana)
    links = [link for cite in open_page(client, make_result(ana)).iter("cite") for link in cite.iter("a")]
    assert links
    for link in links:
        chapter = parse(client.get(str(link.get("href"))).content)
        assert text_of(next(chapter.iter("h1"))) == text_of(link)


def test_the_time_before_is_set_beside_it(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    make_result(ana, "worked-2", at=NOW - timedelta(days=90))
    make_result(ana, "leaning-20", at=NOW - timedelta(days=1))
    root = open_page(as_user(ana), make_result(ana))
    said = words(root)
    assert "Since last time" in said
    assert "The change is too small to tell from everyday ups and downs." in said
    assert "the open ring is 1 December 2025" in said
    assert any("mark-before" in (e.get("class") or "") for e in root.iter())


def test_a_first_result_has_nothing_beside_it(ana: User, ben: User, as_user: AsUser, make_result: MakeResult) -> None:
    result = make_result(ana)
    make_result(ana, at=NOW + timedelta(days=1))
    make_result(ben, at=NOW - timedelta(days=1))
    root = open_page(as_user(ana), result)
    assert "Since last time" not in words(root)
    assert not any("mark-before" in (e.get("class") or "") for e in root.iter())


def test_only_its_owner_sees_a_result(
    ana: User, ben: User, cole: User, dana: User, client: Client, as_user: AsUser, make_result: MakeResult
) -> None:
    result = make_result(ana)
    for path in (address(result), address(result, "delete")):
        assert client.get(path).status_code == 302
    for other in (ben, cole, dana):
        for path in (address(result), address(result, "delete")):
            assert as_user(other).get(path).status_code in {302, 404}  # 302: a second factor comes first
            assert as_user(other).post(path).status_code in {302, 404, 405}
    assert Result.objects.filter(pk=result.pk).exists()
    assert as_user(ben).get(address(result)).status_code == 404


@pytest.mark.parametrize("earlier", [0, 1, 3])
def test_the_page_asks_the_database_little(earlier: int, ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    for days in range(earlier):
        make_result(ana, at=NOW - timedelta(days=days + 1))
    result, client = make_result(ana), as_user(ana)
    client.get(address(result))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address(result))
    asked = [query["sql"] for query in captured if not re.match("SAVEPOINT|RELEASE", query["sql"])]
    assert len(asked) <= QUERIES, "\n".join(asked)


@pytest.mark.parametrize("row", ["result", "response"])
def test_a_row_that_cannot_be_opened_says_so_and_stays(
    row: str, ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    """A trigger keeps a submitted response as it is, so it is switched off to break one."""
    result, other = make_result(ana), make_result(ana, at=NOW + timedelta(days=1))
    if row == "result":
        Result.objects.filter(pk=result.pk).update(sealed=other.sealed)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = 'replica'")
            Response.objects.filter(pk=result.response_id).update(sealed=other.response.sealed)
            cursor.execute("SET LOCAL session_replication_role = 'origin'")
    root = open_page(as_user(ana), result)
    assert text_of(next(root.iter("h1"))).endswith("be opened. It has not been changed.")
    assert "Since last time" not in words(open_page(as_user(ana), other))


def test_deleting_says_what_goes_and_takes_the_answers_too(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    result, kept = make_result(ana), make_result(ana, at=NOW + timedelta(days=1))
    client = as_user(ana)
    assert "the answers it came from" in words(assert_valid_html(client.get(address(result, "delete")).content))
    assert Result.objects.count() == 2
    response = client.post(address(result, "delete"))
    assert response.headers["Location"] == "/balance/"
    assert [*Result.objects.all()] == [kept]
    assert [*Response.objects.all()] == [kept.response]
    assert client.post(address(result, "delete")).status_code == 404


def test_gentle_prompts_change_what_is_suggested_and_show_no_panel(
    ana: User, as_user: AsUser, make_result: MakeResult
) -> None:
    change(ana, gentle_prompts=True)
    root = open_page(as_user(ana), make_result(ana))
    said = words(root)
    assert "What were the steps of our last round?" not in said  # the route cycle
    assert "Which one thing could I let rest for a week?" not in said  # gives_more has other prompts
    assert "What did I give this week, and what reached me?" in said
    assert "Your safety comes before balance" not in said
    assert text_of(next(root.iter("h1"))) == "In your answers, you give more than you receive."
