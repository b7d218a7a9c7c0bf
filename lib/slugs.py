"""Names as parts of addresses."""

from django.utils.text import slugify

# Letters that do not decompose into one of a to z and a mark; `slugify` drops them.
LETTERS = str.maketrans({
    "ł": "l", "ı": "i", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ə": "e",
    "ɓ": "b", "ɗ": "d", "ɖ": "d", "ɛ": "e", "ƙ": "k", "ɔ": "o", "ƴ": "y", "ƶ": "z",
    "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th",
})  # fmt: skip


def slug_of(name: str) -> str:
    """`slugify` that keeps every Latin letter as one of a to z, or two."""
    return slugify(name.lower().translate(LETTERS))
