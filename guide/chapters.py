"""The chapters of the guide, one file each in `content/`: TOML front matter between lines of `+++`, then Markdown."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

CONTENT = Path(__file__).resolve().parent / "content"


@dataclass(frozen=True)
class Chapter:
    """One chapter.

    `topic` is its title in a word or two; `minutes` is the approximate reading time; `text` is Markdown; `sources` are
    listed at its end.
    """

    number: int
    theme: str
    title: str
    topic: str
    summary: str
    minutes: int
    sources: tuple[str, ...]
    text: str


@cache
def chapters() -> Mapping[str, Chapter]:
    """All chapters by theme, in order. They are part of the code, so a process reads them only once."""
    files = sorted(CONTENT.glob("*.md"))
    read = (read_chapter(number, file.read_text(encoding="utf-8")) for number, file in enumerate(files, start=1))
    return MappingProxyType({chapter.theme: chapter for chapter in read})


def read_chapter(number: int, source: str) -> Chapter:
    """Parse a chapter's file. Raises ValueError (also as TOMLDecodeError) for broken or incomplete front matter."""
    before, _, rest = source.partition("+++\n")
    front, mark, text = rest.partition("+++\n")
    if before or not mark:
        raise ValueError("A chapter begins with its front matter between two lines of +++.")
    fields = tomllib.loads(front)
    try:
        return Chapter(number=number, text=text.strip(), **fields | {"sources": tuple(fields.get("sources", ()))})
    except TypeError as error:
        raise ValueError(f"The front matter of a chapter has the wrong fields: {error}.") from error
