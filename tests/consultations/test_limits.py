"""How much one person may book, as a table."""

import pytest

from consultations.limits import Counts, Limit, reached


@pytest.mark.parametrize(
    ("counts", "limit"),
    [
        (Counts(), None),
        (Counts(upcoming=2), None),
        (Counts(upcoming=3), Limit.UPCOMING),
        (Counts(made=4), None),
        (Counts(made=5), Limit.MADE),
        (Counts(pair_booked=1), Limit.PAIR_BOOKED),
        (Counts(pair_met=1), Limit.PAIR_MET),
        (Counts(pair_over=1), Limit.PAIR_MET),
        (Counts(no_shows=2), None),
        (Counts(no_shows=1, upcoming=2), None),
        (Counts(no_shows=2, upcoming=1), Limit.UPCOMING_LOWERED),
        (Counts(no_shows=9, upcoming=0), None),
        (Counts(no_shows=2, upcoming=3), Limit.UPCOMING),
        (Counts(upcoming=3, made=5, no_shows=2, pair_booked=1, pair_met=1), Limit.PAIR_BOOKED),
    ],
)
def test_the_first_limit_that_is_reached_is_told(counts: Counts, limit: Limit | None) -> None:
    assert reached(counts, allows_another=False) == limit


@pytest.mark.parametrize("counts", [Counts(pair_met=2), Counts(pair_over=1)])
def test_a_specialist_may_allow_another_meeting(counts: Counts) -> None:
    assert reached(counts, allows_another=True) is None


def test_allowing_another_meeting_lifts_no_other_limit() -> None:
    assert reached(Counts(pair_met=1, pair_booked=1), allows_another=True) == Limit.PAIR_BOOKED
    assert reached(Counts(pair_met=1, upcoming=3), allows_another=True) == Limit.UPCOMING
