"""The filters of templatetags/journal_words.py."""

from journal.templatetags.journal_words import marked
from lib.comparing import Change


def test_changes_are_marked_and_escaped_without_white_space_between() -> None:
    changes = [Change("same", "A walk "), Change("gone", "<b>"), Change("new", "& tea"), Change("same", ".")]
    assert marked(changes) == "A walk <del>&lt;b&gt;</del><ins>&amp; tea</ins>."
