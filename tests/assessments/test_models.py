"""What the database itself refuses."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import User
from assessments.models import Form, InstrumentVersion, Response, Result

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_version(**fields: object) -> InstrumentVersion:
    values = {
        "slug": "balance",
        "version": 1,
        "language": "en",
        "algorithm": 1,
        "title": "Giving and receiving",
        "source": "",
        "sha256": "0" * 64,
        "published_at": NOW,
    }
    return InstrumentVersion.objects.create(**values | fields)


def make_response(owner: User, version: InstrumentVersion, **fields: object) -> Response:
    values = {"form": Form.SHORT, "started_at": NOW, "changed_at": NOW, "sealed": b"sealed"}
    return Response.objects.create(owner=owner, version=version, **values | fields)


@pytest.fixture
def version(db: None) -> InstrumentVersion:
    return make_version()


@pytest.mark.parametrize("change", [{"source": "other"}, {"published_at": None}, {"title": "Other"}, {"slug": "other"}])
def test_a_published_version_is_never_changed(version: InstrumentVersion, change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        InstrumentVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        InstrumentVersion.objects.filter(pk=version.pk).update(retired_at=NOW, **change)


def test_a_published_version_is_never_deleted(version: InstrumentVersion) -> None:
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        version.delete()


def test_a_published_version_is_retired_and_published_again(version: InstrumentVersion) -> None:
    rows = InstrumentVersion.objects.filter(pk=version.pk)
    assert rows.update(retired_at=NOW + timedelta(days=1)) == 1
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(retired_at=NOW + timedelta(days=2))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(retired_at=None, title="Other words")
    assert rows.update(retired_at=None) == 1


def test_an_unpublished_version_can_be_changed_and_deleted(db: None) -> None:
    draft = make_version(published_at=None)
    draft.title = "Better words"
    draft.save()
    draft.delete()
    assert not InstrumentVersion.objects.exists()


def test_the_current_version_is_the_newest_published_and_not_retired(version: InstrumentVersion) -> None:
    newer = make_version(version=2)
    make_version(version=3, published_at=None)
    make_version(version=4, retired_at=NOW)
    assert InstrumentVersion.objects.current() == newer


def test_a_version_that_was_answered_is_kept(db: None, ana: User) -> None:
    draft = make_version(published_at=None)
    make_response(ana, draft)
    with pytest.raises(ProtectedError):
        draft.delete()


def test_a_submitted_response_is_never_changed_but_can_be_deleted(ana: User, version: InstrumentVersion) -> None:
    response = make_response(ana, version)
    rows = Response.objects.filter(pk=response.pk)
    rows.update(submitted_at=NOW)
    with pytest.raises(IntegrityError, match="submitted response"), transaction.atomic():
        rows.update(sealed=b"other")
    with pytest.raises(IntegrityError, match="submitted response"), transaction.atomic():
        rows.update(submitted_at=None)
    rows.delete()
    assert not rows.exists()


def test_a_person_has_one_unfinished_response(ana: User, ben: User, version: InstrumentVersion) -> None:
    make_response(ana, version, submitted_at=NOW)
    make_response(ana, version)
    make_response(ben, version)
    with pytest.raises(IntegrityError, match="response_one_unfinished"), transaction.atomic():
        make_response(ana, version)


def test_an_unknown_form_is_refused(ana: User, version: InstrumentVersion) -> None:
    with pytest.raises(IntegrityError, match="form_is_known"), transaction.atomic():
        make_response(ana, version, form="long")


def test_only_the_owner_sees_a_response_and_its_result(
    ana: User, ben: User, dana: User, version: InstrumentVersion
) -> None:
    response = make_response(ana, version, submitted_at=NOW)
    result = Result.objects.create(
        id=uuid.uuid4(),
        owner=ana,
        response=response,
        version=version,
        form=Form.SHORT,
        algorithm=1,
        created_at=NOW,
        sealed=b"sealed",
    )
    assert [*Response.objects.visible_to(ana)] == [response]
    assert [*Result.objects.visible_to(ana)] == [result]
    for other in (ben, dana, AnonymousUser()):
        assert not Response.objects.visible_to(other).exists()
        assert not Result.objects.visible_to(other).exists()
