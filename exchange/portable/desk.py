"""Export of what a specialist has at hand for messages."""

from collections.abc import Iterator
from dataclasses import asdict

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen
from exchange.models import Away, ReplyTime, SavedText


def saved_texts(owner: User) -> Iterator[Document]:
    for row in SavedText.objects.visible_to(owner).order_by("id"):
        try:
            words: Document = asdict(row.words(owner))
        except CannotOpen:
            words = {"cannot_be_opened": True}
        yield {"id": str(row.pk)} | words


def away(owner: User) -> Iterator[Document]:
    """When a specialist was away and is going to be; then how soon they usually answer."""
    for row in Away.objects.filter(specialist=owner.pk).order_by("starts_at"):
        yield {"from": row.starts_at.isoformat(), "until": row.ends_at.isoformat(), "note": row.note}
    for reply in ReplyTime.objects.filter(specialist=owner.pk):
        yield {"usually_answers_within_seconds": round(reply.median.total_seconds())}


SAVED_TEXTS = Portable(saved_texts)
AWAY = Portable(away)
