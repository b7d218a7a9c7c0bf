"""Begin, save, submit, start anew, delete: what each leaves in the database."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import Consent, User
from accounts.sealing import CannotOpen
from assessments import services
from assessments.algorithms import Versions, score
from assessments.answering import Posted
from assessments.instrument import Instrument
from assessments.models import Form, InstrumentVersion, Response, Result
from assessments.scoring import FIRST_LINE
from tests.assessments.conftest import FILE, NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def response(ana: User, balance_1: InstrumentVersion) -> Response:
    return services.start_response(owner=ana, version=balance_1, form=Form.SHORT, partnered=True, now=NOW)


def stored(response: Response) -> Response:
    return Response.objects.get(pk=response.pk)


def test_starting_seals_an_empty_response(ana: User, response: Response) -> None:
    answers = stored(response).answers(ana)
    assert (answers.form, answers.partnered, answers.answers, answers.importance) == ("short", True, {}, {})


def test_starting_again_gives_back_what_was_begun(ana: User, balance_1: InstrumentVersion, response: Response) -> None:
    again = services.start_response(owner=ana, version=balance_1, form=Form.FULL, partnered=False, now=LATER)
    assert (again.pk, again.form) == (response.pk, "short")
    assert Response.objects.count() == 1


def test_saving_a_part_adds_its_answers_and_counts_the_revision(ana: User, response: Response) -> None:
    services.save_part(owner=ana, response_id=response.pk, posted=Posted({"felt1": -1}, {}), now=LATER)
    services.save_part(owner=ana, response_id=response.pk, posted=Posted({"ill4": "na"}, {"time": 2}), now=LATER)
    saved = stored(response)
    assert saved.answers(ana).answers == {"felt1": -1, "ill4": "na"}
    assert saved.answers(ana).importance == {"time": 2}
    assert (saved.revision, saved.changed_at) == (2, LATER)


def test_saving_the_same_part_twice_changes_nothing(ana: User, response: Response) -> None:
    for _time in range(2):
        services.save_part(owner=ana, response_id=response.pk, posted=Posted({"felt1": 1}, {}), now=LATER)
    assert stored(response).revision == 1


def test_the_answers_cannot_be_read_in_the_database(ana: User, ben: User, response: Response) -> None:
    services.save_part(owner=ana, response_id=response.pk, posted=Posted({"felt1": 3}, {}), now=LATER)
    sealed = bytes(stored(response).sealed)
    assert b"felt1" not in sealed
    with pytest.raises(CannotOpen):
        stored(response).answers(ben)


def test_nobody_saves_or_submits_anothers_response(ben: User, response: Response) -> None:
    with pytest.raises(Response.DoesNotExist):
        services.save_part(owner=ben, response_id=response.pk, posted=Posted({"felt1": 3}, {}), now=LATER)
    with pytest.raises(Response.DoesNotExist):
        services.submit_response(owner=ben, response_id=response.pk, now=LATER)
    assert not services.discard_response(owner=ben, response_id=response.pk)
    assert stored(response).revision == 0


def test_submitting_keeps_the_score_sealed(ana: User, response: Response, instrument: Instrument) -> None:
    posted = Posted({key: 3 for area in instrument.areas for key in area.answer_keys()}, {})
    services.save_part(owner=ana, response_id=response.pk, posted=posted, now=LATER)
    result = services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    kept = Result.objects.get()
    assert kept.pk == result.pk
    compared = {"line": FIRST_LINE, "previous": None, "first": None}
    assert kept.score(ana) == score(instrument, stored(response).answers(ana)) | {"compared": compared}
    assert kept.score(ana)["position"] == "balanced_full"
    assert (kept.owner, kept.form, kept.created_at) == (ana, "short", LATER)
    assert kept.versions == Versions(1, 2, 2) == Versions(**kept.score(ana)["versions"])
    assert stored(response).submitted_at == LATER


def test_a_second_submit_gives_the_same_result(ana: User, response: Response) -> None:
    first = services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    again = services.submit_response(owner=ana, response_id=response.pk, now=LATER + timedelta(days=1))
    assert first.pk == again.pk
    assert Result.objects.count() == 1


def test_a_submitted_response_takes_no_more_answers(ana: User, response: Response) -> None:
    services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    with pytest.raises(services.ClosedError):
        services.save_part(owner=ana, response_id=response.pk, posted=Posted({"felt1": 3}, {}), now=LATER)


def test_a_response_of_a_retired_version_is_not_scored(
    ana: User, response: Response, balance_1: InstrumentVersion
) -> None:
    newer = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
    services.load_version(source=newer, publish=True, now=NOW)
    services.retire_version(version=balance_1, now=LATER)
    with pytest.raises(services.ClosedError):
        services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    assert stored(response).submitted_at is None
    assert not Result.objects.exists()


@pytest.mark.parametrize("was_published", [True, False])
def test_nothing_is_begun_with_a_version_that_is_not_on_offer(
    ana: User, balance_1: InstrumentVersion, was_published: bool
) -> None:
    newer = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
    other, _changed = services.load_version(source=newer, publish=was_published, now=NOW)
    if was_published:
        services.retire_version(version=InstrumentVersion.objects.get(pk=other.pk), now=LATER)  # `other` is older
    with pytest.raises(services.NotOffered):
        services.start_response(
            owner=ana, version=other, form="full", partnered=True, agrees=["questionnaire"], now=LATER
        )
    assert not Response.objects.exists()
    assert not Consent.objects.filter(owner=ana, purpose="questionnaire").exists()


def test_starting_anew_deletes_what_was_begun_and_nothing_submitted(ana: User, response: Response) -> None:
    assert services.discard_response(owner=ana, response_id=response.pk)
    assert not Response.objects.exists()
    assert not services.discard_response(owner=ana, response_id=uuid.uuid4())


def test_a_submitted_response_is_not_discarded(ana: User, response: Response) -> None:
    services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    assert not services.discard_response(owner=ana, response_id=response.pk)
    assert Result.objects.exists()


def test_deleting_a_result_deletes_its_answers(ana: User, ben: User, response: Response) -> None:
    result = services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    assert not services.delete_result(owner=ben, result_id=result.pk)
    assert services.delete_result(owner=ana, result_id=result.pk)
    assert not Result.objects.exists()
    assert not Response.objects.exists()


def test_abandoned_questionnaires_go_at_the_boundary(
    ana: User, ben: User, balance_1: InstrumentVersion, response: Response
) -> None:
    other = services.start_response(owner=ben, version=balance_1, form=Form.FULL, partnered=False, now=LATER)
    assert services.delete_abandoned(before=NOW) == 0
    assert services.delete_abandoned(before=LATER) == 1
    assert [*Response.objects.all()] == [other]


def test_a_submitted_response_is_never_abandoned(ana: User, response: Response) -> None:
    services.submit_response(owner=ana, response_id=response.pk, now=LATER)
    assert services.delete_abandoned(before=NOW + timedelta(days=1000)) == 0
