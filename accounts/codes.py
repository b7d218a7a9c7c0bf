"""Codes from an e-mail or an app: how they are read when they are typed or pasted. Pure: no Django."""

import unicodedata

from lib.normal import normalized

LETTERS = frozenset("BCDFGHJKLMNPQRSTVWXZ")  # what allauth makes codes of: no vowels, and nothing that looks alike
LENGTH = 8
LEFT_OUT = {"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Sm"}  # dashes, a minus, spaces, and what has no width


def plain(text: str) -> str:
    """Plain letters, digits and signs, without dashes, spaces and what nobody can see."""
    return "".join(sign for sign in normalized("NFKC", text) if unicodedata.category(sign) not in LEFT_OUT)


def can_be_code(text: str) -> bool:
    """Whether this has the length and the letters of a code from an e-mail."""
    code = plain(text).upper()
    return len(code) == LENGTH and LETTERS.issuperset(code)
