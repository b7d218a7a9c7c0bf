"""The chapters, as their files are read."""

import pytest

from guide import themes
from guide.chapters import chapters, read_chapter

SOURCE = """+++
theme = "balance"
title = "A title"
topic = "A word"
summary = "A sentence."
minutes = 3
sources = ["Somebody (1999)."]
+++

## A heading

Some text.
"""


def test_a_file_becomes_a_chapter() -> None:
    chapter = read_chapter(4, SOURCE)
    assert (chapter.number, chapter.theme, chapter.minutes) == (4, "balance", 3)
    assert chapter.sources == ("Somebody (1999).",)
    assert chapter.text == "## A heading\n\nSome text."


@pytest.mark.parametrize(
    "source",
    ["", "Just text.", "+++\ntheme = 'balance'\n", SOURCE.replace("minutes = 3", ""), SOURCE.replace("= 3", "= three")],
)
def test_broken_front_matter_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"front matter|value|Invalid"):
        read_chapter(1, source)


def test_ten_chapters_stand_in_the_order_of_the_themes() -> None:
    assert tuple(chapters()) == themes.KEYS
    assert [chapter.number for chapter in chapters().values()] == list(range(1, 11))
    assert all(chapter.summary and chapter.sources and chapter.text for chapter in chapters().values())


def test_a_theme_is_named_like_its_chapter() -> None:
    assert themes.title("illusions") == "The stories that make it bearable"
    assert themes.topic("illusions") == "Illusions"
    with pytest.raises(KeyError):
        themes.title("money")


def test_a_topic_is_short_enough_for_a_tag() -> None:
    topics = [topic for _, topic in themes.topic_choices()]
    assert len(set(topics)) == len(themes.KEYS)
    assert max(len(topic) for topic in topics) <= 16
    assert themes.topic("pressure") == "Distance"
    assert themes.topic("refusals") == "Hearing no"
