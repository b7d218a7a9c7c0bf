"""What one page of the journal holds, and what it may hold. Pure: no Django."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

MOST_CHARACTERS = 50_000  # of all writing areas of a page and its closing line together
MOST_TAGS = 20
LONGEST_TAG = 40
LONGEST_TITLE = 80
MOST_STEPS = 4
HALF_CHARACTER = re.compile("[\ud800-\udfff]")
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")  # without tab and line end
FREE = "free"  # the key of the prompt that asks nothing

# A small vocabulary for how it feels, not a score. Keys are kept; the words of a page are in `journal/words.py`.
FEELINGS = (
    *("calm", "glad", "grateful", "close", "hopeful", "relieved"),
    *("sad", "lonely", "tired", "worried", "angry", "hurt", "ashamed", "confused"),
)


class TooLongError(ValueError):
    """More than MOST_CHARACTERS. Holds the count alone."""

    def __init__(self, characters: int) -> None:
        super().__init__(characters)
        self.characters = characters


class BrokenTextError(ValueError):
    """Half a character (a lone surrogate), which cannot be kept as it is. Never holds a person's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A page as it was written: the prompt with its question and steps as they were, and a text for each step.

    A page without steps has one text. `result` is the id of the questionnaire's result that it was begun from.
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

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """The content of a sealed document (`to_document`)."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
            if name != "title"
        }
        return cls(**fields)

    def to_document(self) -> dict[str, Any]:
        """As JSON takes it, with the title that lists show."""
        return asdict(self) | {"title": self.title}

    @property
    def title(self) -> str:
        """The first line that was written, cut at a word."""
        lines = (line.strip() for text in self.written for line in text.splitlines())
        first = next((line for line in lines if line), "")
        if len(first) <= LONGEST_TITLE:
            return first
        return (first[:LONGEST_TITLE].rpartition(" ")[0] or first[:LONGEST_TITLE]) + "…"

    @property
    def written(self) -> tuple[str, ...]:
        """Everything that a person wrote at length, in its order."""
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
        """Each step with its text; a free page has one part without a step."""
        steps = [*self.steps, *[""] * len(self.texts)]
        return list(zip(steps, self.texts, strict=False))


def checked(content: Content) -> Content:
    """The content, if it may be kept. Raises TooLongError."""
    characters = sum(len(text) for text in content.written)
    if characters > MOST_CHARACTERS:
        raise TooLongError(characters)
    return content


def tidy(text: str) -> str:
    """The text with one kind of line end and no control characters but tab and line end. Raises BrokenTextError."""
    if HALF_CHARACTER.search(text):
        raise BrokenTextError
    return CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def tags_of(line: str) -> tuple[str, ...]:
    """The tags written in one line, parted by commas, each once (whatever its case)."""
    return unique_tags(line.split(","))


def unique_tags(tags: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for tag in tags:
        if words := " ".join(tidy(tag).replace(",", " ").split()):
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def known_feelings(feelings: Iterable[str]) -> tuple[str, ...]:
    """Those of the vocabulary, in its order."""
    chosen = set(feelings)
    return tuple(feeling for feeling in FEELINGS if feeling in chosen)


def paragraphs(text: str) -> Sequence[Sequence[str]]:
    """Plain text as paragraphs (parted by blank lines), each as its lines."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            blocks[-1].append(line.rstrip())
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]
