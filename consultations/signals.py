"""What other apps may follow. Each signal is sent in the transaction of the change, so receivers must not fail."""

from django.dispatch import Signal

# `booking` was cancelled, by whomever.
called_off = Signal()

# The two of each of these `bookings` (a queryset, past ones included) have no more to do with each other: one of them
# blocked the other, was suspended or shut out, or is leaving. What was to come has been cancelled before.
parted = Signal()

# The practice of `specialist` ended so long ago that it cannot be taken back: what other apps keep of it goes.
practice_over = Signal()
