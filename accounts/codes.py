"""Codes: how those to be written down are made, and how any are read when they are typed or pasted. Pure: no Django."""

import secrets
import unicodedata

from lib.normal import normalized

LETTERS = frozenset("BCDFGHJKLMNPQRSTVWXZ")  # what allauth makes codes of: no vowels, and nothing that looks alike
LENGTH = 8
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which are mistaken for each other
LEFT_OUT = {"Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Sm"}  # dashes, a minus, spaces, and what has no width


def new_code(groups: int, length: int) -> str:
    """Random letters and digits in groups of a length, with a dash between them: 5 bits each."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(length)) for _ in range(groups))


def plain(text: str) -> str:
    """Plain letters, digits and signs, without dashes, spaces and what nobody can see."""
    return "".join(sign for sign in normalized("NFKC", text) if unicodedata.category(sign) not in LEFT_OUT)


def can_be_code(text: str) -> bool:
    """Whether this has the length and the letters of a code from an e-mail."""
    code = plain(text).upper()
    return len(code) == LENGTH and LETTERS.issuperset(code)
