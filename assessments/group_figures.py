"""Publishes the group figures, of each version and form by themselves, by the rules of `disclosure.py`."""

from contextlib import suppress
from datetime import datetime
from random import SystemRandom

from django.db import transaction

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments import disclosure
from assessments.algorithms import score
from assessments.models import (
    Counted,
    Form,
    GroupFigures,
    InstrumentVersion,
    Result,
    constants_in_use,
    published_instrument,
)
from assessments.statistics import Tally


def publish_due(*, now: datetime) -> None:
    for version in InstrumentVersion.objects.published().only("pk"):
        for form in Form:
            publish_if_due(version=version, form=form, now=now)


@transaction.atomic
def publish_if_due(*, version: InstrumentVersion, form: Form, now: datetime) -> bool:
    """Replace the figures of one form of a version, if a publication is due.

    A person counts once, with their latest answers. These are scored by the algorithm in use, so that the figures of
    two are not mixed. Rows are opened one at a time and only added up: no answers are kept. Who cannot be read counts
    as present, or they would seem to join every night.

    The lock on the version lets the second of two concurrent runs see what the first has published.
    """
    InstrumentVersion.objects.select_for_update(no_key=True).only("pk").get(pk=version.pk)
    results = Result.objects.latest_for_group_figures(version, form)
    last = GroupFigures.objects.filter(version=version, form=form).first()
    before = list(last.counted.values_list("owner", flat=True)) if last else []
    changes = disclosure.joined_or_left(before, set(results.values_list("owner", flat=True)))
    if not disclosure.is_due(changes=changes, last=last.published_at if last else None, now=now):
        return False
    instrument = published_instrument(version.pk)
    tally, present, used = Tally(instrument, form), [], constants_in_use(version.pk)
    for result in results.select_related("response", "owner").iterator(chunk_size=100):
        present.append(result.owner_id)
        with suppress(CannotOpen):
            answers = result.response.answers(result.owner)
            tally.add(answers, score(instrument, answers, given=used))
    row, _created = GroupFigures.objects.update_or_create(
        version=version, form=form, defaults={"figures": tally.figures(SystemRandom()), "published_at": now}
    )
    row.counted.all().delete()
    there = set(User.objects.filter(pk__in=present).values_list("pk", flat=True))  # accounts may have ended meanwhile
    Counted.objects.bulk_create(
        [Counted(figures=row, owner_id=pk if pk in there else None) for pk in present], batch_size=1000
    )
    return True
