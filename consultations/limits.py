"""Limits on how much one client may book, given their bookings so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lib.figures import lasting, spelled, with_figures

MOST_UPCOMING = 3
MOST_UPCOMING_AFTER_MISSED = 1
MOST_MISSED = 2  # this many within NO_SHOW_WINDOW lower the limit
NO_SHOW_WINDOW = timedelta(days=90)  # counted from the start
MOST_MADE = 5  # including what the client cancelled, excluding what the specialist cancelled
BOOKING_WINDOW = timedelta(days=30)
MOST_MOVES = 3  # of one booking, by the client's own wish: a time that the specialist proposed does not count
MOST_PROPOSED = 3  # times, for one booking


class Limit(TextChoices):
    """Which limit is reached; the label says so to the client."""

    PAIR_BOOKED = "pair_booked", _("You already have a meeting with this specialist. You can move it to another time.")
    PAIR_MET = "pair_met", _("You have already had the free meeting with this specialist.")
    UPCOMING = (
        "upcoming",
        with_figures(
            ngettext_lazy(
                "You have %(most)d meeting coming up. You can book another after it, or once you have cancelled it.",
                "You have %(most)d meetings coming up. You can book another after one of them, or once you have "
                "cancelled one.",
                "most",
            ),
            lambda: {"most": MOST_UPCOMING},
        ),
    )
    UPCOMING_LOWERED = (
        "lowered",
        with_figures(
            ngettext_lazy(
                "%(missed)s meeting was missed in the last %(time)s, so for a while only %(most)s can be booked at a "
                "time.",
                "%(missed)s meetings were missed in the last %(time)s, so for a while only %(most)s can be booked at "
                "a time.",
                "count",
            ),
            lambda: {
                "count": MOST_MISSED,
                "missed": capfirst(spelled(MOST_MISSED)),
                "time": lasting(NO_SHOW_WINDOW, "days"),
                "most": spelled(MOST_UPCOMING_AFTER_MISSED),
            },
        ),
    )
    MADE = (
        "made",
        with_figures(
            ngettext_lazy(
                "You have booked %(most)d meeting in the last %(time)s. You can book more later.",
                "You have booked %(most)d meetings in the last %(time)s. You can book more later.",
                "most",
            ),
            lambda: {"most": MOST_MADE, "time": lasting(BOOKING_WINDOW, "days")},
        ),
    )
    MOVES = (
        "moves",
        with_figures(
            ngettext_lazy(
                "This meeting has already been moved %(most)d time. You can keep it, or cancel it and book another.",
                "This meeting has already been moved %(most)d times. You can keep it, or cancel it and book another.",
                "most",
            ),
            lambda: {"most": MOST_MOVES},
        ),
    )


@dataclass(frozen=True, slots=True)
class CountedBooking:
    """A client's booking as the limits see it. `pair`: with the specialist in question."""

    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    booked: bool = False  # not cancelled, and not known to have taken place
    completed: bool = False
    missed: bool = False  # by the client, without an open objection
    called_off: bool = False  # cancelled by the specialist
    pair: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals of one client: overall, and (`pair_…`) with the specialist in question."""

    upcoming: int = 0
    made: int = 0  # within BOOKING_WINDOW
    missed: int = 0  # within NO_SHOW_WINDOW
    pair_booked: int = 0  # booked and not over
    pair_met: int = 0  # completed, or booked and over


def count(bookings: Sequence[CountedBooking], now: datetime) -> Counts:
    return Counts(
        upcoming=sum(one.booked and one.starts_at > now for one in bookings),
        made=sum(one.made_at > now - BOOKING_WINDOW and not one.called_off for one in bookings),
        missed=sum(one.missed and one.starts_at > now - NO_SHOW_WINDOW for one in bookings),
        pair_booked=sum(one.pair and one.booked and one.ends_at > now for one in bookings),
        pair_met=sum(one.pair and (one.completed or (one.booked and one.ends_at <= now)) for one in bookings),
    )


def reached(counts: Counts, *, allows_another: bool) -> Limit | None:
    """The limit that forbids one more booking, or None. `allows_another`: the specialist meets people repeatedly."""
    if counts.pair_booked:
        return Limit.PAIR_BOOKED
    if counts.pair_met and not allows_another:
        return Limit.PAIR_MET
    if counts.made >= MOST_MADE:
        return Limit.MADE
    if counts.upcoming >= MOST_UPCOMING:
        return Limit.UPCOMING
    if counts.missed >= MOST_MISSED and counts.upcoming >= MOST_UPCOMING_AFTER_MISSED:
        return Limit.UPCOMING_LOWERED
    return None
