"""The questionnaire's own texts as algorithm 2 says them. Pure: no Django.

Some texts of a version that was made for algorithm 1 go further than its figures; `words-2.toml` has others for these.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assessments.instrument import Instrument, Subscale
from assessments.position import TOO_CLOSE
from assessments.scoring import Document

FILE = Path(__file__).parent.parent / "instruments" / "words-2.toml"
STATEMENTS = re.compile(r"\b[Tt]he statements you (rated|agreed)")


@cache
def _written() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def heading(instrument: Instrument, score: Document) -> str:
    """The heading of a result; where the sides are too close to tell, it names the one that is ahead."""
    if score["shown"] != TOO_CLOSE:
        return of_position(instrument, score["shown"])
    found: str = _written()["headings"]["too_close_give" if score["balance"]["B"] > 0 else "too_close_receive"]
    return found


def of_position(instrument: Instrument, position: str) -> str:
    """The heading of a position: how far it can be told is for the algorithm to say, whatever the version."""
    found: str = _written()["headings"].get(position, instrument.positions[position].heading)
    return found


def reading(instrument: Instrument, shown: str, counts: Mapping[str, int]) -> str:
    """What stands below the heading, with places for the counts of areas.

    Where no area is level, "about level" is so of their sum only: that has words of its own. Too close to tell has them
    for each side, to begin with the one that has more areas.
    """
    written = _written()["readings"]
    if shown == TOO_CLOSE:
        shown = "too_close_give" if counts["give"] >= counts["receive"] else "too_close_receive"
        return str(written[shown])
    found: str = instrument.positions[shown].reading
    return found if counts["even"] else written.get(f"{shown}_both_ways", found)


def band_text(instrument: Instrument, subscale: Subscale, form: str, band: str) -> str:
    """What a subscale's band means; of the short form, which asks less, in words that name only what it asks."""
    written = instrument.text if instrument.algorithm > 1 else _written()  # one made for algorithm 2 brings its own
    short = written.get("short", {}).get(subscale.key) if form == "short" else None
    return short[band] if short else subscale.band_text(band)


def line_words(instrument: Instrument, subscale: str) -> Mapping[str, Mapping[str, str]]:
    """Title and text by band (lower, middle, higher) of each line of a subscale that is read as two lines.

    A version whose statements need other words brings its own `lines`.
    """
    found: Mapping[str, Mapping[str, str]] = instrument.text.get("lines", _written()["lines"])[subscale]
    return found


def speaks_of_statements(text: str) -> bool:
    """Whether a text points to the person's own statements."""
    return STATEMENTS.search(text) is not None
