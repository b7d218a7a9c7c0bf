"""Every change of state of the questionnaire: begin, save a part, submit, start anew, delete; publish and retire."""

import hashlib
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts import consents
from accounts.models import User
from assessments import retests
from assessments.algorithms import score, versions
from assessments.answering import Posted, merge, parts_of, read_part
from assessments.comparability import conflicts
from assessments.comparing import began, compared, line_of_latest
from assessments.instrument import build, read
from assessments.models import Changed, InstrumentVersion, Response, Result, constants_in_use
from assessments.scoring import Answers


class ClosedError(Exception):
    """The response takes no answers: it is submitted, its version is retired, or nothing is agreed to."""


class NotOffered(Exception):
    """The version is not on offer: it is retired, or was never published."""


class NoSuchPartError(Exception):
    """The form has no part of this number."""


class OtherContentError(Exception):
    """This version is stored already, with other content."""


class OtherGroupError(Exception):
    """This version cannot be compared with what is in a comparability group that it names; `problems` says why."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class OnlyVersion(Exception):
    """Without this version, no questionnaire would be on offer."""


@transaction.atomic
def agree(*, owner: User, purposes: Collection[str], declined: Collection[str] = (), now: datetime) -> None:
    """Record consent to each purpose, and that the new words of others were declined."""
    for purpose in purposes:
        consents.give(owner=owner, purpose=purpose, now=now)
    for purpose in declined:
        consents.withdraw(owner=owner, purpose=purpose, now=now)


@transaction.atomic
def start_response(
    *,
    owner: User,
    version: InstrumentVersion,
    form: str,
    partnered: bool,
    same_relationship: bool | None = None,
    now: datetime,
    agrees: Collection[str] = (),
    declines: Collection[str] = (),
) -> Response:
    """Begin a questionnaire, or return the unfinished one: two concurrent starts make one response.

    `same_relationship`: whether it is about that of the latest result, which it is unless the owner says no. `agrees`
    and `declines` hold the purposes that the owner answers for at the same time. Raises `NotOffered`.
    """
    if not InstrumentVersion.objects.offered().filter(pk=version.pk).exists():
        raise NotOffered
    agree(owner=owner, purposes=agrees, declined=declines, now=now)
    new = Response(owner=owner, version=version, form=form, started_at=now, changed_at=now)
    line = began(now) if same_relationship is False else line_of_latest(owner, now)
    new.seal(owner, Answers(form, partnered, {}, {}, same_relationship, line))
    values = {name: getattr(new, name) for name in ("pk", "version", "form", "started_at", "changed_at", "sealed")}
    response, _created = Response.objects.get_or_create(owner=owner, submitted_at=None, defaults=values)
    return response


@transaction.atomic
def post_part(
    *, owner: User, response_id: uuid.UUID, number: int, fields: Mapping[str, str], now: datetime
) -> tuple[Posted, int]:
    """Save the choices of one part; return them with the number of the form's last part.

    If any field is invalid, nothing is saved. The row is locked, so that parts saved from two tabs at once are both
    kept. Raises `ClosedError` if no answers are taken, `NoSuchPartError`, and `Response.DoesNotExist` if the
    response is gone.
    """
    response = _locked(owner, response_id)
    if response.closed:
        raise ClosedError
    answers = response.answers(owner)
    parts = parts_of(response.instrument, answers.form, answers.partnered)
    if not 1 <= number <= len(parts):
        raise NoSuchPartError
    posted = read_part(response.instrument, parts[number - 1], fields)
    if posted.is_valid:
        _add(owner, response, answers, posted, now)
    return posted, len(parts)


@transaction.atomic
def save_part(*, owner: User, response_id: uuid.UUID, posted: Posted, now: datetime) -> None:
    """Add valid answers of any part to a response. Raises `ClosedError` for a submitted one."""
    response = _locked(owner, response_id)
    if response.submitted_at:
        raise ClosedError
    _add(owner, response, response.answers(owner), posted, now)


@transaction.atomic
def submit_response(*, owner: User, response_id: uuid.UUID, now: datetime, changed: Changed | None = None) -> Result:
    """Score a response and store the result. Idempotent: a submitted response returns the result it has.

    `changed`: whether anything has changed since the last result, where that was asked (`retests.awaited`).
    Raises `ClosedError` if its version is retired.
    """
    response = _locked(owner, response_id)
    if response.submitted_at:
        return Result.objects.visible_to(owner).get(response=response)
    if response.retired_at:
        raise ClosedError
    instrument = response.instrument
    answers = response.answers(owner)
    used = constants_in_use(response.version_id)
    found = score(instrument, answers, given=used)
    of = versions(instrument, found)
    result = Result(
        owner=owner,
        response=response,
        version_id=response.version_id,
        form=response.form,
        constants=of.constants,
        algorithm=of.algorithm,
        created_at=now,
    )
    result.seal(owner, found, compared(owner, result, answers, used))
    result.save(force_insert=True)
    Response.objects.visible_to(owner).filter(pk=response.pk).update(submitted_at=now)
    retests.answered(owner=owner, result=result, changed=changed, now=now)
    return result


@transaction.atomic
def discard_response(*, owner: User, response_id: uuid.UUID) -> bool:
    """Delete a questionnaire that is not submitted; a submitted one stays."""
    deleted, _rows = Response.objects.visible_to(owner).unfinished().filter(pk=response_id).delete()
    return bool(deleted)


@transaction.atomic
def delete_result(*, owner: User, result_id: uuid.UUID) -> bool:
    """Delete a result together with the answers that it came from."""
    deleted, _rows = Response.objects.visible_to(owner).filter(result__pk=result_id).delete()
    return bool(deleted)


@transaction.atomic
def delete_abandoned(*, before: datetime) -> int:
    """Delete the questionnaires that were begun, never submitted, and last changed before a time."""
    deleted, _rows = Response.objects.unfinished().filter(changed_at__lt=before).delete()
    return deleted


@transaction.atomic
def load_version(*, source: str, publish: bool, now: datetime) -> tuple[InstrumentVersion, bool]:
    """Store a valid instrument's file as a version, and say whether anything changed by it.

    Raises `OtherContentError` if this version is stored with other content, `OtherGroupError` if its results could
    not be compared with those of another version in the same comparability group.
    """
    instrument = build(read(source))
    others = InstrumentVersion.objects.exclude(slug=instrument.id, version=instrument.version).order_by(
        "slug", "version"
    )
    if problems := conflicts(instrument, [build(read(text)) for text in others.values_list("source", flat=True)]):
        raise OtherGroupError(problems)
    version, created = InstrumentVersion.objects.get_or_create(
        slug=instrument.id,
        version=instrument.version,
        defaults={
            "language": instrument.language,
            "algorithm": instrument.algorithm,
            "title": instrument.title,
            "source": source,
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
        },
    )
    if version.source != source:
        raise OtherContentError
    publishes = publish and version.published_at is None
    if publishes:
        publish_version(version=version, now=now)
    return version, created or publishes


@transaction.atomic
def publish_version(*, version: InstrumentVersion, now: datetime) -> None:
    """Offer a version to everybody, or a retired one again; from here on its content can never change."""
    version.published_at = version.published_at or now
    version.retired_at = None
    version.save(update_fields=["published_at", "retired_at"])


@transaction.atomic
def retire_version(*, version: InstrumentVersion, now: datetime) -> None:
    """Stop offering a version. Its results are not affected. Raises OnlyVersion if nothing would be left to answer."""
    offered = InstrumentVersion.objects.offered().order_by("pk").select_for_update()
    if {one.pk for one in offered.only("pk")} == {version.pk}:
        raise OnlyVersion
    version.retired_at = now
    version.save(update_fields=["retired_at"])


@transaction.atomic
def retire_superseded(
    *, by: InstrumentVersion, now: datetime
) -> tuple[list[InstrumentVersion], list[InstrumentVersion]]:
    """Retire the earlier versions of a questionnaire that is on offer; return them, and those that stay.

    One that somebody has begun with stays, so that it can be finished.
    """
    if not by.published_at or by.retired_at:
        return [], []
    earlier = InstrumentVersion.objects.offered().filter(slug=by.slug, version__lt=by.version)
    versions = list(earlier.order_by("pk").select_for_update())
    begun = set(Response.objects.unfinished().filter(version__in=versions).values_list("version_id", flat=True))
    retired = [version for version in versions if version.pk not in begun]
    for version in retired:
        retire_version(version=version, now=now)
    return retired, [version for version in versions if version.pk in begun]


def _locked(owner: User, response_id: uuid.UUID) -> Response:
    return Response.objects.visible_to(owner).with_standing().select_for_update(of=("self",)).get(pk=response_id)


def _add(owner: User, response: Response, before: Answers, posted: Posted, now: datetime) -> None:
    """Write a locked response's new answers, if there are any."""
    answers = merge(before, posted)
    if answers != before:
        response.seal(owner, answers)
        Response.objects.visible_to(owner).filter(pk=response.pk).update(
            sealed=response.sealed, changed_at=now, revision=response.revision + 1
        )
