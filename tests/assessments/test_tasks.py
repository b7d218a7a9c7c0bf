"""What happens at night: abandoned questionnaires go, group figures are published when they are due."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from accounts import consents
from accounts.models import DataKey, User
from accounts.services import erase_account
from assessments import services, tasks
from assessments.algorithms import score
from assessments.answering import Posted
from assessments.models import (
    Counted,
    Form,
    GroupFigures,
    InstrumentVersion,
    Response,
    Result,
    published_instrument,
)
from assessments.scoring import Answers
from tests.assessments.conftest import FILE, NOW, Even

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


@pytest.fixture(autouse=True)
def without_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.group_figures.SystemRandom", Even)


def work_out(*, days: int = 0) -> None:
    tasks.work_out_group_figures(int((NOW + timedelta(days=days)).timestamp()))


def shown() -> int | None:
    """The published number of people."""
    people: int | None = GroupFigures.objects.get().figures["balance"]["n"]
    return people


def leave(owner: User) -> None:
    consents.withdraw(owner=owner, purpose="group_statistics", now=NOW)


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


def test_ten_people_are_the_first_publication(balance_1: InstrumentVersion) -> None:
    for number in range(9):
        answer(member(number), balance_1)
    work_out()
    assert not GroupFigures.objects.exists()
    answer(member(9), balance_1)
    work_out()
    assert shown() == 10


def test_figures_of_two_algorithms_are_not_added_up(members: list[User], balance_1: InstrumentVersion) -> None:
    """Answers with an unevenness of 36: uneven by algorithm 1, and by algorithm 2 no more than chance makes them."""
    pairs = ((4, 2), (2, 4), (4, 2), (2, 4), (3, 2), (2, 3), (2, 2))
    answers = {
        f"{area}_{side}": value
        for area, both in zip(AREAS, pairs, strict=True)
        for side, value in zip(("give", "receive"), both, strict=True)
    }
    instrument = published_instrument(balance_1.pk)
    sheet = Answers("short", True, answers, {})
    assert [score(instrument, sheet, one)["position"] for one in (1, 2)] == ["uneven_by_area", "balanced_full"]
    for owner in members:
        with patch("assessments.algorithms.IN_USE", 1):
            response = services.start_response(owner=owner, version=balance_1, form="short", partnered=True, now=NOW)
            services.save_part(owner=owner, response_id=response.pk, posted=Posted(answers, {}), now=NOW)
            later = NOW + timedelta(hours=1)
            assert services.submit_response(owner=owner, response_id=response.pk, now=later).algorithm == 1
    work_out()
    figures = GroupFigures.objects.get().figures
    positions = figures["balance"]["positions"]
    assert (positions["uneven_by_area"], positions["balanced_full"]) == (None, 10)
    assert figures["versions"] == {"questionnaire": 1, "constants": 2, "algorithm": 2}


def test_figures_are_rounded_and_no_exact_number_is_beside_them(members: list[User]) -> None:
    work_out()
    kept = GroupFigures.objects.get()
    assert (kept.form, kept.published_at) == ("short", NOW)
    assert kept.figures["balance"]["n"] == 10
    assert kept.figures["balance"]["positions"]["gives_more"] == 10
    assert kept.figures["balance"]["mean"] is None
    assert {field.name for field in GroupFigures._meta.concrete_fields} == {
        "id",
        "version",
        "form",
        "figures",
        "published_at",
    }


def test_only_those_who_agree_are_counted(members: list[User], ben: User, balance_1: InstrumentVersion) -> None:
    answer(ben, balance_1)
    work_out()
    assert {*Counted.objects.values_list("owner", flat=True)} == {owner.pk for owner in members}


def test_nine_who_join_change_nothing_and_the_tenth_does(members: list[User], balance_1: InstrumentVersion) -> None:
    work_out()
    for number in range(20, 29):
        answer(member(number), balance_1)
    work_out(days=30)
    assert shown() == 10
    answer(member(29), balance_1)
    work_out(days=30)
    assert shown() == 20  # of 22
    assert Counted.objects.count() == 22


def test_ten_who_join_wait_for_seven_days(members: list[User], balance_1: InstrumentVersion) -> None:
    work_out()
    for number in range(20, 30):
        answer(member(number), balance_1)
    work_out(days=6)
    assert shown() == 10
    work_out(days=7)
    assert shown() == 20


def test_answering_anew_is_neither_joining_nor_leaving(members: list[User], balance_1: InstrumentVersion) -> None:
    work_out()
    for owner in members:
        answer(owner, balance_1, give=4)
    work_out(days=30)
    assert GroupFigures.objects.get().published_at == NOW


def test_everybody_counts_with_their_latest_result(members: list[User], balance_1: InstrumentVersion) -> None:
    for owner in members:
        answer(owner, balance_1, give=4)
    work_out()
    assert shown() == 10
    assert Counted.objects.count() == 12
    assert Result.objects.count() == 24


def test_leaving_is_taking_the_agreement_back_deleting_a_result_or_the_account(members: list[User]) -> None:
    work_out()
    for owner in members[:4]:
        leave(owner)
    for owner in members[4:7]:
        services.delete_result(owner=owner, result_id=Result.objects.visible_to(owner).get().pk)
    for owner in members[7:9]:
        erase_account(owner=owner, now=NOW)
    work_out(days=30)
    assert (shown(), Counted.objects.filter(owner=None).count()) == (10, 2)
    leave(members[9])
    work_out(days=30)
    assert shown() is None
    assert {*Counted.objects.values_list("owner", flat=True)} == {members[10].pk, members[11].pk}


def test_when_nobody_agrees_any_more_no_figure_is_left_and_seven_days_still_count(members: list[User]) -> None:
    work_out()
    for owner in members:
        leave(owner)
    work_out(days=7)
    assert shown() is None
    for owner in members:
        consents.give(owner=owner, purpose="group_statistics", now=NOW)
    work_out(days=8)
    assert shown() is None
    work_out(days=14)
    assert shown() == 10


def test_what_cannot_be_opened_is_left_out_and_does_not_join_every_night(members: list[User]) -> None:
    DataKey.objects.filter(owner__in=members[:10]).delete()
    work_out()
    assert shown() is None
    assert Counted.objects.count() == 12
    work_out(days=30)
    assert GroupFigures.objects.get().published_at == NOW


def test_each_form_of_each_version_waits_for_people_of_its_own(
    members: list[User], balance_1: InstrumentVersion
) -> None:
    source = FILE.read_text(encoding="utf-8").replace("instrument.version = 1", "instrument.version = 2")
    second, _changed = services.load_version(source=source, publish=True, now=NOW)
    for owner in members[:9]:
        answer(owner, second)
    work_out()
    assert GroupFigures.objects.get().version == balance_1
    answer(members[9], second)
    work_out()
    published = GroupFigures.objects.order_by("version__version")
    assert [row.version for row in published] == [balance_1, second]
    assert [row.figures["versions"]["questionnaire"] for row in published] == [1, 2]
    assert [row.figures["balance"]["n"] for row in published] == [10, 10]  # of 12 and of 10, who took both
