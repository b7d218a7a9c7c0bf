"""Unicode normal forms in linear time. Pure."""

import re
import unicodedata
from typing import Literal

type Form = Literal["NFC", "NFKC", "NFKD"]

# A letter has a few marks. Putting a run of them in order takes time with its square, without letting any other thread
# run: a million of them, which a form can hold, took minutes. Unicode's Stream-Safe Text Format (UAX #15) allows 30.
MOST_MARKS = 30
MARKS = "".join(chr(code) for code in range(0x10000) if unicodedata.combining(chr(code)))
MAY_BE_LONG = re.compile(f"[{MARKS}\U000101fd-\U0001e94a]{{{MOST_MARKS + 1}}}")  # with all of the rare scripts


def normalized(form: Form, text: str) -> str:
    """The normal form, if no letter has more than MOST_MARKS; else the normal forms of pieces that have not."""
    if not MAY_BE_LONG.search(text):
        return unicodedata.normalize(form, text)
    ends, run = [], 0
    for place, sign in enumerate(text, start=1):
        run = run + 1 if unicodedata.combining(sign) else 0
        if run == MOST_MARKS:
            ends.append(place)
            run = 0
    pieces = (text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True))
    return "".join(unicodedata.normalize(form, piece) for piece in pieces)
