"""Word-by-word differences between two versions of a text. Pure: no Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

# Pairs of pieces in all texts of an entry: 2,000 words with as many others. The time follows from them, a second at the
# worst. Texts with more are compared by line, and those of very many lines as a whole.
MOST_PAIRS = 4_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text: `same`, `gone` (only in the earlier version) or `new` (only in the later one)."""

    kind: str
    text: str


def compare(before: Sequence[str], after: Sequence[str]) -> list[list[Change]]:
    """The changes in each text of an entry, in order; texts that are empty in both versions are skipped."""
    left, found = MOST_PAIRS, []
    for old, new in zip_longest(before, after, fillvalue=""):
        if old or new:
            first, second = pieces(old, new, left)
            left -= len(first) * len(second)
            found.append(list(changes(first, second)))
    return found


def sides(first: Sequence[str], second: Sequence[str]) -> list[tuple[list[Change], list[Change]]]:
    """Each pair of texts, with what stands only in this one as `new`; texts that are empty in both are skipped."""
    found = []
    for pieces in compare(second, first):
        theirs = [
            Change("new", piece.text) if piece.kind == "gone" else piece for piece in pieces if piece.kind != "new"
        ]
        found.append(([piece for piece in pieces if piece.kind != "gone"], theirs))
    return found


def changes(first: Sequence[str], second: Sequence[str]) -> Iterator[Change]:
    """The pieces in order: without the `new` ones they join to `first`, without the `gone` ones to `second`."""
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if operation == "equal":
            yield Change("same", "".join(first[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Change("gone", "".join(first[old_from:old_to]))
        if new_to > new_from:
            yield Change("new", "".join(second[new_from:new_to]))


def pieces(old: str, new: str, most_pairs: int) -> tuple[list[str], list[str]]:
    """Words, or lines, or each text as a whole: the smallest pieces of which there are no more pairs."""
    for piece in (r"\s*\S+|\s+", r"[^\n]*\n|[^\n]+"):
        first, second = re.findall(piece, old), re.findall(piece, new)
        if len(first) * len(second) <= most_pairs:
            return first, second
    return [old], [new]
