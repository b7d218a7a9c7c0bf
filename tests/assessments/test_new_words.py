"""Somebody who agreed to the words of before comes back: asked once, told what changed, and nothing is lost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts import consents
from accounts.consents import GROUP_STATISTICS, QUESTIONNAIRE, WORDINGS, has_given
from accounts.models import Consent, User
from assessments import services
from assessments.models import InstrumentVersion, Response, Result
from tests.answered import finished
from tests.assessments.conftest import NOW
from tests.assessments.test_access import chosen, first_part, hidden
from tests.assessments.test_views import START, begin, html, part, stored
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

EARLIER = NOW - timedelta(days=30)
BOTH = (QUESTIONNAIRE.purpose, GROUP_STATISTICS.purpose)
NOTICE = "We have changed the words of something you agreed to."


@pytest.fixture
def anas(ana: User, as_user: AsUser) -> Client:
    return as_user(ana)


@pytest.fixture
def response(ana: User, balance_1: InstrumentVersion) -> Response:
    """Ana has begun the short form, and agreed to both of the earlier wordings."""
    response = services.start_response(owner=ana, version=balance_1, form="short", partnered=True, now=NOW)
    agreed_earlier(ana)
    return response


def agreed_earlier(owner: User) -> None:
    for purpose in BOTH:
        consents.write(owner, WORDINGS[purpose, 1], given=True, now=EARLIER)


def agree_to(response: Response) -> str:
    return reverse("balance_agree", args=[response.pk])


def text(answer: object) -> str:
    return text_of(assert_valid_html(html(answer)))


def test_going_on_asks_for_the_new_words_and_says_what_is_new(anas: Client, ana: User, response: Response) -> None:
    assert anas.get(part(response, 2))["Location"] == agree_to(response)
    page = anas.get(agree_to(response))
    said = text(page)
    for wording in (QUESTIONNAIRE, GROUP_STATISTICS):
        assert str(wording.words) in said
        assert str(wording.changed) in said
        assert str(WORDINGS[wording.purpose, 1].words) not in said
    assert " checked" not in page.text
    assert "your answers and results stay here until you delete them" in said
    assert f'href="{reverse("balance")}">Not now' in page.text
    assert anas.post(agree_to(response), {wording.purpose: wording.version for wording in consents.CHOICES})[
        "Location"
    ] == reverse("balance")
    assert all(has_given(ana, purpose) for purpose in BOTH)
    assert anas.get(part(response, 2)).status_code == 200
    assert NOTICE not in text(anas.get(reverse("balance")))


def test_an_empty_box_beside_changed_words_is_a_no_that_is_not_asked_about_again(
    anas: Client, ana: User, response: Response
) -> None:
    anas.post(agree_to(response), {"questionnaire": QUESTIONNAIRE.version})
    assert (has_given(ana, "questionnaire"), has_given(ana, "group_statistics")) == (True, False)
    assert NOTICE not in text(anas.get(reverse("balance")))
    last = Consent.objects.visible_to(ana).filter(purpose="group_statistics").latest("id")
    assert (last.version, last.given) == (2, False)


def test_a_box_that_was_never_ticked_is_no_answer(ana: User, anas: Client, balance_1: InstrumentVersion) -> None:
    anas.post(reverse("balance_start"), START)
    assert not Consent.objects.visible_to(ana).filter(purpose="group_statistics").exists()


def test_beginning_again_asks_for_the_new_words(anas: Client, ana: User, balance_1: InstrumentVersion) -> None:
    agreed_earlier(ana)
    said = text(anas.get(reverse("balance_start")))
    assert str(QUESTIONNAIRE.changed) in said
    assert str(GROUP_STATISTICS.changed) in said
    anas.post(reverse("balance_start"), START)
    assert (has_given(ana, "questionnaire"), has_given(ana, "group_statistics")) == (True, False)
    assert not consents.is_reworded(ana)


def test_who_does_not_agree_keeps_everything(anas: Client, ana: User, balance_1: InstrumentVersion) -> None:
    result = finished(ana, balance_1)
    kept = begin(ana, balance_1)
    before = bytes(Response.objects.get(pk=kept.pk).sealed)
    consents.write(ana, WORDINGS["questionnaire", 1], given=True, now=NOW)
    assert NOTICE in text(anas.get(reverse("balance")))
    anas.post(reverse("consents"), {"purpose": "questionnaire", "agree": "no"})
    assert NOTICE not in text(anas.get(reverse("balance")))
    said = text(anas.get(reverse("consents")))
    assert "Until you agree, we keep no new answers. What is stored stays until you delete it:" in said
    assert str(WORDINGS["questionnaire", 1].words) in said
    for address in (reverse("result", args=[result.pk]), reverse("today"), reverse("data"), reverse("data_delete")):
        assert anas.get(address).status_code in {200, 302}
    assert anas.get(reverse("result", args=[result.pk])).status_code == 200
    assert bytes(Response.objects.get(pk=kept.pk).sealed) == before
    assert Result.objects.count() == 1
    anas.post(reverse("balance_restart", args=[kept.pk]))
    assert not Response.objects.filter(pk=kept.pk).exists()


def test_what_was_chosen_when_the_words_changed_comes_back(anas: Client, ana: User, response: Response) -> None:
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    address, answers = part(response, 1), first_part(response)
    data = answers | hidden(html(anas.get(address)))
    consents.write(ana, WORDINGS["questionnaire", 1], given=True, now=NOW)
    again = anas.post(address, data, follow=True)
    assert again.status_code == 409
    page = html(again)
    assert "The words of your agreement have changed. This part was not saved." in page
    assert f'href="{agree_to(response)}" target="_blank"' in page
    assert chosen(page) == answers
    assert stored(response) == {}
    anas.post(agree_to(response), {"questionnaire": QUESTIONNAIRE.version})
    assert anas.post(address, answers | hidden(page))["Location"] == part(response, 2)
    assert stored(response) == {key: int(value) for key, value in answers.items()}


def test_the_page_says_so_with_both_answers_at_hand(anas: Client, ana: User, response: Response) -> None:
    page = anas.get(reverse("consents"))
    said = text(page)
    assert page.text.count("I do not agree") == page.text.count("I agree to this") - 1 == 2  # the third is not new
    for purpose in BOTH:
        assert str(WORDINGS[purpose, 2].changed) in said
        assert f"you agreed to these words, which have changed since then. {WORDINGS[purpose, 1].words}" in said
        anas.post(
            reverse("consents"), {"purpose": purpose, "version": consents.CURRENT[purpose].version, "agree": "yes"}
        )
    page = anas.get(reverse("consents"))
    assert "I do not agree" not in page.text
    assert str(WORDINGS["questionnaire", 1].words) in text(page)


def test_a_long_ledger_costs_no_more_queries(
    anas: Client, ana: User, response: Response, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    anas.get(reverse("consents"))  # which records that the session is in use
    with CaptureQueriesContext(connection) as asked:
        anas.get(reverse("consents"))
    for _ in range(3):
        consents.give(owner=ana, purpose="questionnaire", now=NOW)
        consents.withdraw(owner=ana, purpose="questionnaire", now=NOW)
    with django_assert_num_queries(len(asked)):
        anas.get(reverse("consents"))


def test_who_saw_earlier_words_agrees_to_nothing(anas: Client, ana: User, response: Response) -> None:
    """A page that was left open while the words changed: its box says which it showed."""
    for shown in ("1", "on"):
        page = anas.post(agree_to(response), {"questionnaire": shown, "group_statistics": shown}, follow=True)
        assert text(page).count("These words have changed since you opened the page. Please read them again.") >= 2
        assert " checked" not in page.text
        anas.post(reverse("consents"), {"purpose": "questionnaire", "version": shown, "agree": "yes"})
    assert consents.is_reworded(ana, "questionnaire")
    assert consents.is_reworded(ana, "group_statistics")
