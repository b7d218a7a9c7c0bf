"""Which versions may stand in one comparability group."""

from dataclasses import replace

import pytest

from assessments.comparability import conflicts
from assessments.instrument import Instrument, build, read
from tests.assessments.vectors import INSTRUMENT, INSTRUMENT_2, SOURCE_2


def third(*changes: tuple[str, str]) -> Instrument:
    """A version after the second, in its groups."""
    source = SOURCE_2.replace("instrument.version = 2", "instrument.version = 3")
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return build(read(source))


def where(*changes: tuple[str, str]) -> set[tuple[str, str]]:
    """What conflicts with the second version, and in which group."""
    found = conflicts(third(*changes), [INSTRUMENT, INSTRUMENT_2])
    return {(line.partition(": ")[0], line.partition("comparability group ")[2].split()[0]) for line in found}


BOTH = ("balance-2-full", "balance-2-short")


def test_the_second_version_is_in_no_group_of_the_first() -> None:
    assert conflicts(INSTRUMENT_2, [INSTRUMENT]) == []


def test_the_second_version_would_not_be_taken_into_the_groups_of_the_first() -> None:
    into = build(read(SOURCE_2.replace('"balance-2-', '"balance-1-')))
    found = {line.partition(": ")[0] for line in conflicts(into, [INSTRUMENT])}
    areas = {
        f"areas[{key}].{side}" for key in ("practical", "intimacy", "money", "social") for side in ("give", "receive")
    }
    assert found == areas | {"items[rdy1] (its scale)"}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ([], set()),
        ([("I felt that I had to prove my love.", "I had to prove my love.")], set()),  # no area, and the same scale
        ([("balance_band = 15.0", "balance_band = 20.0")], set()),
        ([("How much time I kept free", "How much time I had")], {"areas[time].give"}),
        ([("Keeping time free", "Having time")], {"areas[time].explanation"}),
        ([('"A medium amount"', '"Some"')], {"scales.amount"}),
        ([('"Sometimes", "Often"', '"At times", "Often"')], {"scales.frequency"}),
        ([('key = "time"', 'key = "days"')], {"areas[time]", "areas[days]"}),
    ],
)
def test_areas_and_scales_are_compared(changes: list[tuple[str, str]], names: set[str]) -> None:
    assert where(*changes) == {(name, group) for name in names for group in BOTH}


def test_the_order_of_the_areas_counts() -> None:
    turned = replace(third(), areas=INSTRUMENT_2.areas[::-1])
    assert {line.partition(": ")[0] for line in conflicts(turned, [INSTRUMENT_2])} == {"areas (their order)"}


def test_a_new_group_of_one_form_is_of_that_form_only() -> None:
    changes = (("How much time I kept free", "How much time I had"), ('"balance-2-full"', '"balance-3-full"'))
    assert where(*changes) == {("areas[time].give", "balance-2-short")}
