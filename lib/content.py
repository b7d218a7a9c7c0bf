"""Public texts: Markdown with TOML front matter in the folder `settings.PAGES`, rendered once.

`<!-- with: journal -->…<!-- end -->` holds text about a part that may not be built yet, `<!-- without: journal -->`
its replacement until then. `{{ name }}` is a placeholder that a setting fills.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lib.slugs import slug_of

# Parts that exist, of: guide, journal, data, consultations, pairing, exchange.
BUILT = frozenset({"guide", "journal", "data", "consultations", "exchange"})

FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
CONDITION = re.compile(r"<!-- (with|without): (\w+) -->(.*?)<!-- end -->", re.DOTALL)
BLANK = re.compile(r"\{\{ (\w+) \}\}")

markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["table", "smartquotes"])


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; the part before the first heading has neither title nor id."""

    id: str
    title: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut at its headings of the second level; `lead` stands before the first of them."""

    lead: SafeString
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class Page(Text):
    """A text as a page shows it. `meta` is the front matter."""

    meta: Mapping[str, Any]


@cache
def page(name: str) -> Page:
    """The text of that name, its placeholders filled from `settings.LEGAL`. Raises FileNotFoundError and KeyError."""
    return read_page((settings.PAGES / f"{name}.md").read_text(encoding="utf-8"), settings.LEGAL, BUILT)


def read_page(source: str, blanks: Mapping[str, str], built: frozenset[str]) -> Page:
    """Render a text with what is built. Raises ValueError without front matter, KeyError for an unknown placeholder."""
    if not (match := FRONT_MATTER.match(source)):
        raise ValueError("A text begins with its front matter between two lines of +++.")
    meta = {key: plain(value) if isinstance(value, str) else value for key, value in tomllib.loads(match[1]).items()}
    blanks = {**{key: str(value) for key, value in meta.items()}, **blanks}
    text = read_text(only_built(match[2], built), blanks)
    return Page(lead=text.lead, sections=text.sections, meta=meta)


def read_text(source: str, blanks: Mapping[str, str]) -> Text:
    """Render Markdown. Raises KeyError for an unknown placeholder."""
    tokens = markdown.parse(source)
    name_columns(tokens)
    starts = [i for i, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    ends = [*starts[1:], len(tokens)][: len(starts)]
    return Text(
        lead=render(tokens[: starts[0] if starts else None], blanks),
        sections=[section(tokens[start:end], blanks) for start, end in zip(starts, ends, strict=True)],
    )


def only_built(text: str, built: frozenset[str]) -> str:
    """Keep text about what is built, and replacements for what is not."""
    return CONDITION.sub(lambda match: match[3] if (match[2] in built) == (match[1] == "with") else "", text)


def section(tokens: Sequence[Token], blanks: Mapping[str, str]) -> Section:
    """Turn a heading and what follows it into a section."""
    title = plain(tokens[1].content)
    return Section(id=slug_of(title), title=title, html=render(tokens[3:], blanks))


def render(tokens: Sequence[Token], blanks: Mapping[str, str]) -> SafeString:
    """Render to HTML. Placeholders are filled with escaped text."""
    html = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(BLANK.sub(lambda match: escape(blanks[match[1]]), html))  # noqa: S308  # our own files, no raw HTML


def plain(text: str) -> str:
    """A line that stands outside the Markdown, with quotation marks and apostrophes as in it."""
    [line] = markdown.parseInline(text)
    return "".join(token.content for token in line.children or []) if {"'", '"'} & {*text} else text


def name_columns(tokens: Sequence[Token]) -> None:
    """Give each cell its column's heading, for the narrow layout that stacks the cells."""
    names: list[str] = []
    column = 0
    for token, inside in pairwise(tokens):
        match token.type:
            case "thead_open":
                names = []
            case "tr_open":
                column = 0
            case "th_open":
                token.attrSet("scope", "col")
                names.append(inside.content)
            case "td_open":
                token.attrSet("data-label", names[column])
                column += 1
