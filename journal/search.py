"""Finding words in what somebody wrote, ignoring accents and case. Pure: no Django.

Words are looked for in folded text (`fold`): without accents and invisible characters, in lower case, with straight
quotes and plain hyphens. Other scripts are not transliterated.

Folding a text equals folding its characters one by one and joining the results. So a text can be folded in stretches,
cut anywhere, and every folded character has one character of the original that it comes from.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from journal.content import Content
from lib.normal import MARKS, normalized

MOST_WORDS = 12
LINE = 200  # characters of a line that are shown, at most and roughly
BEFORE = 60  # of them before the first hit
STRETCH = 500  # characters that are folded at a time to find the place of the first hit

# What keyboards and phones put in place of plain marks. Without these, most English text is ASCII.
STRAIGHT = (
    *(("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u201e", '"')),
    *(("\u2013", "-"), ("\u2014", "-"), ("\u2010", "-"), ("\u2011", "-"), ("\u2212", "-"), ("\u02bc", "'")),
)
# Latin letters that do not decompose into a plain letter and an accent (ß becomes ss with its case). Few people can
# type those of another language.
LETTERS = {"đ": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "\u0131": "i", "ð": "d", "þ": "th", "ħ": "h"}
# The accents of Latin letters, and the selector of emoji: replacing each is several times faster than matching UNSEEN.
FREQUENT = (
    *("\u0300", "\u0301", "\u0302", "\u0303", "\u0304", "\u0306", "\u0307", "\u0308", "\u0309"),
    *("\u030a", "\u030b", "\u030c", "\u031b", "\u0323", "\u0326", "\u0327", "\u0328", "\ufe0f"),
)
PLAIN = (*((mark, "") for mark in FREQUENT), *LETTERS.items())
IOTA_BELOW = "\u0345"  # the one mark with a lower case, which is a letter
# Accents, vowel points and tones of all scripts, and what has no meaning or no shape of its own: soft hyphen, grapheme
# joiner, tatweel, zero-width spaces and joiners, marks of direction, and the selectors of emoji and letter shapes.
IGNORED = "\u00ad\u034f\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
UNSEEN = re.compile(f"[{MARKS}{IGNORED}]+")
# Marks of rare scripts are told one by one: among so many ranges UNSEEN would be ten times slower.
RARE = re.compile("[\U000101fd-\U0001e94a]")
FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))  # two of them make a flag
HAS_FLAG = re.compile(f"[{FLAG_LETTERS}]")


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
    """The text as it is compared (see above). The early returns are faster, with the result of the last line."""
    if text.isascii():
        return text.lower()
    for curly, straight in STRAIGHT:
        text = text.replace(curly, straight)
    if text.isascii():
        return text.lower()
    text = normalized("NFKD", text).replace(IOTA_BELOW, "").casefold()
    for character, plain in PLAIN:
        text = text.replace(character, plain)
    if text.isascii():
        return text
    return RARE.sub(_unless_mark, UNSEEN.sub("", text))


def find(content: Content, words: Sequence[str]) -> Hit | None:
    """The best line with these words, in the texts, the closing line or the tags; None unless every word occurs."""
    written = "\n".join((*content.written, ", ".join(content.tags)))
    folded = fold(written)
    if not all(_occurs(word, folded) for word in words):
        return None
    if not words:
        return Hit()
    lines = zip(written.split("\n"), folded.split("\n"), strict=True)
    line, folded = max(lines, key=lambda both: sum(_occurs(word, both[1]) for word in words))
    return Hit(tuple(_cut(mark(line, folded, words))))


def mark(line: str, folded: str, words: Sequence[str]) -> list[Piece]:
    """A line, of which `folded` holds at least one word, in pieces, from BEFORE its first hit to LINE after it begins.

    The pieces join to this stretch of the line. Only what follows the first hit is mapped character by character, which
    takes fifty times longer than folding.
    """
    start, skipped = _origin(line, min(place for word in words for place in islice(_places(word, folded), 1)))
    pieces = [Piece(line[max(0, start - BEFORE - 1) : start], hit=False)]
    done, end = start, start + LINE + 1
    for first, last in _merged(sorted(_hits(line[start:end], folded[skipped:], words))):
        pieces += [Piece(line[done : start + first], hit=False), Piece(line[start + first : start + last], hit=True)]
        done = start + last
    pieces.append(Piece(line[done:end], hit=False))
    return [piece for piece in pieces if piece.text]


def _hits(stretch: str, folded: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Start and end of every hit that begins in the stretch, as indexes into it; they may overlap.

    `folded` is the folded stretch and what follows, so that a hit is found even if it goes on behind the stretch.
    """
    origins = [place for place, character in enumerate(stretch) for _ in fold(character)]
    length = len(origins)
    origins.append(len(stretch))
    for word in words:
        for place in _places(word, folded[: length + len(word) - 1]):
            end = min(place + len(word), length)
            yield origins[place], max(origins[end], origins[end - 1] + 1)


def _origin(line: str, place: int) -> tuple[int, int]:
    """Which character of a line its folded one at `place` comes from, and how many folded ones come before it."""
    start = skipped = 0
    for step in (STRETCH, 1):
        while skipped + (length := len(fold(line[start : start + step]))) <= place:
            start += step
            skipped += length
    return start, skipped


def _occurs(word: str, folded: str) -> bool:
    return word in folded and (word.isascii() or any(True for _ in _places(word, folded)))


def _places(word: str, folded: str) -> Iterator[int]:
    """Where the word occurs, without overlaps. No occurrence begins or ends within a flag."""
    if word.isascii() or not HAS_FLAG.search(word):
        place = folded.find(word)
        while place >= 0:
            yield place
            place = folded.find(word, place + len(word))
        return
    ends_within = (len(word) - len(word.rstrip(FLAG_LETTERS))) % 2
    then = f"(?![{FLAG_LETTERS}])" if ends_within else ""
    for match in re.finditer(
        f"({re.escape(word)}){then}|[{FLAG_LETTERS}]{{2}}", folded
    ):  # other flags are passed whole
        if match[1]:
            yield match.start()


def _unless_mark(character: re.Match[str]) -> str:
    return "" if unicodedata.combining(character[0]) else character[0]


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
