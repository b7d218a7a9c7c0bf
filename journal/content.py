"""What an entry holds, and its limits. Pure: no Django."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from lib.normal import normalized

MOST_CHARACTERS = 50_000  # in all texts of an entry and its closing line together
MOST_TAGS = 20
LONGEST_TAG = 60
LONGEST_TITLE = 80
MOST_STEPS = 4
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")  # without tab and line end
COMMAS = re.compile("[,\uff0c\u3001\u060c]")  # of Latin, Chinese, Japanese and Arabic
# Spaces without width, joiners, marks of direction, fillers of Hangul, a braille cell without dots.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0]"
)
UNSEEN_AT_ENDS = " " + "".join(sign for sign in map(chr, range(0x10000)) if UNSEEN.match(sign))
SEEN = re.compile(r"[^\s\u0300-\u036f\ufe00-\ufe0f\U000e0000-\U000e01ef]")
FREE = "free"  # key of the prompt without a question

# A small vocabulary of feelings, not a score. The keys are stored; the words for people are in `journal/words.py`.
FEELINGS = (
    *("calm", "glad", "grateful", "close", "hopeful", "relieved"),
    *("sad", "lonely", "tired", "worried", "afraid", "angry", "hurt", "ashamed", "confused"),
)


class TooLongError(ValueError):
    """More than MOST_CHARACTERS. Carries only the count, never the text."""

    def __init__(self, characters: int) -> None:
        super().__init__(characters)
        self.characters = characters


class BrokenTextError(ValueError):
    """A lone surrogate, which cannot be stored as UTF-8. Never carries a person's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of an entry: the prompt with its question and steps as they were, and a text for each step.

    Without steps there is one text. `result` is the id of the questionnaire result that it was begun from. `second`
    marks the one that was made of the second of two versions, to tell them apart.
    """

    prompt: str = FREE
    theme: str = ""
    question: str = ""
    steps: tuple[str, ...] = ()
    texts: tuple[str, ...] = ("",)
    closing: str = ""
    feelings: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    result: str | None = None
    second: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The content of an unsealed document (see `to_document`)."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
            if name != "title"
        }
        return cls(**fields)

    def to_document(self) -> dict[str, Any]:
        """The document to be sealed, ready for JSON, with the title."""
        return asdict(self) | {"title": self.title}

    @property
    def title(self) -> str:
        """The first line that is not blank, cut at a word boundary."""
        lines = (line.strip() for text in self.written for line in text.splitlines())
        first = next((line for line in lines if line), "")
        if len(first) <= LONGEST_TITLE:
            return first
        return (first[:LONGEST_TITLE].rpartition(" ")[0] or first[:LONGEST_TITLE]) + "…"

    @property
    def heading(self) -> str:
        """The question that it answers, or the first line of a free entry."""
        return self.question if self.steps else self.title

    @property
    def written(self) -> tuple[str, ...]:
        """All free text, in order."""
        return (*self.texts, self.closing)

    @property
    def is_free(self) -> bool:
        """Whether it answers no question."""
        return self.prompt == FREE

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.written)

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Pairs of a step and its text; a free entry has one pair, with an empty step."""
        steps = [*self.steps, *[""] * len(self.texts)]
        return list(zip(steps, self.texts, strict=False))


def checked(content: Content) -> Content:
    """The same content, if it is within MOST_CHARACTERS. Raises TooLongError."""
    characters = sum(len(text) for text in content.written)
    if characters > MOST_CHARACTERS:
        raise TooLongError(characters)
    return content


def tidy(text: str) -> str:
    """The text with Unix line ends and no control characters except tab and newline. Raises BrokenTextError."""
    if HALF_CHARACTER.search(text):
        raise BrokenTextError
    return CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tags_of(line: str) -> tuple[str, ...]:
    """The tags of a line that parts at the commas of any script, without duplicates (ignoring case)."""
    return unique_tags(COMMAS.split(line))


def unique_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each tag once, composed (NFC), in one line, and trimmed of what nobody sees; joiners between letters stay."""
    found: dict[str, str] = {}
    for tag in tags:
        words = " ".join(COMMAS.sub(" ", normalized("NFC", tidy(tag))).split())
        words = words.strip(UNSEEN_AT_ENDS)
        if SEEN.search(words):
            found.setdefault(UNSEEN.sub("", words).casefold(), words)
    return tuple(found.values())


def known_feelings(feelings: Iterable[str]) -> tuple[str, ...]:
    """Those that are in the vocabulary, in its order."""
    chosen = set(feelings)
    return tuple(feeling for feeling in FEELINGS if feeling in chosen)


def paragraphs(text: str) -> Sequence[Sequence[str]]:
    """The lines of each paragraph of a plain text; blank lines separate paragraphs."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
