"""Other times that a specialist proposes for a meeting, as the sealed document of its booking holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

KEY = "proposal"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The starts of one to MOST_PROPOSED slots, and words. It holds no slot. `kept`: the client keeps their time.

    `since`: when the client was told; one that replaces another before an answer is no news.
    """

    starts: tuple[datetime, ...]
    words: str = ""
    kept: bool = False
    since: str = field(default="", compare=False)

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> Self | None:
        """The proposal in a booking's document, if there is one."""
        found = (document or {}).get(KEY)
        if not found:
            return None
        starts = tuple(map(datetime.fromisoformat, found["starts"]))
        return cls(starts, found["words"], found["kept"], found.get("since", ""))

    @property
    def stored(self) -> dict[str, Any]:
        starts = [start.isoformat() for start in self.starts]
        return {"starts": starts, "words": self.words, "kept": self.kept, "since": self.since}
