"""From pairs to an offered estimate, to published constants, to what a new result says of its error."""

import io
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import consents
from accounts.importing import import_file
from accounts.models import DataKey, User
from accounts.services import erase_account
from assessments import algorithms, disclosure, measuring, services, tasks
from assessments.algorithm_2 import constants, estimate, measured
from assessments.algorithm_2.change import NotComparable
from assessments.algorithm_2.constants import WrongConstants
from assessments.models import (
    Changed,
    Counted,
    ErrorEstimate,
    InstrumentVersion,
    PublishedConstants,
    Result,
    Retest,
    constants_in_use,
)
from tests.accounts.portable import exported
from tests.answered import begin, finished
from tests.assessments.conftest import EVEN, NOW
from tests.assessments.test_measured import found
from tests.assessments.vectors import PUBLIC_ANSWERS
from tests.conftest import AsUser
from tests.html import assert_valid_html, text_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=13)
SHEET = PUBLIC_ANSWERS["worked-2"]
SOURCE = "People of this site, autumn 2026"
PUBLISH = "admin:assessments_errorestimate_confirm"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten pairs are enough here, and nothing is left to chance: hundreds of people would take minutes."""
    for module in (estimate, measured):
        monkeypatch.setattr(module, "ENOUGH", 10)
    monkeypatch.setattr(disclosure, "PAIRS", 10)
    monkeypatch.setattr(measuring, "SystemRandom", lambda: EVEN)


def answered_again(
    name: str, version: InstrumentVersion, changed: Changed = Changed.NO, *, at: datetime = NOW
) -> Result:
    """Somebody who agreed, with a pair of which both answerings are a little off the same sheet."""
    owner = User.objects.create_user(f"{name}@example.org")
    for purpose in ("questionnaire", "retest"):
        consents.give(owner=owner, purpose=purpose, now=at)
    results: list[Result] = []
    chance = Random(name)
    for moment in (at, at + timedelta(days=13)):
        answers = {
            key: min(4, max(0, value + chance.choice((-1, 0, 0, 1)))) if isinstance(value, int) else value
            for key, value in SHEET.answers.items()
        }
        if results:
            Retest.objects.create(owner=owner, first=results[0], asked_at=moment)
        response = begin(owner, version, replace(SHEET, answers=answers), moment, same=True if results else None)
        results.append(services.submit_response(owner=owner, response_id=response.pk, changed=changed, now=moment))
    return results[1]


@pytest.fixture
def pairs(balance_1: InstrumentVersion) -> list[Result]:
    return [answered_again(f"one-{number}", balance_1) for number in range(12)]


def night(days: float = 14) -> None:
    tasks.measure_errors(int((NOW + timedelta(days=days)).timestamp()))


@pytest.fixture
def offer(balance_1: InstrumentVersion) -> ErrorEstimate:
    """An estimate as it would be of 203 made pairs."""
    return ErrorEstimate.objects.create(version=balance_1, figures=found(), worked_out_at=LATER)


def figures_of(row: ErrorEstimate) -> dict[str, Any]:
    """What is offered, which here is something."""
    figures: dict[str, Any] | None = row.figures
    assert figures
    return figures


def publish(row: ErrorEstimate, way: str = "plain", source: str = SOURCE) -> PublishedConstants:
    made = measuring.publish(row=row, way=way, source=source, now=LATER)
    assert made
    return made


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


# --- The job ---


def test_pairs_that_say_no_become_an_estimate(pairs: list[Result]) -> None:
    night()
    row = ErrorEstimate.objects.get()
    assert figures_of(row)["n"] == 10
    assert figures_of(row)["plain"]["sigma"]["interval"][0] < figures_of(row)["plain"]["sigma"]["interval"][1]
    assert row.counted.count() == 12


def test_other_answers_and_too_few_make_none(balance_1: InstrumentVersion, danas: Client) -> None:
    for number in range(9):
        answered_again(f"one-{number}", balance_1)
    night()
    assert not ErrorEstimate.objects.exists()
    for changed in (Changed.YES, Changed.UNSAID):
        answered_again(changed, balance_1, changed)
    night()
    row = ErrorEstimate.objects.get()
    assert (row.figures, row.worked_out_at, row.counted.count()) == (None, NOW + timedelta(days=14), 11)
    for page in ("changelist", "change"):
        args = [row.pk] if page == "change" else []
        answer = danas.get(reverse(f"admin:assessments_errorestimate_{page}", args=args), follow=True)
        assert str(balance_1) not in text_of(assert_valid_html(answer.content))
    assert measuring.publish(row=row, way="plain", source=SOURCE, now=LATER) is None


@pytest.mark.parametrize("gone", ["withdrawn", "erased", "damaged"])
def test_who_is_gone_is_not_in_it(balance_1: InstrumentVersion, gone: str) -> None:
    for number in range(10):
        last = answered_again(f"one-{number}", balance_1)
    if gone == "withdrawn":
        consents.withdraw(owner=last.owner, purpose="retest", now=LATER)
    elif gone == "erased":
        erase_account(owner=last.owner, now=LATER)
    else:
        DataKey.objects.filter(owner=last.owner).update(wrapped=b"damaged")
    night()
    assert not ErrorEstimate.objects.filter(figures__isnull=False).exists()


def test_new_figures_wait_for_enough_more_people_and_a_week(pairs: list[Result], balance_1: InstrumentVersion) -> None:
    night()
    for number in range(9):
        answered_again(f"two-{number}", balance_1)
    for number in range(5):
        erase_account(owner=pairs[number].owner, now=LATER)
    night(30)
    row = ErrorEstimate.objects.get()
    assert row.worked_out_at == NOW + timedelta(days=14)
    assert row.counted.filter(owner=None).count() == 5  # as those who left
    answered_again("two-9", balance_1)
    night(20.9)
    row.refresh_from_db()
    assert row.worked_out_at == NOW + timedelta(days=14)
    night(21)
    row.refresh_from_db()
    assert (row.worked_out_at, figures_of(row)["n"]) == (NOW + timedelta(days=21), 15)
    assert row.counted.count() == 7 + 10


def test_an_offer_that_too_few_stand_behind_is_dropped_and_what_is_published_stays(pairs: list[Result]) -> None:
    night()
    row = ErrorEstimate.objects.get()
    made = publish(row)
    for result in pairs[:3]:
        consents.withdraw(owner=result.owner, purpose="retest", now=LATER)
    night(15)
    row.refresh_from_db()
    assert (row.figures, row.worked_out_at, row.counted.count()) == (None, NOW + timedelta(days=14), 12)
    assert PublishedConstants.objects.get() == made
    assert measuring.publish(row=row, way="robust", source=SOURCE, now=LATER) is None


@pytest.mark.parametrize(("before", "said"), [(Changed.NO, Changed.YES), (Changed.YES, Changed.NO)])
def test_when_there_are_new_figures_does_not_tell_what_somebody_said(
    pairs: list[Result], balance_1: InstrumentVersion, before: Changed, said: Changed
) -> None:
    night()
    for number in range(9):
        answered_again(f"two-{number}", balance_1, before)
    night(30)
    row = ErrorEstimate.objects.get()
    assert row.worked_out_at == NOW + timedelta(days=14)
    answered_again("newest", balance_1, said)
    night(30)
    row.refresh_from_db()
    assert row.worked_out_at == NOW + timedelta(days=30)
    assert row.counted.count() == 22


def test_pairs_are_opened_only_when_it_is_due(
    balance_1: InstrumentVersion, pairs: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Retest] = []
    real = measuring.pair_of

    def counted(retest: Retest, used: constants.Constants) -> estimate.Pair | None:
        opened.append(retest)
        return real(retest, used)

    monkeypatch.setattr(measuring, "pair_of", counted)
    night()
    assert len(opened) == 12
    answered_again("one-more", balance_1, Changed.YES)
    for days in range(15, 40):
        night(days)
    assert len(opened) == 12


def test_a_look_that_finds_too_few_is_not_repeated_each_night(balance_1: InstrumentVersion) -> None:
    """Else the night on which an estimate appears tells that the newest pair says "no"."""
    for number in range(10):
        answered_again(f"one-{number}", balance_1, Changed.YES if number == 0 else Changed.NO)
    night()
    answered_again("tenth", balance_1)
    for days in (15, 22, 30):
        night(days)
    row = ErrorEstimate.objects.get()
    assert (row.figures, row.worked_out_at) == (None, NOW + timedelta(days=14))


def test_two_versions_are_measured_apart_and_never_paired(pairs: list[Result], balance_2: InstrumentVersion) -> None:
    night()
    assert ErrorEstimate.objects.get().version.version == 1
    areas = {key: value for key, value in SHEET.answers.items() if key.endswith(("_give", "_receive"))}
    owner = pairs[0].owner
    response = begin(owner, balance_2, replace(SHEET, answers=areas), LATER + timedelta(days=1), same=True)
    other = services.submit_response(owner=owner, response_id=response.pk, now=LATER + timedelta(days=1))
    one, two = (measuring._opened(owner, row.response, algorithms.constants()) for row in (pairs[0], other))
    with pytest.raises(NotComparable, match="version"):
        estimate.pair(one, two)
    retest = Retest.objects.get(second=pairs[0])
    retest.second = other
    assert measuring.pair_of(retest, algorithms.constants()) is None


def test_no_row_tells_who_said_that_nothing_changed(pairs: list[Result], balance_1: InstrumentVersion) -> None:
    said_yes = answered_again("other", balance_1, Changed.YES)
    night()
    assert set(Counted.objects.values_list("owner", flat=True)) == {row.owner_id for row in (*pairs, said_yes)}


# --- Publishing ---


def test_new_results_take_what_was_published_and_old_ones_stay(
    ana: User, ben: User, balance_1: InstrumentVersion, offer: ErrorEstimate
) -> None:
    old = finished(ana, balance_1, "worked-2")
    before = (bytes(old.sealed), old.score(ana))
    made = publish(offer)
    assert (made.number, made.n, made.source, made.measured_at) == (101, 200, SOURCE, LATER)
    new = finished(ben, balance_1, "worked-2")
    assert (old.constants, new.constants) == (2, 101)
    old.refresh_from_db()
    assert (bytes(old.sealed), old.score(ana)) == before
    score, errors = new.score(ben), figures_of(offer)["plain"]
    assert score["sigma"] != before[1]["sigma"]
    areas = len(score["areas"])
    assert score["sigma"] == pytest.approx((errors["s"]["value"] ** 2 + errors["e"]["value"] ** 2 / areas) ** 0.5)
    assert score["error"]["interval"] == errors["sigma"]["interval"]


def test_change_takes_the_upper_end_and_what_was_said_stays(
    ana: User, balance_1: InstrumentVersion, offer: ErrorEstimate
) -> None:
    finished(ana, balance_1, "worked-2")
    second = finished(ana, balance_1, "worked-2", now=NOW + timedelta(days=1))
    said = second.score(ana)["compared"]
    assert said["previous"]["constants"] == 2
    publish(offer)
    third = finished(ana, balance_1, "worked-2", now=NOW + timedelta(days=2))
    now = third.score(ana)["compared"]["previous"]
    assert now["constants"] == 101
    errors = figures_of(offer)["plain"]
    used = constants_in_use(balance_1.pk)
    assert used.sigma
    upper = errors["sigma"]["interval"][1] / used.sigma.value
    assert used.of_answering_again(10) == pytest.approx(2**0.5 * used.of_balance(10) * upper)
    assert now["needed"] == pytest.approx((2.24 + 0.8416) * used.of_answering_again(now["areas"]), abs=0.01)
    second.refresh_from_db()
    assert second.score(ana)["compared"] == said


def test_the_newest_is_in_use_and_the_same_is_not_published_twice(offer: ErrorEstimate) -> None:
    assert constants_in_use(offer.version_id) is algorithms.constants()
    assert publish(offer).number == 101
    assert measuring.publish(row=offer, way="plain", source="again", now=LATER) is None
    assert publish(offer, "robust").number == 102
    assert constants_in_use(offer.version_id).version == 102


def test_what_was_measured_on_one_version_is_used_for_that_version(
    ana: User, ben: User, balance_1: InstrumentVersion, offer: ErrorEstimate, request: pytest.FixtureRequest,
    client: Client,
) -> None:  # fmt: skip
    balance_2: InstrumentVersion = request.getfixturevalue("balance_2")
    publish(offer)
    areas = {key: value for key, value in SHEET.answers.items() if key.endswith(("_give", "_receive"))}
    response = begin(ana, balance_2, replace(SHEET, answers=areas), NOW)
    other = services.submit_response(owner=ana, response_id=response.pk, now=NOW)
    assert (other.constants, finished(ben, balance_1, "worked-2").constants) == (2, 101)
    words = text_of(assert_valid_html(client.get(reverse("how_sure")).content))
    assert "version 101 of the constants" not in words  # new questionnaires are of version 2
    second = ErrorEstimate.objects.create(version=balance_2, figures=found(), worked_out_at=LATER)
    assert publish(second).number == 102
    assert [constants_in_use(one.pk).version for one in (balance_1, balance_2)] == [101, 102]
    assert "version 102 of the constants" in text_of(assert_valid_html(client.get(reverse("how_sure")).content))


def test_each_starts_from_the_release_so_that_nothing_drifts(offer: ErrorEstimate) -> None:
    """Not from what was published before: its cuts, its rounded A₀, and errors of parts that too few have by now."""
    release = tomllib.loads(algorithms.CONSTANTS_2.read_text(encoding="utf-8"))
    about = measured.Measured(LATER.date(), SOURCE)
    figures_of(offer)["robust"]["sem"]["6"] = figures_of(offer)["robust"]["sem"]["8"]
    for number, way in enumerate(("robust", "plain", "robust"), 101):
        offer.save()
        wanted = measured.to_toml(measured.constants(release, number, figures_of(offer)[way], about))
        assert publish(offer, way).toml == wanted


def test_what_is_in_use_for_one_version_is_not_published_twice_after_another(
    offer: ErrorEstimate, request: pytest.FixtureRequest
) -> None:
    other = ErrorEstimate.objects.create(
        version=request.getfixturevalue("balance_2"), figures=found(), worked_out_at=LATER
    )
    publish(offer)
    publish(other)
    assert measuring.publish(row=offer, way="plain", source=SOURCE, now=LATER) is None


@pytest.mark.parametrize("source", ["", "  "])
def test_without_a_source_nothing_is_published(offer: ErrorEstimate, source: str) -> None:
    with pytest.raises(WrongConstants, match="source: some text"):
        publish(offer, source=source)
    assert not PublishedConstants.objects.exists()


def test_without_n_nothing_is_published(offer: ErrorEstimate) -> None:
    figures_of(offer)["plain"]["s"]["n"] = 0
    offer.save()
    with pytest.raises(WrongConstants, match=r"errors\.s\.interval: what was measured has n people"):
        publish(offer)
    assert not PublishedConstants.objects.exists()


def test_the_database_refuses_constants_without_n_or_source_and_any_change(offer: ErrorEstimate) -> None:
    made = publish(offer)
    values = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}
    for wrong in ({"n": 0}, {"source": ""}, {"way": "best"}, {"number": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PublishedConstants.objects.create(**(values | {"number": 102} | wrong))
    for change in (lambda: PublishedConstants.objects.update(n=1), lambda: PublishedConstants.objects.all().delete()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            change()


# --- What people read ---


def test_a_result_says_on_how_many_its_error_was_measured(
    ana: User, balance_1: InstrumentVersion, offer: ErrorEstimate, as_user: AsUser
) -> None:
    old = finished(ana, balance_1, "worked-2")
    publish(offer)
    new = finished(ana, balance_1, "worked-2", now=NOW + timedelta(days=1))
    client = as_user(ana)

    def page(result: Result) -> str:
        return text_of(assert_valid_html(client.get(reverse("result", args=[result.pk])).content))

    low, high = figures_of(offer)["plain"]["sigma"]["interval"]
    value = figures_of(offer)["plain"]["sigma"]["value"]
    near = (
        f"On about two of three days, a balance is within {value} points of the usual one. This was measured with 200"
    )
    words = f"{near} people of this site .* take their word .* between {low} and {high}, .* a little too small"
    assert re.search(words, page(new))
    assert "had not been measured yet when this was worked out, so it was assumed" in page(old)
    assert "has been measured" not in page(old)
    publish(offer, "robust")
    assert re.search(words, page(new))  # also when newer ones are in use


def test_public_page_says_it_too(client: Client, offer: ErrorEstimate) -> None:
    publish(offer)
    words = text_of(assert_valid_html(client.get(reverse("how_sure")).content))
    low, high = figures_of(offer)["plain"]["sigma"]["interval"]
    assert "was measured with 200 people who answered twice" in words
    assert f"The true figure is probably between {low} and {high}" in words
    assert "Results are now scored with version 101 of the constants." in words


def test_a_result_comes_back_as_it_was(ana: User, balance_1: InstrumentVersion, offer: ErrorEstimate) -> None:
    """Imported after newer constants were published, it is scored with those that it had."""
    consents.give(owner=ana, purpose="questionnaire", now=NOW)
    old = finished(ana, balance_1, "worked-2")
    publish(offer)
    new = finished(ana, balance_1, "worked-2", now=NOW + timedelta(days=1))
    scores = {row.created_at: row.score(ana) for row in (old, new)}
    archive = exported(ana)
    publish(offer, "robust")
    for row in (old, new):
        services.delete_result(owner=ana, result_id=row.pk)
    import_file(owner=ana, file=io.BytesIO(archive), now=LATER)
    back = list(Result.objects.visible_to(ana))
    assert {row.created_at: row.constants for row in back} == {old.created_at: 2, new.created_at: 101}
    for row in back:
        score, before = row.score(ana), scores[row.created_at]
        assert {k: v for k, v in score.items() if k != "compared"} == {
            k: v for k, v in before.items() if k != "compared"
        }


# --- What staff see ---


def shown(client: Client, address: str, *args: object) -> str:
    answer = client.get(reverse(address, args=args))
    assert answer.status_code == 200
    return text_of(assert_valid_html(answer.content))


def test_staff_read_both_ways_beside_what_is_in_use(danas: Client, offer: ErrorEstimate) -> None:
    words = shown(danas, "admin:assessments_errorestimate_change", offer.pk)
    for way in ("plain", "robust"):
        row = figures_of(offer)[way]["sigma"]
        assert "{} ({} to {})".format(row["value"], *row["interval"]) in words
    assert "In use: constants 2" in words
    assert "Balance from 10 areas 11.3" in words
    listed = shown(danas, "admin:assessments_errorestimate_changelist")
    assert "Nothing is offered before 100 people" in listed
    assert "200" in listed


def test_staff_publish_after_a_question(danas: Client, offer: ErrorEstimate) -> None:
    page = reverse(PUBLISH, args=[offer.pk, "publish"])
    asked = danas.get(page)
    words = text_of(assert_valid_html(asked.content))
    assert "Earlier results stay as they are" in words
    for way in ("plain", "robust"):
        sigma = figures_of(offer)[way]["sigma"]
        assert "{} ({} to {})".format(sigma["value"], *sigma["interval"]) in words
    seen = re.search('name="seen" value="([^"]+)"', asked.text)
    assert seen
    chosen: dict[str, Any] = {"way": "robust", "source": SOURCE, "seen": seen[1]}
    refused = danas.post(page, chosen | {"source": " "}, follow=True).content.decode()
    assert "Say whom these figures come from." in refused
    assert "Choose one of the two ways." in danas.post(page, {"source": SOURCE, "seen": seen[1]}, follow=True).text
    assert not PublishedConstants.objects.exists()
    assert "Published as new constants." in danas.post(page, chosen, follow=True).text
    assert PublishedConstants.objects.get().way == "robust"
    danas.post(page, chosen, follow=True)
    assert PublishedConstants.objects.count() == 1
    words = shown(danas, "admin:assessments_publishedconstants_change", 101)
    assert SOURCE in words
    assert "sigma = { value" in words


def test_an_estimate_that_changed_meanwhile_is_not_published_unseen(danas: Client, offer: ErrorEstimate) -> None:
    page = reverse(PUBLISH, args=[offer.pk, "publish"])
    seen = re.search('name="seen" value="([^"]+)"', danas.get(page).text)
    assert seen
    ErrorEstimate.objects.update(worked_out_at=LATER + timedelta(days=8))
    danas.post(page, {"way": "plain", "source": SOURCE, "seen": seen[1]})
    assert not PublishedConstants.objects.exists()


def test_where_no_way_is_offered_there_is_nothing_to_publish(danas: Client, offer: ErrorEstimate) -> None:
    page = reverse(PUBLISH, args=[offer.pk, "publish"])
    earlier = {"n": 200, "plain": figures_of(offer)["plain"]}  # as an earlier release offered it: σ is not what follows
    earlier["plain"]["sigma"]["value"] += 0.2
    for figures in ({"n": 200}, earlier):
        ErrorEstimate.objects.update(figures=figures)
        assert page not in danas.get(reverse("admin:assessments_errorestimate_change", args=[offer.pk])).text
        assert danas.get(page).status_code == 302


def test_an_error_that_is_about_none_is_not_said_to_be_known_exactly(danas: Client, offer: ErrorEstimate) -> None:
    figures_of(offer)["plain"]["s"] |= {"value": 0.1, "interval": [0.1, 2.3]}
    figures_of(offer)["plain"]["sigma"]["value"] = constants.whole(figures_of(offer)["plain"])
    offer.save()
    assert "almost none (at most 2.3)" in shown(danas, "admin:assessments_errorestimate_change", offer.pk)


def test_constants_in_use_are_one_query(offer: ErrorEstimate, django_assert_num_queries: Callable[..., Any]) -> None:
    publish(offer)
    constants_in_use(offer.version_id)
    with django_assert_num_queries(1):
        assert constants_in_use(offer.version_id).version == 101
