"""What changed between two versions of a page, word by word. Pure: no Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

MOST_WORDS = 4_000  # of both texts together; beyond, lines are compared, so that no page takes seconds


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of text: `same`, `gone` (in the earlier version alone) or `new` (in the later one alone)."""

    kind: str
    text: str


def compare(before: Sequence[str], after: Sequence[str]) -> list[list[Change]]:
    """The changes of each text of a page, in order; a text that both versions leave empty is left out."""
    pairs = zip_longest(before, after, fillvalue="")
    return [list(changes(old, new)) for old, new in pairs if old or new]


def changes(old: str, new: str) -> Iterator[Change]:
    """The pieces that make `old` without the new ones, and `new` without those that are gone."""
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
