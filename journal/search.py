"""Finding words in what somebody wrote, ignoring accents and case. Pure: no Django.

Words are looked for in folded text (`fold`): without accents, in lower case, with straight quotes and plain hyphens.
Folding a text equals folding its characters one by one, so that a hit can be mapped back to the original.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journal.content import Content

MOST_WORDS = 12
LINE = 200  # characters of a line that are shown, at most and roughly
BEFORE = 60  # of them before the first hit

# What keyboards and phones put in place of plain marks. Without these, most English text is ASCII.
STRAIGHT = (("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"), ("\u2014", "-"))
# The accents of European languages: replacing them one by one is five times faster than matching MARKS.
ACCENTS = ("\u0300", "\u0301", "\u0302", "\u0303", "\u0308", "\u030a", "\u030c", "\u0327")
MARKS = re.compile(f"[{''.join(chr(code) for code in range(0x10000) if unicodedata.combining(chr(code)))}]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: a hit, or the text between hits."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """The line of an entry that holds most of the words, cut to LINE; empty in a search without words."""

    pieces: Sequence[Piece] = ()


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query, folded, without duplicates, MOST_WORDS at most."""
    return tuple(dict.fromkeys(fold(query).split()))[:MOST_WORDS]


def fold(text: str) -> str:
    """The text without accents and in lower case. The early returns are faster, with the result of the last line."""
    if text.isascii():
        return text.lower()
    for curly, straight in STRAIGHT:
        text = text.replace(curly, straight)
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text)
    for accent in ACCENTS:
        text = text.replace(accent, "")
    if text.isascii():
        return text.lower()
    return MARKS.sub("", text).casefold()


def find(content: Content, words: Sequence[str]) -> Hit | None:
    """The best line with these words, in the texts, the closing line or the tags; None unless every word occurs."""
    written = "\n".join((*content.written, ", ".join(content.tags)))
    folded = fold(written)
    if not all(word in folded for word in words):
        return None
    if not words:
        return Hit()
    lines = (line for line in written.split("\n") if line.strip())
    best = max(lines, key=lambda line: _count(fold(line), words))
    return Hit(tuple(_cut(mark(best.strip(), words))))


def mark(line: str, words: Sequence[str]) -> list[Piece]:
    """The line in pieces that join to the same line again, with every occurrence of a word as a hit."""
    pieces, done = [], 0
    for start, end in _merged(sorted(_occurrences(line, words))):
        pieces += [Piece(line[done:start], hit=False), Piece(line[start:end], hit=True)]
        done = end
    pieces.append(Piece(line[done:], hit=False))
    return [piece for piece in pieces if piece.text]


def _count(folded: str, words: Sequence[str]) -> int:
    return sum(word in folded for word in words)


def _occurrences(line: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start and end of every hit, as indexes into the original line; they may overlap."""
    folded, origin = _with_origin(line)
    for word in words:
        at = folded.find(word)
        while at >= 0:
            end = at + len(word)
            yield origin[at], max(origin[end], origin[end - 1] + 1)
            at = folded.find(word, end)


def _with_origin(line: str) -> tuple[str, list[int]]:
    """The folded line, and for each of its characters the index of its origin in the line; last, the line's length."""
    folded = [fold(character) for character in line]
    origin = [place for place, characters in enumerate(folded) for _ in characters]
    return "".join(folded), [*origin, len(line)]


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sorted spans, with those that touch or overlap merged."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces around the first hit, some LINE characters in all, cut at word boundaries."""
    first, *rest = pieces
    if not first.hit and len(first.text) > BEFORE:
        tail = first.text[-BEFORE:]
        first = Piece("…" + (tail.partition(" ")[2] or tail), hit=False)
    room = LINE
    for piece in (first, *rest):
        if len(piece.text) > room:
            head = piece.text[:room]
            yield Piece((head.rpartition(" ")[0] or head) + "…", hit=piece.hit)
            return
        yield piece
        room -= len(piece.text)
