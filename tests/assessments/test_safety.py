"""Three questions whose answers are used once and kept nowhere."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.self_document import gentle_prompts
from assessments.models import Result
from assessments.safety import is_raised
from guide.models import Prompt
from tests.assessments.conftest import MakeResult
from tests.assessments.vectors import INSTRUMENT
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

SAFETY = INSTRUMENT.text["safety"]
KEYS = [question["key"] for question in SAFETY["questions"]]
HEADING = "Your safety comes before balance"

pytestmark = pytest.mark.usefixtures("prompts")


@pytest.fixture
def result(ana: User, make_result: MakeResult) -> Result:
    return make_result(ana)


def address(result: Result) -> str:
    return f"/balance/results/{result.pk}/"


@pytest.mark.parametrize(
    ("posted", "raised"),
    [
        *[({key: "Yes"}, True) for key in KEYS],
        ({KEYS[0]: "No", KEYS[1]: "I prefer not to say", KEYS[2]: "Yes"}, True),
        (dict.fromkeys(KEYS, "No"), False),
        (dict.fromkeys(KEYS, "I prefer not to say"), False),
        ({KEYS[0]: "yes please"}, False),
        ({"other": "Yes"}, False),
        ({}, False),
    ],
)
def test_only_a_yes_raises(posted: dict[str, str], raised: bool) -> None:
    assert is_raised(SAFETY, posted) is raised


@pytest.mark.parametrize("key", KEYS)
def test_a_yes_is_answered_in_the_same_response(key: str, ana: User, as_user: AsUser, result: Result) -> None:
    response = as_user(ana).post(address(result), {key: "Yes"})
    assert response.status_code == 200
    root = assert_valid_html(response.content)
    said = text_of(next(root.iter("main")))
    assert text_of(next(root.iter("h1"))) == HEADING
    assert "We have not kept your answer." in said
    assert "Find someone to talk to" in [text_of(a) for a in root.iter("a") if a.get("href") == "/help-now/"]
    assert [form.get("action") for form in next(root.iter("main")).iter("form")] == ["/balance/prompts/"]


def test_a_yes_leaves_out_what_presses_for_more_and_the_illusions(ana: User, as_user: AsUser, result: Result) -> None:
    root = assert_valid_html(as_user(ana).post(address(result), {"afraid": "Yes"}).content)
    prompts = [text_of(p) for p in root.iter("p") if p.get("class") == "prompt"]
    assert prompts == [Prompt.objects.get(key=key).title for key in route_prompts("gives_more")]
    assert [text_of(chapter) for chapter in root.iter("cite")] == [
        "Giving and receiving: what balance means",
        "What a long tilt does to self-respect",
    ]


def route_prompts(key: str) -> tuple[str, ...]:
    return next(route.prompts_if_unsafe for route in INSTRUMENT.routes if route.key == key)


def test_a_prompts_own_flag_holds_as_well(ana: User, as_user: AsUser, result: Result) -> None:
    Prompt.objects.filter(key="balance-1").update(suppressed_if_unsafe=True)
    title = Prompt.objects.get(key="balance-1").title
    client = as_user(ana)
    assert title not in client.post(address(result), {"afraid": "Yes"}).text
    assert title in client.get(f"/balance/results/{result.pk}/").text


@pytest.mark.parametrize("posted", [dict.fromkeys(KEYS, "No"), dict.fromkeys(KEYS, "I prefer not to say"), {}])
def test_no_yes_is_a_calm_thank_you(posted: dict[str, str], ana: User, as_user: AsUser, result: Result) -> None:
    response = as_user(ana).post(address(result), posted)
    assert response.status_code == 200
    root = assert_valid_html(response.content)
    assert text_of(next(root.iter("h1"))) == "Thank you for reading these questions."
    assert HEADING not in response.text
    assert "/balance/prompts/" not in response.text


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_the_answer_is_kept_nowhere(
    answer: str, ana: User, as_user: AsUser, result: Result, caplog: pytest.LogCaptureFixture
) -> None:
    client = as_user(ana)
    client.get(f"/balance/results/{result.pk}/")
    sessions = list(Session.objects.values_list())
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.post(address(result), dict.fromkeys(KEYS, answer))
    assert {query["sql"].split()[0] for query in captured} <= {"SELECT"}
    assert list(Session.objects.values_list()) == sessions
    written = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert not any(word in line for line in written for word in (*KEYS, answer))
    assert not response.cookies.get("messages")
    assert HEADING not in client.get(f"/balance/results/{result.pk}/").text
    ana.refresh_from_db()
    assert gentle_prompts(ana) is False


def test_the_answers_leave_no_address_of_their_own(ana: User, as_user: AsUser, result: Result) -> None:
    assert as_user(ana).get(address(result)).status_code == 200
    assert as_user(ana).get(f"{address(result)}safety/").status_code == 404


def test_the_questions_are_optional_and_nothing_is_chosen(ana: User, as_user: AsUser, result: Result) -> None:
    root = assert_valid_html(as_user(ana).get(f"/balance/results/{result.pk}/").content)
    radios = [e for e in root.iter("input") if e.get("type") == "radio"]
    assert len(radios) == 9
    assert not any(radio.get("checked") is not None or radio.get("required") is not None for radio in radios)
    form = next(form for form in root.iter("form") if form.get("action") == address(result))
    assert "no-print" in (form.get("class") or "")


def test_a_forged_post_is_refused(ana: User, result: Result) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post(address(result), {"afraid": "Yes"}).status_code == 403


def test_somebody_elses_result_has_no_questions(ben: User, as_user: AsUser, result: Result) -> None:
    assert as_user(ben).post(address(result), {"afraid": "Yes"}).status_code == 404


def test_the_panel_needs_no_open_result(ana: User, as_user: AsUser, result: Result) -> None:
    Result.objects.filter(pk=result.pk).update(sealed=b"broken")
    response = as_user(ana).post(address(result), {"afraid": "Yes"})
    assert HEADING in response.text
    assert_valid_html(response.content)


def test_gentle_prompts_are_switched_on_by_an_ordinary_post(ana: User, as_user: AsUser, result: Result) -> None:
    client = as_user(ana)
    assert client.get("/balance/prompts/").status_code == 405
    assert client.post("/balance/prompts/").headers["Location"] == "/account/settings/"
    ana.refresh_from_db()
    assert gentle_prompts(ana) is True
    assert "Switch on gentle prompts" not in client.post(address(result), {"afraid": "Yes"}).text
