"""Export of what somebody and the team wrote to each other about an objection."""

from collections.abc import Iterator

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen
from exchange.models import Remark

CHUNK = 100


def remarks(owner: User) -> Iterator[Document]:
    for remark in Remark.objects.visible_to(owner).in_order().iterator(chunk_size=CHUNK):
        row: Document = {
            "id": str(remark.pk),
            "meeting": str(remark.booking_id),
            "by_team": remark.by_team,
            "at": remark.at.isoformat(),
        }
        try:
            yield row | {"text": remark.text()}
        except CannotOpen:
            yield row | {"cannot_be_opened": True}


REMARKS = Portable(remarks)
