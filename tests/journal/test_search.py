"""Finding words whatever their accents and case, and marking them in their line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.content import Content
from journal.search import LINE, MOST_WORDS, Hit, Piece, find, fold, mark, words_of

WRITTEN = st.text(st.characters(codec="utf-8"), max_size=60)
LIKELY = st.text(st.sampled_from("aAeéÉë\u2019“ßẞ ﬁİıς\u0301\u0302\u0323Йй가각한\n-—x"), max_size=40)


def shown(hit: Hit | None) -> str:
    assert hit is not None
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in hit.pieces)


def marked(line: str, query: str) -> str:
    return shown(Hit(mark(line, words_of(query))))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Café", "cafe"),
        ("CAFE", "Café"),
        ("cafe\u0301", "CAFÉ"),
        ("Straße", "STRASSE"),
        ("don\u2019t", "don't"),
        ("“so”", '"so"'),
        ("a—b", "a-b"),
        ("Ёлка", "елка"),
        ("ΣΟΦΟΣ", "σοφος"),
        ("ﬁn", "fin"),
        ("\uff21\uff22", "ab"),
        ("Việt Nam", "viet nam"),
        ("İstanbul", "istanbul"),
    ],
)
def test_accents_and_case_are_folded(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


@given(WRITTEN | LIKELY)
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    assert fold(text) == "".join(fold(character) for character in text)


@given(LIKELY)
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(WRITTEN | LIKELY, LIKELY)
def test_marking_changes_no_character_and_every_hit_folds_to_hold_a_word(line: str, query: str) -> None:
    words = words_of(query)
    pieces = mark(line, words)
    assert "".join(piece.text for piece in pieces) == line
    assert all(any(word in fold(piece.text) for word in words) for piece in pieces if piece.hit)
    assert any(piece.hit for piece in pieces) == any(word in fold(line) for word in words)


def test_every_word_must_occur_anywhere_in_the_entry() -> None:
    content = Content(texts=("I cooked.", "Nobody asked."), closing="Enough.", tags=("Sundays",))
    assert find(content, words_of("cooked enough SUNDAY"))
    assert find(content, words_of("cooked tomorrow")) is None


def test_the_question_is_not_among_what_was_written() -> None:
    assert find(Content(question="What did I need?", texts=("Rest.",)), words_of("need")) is None


def test_the_line_with_most_of_the_words_is_shown_with_its_hits_marked() -> None:
    content = Content(texts=("One tea.\nTwo teas and a Café.\nThree.",))
    assert shown(find(content, words_of("tea cafe"))) == "Two [tea]s and a [Café]."
    assert shown(find(content, words_of("three"))) == "[Three]."


@pytest.mark.parametrize(
    ("line", "query", "expected"),
    [
        ("cafe\u0301 noir", "cafe", "[cafe\u0301] noir"),
        ("Straße", "s", "[S]tra[ß]e"),
        ("Maß", "mas", "[Maß]"),
        ("aaa", "aa a", "[aaa]"),
        ("abcd", "ab cd", "[abcd]"),
        ("a b a", "a", "[a] b [a]"),
        ("<b>tea</b>", "tea", "<b>[tea]</b>"),
    ],
)
def test_a_hit_is_found_back_in_the_text_as_it_was_written(line: str, query: str, expected: str) -> None:
    assert marked(line, query) == expected


def test_a_long_line_is_cut_around_its_first_hit() -> None:
    line = "before " * 100 + "tea" + " after" * 100
    text = shown(find(Content(texts=(line,)), ("tea",)))
    assert text.startswith("…before")
    assert "[tea]" in text
    assert text.endswith("after…")
    assert len(text) <= LINE + 4
    assert shown(find(Content(texts=("x" * 500,)), ("x",))).endswith("…]")


def test_without_words_every_entry_is_found_and_no_line_is_shown() -> None:
    assert find(Content(texts=("Tea.",)), words_of("  ")) == Hit()


def test_words_are_folded_and_each_is_looked_for_once() -> None:
    assert words_of(" Tea  TEA cafÉ ") == ("tea", "cafe")
    assert len(words_of(" ".join(str(number) for number in range(99)))) == MOST_WORDS
    assert mark("tea", ("tea",)) == [Piece("tea", hit=True)]
