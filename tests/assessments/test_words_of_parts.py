"""What the pages call the parts of the questionnaire, and how they say how far somebody has come."""

from datetime import datetime

import pytest

from assessments.answering import parts_of
from assessments.instrument import Instrument
from assessments.models import Response
from assessments.templatetags.part_words import part_title
from assessments.views import standing
from tests.assessments.conftest import NOW


def test_each_part_has_a_title(instrument: Instrument) -> None:
    parts = parts_of(instrument, "full", partnered=True)
    for part in parts:
        if part.area:
            assert part_title(part) == part.area.label
    titles = [part_title(part) for part in parts if not part.area]
    assert titles[:2] == ["Overall", "How it felt to give and to receive"]
    assert titles[2:4] == ["How you look at what is uneven", "How you look at what is uneven, continued"]


@pytest.mark.parametrize("form", ["short", "full"])
def test_each_part_has_a_title_of_its_own(instrument: Instrument, form: str) -> None:
    titles = [part_title(part) for part in parts_of(instrument, form, partnered=True)]
    assert len(set(titles)) == len(titles)
    assert not {"How far do you agree?", "How often was it like this?"} & set(titles)


def test_titles_of_parts_are_not_those_of_the_result(instrument: Instrument) -> None:
    """What a subscale measures would suggest how to answer."""
    assert part_title(parts_of(instrument, "short", partnered=True)[8]) != instrument.subscales["ill"].title


@pytest.mark.parametrize("form", ["short", "full"])
def test_the_reminder_stands_where_a_new_kind_of_part_begins(instrument: Instrument, form: str) -> None:
    parts = parts_of(instrument, form, partnered=True)
    assert [part.kind for part in parts if part.opens_group] == ["felt", "area", "statements"]


@pytest.mark.parametrize(
    ("answered", "retired_at", "said"),
    [
        (None, None, "The answers you began on 1 March 2026 can’t be opened. They have not been changed. Please"),
        (3, NOW, "You began a version of the questions that is no longer used. Your answers are as you left them"),
        (3, None, "You began on 1 March 2026. Parts answered so far: 3 of 9."),
        (9, None, "You began on 1 March 2026. You have answered every part."),
    ],
)
def test_standing_of_what_was_begun(answered: int | None, retired_at: datetime | None, said: str) -> None:
    response = Response(started_at=NOW)
    response.retired_at = retired_at
    assert standing(response, answered, 9).startswith(said)
