"""No text of the site uses a banned word: `tests/banned_words.txt`, one regular expression per line.

All have one kind of apostrophe.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = (
    "lib",
    "reflect",
    "accounts",
    "assessments",
    "consultations",
    "exchange",
    "guide",
    "journal",
    "meetings",
    "practice",
)
BANNED = [
    re.compile(line, re.IGNORECASE)
    for line in (ROOT / "tests" / "banned_words.txt").read_text(encoding="utf-8").splitlines()
]
MARKUP = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<!DOCTYPE html>", re.DOTALL)
TRANSLATED = re.compile(r"\{% (?:translate|trans) (\"[^\"]*\"|'[^']*')")
PYTHON_TEXT = re.compile(r"\b(?:_|gettext\w*|ngettext\w*)\(\s*((?:f?\"[^\"\n]*\"\s*)+)")
STRAIGHT = re.compile(r"\w+'\w+|\w+s'(?= [a-z])")
# What stands in databases as it is (published questionnaires, agreed words, prompts, a column's name), and names.
LEFT_AS_THEY_ARE = re.compile(
    r"^assessments/instruments/|^accounts/consents\.py$|^consultations/models/profiles\.py$|/(helplines|prompts)\.toml$"
)
FRONT_MATTER = re.compile(r"\A\+\+\+\n.*?\n\+\+\+\n", re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """The name and words of every file with text for people."""
    for path in sorted((ROOT / "templates").rglob("*.*")):
        source = path.read_text(encoding="utf-8")
        yield str(path.relative_to(ROOT)), "\n".join([*TRANSLATED.findall(source), MARKUP.sub(" ", source)])
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix == ".md":
                yield name, words_of_page(path.read_text(encoding="utf-8"))
            elif path.suffix == ".toml":
                yield name, "\n".join(strings(tomllib.loads(path.read_text(encoding="utf-8"))))
            elif path.suffix == ".py":
                yield name, "\n".join(PYTHON_TEXT.findall(path.read_text(encoding="utf-8")))


def words_of_page(source: str) -> str:
    """The text and its front matter, without the sources: those are quotations."""
    match = FRONT_MATTER.match(source)
    meta = tomllib.loads(match[0].strip("+\n")) if match else {}
    meta.pop("sources", None)
    return "\n".join([*strings(meta), re.sub(r"<!--.*?-->", "", FRONT_MATTER.sub("", source))])


def strings(document: Any) -> Iterator[str]:
    match document:
        case str():
            yield document
        case dict():
            for value in document.values():
                yield from strings(value)
        case list():
            for value in document:
                yield from strings(value)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*found, id=found[0]) for found in texts()])
def test_no_banned_word(name: str, text: str) -> None:
    found = [match[0] for pattern in BANNED for match in pattern.finditer(text)]
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize(
    ("name", "text"), [pytest.param(*found, id=found[0]) for found in texts() if not LEFT_AS_THEY_ARE.search(found[0])]
)
def test_apostrophes_are_typographic(name: str, text: str) -> None:
    found = STRAIGHT.findall(text)
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize(
    "words",
    [
        "Well done",
        "You should talk",
        "a healthy relationship",
        "Are you really sure",
        "This code does not fit.",
        "Start anew",
    ],
)
def test_banned_words_are_found(words: str) -> None:
    assert any(pattern.search(words) for pattern in BANNED)
