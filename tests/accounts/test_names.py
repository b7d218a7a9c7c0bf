"""Names in one line, of which something can be seen."""

import pytest

from accounts.names import tidy

UNSEEN = [
    "\u200b", "\u200d\ufeff", " \u2060 ", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u17b4\u17b5",
    "\u180b", "\u180e", "\u2800", "\u2800 \u2800", "\u3164", "\ufe0f", "\uffa0", "\ufff0", "\ufffc", "\U0001bca0",
    "\U0001d159", "\U0001d173", "\U000e0001", "\U000e0061\U000e007f", "\U000e0100", "\u1680", "\u3000", "\u0301",
    "\ue000", "\u3164\u034f\u200d\ufe0f\u2800",
]  # fmt: skip
SEEN = [
    "Ani", "نی\u200cلو", "👩\u200d🚀", "❤\ufe0f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "ක්\u200dෂ", "क्\u200dष", "한", "\u1112\u1161\u11ab", "1", "?", "A\u3164",
]  # fmt: skip


@pytest.mark.parametrize("name", UNSEEN, ids=ascii)
def test_a_name_that_nobody_can_see_is_none(name: str) -> None:
    assert tidy(name) == ""


@pytest.mark.parametrize("name", SEEN, ids=ascii)
def test_a_name_that_can_be_seen_stays_as_it_is(name: str) -> None:
    assert tidy(name) == name
