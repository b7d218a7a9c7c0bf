"""What happens at night: abandoned questionnaires go, group figures are worked out anew."""

from datetime import timedelta

import pytest

from accounts import consents
from accounts.models import DataKey, User
from assessments import services, tasks
from assessments.answering import Posted
from assessments.models import Form, GroupFigures, InstrumentVersion, Response, Result
from tests.assessments.conftest import NOW

AREAS = ("attention", "practical", "emotional", "affection", "intimacy", "time", "decisions")


def answer(owner: User, version: InstrumentVersion, *, give: int = 3) -> Result:
    response = services.start_response(owner=owner, version=version, form=Form.SHORT, partnered=True, now=NOW)
    answers = {f"{area}_{side}": value for area in AREAS for side, value in (("give", give), ("receive", 2))}
    services.save_part(owner=owner, response_id=response.pk, posted=Posted(answers, {}), now=NOW)
    return services.submit_response(owner=owner, response_id=response.pk, now=NOW + timedelta(minutes=give))


def member(number: int) -> User:
    owner = User.objects.create_user(f"member{number}@example.org")
    consents.give(owner=owner, purpose="group_statistics", now=NOW)
    return owner


def work_out() -> None:
    tasks.work_out_group_figures(int(NOW.timestamp()))


@pytest.fixture
def members(balance_1: InstrumentVersion) -> list[User]:
    """Twelve people who agree to group figures, each with a result."""
    members = [member(number) for number in range(12)]
    for owner in members:
        answer(owner, balance_1)
    return members


def test_an_unfinished_questionnaire_goes_after_twelve_months(ana: User, balance_1: InstrumentVersion) -> None:
    services.start_response(owner=ana, version=balance_1, form=Form.SHORT, partnered=True, now=NOW)
    tasks.delete_abandoned_questionnaires(int((NOW + timedelta(days=365)).timestamp()))
    assert Response.objects.exists()
    tasks.delete_abandoned_questionnaires(int((NOW + timedelta(days=365, seconds=1)).timestamp()))
    assert not Response.objects.exists()


def test_figures_are_kept_with_their_number_of_people(members: list[User]) -> None:
    work_out()
    kept = GroupFigures.objects.get()
    assert (kept.form, kept.n, kept.worked_out_at) == ("short", 12, NOW)
    assert kept.figures["balance"]["n"] == 12
    assert kept.figures["balance"]["positions"]["gives_more"] == 12
    assert kept.figures["balance"]["mean"] is None


def test_only_those_who_agree_are_counted(members: list[User], ben: User, balance_1: InstrumentVersion) -> None:
    answer(ben, balance_1)
    work_out()
    assert GroupFigures.objects.get().n == 12


def test_taking_the_agreement_back_works(members: list[User]) -> None:
    work_out()
    consents.withdraw(owner=members[0], purpose="group_statistics", now=NOW)
    work_out()
    assert GroupFigures.objects.get().n == 11


def test_deleting_a_result_and_an_account_works(members: list[User]) -> None:
    services.delete_result(owner=members[0], result_id=Result.objects.visible_to(members[0]).get().pk)
    Response.objects.visible_to(members[1]).delete()
    work_out()
    assert GroupFigures.objects.get().n == 10


def test_everybody_counts_with_their_latest_result(members: list[User], balance_1: InstrumentVersion) -> None:
    for owner in members:
        answer(owner, balance_1, give=4)
    work_out()
    kept = GroupFigures.objects.get()
    assert kept.n == 12
    assert Result.objects.count() == 24


def test_what_cannot_be_opened_is_left_out(members: list[User]) -> None:
    DataKey.objects.filter(owner=members[0]).delete()
    work_out()
    assert GroupFigures.objects.get().n == 11


def test_when_nobody_agrees_any_more_nothing_is_kept(members: list[User]) -> None:
    work_out()
    for owner in members:
        consents.withdraw(owner=owner, purpose="group_statistics", now=NOW)
    work_out()
    assert not GroupFigures.objects.exists()
