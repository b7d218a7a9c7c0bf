"""Normal forms, of what nobody writes, too."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.codes import plain
from accounts.models import normal_form
from journal.content import tags_of
from journal.search import fold
from lib.normal import MOST_MARKS, Form, normalized

FORMS: tuple[Form, ...] = ("NFC", "NFKC", "NFKD")
TANGLED = "a" + "\u0300\u0316" * 150_000  # a minute each, without letting any other thread run
RARE = "\U00010d00" + "\U00010d24\U0001e8d0" * 150_000


@given(st.text(st.sampled_from("aé\u0300\u0316\u0345\U00010d24\U00011099\U000110ba한ﬁ"), max_size=MOST_MARKS))
def test_what_people_write_is_normalised_as_ever(text: str) -> None:
    for form in FORMS:
        assert normalized(form, text) == unicodedata.normalize(form, text)


def test_thirty_letters_of_a_rare_script_are_no_marks() -> None:
    text = "\U00011099\U000110ba" * 40
    assert normalized("NFC", text) == unicodedata.normalize("NFC", text) == "\U0001109a" * 40


@pytest.mark.parametrize("text", [TANGLED, RARE])
@pytest.mark.parametrize("read", [normal_form, plain, tags_of, fold])
def test_a_letter_with_many_marks_takes_no_time(read: object, text: str) -> None:
    """In a password, a code, a tag, or a text that is searched."""
    begun = time.process_time()
    assert callable(read)
    read(text)
    assert time.process_time() - begun < 10
