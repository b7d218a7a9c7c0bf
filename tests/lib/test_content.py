"""Public texts: what is shown of them, and that they stay text."""

import pytest
from django.conf import settings

from lib import content
from lib.content import only_built, read_page

FRONT = '+++\ntitle = "A title"\n+++\n'


@pytest.mark.parametrize("name", [path.stem for path in settings.PAGES.glob("*.md")])
def test_every_text_is_read_with_its_blanks_filled(name: str) -> None:
    page = content.page(name)
    whole = page.lead + "".join(section.html for section in page.sections)
    assert {"title", "tab_title", "summary"} <= set(page.meta)
    assert "{{" not in whole
    assert "<!--" not in whole


def test_text_is_cut_at_its_headings() -> None:
    page = read_page(f"{FRONT}\nFirst.\n\n## One thing\n\nSecond.\n\n## Another\n\nThird.", {}, frozenset())
    assert page.lead == "<p>First.</p>\n"
    assert [(s.id, s.title, s.html) for s in page.sections] == [
        ("one-thing", "One thing", "<p>Second.</p>\n"),
        ("another", "Another", "<p>Third.</p>\n"),
    ]


@pytest.mark.parametrize(("built", "words"), [(set(), "a c"), ({"journal"}, "a b")])
def test_words_about_a_part_wait_until_it_is_built(built: set[str], words: str) -> None:
    text = "a <!-- with: journal -->b<!-- end --><!-- without: journal -->c<!-- end -->"
    assert only_built(text, frozenset(built)) == words


def test_blank_is_filled_with_text_never_with_markup() -> None:
    page = read_page(f"{FRONT}{{{{ who }}}} runs it.", {"who": "<b>Us & Co</b>"}, frozenset())
    assert page.lead == "<p>&lt;b&gt;Us &amp; Co&lt;/b&gt; runs it.</p>\n"


def test_unknown_blank_is_refused() -> None:
    with pytest.raises(KeyError):
        read_page(f"{FRONT}{{{{ nobody }}}}", {}, frozenset())


def test_markup_in_a_text_stays_text() -> None:
    assert "<script>" not in read_page(f"{FRONT}<script>alert(1)</script>", {}, frozenset()).lead


def test_text_without_front_matter_is_refused() -> None:
    with pytest.raises(ValueError, match="front matter"):
        read_page("Only words.", {}, frozenset())


def test_title_and_summary_have_the_quotation_marks_of_the_text() -> None:
    page = read_page("""+++\nsummary = 'What "Leave" does'\n+++\n## Your partner's "no"\n\nIt's.""", {}, frozenset())
    assert page.meta["summary"] == "What “Leave” does"
    assert page.sections[0].title == "Your partner’s “no”"
    assert page.sections[0].id == "your-partners-no"
    assert "It’s." in page.sections[0].html


def test_table_cells_name_their_column() -> None:
    page = read_page(f"{FRONT}| Who | What |\n|---|---|\n| You | Everything |\n", {}, frozenset())
    assert '<th scope="col">Who</th>' in page.lead
    assert '<td data-label="What">Everything</td>' in page.lead
