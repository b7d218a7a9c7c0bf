"""Reasons to refuse a request. Nothing was changed; `words` is the reason, for the person."""

from collections.abc import Callable
from functools import partial

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rates import TOO_OFTEN
from consultations.limits import Limit
from consultations.models import Slot
from lib.constraints import constraint_of
from lib.metrics import booking_refusals


class Refused(Exception):
    """The request was refused, and nothing was changed."""

    words: Promise


class Taken(Refused):
    """Somebody was faster, or one of the two has blocked the other: deliberately the same answer."""

    words = _("That time has just been taken.")


class Gone(Refused):
    words = _("That time is no longer offered.")


class TooSoon(Refused):
    words = _("That time is now too soon. Choose a later one.")


class TooFar(Refused):
    words = _("That time is too far ahead. Choose an earlier one.")


class Occupied(Refused):
    words = _("You have another meeting at that time.")


class NobodyThere(Refused):
    words = _("This specialist is not taking bookings at the moment.")


class AccountGone(Refused):
    words = _("This account has been deleted.")


class NotOffered(Refused):
    words = _("This way of meeting is no longer offered. Choose another one.")


class NotConfirmed(Refused):
    words = _("Confirm your e-mail address first. Then you can book a time.")


class WithOneself(Refused):
    words = _("These are your own times, so you can’t book them.")


class TooMany(Refused):
    """`limit` is reached."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.value)
        self.limit = limit
        self.words = limit.label


class NotNow(Refused):
    """The booking is not, or no longer, in a state that allows this."""

    words = _("Something has changed in the meantime. Look at the meeting again.")


class TooOften(Refused):
    words = TOO_OFTEN


class Busy(Refused):
    """The locks could not be taken, even on the retry."""

    words = _("Many people are booking right now. Nothing was changed. Please try again.")


for _kind in Refused.__subclasses__():
    booking_refusals.labels(_kind.__name__)  # from 0 on, so that the first one is an increase


def not_open(slot: Slot) -> Refused:
    """The specialist has other plans, or somebody was faster, if only to the last meeting of the day."""
    return Gone() if slot.busy else Taken()


BY_CONSTRAINT: dict[str, Callable[[], Refused]] = {
    "booking_one_a_slot": Taken,
    "booking_specialist_is_free": Taken,
    "booking_once_a_form": Taken,  # the same form was submitted before
    "booking_client_is_free": Occupied,
    "booking_one_upcoming_a_pair": partial(TooMany, Limit.PAIR_BOOKED),
}


def refused_by(error: IntegrityError) -> Refused | None:
    """The refusal that a violated constraint stands for; None for one that no user can cause."""
    refusal = BY_CONSTRAINT.get(constraint_of(error) or "")
    return refusal() if refusal else None
