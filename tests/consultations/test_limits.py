"""Limits of a client, as tables."""

from datetime import timedelta

import pytest

from consultations.limits import CountedBooking, Counts, Limit, count, reached
from consultations.times import DURATION
from tests.consultations.cast import NOW

DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


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
        (Counts(missed=2), None),
        (Counts(missed=1, upcoming=2), None),
        (Counts(missed=2, upcoming=1), Limit.UPCOMING_LOWERED),
        (Counts(missed=9, upcoming=0), None),
        (Counts(missed=2, upcoming=3), Limit.UPCOMING),
        (Counts(upcoming=3, made=5, missed=2, pair_booked=1, pair_met=1), Limit.PAIR_BOOKED),
    ],
)
def test_the_first_limit_that_is_reached_is_told(counts: Counts, limit: Limit | None) -> None:
    assert reached(counts, allows_another=False) == limit


@pytest.mark.parametrize("counts", [Counts(pair_met=1), Counts(pair_met=2)])
def test_a_specialist_may_allow_another_booking(counts: Counts) -> None:
    assert reached(counts, allows_another=True) is None


def test_allowing_another_booking_lifts_no_other_limit() -> None:
    assert reached(Counts(pair_met=1, pair_booked=1), allows_another=True) == Limit.PAIR_BOOKED
    assert reached(Counts(pair_met=1, upcoming=3), allows_another=True) == Limit.UPCOMING


def counted(begins: timedelta, *, made: timedelta = -100 * DAY, **state: bool) -> CountedBooking:
    """A booking that starts `begins` after now and was made `made` after now."""
    return CountedBooking(NOW + begins, NOW + begins + DURATION, NOW + made, **state)


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (counted(DAY, booked=True), Counts(upcoming=1)),
        (counted(MOMENT, booked=True), Counts(upcoming=1)),
        (counted(0 * DAY, booked=True), Counts()),
        (counted(DAY), Counts()),
        (counted(DAY, made=-30 * DAY + MOMENT), Counts(made=1)),
        (counted(DAY, made=-30 * DAY), Counts()),
        (counted(DAY, made=-DAY, called_off=True), Counts()),
        (counted(-90 * DAY + MOMENT, missed=True), Counts(missed=1)),
        (counted(-90 * DAY, missed=True), Counts()),
        (counted(DAY, booked=True, pair=True), Counts(upcoming=1, pair_booked=1)),
        (counted(-DURATION + MOMENT, booked=True, pair=True), Counts(pair_booked=1)),
        (counted(-DURATION, booked=True, pair=True), Counts(pair_met=1)),
        (counted(-DAY, completed=True, pair=True), Counts(pair_met=1)),
        (counted(-DAY, completed=True), Counts()),
        (counted(-DAY, missed=True, pair=True), Counts(missed=1)),
    ],
)
def test_what_counts_to_the_moment(one: CountedBooking, counts: Counts) -> None:
    assert count([one], NOW) == counts
    assert count([], NOW) == Counts()
