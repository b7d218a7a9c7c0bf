"""Other times that a specialist proposes for a meeting, as the sealed document of its booking holds them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

KEY = "proposal"


class State(StrEnum):
    OPEN = ""
    KEPT = "kept"  # the client keeps their time
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The starts of one to MOST_PROPOSED slots, and words; neither once it was taken or withdrawn. It holds no slot.

    `since`: when the client was told; one that replaces another before an answer is no news. `until`: when it was
    answered or withdrawn.
    """

    starts: tuple[datetime, ...] = ()
    words: str = ""
    state: State = State.OPEN
    since: str = field(default="", compare=False)
    until: str = field(default="", compare=False)

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> Self | None:
        """The last proposal in a booking's document, whatever became of it."""
        found = (document or {}).get(KEY)
        if not found:
            return None
        starts = tuple(map(datetime.fromisoformat, found["starts"]))
        state = State(found["state"]) if "state" in found else State.KEPT if found["kept"] else State.OPEN
        return cls(starts, found["words"], state, found.get("since", ""), found.get("until", ""))

    @property
    def is_open(self) -> bool:
        return self.state is State.OPEN

    @property
    def kept(self) -> bool:
        return self.state is State.KEPT

    @property
    def stored(self) -> dict[str, Any]:
        starts = [start.isoformat() for start in self.starts]
        return {"starts": starts, "words": self.words, "state": self.state, "since": self.since, "until": self.until}
