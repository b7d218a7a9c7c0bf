"""The copy of what a member chose to share, as it is at this moment: for the preview, and for the share itself."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.sealing import CannotOpen, tag
from assessments import reading, reading_2, readings
from assessments.models import Result
from journal.models import Entry
from meetings.limits import MOST_ENTRIES
from meetings.models.preparation import TEXTS, Extent, Plan
from meetings.models.sharing import Copy, Kind

MARK = "meetings.preview"


def copies(owner: User, plan: Plan) -> list[Copy]:
    """What this plan shares, in the order of the page. What is gone or cannot be opened is left out."""
    return [*notes(plan), *result(owner, plan), *entries(owner, plan)]


def mark_of(owner: User, found: Iterable[Copy]) -> str:
    """Tells whether copies are those that were looked at, and nothing about them."""
    content = json.dumps([asdict(copy) for copy in found], sort_keys=True, default=str)
    return tag(owner, MARK, content.encode()).hex()


def notes(plan: Plan) -> Iterator[Copy]:
    shown = {name: getattr(plan, name) for name in TEXTS if name in plan.shows and getattr(plan, name).strip()}
    if shown:
        yield Copy(Kind.NOTES, shown)


def result(owner: User, plan: Plan) -> Iterator[Copy]:
    if plan.extent == Extent.NONE or not plan.result:
        return
    found = Result.objects.visible_to(owner).select_related("response").filter(pk=plan.result).first()
    if found is None:
        return
    try:
        document = words_of(owner, found, with_areas=plan.extent == Extent.AREAS)
    except CannotOpen:
        return
    yield Copy(Kind.RESULT, document, result=found.pk)


def words_of(owner: User, found: Result, *, with_areas: bool) -> dict[str, Any]:
    """A result in words: no statement with its answer, and nothing about safety, which is stored nowhere."""
    words = readings.read(found.instrument, found.score(owner), found.response.answers(owner))
    return {
        "on": timezone.localdate(found.created_at).isoformat(),
        "title": words.heading,
        "text": words.text,
        "sure": words.sure,
        **_balance_of(words.balance),
        "areas": [[area.label, area.difference] for area in words.areas] if with_areas else [],
    }


def _balance_of(balance: reading.Balance | reading_2.Balance | None) -> dict[str, Any]:
    """The balance as it is copied; only those of algorithm 2 have a `top`, which is that of their scale."""
    if balance is None:
        return {"range": "", "balance": "", "beam": None, "beam_words": "", "given": "", "received": ""}
    drawn = {"range": balance.range, "beam": asdict(balance.beam), "beam_words": balance.title}
    if isinstance(balance, reading.Balance):
        shown = balance.shown
        return drawn | {"balance": shown.words, "given": shown.given, "received": shown.received}
    return drawn | {
        "given": balance.given,
        "received": balance.received,
        "top": balance.top,
        "arc": asdict(balance.arc),
        "more": " ".join(filter(None, [balance.far_out, balance.basis])),
    }


def entries(owner: User, plan: Plan) -> Iterator[Copy]:
    """The texts of entries with their questions; neither feelings nor tags."""
    chosen = Entry.objects.visible_to(owner).filter(pk__in=plan.entries).newest_first()
    for entry in chosen[:MOST_ENTRIES]:
        try:
            content = entry.content(owner)
        except CannotOpen:
            continue
        document = {
            "on": entry.day.isoformat(),
            "title": content.heading,
            "question": content.question,
            "parts": [[step, text] for step, text in content.parts],
            "closing": content.closing,
        }
        yield Copy(Kind.ENTRY, document, entry=entry.pk)
