"""How much one person may book: what counts is given, what it allows is told."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_UPCOMING = 3
MOST_UPCOMING_AFTER_NO_SHOWS = 1
MOST_NO_SHOWS = 2  # so many within their time lower the limit, until they are older
NO_SHOWS_COUNT = timedelta(days=90)  # after the start
MOST_MADE = 5  # cancelled ones included
MADE_COUNT = timedelta(days=30)
MOST_MOVES = 3  # of one meeting


class Limit(TextChoices):
    """What is reached, in words for the person."""

    PAIR_BOOKED = "pair_booked", _("You have a meeting with this specialist already. You can move it to another time.")
    PAIR_MET = "pair_met", _("You have had the free meeting with this specialist already.")
    UPCOMING = "upcoming", _("You have 3 meetings to come. After one of them, or without it, you can book another.")
    UPCOMING_LOWERED = (
        "lowered",
        _("Two meetings were missed in the last 90 days, so only one can be booked at a time for a while."),
    )
    MADE = "made", _("You have booked 5 meetings in the last 30 days. Later you can book more.")
    MOVES = "moves", _("This meeting was moved 3 times already. You can keep it, or cancel it and book another.")


@dataclass(frozen=True, slots=True)
class Counts:
    """What one person has booked so far: in all, and (`pair_…`) with the specialist in question."""

    upcoming: int = 0
    made: int = 0  # within MADE_COUNT
    no_shows: int = 0  # within NO_SHOWS_COUNT
    pair_booked: int = 0  # that are not over
    pair_over: int = 0  # booked, and over: as good as met
    pair_met: int = 0


def reached(counts: Counts, *, allows_another: bool) -> Limit | None:
    """The limit that forbids one more booking, if there is any. `allows_another`: the specialist meets people twice."""
    if counts.pair_booked:
        return Limit.PAIR_BOOKED
    if (counts.pair_met or counts.pair_over) and not allows_another:
        return Limit.PAIR_MET
    if counts.made >= MOST_MADE:
        return Limit.MADE
    if counts.upcoming >= MOST_UPCOMING:
        return Limit.UPCOMING
    if counts.no_shows >= MOST_NO_SHOWS and counts.upcoming >= MOST_UPCOMING_AFTER_NO_SHOWS:
        return Limit.UPCOMING_LOWERED
    return None
