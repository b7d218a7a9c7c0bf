"""Works out the errors from people's pairs, and publishes what staff chose of it as new constants."""

import tomllib
from datetime import datetime
from random import SystemRandom
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments import algorithms, disclosure
from assessments.algorithm_2 import change, estimate, measured
from assessments.algorithm_2.constants import Constants, read
from assessments.algorithms import score_by
from assessments.models import (
    Changed,
    Counted,
    ErrorEstimate,
    InstrumentVersion,
    PublishedConstants,
    Response,
    Retest,
    constants_in_use,
)
from assessments.models.errors import FIRST_NUMBER


def estimate_due(*, now: datetime) -> None:
    for version in InstrumentVersion.objects.published().only("pk"):
        estimate_if_due(version=version, now=now)


@transaction.atomic
def estimate_if_due(*, version: InstrumentVersion, now: datetime) -> bool:
    """Look at the pairs of one version if that is due, and replace what is offered of them. Returns whether it was due.

    Only who said "no" is in the figures, but what people said is sealed: when it is looked at follows from how many
    have a pair at all, and each look is noted, also one that finds too few. An estimate the night after one more pair
    would else tell what that person said. Rows are opened one at a time, and no answers are kept.
    """
    InstrumentVersion.objects.select_for_update(no_key=True).only("pk").get(pk=version.pk)
    present = set(Retest.objects.pairs_of(version.pk).values_list("owner", flat=True))
    last = ErrorEstimate.objects.filter(version=version).first()
    if len(present) < estimate.ENOUGH:  # also of what was offered: it would be published for people who took it back
        ErrorEstimate.objects.filter(version=version).update(figures=None)
        return False
    joined = len(present.difference(last.counted.values_list("owner", flat=True) if last else ()))
    at = last.worked_out_at if last else None
    if not disclosure.is_due(changes=joined, last=at, now=now, least=disclosure.PAIRS):
        return False
    pairs, seen = _pairs(version)
    row, _created = ErrorEstimate.objects.update_or_create(
        version=version, defaults={"figures": measured.offered(pairs, SystemRandom()), "worked_out_at": now}
    )
    row.counted.all().delete()
    there = set(User.objects.filter(pk__in=seen).values_list("pk", flat=True))  # accounts may have ended meanwhile
    Counted.objects.bulk_create(
        [Counted(estimate=row, owner_id=pk if pk in there else None) for pk in seen], batch_size=1000
    )
    return True


def _pairs(version: InstrumentVersion) -> tuple[list[estimate.Pair], list[UUID]]:
    """The pairs that say "no", and everybody who has a pair."""
    pairs, seen, used = [], [], constants_in_use(version.pk)
    for retest in Retest.objects.pairs_of(version.pk).iterator(chunk_size=100):
        seen.append(retest.owner_id)
        if found := pair_of(retest, used):
            pairs.append(found)
    return pairs, seen


def pair_of(retest: Retest, used: Constants) -> estimate.Pair | None:
    """What differs between the two; None unless it says "no", and for what cannot be opened or compared."""
    owner = retest.owner
    try:
        if retest.second is None or retest.changed(owner) != Changed.NO:
            return None
        return estimate.pair(*(_opened(owner, one.response, used) for one in (retest.first, retest.second)))
    except (CannotOpen, change.NotComparable):
        return None


def _opened(owner: User, response: Response, used: Constants) -> change.Result:
    """One answering as algorithm 2 scores it. That both are about one relationship was seen when they became a pair."""
    answers, instrument = response.answers(owner), response.instrument
    return change.Result(instrument, answers, score_by(2, instrument, used)(instrument, answers))


# --- Publishing -------------------------------------------------------------------------------------------------


@transaction.atomic
def publish(*, row: ErrorEstimate, way: str, source: str, now: datetime) -> PublishedConstants | None:
    """Publish one way of an estimate as new constants, for new results of its version.

    None if just that is in use already, or nothing is offered any more.

    What was not measured, and the cuts, are those of the release, whatever was published before: nothing drifts.
    Raises `WrongConstants` for what is no set of constants, such as one without a source, and KeyError for a way that
    is not offered; then nothing is changed.
    """
    row = ErrorEstimate.objects.select_for_update(no_key=True).get(pk=row.pk)
    if row.figures is None:
        return None
    with connection.cursor() as cursor:  # the numbers go on across versions: no row is everybody's to wait for
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('assessments_publishedconstants', 0))")
    newest = PublishedConstants.objects.filter(questionnaire=row.version_id).order_by("-number").first()
    if newest and (newest.way, newest.measured_at) == (way, row.worked_out_at):
        return None
    release = tomllib.loads(algorithms.CONSTANTS_2.read_text(encoding="utf-8"))
    last: int | None = PublishedConstants.objects.aggregate(last=Max("number"))["last"]
    number = FIRST_NUMBER if last is None else last + 1
    about = measured.Measured(row.worked_out_at.date(), source)
    toml = measured.to_toml(measured.constants(release, number, row.figures[way], about))
    read(toml)
    return PublishedConstants.objects.create(
        number=number,
        questionnaire=row.version,
        way=way,
        n=row.figures["n"],
        source=source,
        measured_at=row.worked_out_at,
        published_at=now,
        toml=toml,
    )
