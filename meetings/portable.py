"""Export of notes for meetings and on them, of what is shared, of who opened it, and of next steps.

There is no import: it would share again what was taken back, and meetings are not imported either.
"""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import unseal_many
from lib.zones import zone
from meetings.models import NextStep, Opening, Preparation, PrivateNote, Share


def opened(owner: User, model: Any, rows: Any) -> Iterator[tuple[Any, Document]]:
    """Each row with its document."""
    sealed = ((row.pk, bytes(row.sealed), row) for row in rows)
    for row, document in unseal_many(owner, model.LABEL, sealed):
        yield row, {"cannot_be_opened": True} if document is None else document


def preparations(owner: User) -> Iterator[Document]:
    rows = Preparation.objects.visible_to(owner).order_by("changed_at", "id")
    for row, document in opened(owner, Preparation, rows):
        yield {"id": str(row.pk), "meeting": str(row.booking_id), "at": row.changed_at.isoformat()} | document


def shares(owner: User) -> Iterator[Document]:
    rows = Share.objects.of_client(owner).order_by("made_at", "booking", "number")
    for row, document in opened(owner, Share, rows):
        about = {"meeting": str(row.booking_id), "kind": row.kind, "at": row.made_at.isoformat()}
        yield {"id": str(row.pk)} | about | {"copy": document}


def openings(owner: User) -> Iterator[Document]:
    """When the specialist of a meeting opened something, and what."""
    rows = Opening.objects.visible_to(owner).order_by("at", "id")
    for row, document in opened(owner, Opening, rows):
        yield {"meeting": str(row.booking_id), "at": row.at.isoformat()} | document


def next_steps(owner: User) -> Iterator[Document]:
    rows = NextStep.objects.visible_to(owner).order_by("changed_at", "id")
    for row, document in opened(owner, NextStep, rows):
        yield {"meeting": str(row.booking_id), "at": row.changed_at.isoformat()} | document


def private_notes(owner: User) -> Iterator[Document]:
    """A specialist's own, with the time of the meeting that each is about."""
    rows = PrivateNote.objects.visible_to(owner).select_related("booking").order_by("booking__starts_at", "id")
    for row, document in opened(owner, PrivateNote, rows):
        about = {"meeting": str(row.booking_id), "starts_at": row.booking.starts_at.isoformat()}
        yield {"id": str(row.pk)} | about | {"at": row.changed_at.isoformat()} | document


def private_notes_text(owner: User) -> Iterator[str]:
    """A specialist's as Markdown, with times in the owner's time zone."""
    if not owner.is_specialist:
        return
    yield "# {}\n".format(_("Private notes"))
    here, rows = zone(owner.timezone), PrivateNote.objects.visible_to(owner).select_related("booking")
    for row, document in opened(owner, PrivateNote, rows.order_by("booking__starts_at", "changed_at", "id")):
        text = document.get("text") or _("This note can’t be opened. It has not been changed.")
        yield f"\n## {timezone.localtime(row.booking.starts_at, here):%Y-%m-%d %H:%M}\n\n{text}\n"


PREPARATIONS = Portable(preparations)
SHARES = Portable(shares)
OPENINGS = Portable(openings)
NEXT_STEPS = Portable(next_steps)
PRIVATE_NOTES = Portable(private_notes, readable=("private-notes.md", private_notes_text))
