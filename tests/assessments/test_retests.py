"""Answering again: who is asked, when, how often, and what makes a pair."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from accounts import consents, notices
from accounts.models import Consent, DataKey, Mail, Notice, User
from accounts.self_document import change
from accounts.services import erase_account
from assessments import retests, services, tasks
from assessments.models import Changed, InstrumentVersion, Response, Result, Retest
from assessments.retests import NotAPair
from tests.accounts.portable import exported, parts
from tests.answered import begin, begun, finished
from tests.assessments.conftest import NOW
from tests.assessments.vectors import PUBLIC_ANSWERS
from tests.conftest import AsUser
from tests.html import assert_valid_html
from tests.outbox import mailed

Clock = time_machine.Traveller
MOMENT = timedelta(microseconds=1)
QUESTION = "Has anything changed between you since 1 March 2026?"
INVITATION = "Would you answer once more?"
pytestmark = pytest.mark.django_db


def day(number: float) -> datetime:
    """So long after the first result."""
    return NOW + timedelta(days=number)


def night(number: float) -> None:
    tasks.ask_to_answer_again(int(day(number).timestamp()))


def agree(owner: User) -> User:
    consents.give(owner=owner, purpose="retest", now=NOW)
    return owner


def mails() -> int:
    return Mail.objects.filter(kind=notices.ONE).count()


@pytest.fixture
def first(ana: User, balance_1: InstrumentVersion) -> Result:
    """Ana's result, with her agreement to be asked again."""
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    agree(ana)
    return finished(ana, balance_1)


@pytest.fixture
def asked(first: Result) -> Retest:
    night(12)
    return Retest.objects.get()


@pytest.fixture
def anas(ana: User, as_user: AsUser, clock: Clock) -> Callable[[float], Client]:
    """Ana, logged in some days after her first result."""

    def at(number: float) -> Client:
        clock.move_to(day(number))
        return as_user(ana)

    return at


def answer(owner: User, version: InstrumentVersion, at: datetime, *, same: bool | None = True) -> Response:
    """All answers, not sent."""
    return begin(owner, version, PUBLIC_ANSWERS["worked-2"], at, same=same)


def again(owner: User, version: InstrumentVersion, at: datetime, changed: Changed | None, **about: Any) -> Result:
    response = answer(owner, version, at, **about)
    return services.submit_response(owner=owner, response_id=response.pk, changed=changed, now=at)


# --- Who is asked, and when ---


@pytest.mark.parametrize(("days", "is_asked"), [(11.99, False), (12, True), (15.99, True), (16, False)])
def test_who_agreed_is_asked_from_the_twelfth_to_the_sixteenth_day(first: Result, days: float, is_asked: bool) -> None:
    night(days)
    assert Retest.objects.exists() == is_asked


def test_a_result_is_asked_about_once_and_reminded_of_once(ana: User, first: Result) -> None:
    for number in range(10, 20):
        night(number)
    [retest] = Retest.objects.all()
    assert (retest.first, retest.asked_at, retest.reminded_at) == (first, day(12), day(14))
    assert Notice.objects.visible_to(ana).count() == 1


@pytest.mark.parametrize("asked_first", [13.5, 14.0, 14.5, 15.9])
def test_nobody_is_reminded_of_what_they_were_asked_just_now(first: Result, asked_first: float) -> None:
    night(asked_first)
    retest = Retest.objects.get()
    assert (retest.asked_at, retest.reminded_at) == (day(asked_first), None)
    night(asked_first + 1)
    assert Retest.objects.get().reminded_at is None
    night(asked_first + 2)
    assert (Retest.objects.get().reminded_at is not None) == (asked_first + 2 < 16)


def test_nobody_is_asked_who_did_not_agree_or_took_it_back(ana: User, balance_1: InstrumentVersion) -> None:
    finished(ana, balance_1)
    night(12)
    agree(ana)
    consents.withdraw(owner=ana, purpose="retest", now=NOW)
    night(13)
    assert not Retest.objects.exists()


def test_nobody_is_asked_with_gentle_prompts(ana: User, first: Result, anas: Callable[[float], Client]) -> None:
    change(ana, gentle_prompts=True, mail_is_safe=True)
    night(12)
    night(14)
    link, client = Retest.objects.get().link, anas(14)
    assert INVITATION not in client.get(reverse("today")).content.decode()
    page = client.get(reverse("notices")).content
    assert_valid_html(page)
    assert not re.search(f"{link}|answer the questions|That is over", page.decode())
    opened = client.post(reverse("notice_open", args=[Notice.objects.get().pk]))
    assertRedirects(opened, reverse("notices"), status_code=303)
    assertRedirects(client.get(link), reverse("balance"))
    assert (notices.new_for(User.objects.get(pk=ana.pk)), mails()) == (0, 0)


@pytest.mark.parametrize("mailed", [{}, {"mail_is_safe": True, "not_mailed": ("answer_again",)}])
def test_no_row_tells_who_has_gentle_prompts(
    ana: User, ben: User, first: Result, balance_1: InstrumentVersion, mailed: dict[str, Any]
) -> None:
    """Ben's rows with gentle prompts, whatever mails he wants, are those of Ana without, who is not mailed about it."""
    consents.give(owner=ben, purpose="questionnaire", now=NOW)
    finished(agree(ben), balance_1)
    change(ana, **mailed)
    change(ben, gentle_prompts=True, mail_is_safe=bool(mailed))

    def stored(owner: User) -> list[Any]:
        asked = Retest.objects.visible_to(owner).values_list(
            "asked_at", "reminded_at", "declined_at", "second", "sealed"
        )
        told = [(row.at, row.opened_at, len(row.sealed)) for row in Notice.objects.visible_to(owner)]
        unread = notices.unread(User.objects.get(pk=owner.pk)).notices
        return [*asked, *told, unread, Mail.objects.filter(owner=owner).count()]

    for number in (11.9, 12, 14, 16):
        night(number)
        assert stored(ana) == stored(ben)
    assert Retest.objects.filter(reminded_at=day(14)).count() == 2
    for owner in (ana, ben):
        again(owner, balance_1, day(16.5), None)
    assert stored(ana) == stored(ben)


def test_nobody_is_asked_who_answers_just_now_or_has_answered_since(
    ana: User, first: Result, balance_1: InstrumentVersion
) -> None:
    response = begun(ana, balance_1, now=day(5))
    night(12)
    assert not Retest.objects.exists()
    services.submit_response(owner=ana, response_id=response.pk, now=day(12))
    night(13)
    assert not Retest.objects.exists()
    night(24.5)
    assert Retest.objects.get().first.response == response


def test_nobody_is_asked_about_a_version_that_is_not_on_offer_any_more(
    first: Result, balance_2: InstrumentVersion
) -> None:
    night(12)
    assert not Retest.objects.exists()


def test_nobody_is_asked_further_for_answers_of_another_version(
    asked: Retest, balance_2: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    night(14)
    asked.refresh_from_db()
    assert asked.reminded_at is None
    client = anas(14)
    assert INVITATION not in client.get(reverse("today")).content.decode()
    assert asked.link not in client.get(reverse("notices")).content.decode()
    assertRedirects(client.get(asked.link), reverse("balance"))


def test_what_was_begun_before_a_newer_version_still_makes_a_pair(
    ana: User, asked: Retest, balance_1: InstrumentVersion, request: pytest.FixtureRequest
) -> None:
    response = answer(ana, balance_1, day(13))
    request.getfixturevalue("balance_2")
    services.submit_response(owner=ana, response_id=response.pk, changed=Changed.NO, now=day(13))
    asked.refresh_from_db()
    assert asked.second


def test_pages_look_up_the_agreement_of_one_person_only(
    ana: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    """`consents.agreeing` sorts the ledger of everybody."""
    client = anas(13)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("today"))
        response = answer(ana, balance_1, day(13))
        client.get(reverse("balance_check", args=[response.pk]))
        client.post(reverse("balance_check", args=[response.pk]), {"changed": "no"})
    asked.refresh_from_db()
    assert asked.second
    assert not [one["sql"] for one in queries if "DISTINCT ON" in one["sql"]]


def test_somebody_whose_key_is_damaged_is_not_asked(first: Result, anas: Callable[[float], Client]) -> None:
    DataKey.objects.filter(owner=first.owner).update(wrapped=b"damaged")
    night(12)
    assert INVITATION not in anas(12).get(reverse("today")).content.decode()
    assert not Notice.objects.exists()


@pytest.mark.parametrize("ends", [{"closes_at": day(19)}, {"is_active": False}])
def test_an_account_that_ends_is_not_asked(ana: User, first: Result, ends: dict[str, Any]) -> None:
    User.objects.filter(pk=ana.pk).update(**ends)
    night(12)
    assert not Retest.objects.exists()


def test_whom_it_asked_in_vain_it_forgets_after_thirty_days(asked: Retest) -> None:
    night(42)
    assert Retest.objects.exists()
    tasks.ask_to_answer_again(int(day(42).timestamp()) + 1)
    assert not Retest.objects.exists()


# --- By mail only if that is switched on ---


def test_no_mail_goes_unless_it_is_switched_on(asked: Retest) -> None:
    night(14)
    assert mails() == 0


def test_one_mail_and_one_reminder_that_say_nothing_of_what_it_is_about(ana: User, first: Result) -> None:
    change(ana, mail_is_safe=True)
    night(12)
    assert mails() == 1
    [letter] = mailed(day(12))
    assert "something new" in letter.body
    assert not re.search("again|answer|question|result", f"{letter.subject} {letter.body}")
    notices.open_all(owner=ana, until=day(13), now=day(13))
    for number in (13, 14, 15):
        night(number)
    assert mails() == 2


def test_who_has_not_looked_yet_is_not_mailed_twice_nor_who_wants_no_such_mails(ana: User, first: Result) -> None:
    change(ana, mail_is_safe=True)
    night(12)
    night(14)
    assert mails() == 1
    Mail.objects.all().delete()
    Retest.objects.all().delete()
    change(User.objects.get(pk=ana.pk), not_mailed=("answer_again",))
    night(15)
    assert Retest.objects.exists()
    assert mails() == 0


# --- On Today ---


def test_today_asks_and_the_notice_is_not_there_a_second_time(asked: Retest, anas: Callable[[float], Client]) -> None:
    page = anas(12.5).get(reverse("today")).content
    root = assert_valid_html(page)
    assert INVITATION in page.decode()
    assert root.find(f".//form[@action='{asked.link}']") is not None
    assert "New for you" not in page.decode()
    page = anas(16).get(reverse("today")).content
    assert INVITATION not in page.decode()


def test_its_own_page_asks_too(asked: Retest, anas: Callable[[float], Client]) -> None:
    page = anas(12.5).get(asked.link).content
    assert_valid_html(page)
    assert "You answered on 1 March 2026" in page.decode()


def test_a_no_is_for_good_and_can_be_pressed_twice(ana: User, asked: Retest, anas: Callable[[float], Client]) -> None:
    client = anas(12.5)
    for _ in range(2):
        assertRedirects(client.post(asked.link), reverse("today"))
    night(14)
    asked.refresh_from_db()
    assert (asked.declined_at, asked.reminded_at) == (day(12.5), None)
    assert notices.new_for(User.objects.get(pk=ana.pk)) == 0
    assert INVITATION not in client.get(reverse("today")).content.decode()
    assertRedirects(client.get(asked.link), reverse("balance"))


def test_whoever_is_asked_alone_sees_it(asked: Retest, ben: User, as_user: AsUser) -> None:
    client = as_user(ben)
    assert client.get(asked.link).status_code == client.post(asked.link).status_code == 404
    asked.refresh_from_db()
    assert asked.declined_at is None


def test_the_notice_leads_there_and_says_so_when_it_is_over(asked: Retest, anas: Callable[[float], Client]) -> None:
    notice = Notice.objects.get()
    assert anas(13).post(reverse("notice_open", args=[notice.pk])).headers["Location"] == asked.link
    assert "That is over." in anas(17).get(reverse("notices")).content.decode()


def test_who_has_begun_goes_on_instead(
    ana: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    begun(ana, balance_1, now=day(12.5))
    assert INVITATION not in anas(13).get(reverse("today")).content.decode()
    night(14)
    asked.refresh_from_db()
    assert asked.reminded_at is None


# --- What makes a pair ---


@pytest.mark.parametrize("changed", Changed)
def test_what_was_said_makes_a_pair_and_is_sealed(
    ana: User, first: Result, asked: Retest, balance_1: InstrumentVersion, changed: Changed,
    anas: Callable[[float], Client],
) -> None:  # fmt: skip
    response = answer(ana, balance_1, day(13))
    client, page = anas(13), reverse("balance_check", args=[response.pk])
    shown = client.get(page).content
    assert_valid_html(shown)
    assert QUESTION in shown.decode()
    assert "what you have just answered is left out of the measurement." in shown.decode()
    assert "checked" not in shown.decode()
    client.post(page, {"changed": changed})
    asked.refresh_from_db()
    second = Result.objects.get(response=response)
    assert (asked.first, asked.second, asked.changed(ana)) == (first, second, changed)
    assert changed.encode() not in bytes(asked.sealed or b"")
    result = client.get(reverse("result", args=[second.pk])).content.decode()
    assert f"You chose “{changed.label}”." in result
    assert notices.new_for(User.objects.get(pk=ana.pk)) == 0


def test_left_open_there_is_no_pair_and_no_more_asking(
    ana: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    response = answer(ana, balance_1, day(13))
    client = anas(13)
    answered = client.post(reverse("balance_check", args=[response.pk]))
    assertRedirects(answered, reverse("result", args=[response.result.pk]))
    asked.refresh_from_db()
    assert (asked.second, asked.sealed, asked.declined_at) == (None, None, day(13))
    again(ana, balance_1, day(14), Changed.NO)
    asked.refresh_from_db()
    assert asked.second is None


def test_another_answer_than_those_offered_changes_nothing(
    ana: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    response = answer(ana, balance_1, day(13))
    refused = anas(13).post(reverse("balance_check", args=[response.pk]), {"changed": "maybe"}, follow=True)
    assert "Choose one of these answers, or none." in refused.content.decode()
    assert_valid_html(refused.content)
    response.refresh_from_db()
    assert response.submitted_at is None


def test_sent_twice_what_was_said_first_stays(
    ana: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    response = answer(ana, balance_1, day(13))
    client, page = anas(13), reverse("balance_check", args=[response.pk])
    for changed in (Changed.NO, Changed.YES):
        client.post(page, {"changed": changed})
    asked.refresh_from_db()
    assert asked.changed(ana) == Changed.NO


@pytest.mark.parametrize("case", ["nobody asked", "declined", "withdrawn", "too late", "other relationship", "gentle"])
def test_where_it_is_not_asked_an_answer_to_it_is_no_pair(
    case: str, ana: User, first: Result, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    if case != "nobody asked":
        night(12)
    at = day(21 if case == "too late" else 13)
    if case == "declined":
        retests.decline(owner=ana, retest_id=Retest.objects.get().pk, now=day(12))
    response = answer(ana, balance_1, at, same=case != "other relationship")
    if case == "withdrawn":
        consents.withdraw(owner=ana, purpose="retest", now=day(12))
    if case == "gentle":
        change(ana, gentle_prompts=True)
    client, page = anas((at - NOW).days), reverse("balance_check", args=[response.pk])
    assert QUESTION not in client.get(page).content.decode()
    client.post(page, {"changed": "no"})
    assert Result.objects.filter(response=response).exists()
    assert not Retest.objects.filter(second__isnull=False).exists()


def test_answers_begun_before_the_twelfth_day_are_no_pair(
    ana: User, first: Result, balance_1: InstrumentVersion
) -> None:
    """Asked nevertheless: begun and sent between two nights."""
    response = answer(ana, balance_1, day(11.9))
    retest = Retest.objects.create(owner=ana, first=first, asked_at=day(12))
    with pytest.raises(NotAPair, match="too early"):
        retests.pair(owner=ana, retest=retest, second=Result(response=response), changed=Changed.NO)
    services.submit_response(owner=ana, response_id=response.pk, changed=Changed.NO, now=day(12.1))
    retest.refresh_from_db()
    assert retest.second is None


def test_two_versions_are_no_pair_and_nothing_changes(ana: User, asked: Retest, balance_2: InstrumentVersion) -> None:
    answers = PUBLIC_ANSWERS["worked-2"]
    areas = {key: value for key, value in answers.answers.items() if key.endswith(("_give", "_receive"))}
    response = begin(ana, balance_2, replace(answers, answers=areas), day(13), same=True)
    with pytest.raises(NotAPair, match="different versions"):
        retests.pair(owner=ana, retest=asked, second=Result(response=response), changed=Changed.NO)
    second = services.submit_response(owner=ana, response_id=response.pk, changed=Changed.NO, now=day(13))
    asked.refresh_from_db()
    assert asked.second is None
    asked.seal(ana, Changed.NO)
    asked.second, asked.declined_at = second, None
    with pytest.raises(IntegrityError, match="of the same version"), transaction.atomic():
        asked.save()


def test_a_second_answering_is_not_asked_about_itself(ana: User, asked: Retest, balance_1: InstrumentVersion) -> None:
    again(ana, balance_1, day(13), Changed.NO)
    night(25.5)
    assert Retest.objects.count() == 1


# --- What the database refuses ---


def test_the_database_refuses_what_is_no_pair(
    ana: User, ben: User, asked: Retest, balance_1: InstrumentVersion
) -> None:
    second = again(ana, balance_1, day(13), Changed.NO)
    bens = finished(ben, balance_1, now=day(14))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Retest.objects.update(asked_at=day(14))
    wrong: dict[str, Any]
    for wrong in ({"first": bens}, {"first": second, "second": bens, "sealed": b"x"}):
        with pytest.raises(IntegrityError, match="belong to the owner"), transaction.atomic():
            Retest.objects.create(owner=ana, asked_at=NOW, **wrong)
    Retest.objects.all().delete()
    first = asked.first
    with pytest.raises(IntegrityError, match="second result is later"), transaction.atomic():
        Retest.objects.create(owner=ana, asked_at=NOW, first=second, second=first, sealed=b"x")
    for wrong in ({"second": second}, {"sealed": b"x"}, {"second": second, "sealed": b"x", "declined_at": NOW}):
        with pytest.raises(IntegrityError, match="retest_second_with_what_was_said"), transaction.atomic():
            Retest.objects.create(owner=ana, asked_at=NOW, first=first, **wrong)
    with pytest.raises(IntegrityError, match="retest_reminded_after_asked"), transaction.atomic():
        Retest.objects.create(owner=ana, asked_at=NOW, first=first, reminded_at=NOW - MOMENT)


# --- Consent, export, erasure ---


def test_the_agreement_is_its_own_and_off_at_first(
    ana: User, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    client, page = anas(0), reverse("balance_start")
    assert str(consents.RETEST.words) in client.get(page).content.decode()
    chosen = {"form": "short", "partnered": "yes", "questionnaire": consents.QUESTIONNAIRE.version}
    client.post(page, chosen)
    assert not consents.has_given(ana, "retest")
    Response.objects.all().delete()
    client.post(page, {"form": "short", "partnered": "yes", "retest": consents.RETEST.version})
    assert consents.has_given(ana, "retest")
    assert not consents.has_given(ana, "group_statistics")


def test_taking_it_back_deletes_what_was_said(
    ana: User, ben: User, asked: Retest, balance_1: InstrumentVersion, anas: Callable[[float], Client]
) -> None:
    again(ana, balance_1, day(13), Changed.YES)
    client, page = anas(14), reverse("consents")
    client.post(page, {"purpose": "group_statistics", "version": consents.GROUP_STATISTICS.version, "agree": "yes"})
    client.post(page, {"purpose": "group_statistics", "agree": "no"})
    assert Retest.objects.exists()
    client.post(page, {"purpose": "retest", "agree": "no"})
    assert not Retest.objects.exists()
    assert Result.objects.visible_to(ana).count() == 2
    assert "What you said about changes is deleted." in client.get(page).content.decode()


def test_the_download_has_it(ana: User, first: Result, asked: Retest, balance_1: InstrumentVersion) -> None:
    second = again(ana, balance_1, day(13), Changed.UNSAID)
    assert parts(exported(ana))["retests"] == [
        {
            "first": str(first.pk), "second": str(second.pk), "asked_at": day(12).isoformat(),
            "reminded_at": None, "declined_at": None, "changed": "unsaid",
        }
    ]  # fmt: skip
    DataKey.objects.filter(owner=ana).update(wrapped=b"damaged")
    assert parts(exported(ana))["retests"][0]["cannot_be_opened"]


def test_it_goes_with_either_result_and_with_the_account(
    ana: User, asked: Retest, balance_1: InstrumentVersion
) -> None:
    second = again(ana, balance_1, day(13), Changed.NO)
    with transaction.atomic():
        services.delete_result(owner=ana, result_id=second.pk)
        assert not Retest.objects.exists()
        transaction.set_rollback(True)
    assert Retest.objects.exists()
    erase_account(owner=ana, now=day(14))
    assert not Retest.objects.exists()
    assert not Consent.objects.exists()
