"""Word-by-word differences between two versions of an entry. Pure: no Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_WORDS = 4_000  # in both texts together; longer ones are compared by line, to bound the time


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of text: `same`, `gone` (only in the earlier version) or `new` (only in the later one)."""

    kind: str
    text: str


def compare(before: Sequence[str], after: Sequence[str]) -> list[list[Change]]:
    """The changes in each text of an entry, in order; texts that are empty in both versions are skipped."""
    pairs = zip_longest(before, after, fillvalue="")
    return [list(changes(old, new)) for old, new in pairs if old or new]


def sides(first: Sequence[str], second: Sequence[str]) -> list[tuple[list[Change], list[Change]]]:
    """Each pair of texts, with what stands only in this one as `new`; texts that are empty in both are skipped."""
    found = []
    for pieces in compare(second, first):
        theirs = [
            Change("new", piece.text) if piece.kind == "gone" else piece for piece in pieces if piece.kind != "new"
        ]
        found.append(([piece for piece in pieces if piece.kind != "gone"], theirs))
    return found


def changes(old: str, new: str) -> Iterator[Change]:
    """The pieces in order: without the `new` ones they join to `old`, without the `gone` ones to `new`."""
    first, second = _pieces(old, new)
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for operation, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if operation == "equal":
            yield Change("same", "".join(first[old_from:old_to]))
            continue
        if old_to > old_from:
            yield Change("gone", "".join(first[old_from:old_to]))
        if new_to > new_from:
            yield Change("new", "".join(second[new_from:new_to]))


def _pieces(old: str, new: str) -> tuple[list[str], list[str]]:
    words = [re.findall(r"\s*\S+|\s+", text) for text in (old, new)]
    if sum(map(len, words)) > MOST_WORDS:
        words = [text.splitlines(keepends=True) for text in (old, new)]
    return words[0], words[1]
