"""Finding words whatever their accents and case, and marking them in their line."""

# ruff: noqa: RUF001  # words of many scripts

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal import search
from journal.content import Content
from journal.search import BEFORE, LINE, MOST_WORDS, Hit, Piece, find, fold, mark, words_of

WRITTEN = st.text(st.characters(codec="utf-8"), max_size=60)
LIKELY = st.text(
    st.sampled_from(
        "aAeéÉë\u2019“ßẞ ﬁİıςđŁøæŒ\u0301\u0302\u0323\U0001d165\U0001d16e"
        "Йй가각한\n-—\u2011\u00ad\u200d\u0640❤\ufe0f🇦🇺ﷺ´x"
    ),
    max_size=40,
)


def shown(hit: Hit | None) -> str:
    assert hit is not None
    return "".join(f"[{piece.text}]" if piece.hit else piece.text for piece in hit.pieces)


def pieces_of(line: str, words: tuple[str, ...]) -> list[Piece]:
    return mark(line, fold(line), words)


def one_line(text: str) -> str:
    return text.replace("\n", " ")


def occurs(line: str, words: tuple[str, ...]) -> bool:
    return any(find(Content(texts=(line,)), (word,)) for word in words)


def marked(line: str, query: str) -> str:
    return shown(Hit(pieces_of(line, words_of(query))))


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
        ("ılık", "ILIK"),
        ("ŁÓDŹ", "Lodz"),
        ("ÆRØ", "aero"),
        ("Þórður", "thordur"),
        ("Ħaż-Żebbuġ", "haz-zebbug"),
        ("cœur", "COEUR"),
        ("„so“", '"so"'),
        ("❤\ufe0f", "❤\ufe0e"),
        ("👩\u200d🚀", "👩🚀"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_accents_and_case_are_folded(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


# Each was typed as people type it, and not found; as code points where the character cannot be seen.
@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("con đường dài", "duong"),
        ("Mieszkam w Łodzi", "Lodz"),
        ("kæreste og søster", "soster"),
        ("Ge\u00adsamt\u00adkon\u00adzept", "gesamtkonzept"),
        ("to\u200bgether", "together"),
        ("می\u200cخواهم", "میخواهم"),
        ("self\u2011respect", "self-respect"),
        ("ســلام", "سلام"),
        ("love \u2764", "\u2764\ufe0f"),
        ("м\u02bcята", "м'ята"),
        ("ılık", "ILIK"),
        ("🇺🇦🇺🇸", "🇺🇸"),
    ],
)
def test_what_people_type_finds_what_they_wrote(written: str, typed: str) -> None:
    assert find(Content(texts=(written,)), words_of(typed))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Москва", "Moskva"),
        ("サクラ", "さくら"),
        ("Αθήνα", "Athina"),
        ("🇺🇦🇺🇸", "🇦🇺"),
        ("x🇺🇦", "🇺"),
        ("x🇺🇦", "x🇺"),
        ("x🇺🇦", "🇦"),
    ],
)
def test_other_scripts_are_not_transliterated_and_flags_not_taken_apart(written: str, typed: str) -> None:
    assert find(Content(texts=(written,)), words_of(typed)) is None


@given(WRITTEN | LIKELY)
def test_a_text_folds_as_its_characters_do(text: str) -> None:
    assert fold(text) == "".join(fold(character) for character in text)


@given(st.lists(WRITTEN | LIKELY))
def test_a_text_folds_as_its_stretches_do_wherever_it_is_cut(stretches: list[str]) -> None:
    assert fold("".join(stretches)) == "".join(map(fold, stretches))


@given(LIKELY)
def test_composed_and_decomposed_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(WRITTEN | LIKELY, LIKELY, st.integers(0, 60))
def test_pieces_join_to_the_line_and_every_hit_folds_to_hold_a_word(line: str, query: str, at: int) -> None:
    line, words = one_line(line), words_of(f"{query} {line[at : at + 3]}")
    if occurs(line, words):
        pieces = pieces_of(line, words)
        assert "".join(piece.text for piece in pieces) == line
        assert any(piece.hit for piece in pieces)
        assert all(occurs(piece.text, words) == piece.hit for piece in pieces)


@given(st.lists(WRITTEN | LIKELY, min_size=20), st.integers(0, 600))
def test_pieces_of_a_long_line_join_to_a_stretch_from_before_its_first_hit(lines: list[str], at: int) -> None:
    line = one_line(" ".join(lines))
    words = words_of(line[at : at + 3])
    if occurs(line, words):
        stretch = "".join(piece.text for piece in pieces_of(line, words))
        assert stretch in line
        assert len(stretch) <= BEFORE + 1 + LINE + 1
        before, after = line.split(stretch, 1)
        assert not occurs(before, words)
        assert not after or len(stretch) > LINE


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


def test_a_hit_longer_than_what_is_shown_is_marked_to_the_end_of_it() -> None:
    line = "before a" + "\u00ad" * 10_000 + "b after"
    assert shown(find(Content(texts=(line,)), ("ab",))) == f"before [a{'\u00ad' * (LINE - len('before a'))}…]"


@pytest.mark.parametrize("written", ["é" * 49_000, "e\n" * 24_500, "\u0301" * 49_000 + "e", "x" * 49_000 + "ﷺe"])
def test_only_what_is_shown_is_mapped_character_by_character(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folded: list[int] = []

    def counted(text: str) -> str:
        folded.append(len(text))
        return fold(text)

    monkeypatch.setattr(search, "fold", counted)
    assert find(Content(texts=(written,)), ("e",))
    assert len(folded) < len(written) / search.STRETCH + search.STRETCH + 2 * LINE
    assert sum(folded) < 2 * len(written) + 2 * search.STRETCH


def test_without_words_every_entry_is_found_and_no_line_is_shown() -> None:
    assert find(Content(texts=("Tea.",)), words_of("  ")) == Hit()


def test_words_are_folded_and_each_is_looked_for_once() -> None:
    assert words_of(" Tea  TEA cafÉ ") == ("tea", "cafe")
    assert len(words_of(" ".join(str(number) for number in range(99)))) == MOST_WORDS
    assert pieces_of("tea", ("tea",)) == [Piece("tea", hit=True)]
