"""Names and other short texts in one line, without what nobody can see."""

import unicodedata


def tidy(name: str) -> str:
    """The name without line breaks, control characters and bidirectional marks, or "" if nothing visible remains.

    Invisible joiners between letters stay: some scripts and many emoji need them.
    """
    kept = "".join(character for character in name if not _disturbs(character)).strip()
    return kept if any(unicodedata.category(character)[0] not in "CZ" for character in kept) else ""


def _disturbs(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind in {"Cc", "Cs", "Zl", "Zp"} or (kind == "Cf" and unicodedata.bidirectional(character) != "BN")
