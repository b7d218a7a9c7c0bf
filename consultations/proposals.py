"""Other times that a specialist proposes for a meeting, as the sealed document of its booking holds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

KEY = "proposal"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The starts of one to MOST_PROPOSED slots, and words. It holds no slot. `kept`: the client keeps their time."""

    starts: tuple[datetime, ...]
    words: str = ""
    kept: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> Self | None:
        """The proposal in a booking's document, if there is one."""
        found = (document or {}).get(KEY)
        if not found:
            return None
        return cls(tuple(map(datetime.fromisoformat, found["starts"])), found["words"], found["kept"])

    @property
    def stored(self) -> dict[str, Any]:
        return {"starts": [start.isoformat() for start in self.starts], "words": self.words, "kept": self.kept}
