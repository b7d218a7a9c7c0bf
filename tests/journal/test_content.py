"""Tags, as people type them in any script."""

import pytest

from journal.content import tags_of


@pytest.mark.parametrize("comma", [",", "\uff0c", "\u3001", "\u060c"])
def test_tags_part_at_the_commas_of_every_script(comma: str) -> None:
    assert tags_of(f"one{comma} two words{comma}{comma}three") == ("one", "two words", "three")


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\u200f", "\u2060", "\u3164", "\u2066", "\u00a0"])
def test_what_nobody_sees_makes_no_tag_of_its_own(unseen: str) -> None:
    assert tags_of(f"{unseen}home {unseen}, {unseen} , home{unseen},home") == ("home",)


def test_a_tag_is_one_however_it_is_composed() -> None:
    assert tags_of("caf\u00e9, cafe\u0301, CAF\u00c9") == ("caf\u00e9",)


def test_joiners_within_a_tag_stay() -> None:
    family, persian = "\U0001f469\u200d\U0001f467", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    assert tags_of(f"{family}, {persian}, {england}") == (family, persian, england)


@pytest.mark.parametrize("unseen", ["\u200b", " \u200b", "\u00ad"])
def test_a_long_line_of_what_nobody_sees_takes_no_time(unseen: str) -> None:
    """It held a whole process for minutes: every place in it was tried as its end."""
    line = "a" + unseen * 100_000 + "b"
    [tag] = tags_of(line)
    assert (tag[0], tag[-1], len(tag)) == ("a", "b", len(line))
