"""Asking people who agreed to answer again about two weeks after a result, and what comes of it.

Somebody is asked once after a result, from the 12th to the 16th day, and reminded once at most; never with gentle
prompts. The result of an answer that was begun since then makes a pair, if they say whether anything changed.

Who has gentle prompts is sealed. They have the same rows as everybody, and what these say is hidden when it is read.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import consents, notices
from accounts.models import User
from accounts.notices import Kind, Line
from accounts.sealing import CannotOpen
from accounts.self_document import gentle_prompts
from assessments.models import Changed, InstrumentVersion, Response, Result, Retest
from assessments.models.results import ResultQuerySet
from assessments.models.retests import RetestQuerySet

FROM, REMINDED, UNTIL = timedelta(days=12), timedelta(days=14), timedelta(days=16)  # after the first result
APART = timedelta(hours=36)  # from asking to reminding, at least: two nights, of a job that is not on the minute


class NotAPair(Exception):
    """Two results that are no pair: of two versions, two relationships, or not about two weeks apart."""


# --- Asking -----------------------------------------------------------------------------------------------------


def ask_due(*, now: datetime) -> None:
    """Ask everybody whose latest result is about two weeks old, and remind who was asked some days ago."""
    for result in _due(now).select_related("owner__data_key").iterator(chunk_size=100):
        ask(owner=result.owner, result=result, now=now)
    asked = Retest.objects.to_ask(now).filter(
        reminded_at=None,
        asked_at__lte=now - APART,
        first__created_at__gt=now - UNTIL,
        first__created_at__lte=now - REMINDED,
    )
    for retest in asked.select_related("owner__data_key").iterator(chunk_size=100):
        remind(owner=retest.owner, retest_id=retest.pk, now=now)


def _due(now: datetime) -> ResultQuerySet:
    """Results of the version on offer that nobody was asked about, and that are not themselves an answer to asking."""
    agreeing = consents.agreeing(consents.RETEST.purpose)
    found = Result.objects.filter(created_at__gt=now - UNTIL, created_at__lte=now - FROM, owner__in=agreeing)
    return found.filter(retest=None, retest_of=None, version=InstrumentVersion.objects.current())


@transaction.atomic
def ask(*, owner: User, result: Result, now: datetime) -> Retest | None:
    """Ask somebody to answer again; not who has answered since or is just answering."""
    later = Result.objects.visible_to(owner).filter(created_at__gt=result.created_at)
    if not _may_be_asked(owner) or later.exists():
        return None
    retest, is_new = Retest.objects.get_or_create(first=result, defaults={"owner": owner, "asked_at": now})
    if is_new:
        _tell(owner, retest.pk, now)
    return retest


@transaction.atomic
def remind(*, owner: User, retest_id: UUID, now: datetime) -> None:
    """Ask once more."""
    if not _may_be_asked(owner):
        return
    reminded = Retest.objects.to_ask(now).filter(pk=retest_id, reminded_at=None).update(reminded_at=now)
    if reminded:
        _tell(owner, retest_id, now)


def _may_be_asked(owner: User) -> bool:
    """By what every copy of the database says: gentle prompts count when the question is read."""
    return not (owner.asked_to_close or Response.objects.visible_to(owner).unfinished().exists())


def _tell(owner: User, retest_id: UUID, now: datetime) -> None:
    """Today asks by itself, so that the notice is new only for whoever is to be mailed about it.

    With gentle prompts it is as for anybody who wants no such mails.
    """
    is_mailed = notices.is_wanted_sometime(owner, Kind.ANSWER_AGAIN) and not gentle_prompts(owner)
    notices.notify(owner=owner, kind=Kind.ANSWER_AGAIN, target=retest_id, now=now, is_new=is_mailed)


def invitation(owner: User, now: datetime) -> Retest | None:
    """What Today asks, with the first result. One query; nothing with gentle prompts."""
    asked = _asked(owner, now).select_related("first").first()
    return None if asked is None or gentle_prompts(owner) else asked


def _asked(owner: User, now: datetime) -> RetestQuerySet:
    """What somebody is being asked at present."""
    return Retest.objects.visible_to(owner).to_ask(now).filter(first__created_at__gt=now - UNTIL)


@transaction.atomic
def decline(*, owner: User, retest_id: UUID, now: datetime) -> None:
    """Not ask any more. Does nothing if this is over already."""
    Retest.objects.visible_to(owner).filter(pk=retest_id, second=None, declined_at=None).update(declined_at=now)
    notices.open_about(owner=owner, kind=Kind.ANSWER_AGAIN, target=retest_id, now=now)


def forget_unanswered(*, before: datetime) -> int:
    """Forget who was asked before a moment and made no pair. Returns how many."""
    deleted, _rows = Retest.objects.filter(second=None, asked_at__lt=before).delete()
    return deleted


def forget_with_consent(owner: User, purpose: str) -> None:
    """Delete what somebody said, and that they were asked: they take their agreement back (`after_withdrawal`)."""
    if purpose == consents.RETEST.purpose:
        Retest.objects.visible_to(owner).delete()


# --- The pair ---------------------------------------------------------------------------------------------------


def awaited(owner: User, response: Response, now: datetime) -> Retest | None:
    """What the result of this response would complete. Not with gentle prompts, nor what cannot be opened.

    Two queries at most.
    """
    found = Retest.objects.visible_to(owner).open_at(now).select_related("first__response").first()
    if found is None or gentle_prompts(owner):
        return None
    try:
        _check(owner, found.first, response)
    except (CannotOpen, NotAPair):
        return None
    return found


def _check(owner: User, first: Result, response: Response) -> None:
    """Raise NotAPair, CannotOpen."""
    if first.version_id != response.version_id:
        raise NotAPair("the two are of different versions of the questions")
    if response.started_at < first.created_at + FROM:
        raise NotAPair("the second was begun too early")
    if first.response.answers(owner).line != response.answers(owner).line:
        raise NotAPair("the two are about different relationships")


def answered(*, owner: User, result: Result, changed: Changed | None, now: datetime) -> None:
    """After a new result, in its transaction: make the pair if it was said whether anything changed; ask no more.

    Raises nothing: what cannot be a pair is none.
    """
    found = awaited(owner, result.response, now) if changed else None
    if found and changed:
        pair(owner=owner, retest=found, second=result, changed=changed)
        notices.open_about(owner=owner, kind=Kind.ANSWER_AGAIN, target=found.pk, now=now)
    for retest in Retest.objects.visible_to(owner).filter(second=None, declined_at=None).only("pk"):
        decline(owner=owner, retest_id=retest.pk, now=now)


def pair(*, owner: User, retest: Retest, second: Result, changed: Changed) -> None:
    """Store what was said of two results. Raises NotAPair, CannotOpen; then nothing is changed."""
    _check(owner, retest.first, second.response)
    retest.seal(owner, changed)
    retest.second = second
    retest.save(update_fields=["second", "sealed"])


def said(owner: User, result: Result) -> str:
    """What was said when this result was new: whether anything had changed. `result` has its `retest_of`."""
    retest: Retest | None = getattr(result, "retest_of", None)
    try:
        return str(retest.changed(owner).label) if retest else ""
    except CannotOpen:
        return ""


# --- The notice -------------------------------------------------------------------------------------------------


def register_notices() -> None:
    """Called once, from `AppConfig.ready`."""
    gone = _("You were asked to answer the questions once more. That is over.")
    notices.register(Kind.ANSWER_AGAIN, lines, gone=gone)


def lines(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line | None]:
    if gentle_prompts(reader):
        return dict.fromkeys(targets)
    words = gettext("It is about two weeks since your last answers. Would you answer the questions once more?")
    return {row.pk: Line(words, link=row.link) for row in _asked(reader, now).filter(pk__in=targets).only("pk")}
