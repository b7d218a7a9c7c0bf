"""A signed-in person's front page: what it says of each state, and what it asks of the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.self_document import change
from assessments import services
from assessments.answering import Posted, parts_of
from assessments.instrument import Instrument
from assessments.models import InstrumentVersion, Response, Result
from guide.models import Prompt
from journal.content import Content
from journal.prompts import prompt_of_the_day
from journal.services import Write, save_entry
from tests.assessments.conftest import MakeResult, balance_1, instrument, make_result, prompts
from tests.conftest import AsUser
from tests.consultations.cast import booked, verified
from tests.html import assert_valid_html, text_of
from tests.journal.written import written

__all__ = ["balance_1", "instrument", "make_result", "prompts"]  # fixtures

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.time_machine(NOW, tick=False)


def begin(owner: User, version: InstrumentVersion) -> Response:
    return services.start_response(owner=owner, version=version, form="short", partnered=True, agrees=(), now=NOW)


def today(client: Client) -> str:
    return text_of(assert_valid_html(client.get("/today/").content))


def test_newcomer_is_shown_one_way_on(ana: User, as_user: AsUser, balance_1: InstrumentVersion) -> None:
    page = today(as_user(ana))
    assert "No result yet. You can answer whenever you like." in page
    assert "Begin" in page


def test_questions_are_found_from_here(ana: User, cole: User, as_user: AsUser) -> None:
    verified(cole)
    for user, there in ((ana, [reverse("questions")]), (cole, [reverse("questions"), reverse("practice:questions")])):
        html = as_user(user).get("/today/").text
        assert all(f'href="{address}"' in html for address in there)


def test_without_questions_nothing_is_offered(ana: User, as_user: AsUser) -> None:
    assert "Begin" not in today(as_user(ana))


def test_begun_questionnaire_waits_where_it_was_left(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion, instrument: Instrument
) -> None:
    response = begin(ana, balance_1)
    first = parts_of(instrument, "short", partnered=True)[0]
    posted = Posted(answers={question.key: 0 for question in first.questions}, importance={})
    services.save_part(owner=ana, response_id=response.pk, posted=posted, now=NOW)
    client = as_user(ana)
    assert "Your questionnaire is waiting at part 2" in today(client)
    assert f"/balance/{response.pk}/2/" in client.get("/today/").content.decode()


def test_retired_questions_do_not_wait(ana: User, as_user: AsUser, balance_1: InstrumentVersion) -> None:
    response = begin(ana, balance_1)
    InstrumentVersion.objects.filter(pk=balance_1.pk).update(retired_at=NOW)
    client = as_user(ana)
    page = today(client)
    assert "waiting" not in page
    assert "Your answers are as you left them, but they can no longer be completed. You can start again." in page
    assert "Begin" not in page
    assert f'href="/balance/{response.pk}/restart/"' in client.get("/today/").content.decode()


def test_answers_that_cannot_be_opened_can_be_begun_anew(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion
) -> None:
    response = begin(ana, balance_1)
    Response.objects.filter(pk=response.pk).update(sealed=b"broken")
    client = as_user(ana)
    assert "The answers you began can’t be opened They have not been changed." in today(client)
    client.post(f"/balance/{response.pk}/restart/")
    assert "Begin" in today(client)


def test_latest_result_is_shown_in_words_and_as_a_beam(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    make_result(ana, at=NOW - timedelta(days=90))
    latest = make_result(ana, at=NOW)
    client = as_user(ana)
    page = today(client)
    assert "1 March 2026" in page
    assert "I give" in page
    assert f"/balance/results/{latest.pk}/" in client.get("/today/").content.decode()
    assert "Answer again" in page


def test_result_that_cannot_be_opened_hides_nothing_else(ana: User, as_user: AsUser, make_result: MakeResult) -> None:
    result = make_result(ana)
    Result.objects.filter(pk=result.pk).update(sealed=b"broken")
    assert "This result can’t be opened. It has not been changed." in today(as_user(ana))


def test_name_that_cannot_be_opened_is_left_out(ana: User, as_user: AsUser) -> None:
    change(ana, name="Noor")
    client = as_user(ana)
    assert ", Noor" in today(client)
    User.objects.filter(pk=ana.pk).update(sealed_self=b"broken")
    assert "Good " in today(client)


def test_day_is_the_persons_own(ana: User, as_user: AsUser) -> None:
    ana.timezone = "Pacific/Auckland"
    ana.save()
    page = today(as_user(ana))
    assert "Monday 2 March 2026" in page
    assert "Good evening" in page


@pytest.mark.parametrize("results", [1, 3])
def test_queries_do_not_grow(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion, make_result: MakeResult, results: int
) -> None:
    begin(ana, balance_1)
    for day in range(results):
        make_result(ana, at=NOW - timedelta(days=day))
    client = as_user(ana)
    client.get("/today/")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/today/")
    assert len(queries) <= 10, [query["sql"] for query in queries]


def test_unfinished_entry_comes_first_until_it_is_saved(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion
) -> None:
    begin(ana, balance_1)
    entry = written(ana, "Half a sentence", at=NOW - timedelta(minutes=5))
    client = as_user(ana)
    assert "Keep writing" not in today(client)
    typed = Write(content=Content(texts=("Half a sentence more",)), base_revision=1, keep=False)
    save_entry(owner=ana, entry_id=entry.pk, write=typed, now=NOW)
    page = today(client)
    assert page.index("Half a sentence more Keep writing") < page.index("Your questionnaire is waiting")
    assert f'href="/journal/{entry.pk}/write/"' in client.get("/today/").content.decode()
    saved = Write(content=Content(texts=("Whole.",)), base_revision=2)
    save_entry(owner=ana, entry_id=entry.pk, write=saved, now=NOW)
    assert "Keep writing" not in today(client)


@pytest.mark.usefixtures("prompts")
def test_newcomer_is_asked_the_leading_question_until_they_have_written(ana: User, as_user: AsUser) -> None:
    days = {prompt_of_the_day(ana, (NOW + timedelta(days=day)).date()) for day in range(7)}
    assert {prompt.title for prompt in days if prompt} == {"Am I projecting unmet needs?"}
    assert "Am I projecting unmet needs?" in today(as_user(ana))
    written(ana)
    assert len({prompt_of_the_day(ana, (NOW + timedelta(days=day)).date()) for day in range(7)}) == 7


@pytest.mark.usefixtures("prompts")
def test_the_question_just_answered_is_not_offered_again(ana: User, as_user: AsUser) -> None:
    written(ana)
    asked = prompt_of_the_day(ana, NOW.date())
    assert asked
    assert asked.title in today(as_user(ana))
    written(ana, content=Content(prompt=asked.key, question=asked.title, texts=("An answer.",)))
    another = prompt_of_the_day(ana, NOW.date())
    assert another
    assert another != asked
    assert another.title in today(as_user(ana))
    assert prompt_of_the_day(ana, (NOW + timedelta(days=1)).date()) not in {None, asked}
    Prompt.objects.exclude(key__in=[asked.key, "free"]).delete()
    assert prompt_of_the_day(ana, NOW.date()) is None
    assert prompt_of_the_day(ana, (NOW + timedelta(days=2)).date()) == asked


def test_for_a_specialist_the_week_comes_first(ana: User, cole: User, as_user: AsUser) -> None:
    specialist = verified(cole)
    client = as_user(cole)
    assert "No meeting is booked in the next seven days." in today(client)
    booked(ana, specialist, NOW + timedelta(days=6, hours=23))
    booked(ana, specialist, NOW + timedelta(days=8), status="completed")
    page = today(client)
    assert page.count("Ana Sunday 8 March 2026, 11:00 Video First time") == 1
    assert page.index("Your practice this week") < page.index("Good to know")
