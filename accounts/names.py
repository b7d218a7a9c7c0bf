"""Names and other short texts in one line, without what nobody can see."""

import unicodedata

# Letters and symbols that leave an empty place: fillers of Hangul, a braille cell without dots, a note without a head,
# and the mark of an object that is not there.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159\ufffc")


def tidy(name: str) -> str:
    """The name without line breaks, control characters and bidirectional marks, or "" if nothing visible remains.

    Invisible joiners between letters stay: some scripts and many emoji need them.
    """
    kept = "".join(character for character in name if not _disturbs(character)).strip()
    return kept if any(map(_is_seen, kept)) else ""


def _is_seen(character: str) -> bool:
    """Letters, numbers, punctuation and symbols are; marks, joiners and spaces are not without one of these."""
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANK


def _disturbs(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs", "Zl", "Zp"} or (kind == "Cf" and unicodedata.bidirectional(character) != "BN")
