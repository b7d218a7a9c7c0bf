"""The questionnaire's file as typed values, and the parts that it is asked in."""

from collections import Counter

import pytest

from assessments.instrument import Part
from tests.assessments.vectors import INSTRUMENT

FORMS = ["full", "short"]


def parts(form: str, *, partnered: bool = True) -> tuple[Part, ...]:
    return INSTRUMENT.parts(form, partnered=partnered)


def test_our_version_is_the_one_whose_figures_the_vectors_hold() -> None:
    assert (INSTRUMENT.id, INSTRUMENT.version, INSTRUMENT.algorithm) == ("balance", 1, 1)
    assert (len(INSTRUMENT.items), len(INSTRUMENT.areas), len(INSTRUMENT.themes)) == (61, 10, 10)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("partnered", [True, False])
def test_every_question_is_asked_once_on_parts_numbered_without_a_gap(form: str, partnered: bool) -> None:
    asked = Counter(key for part in parts(form, partnered=partnered) for key in part.keys)
    items = {item.key for item in INSTRUMENT.items_of(form, partnered=partnered)}
    areas = {key for area in INSTRUMENT.areas_of(form) for key in area.answer_keys()}
    assert asked == Counter(items | areas)
    numbers = [part.number for part in parts(form, partnered=partnered)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("form", FORMS)
def test_a_form_asks_as_many_questions_as_it_states(form: str) -> None:
    assert sum(len(part.questions) for part in parts(form)) == INSTRUMENT.forms[form].scored_items


@pytest.mark.parametrize(("form", "count"), [("full", 28), ("short", 18)])
def test_the_whole_comes_first_then_an_area_a_page_then_statements(form: str, count: int) -> None:
    found = parts(form)
    assert [part.kind for part in found] == ["felt", *["area"] * 10, *["statements"] * (count - 11)]
    assert found[0].keys == ("felt1",)
    assert [part.area for part in found[1:11]] == list(INSTRUMENT.areas)
    assert found[1].keys == ("attention_give", "attention_receive")


def test_the_full_form_keeps_the_parts_and_places_of_the_file() -> None:
    places = {item.key: (item.page, item.order) for item in INSTRUMENT.items}
    for part in parts("full"):
        if part.kind == "statements":
            assert {places[key][0] for key in part.keys} == {part.number}
            assert list(part.keys) == sorted(part.keys, key=lambda key: places[key])


def test_the_short_form_puts_a_subscale_on_a_page_in_the_same_order() -> None:
    statements = [part.keys for part in parts("short") if part.kind == "statements"]
    assert statements == [
        ("ill4", "ill8", "ill5"),
        ("slf3", "slf2", "slf5"),
        ("cyc1", "cyc2", "cyc8"),
        ("prj1", "prj3", "prj6"),
        ("ref1", "ref5", "ref2"),
        ("aut1", "aut2", "aut6"),
        ("rec1", "rec5", "rec4"),
    ]


def test_someone_no_longer_in_the_relationship_is_not_asked_what_would_not_fit() -> None:
    left_out = {key for part in parts("full") for key in part.keys} - {
        key for part in parts("full", partnered=False) for key in part.keys
    }
    assert left_out == {"cyc3", "cyc4", "rdy1"}
    assert parts("short", partnered=False) == parts("short")


def test_importance_is_asked_beside_the_areas_of_the_full_form_only() -> None:
    assert [part.number for part in parts("full") if part.asks_importance] == list(range(2, 12))
    assert not any(part.asks_importance for part in parts("short"))


def test_every_answer_has_a_scale_with_a_label_for_each_value() -> None:
    assert len(INSTRUMENT.scale_of) == 81
    assert INSTRUMENT.scale_of["felt1"].choices[0] == (-3, "I received much more")
    assert INSTRUMENT.scale_of["ill1"].choices[-1] == (4, "Strongly agree")
    assert INSTRUMENT.scale_of["time_give"].choices[2] == (2, "A medium amount")
    assert [area.key for area in INSTRUMENT.areas if area.sensitive] == ["intimacy"]
    for part in parts("full"):
        assert all(
            INSTRUMENT.scales[question.scale] == INSTRUMENT.scale_of[question.key] for question in part.questions
        )


def test_a_route_has_its_own_reading_for_someone_who_may_not_be_safe() -> None:
    route = next(route for route in INSTRUMENT.routes if route.key == "gives_more")
    assert route.leads_to(unsafe=False) == ("balance", "self-worth", "reciprocity")
    assert route.leads_to(unsafe=True) == ("balance", "self-worth")
    assert "balance-4" in route.asks(unsafe=False)
    assert "balance-4" not in route.asks(unsafe=True)
