"""Words of people in plain sentences, where `<bdi>` cannot stand."""

from unicodedata import bidirectional

RIGHT_TO_LEFT = {"R", "AL"}


def isolated(words: str) -> str:
    """The words, between marks that isolate them if some go from right to left: they disturb nothing around them."""
    return f"\u2068{words}\u2069" if any(bidirectional(character) in RIGHT_TO_LEFT for character in words) else words
