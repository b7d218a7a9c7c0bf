"""What the nightly check of bookings found."""

from typing import override

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.profiles import Format, Specialist


class FailedCheck(models.Model):
    """A time that a specialist offers and that could not be booked, as the last check found (`shopper.py`).

    A later check that passes deletes it.
    """

    class Which(models.TextChoices):
        """Which of the times that are offered."""

        EARLIEST = "earliest", _("the earliest time")
        BETWEEN = "between", _("a time at random")
        LAST = "last", _("the last time")

    class Reason(models.TextChoices):
        """Why it could not be booked, for staff."""

        TAKEN = "taken", _("It is offered, but a booking finds it taken.")
        GONE = "gone", _("It is offered, but a booking does not find it.")
        TOO_SOON = "too_soon", _("It is offered, but a booking finds it too soon.")
        TOO_FAR = "too_far", _("It is offered, but a booking finds it too far ahead.")
        NO_ADDRESS = "no_address", _("The address or number for this way to meet is missing, or cannot be opened.")
        REFUSED = "refused", _("A booking is refused, though nothing stands in its way.")
        ERROR = "error", _("A booking ends in an error. The log has it.")

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="failed_checks")
    which = models.CharField(_("what was tried"), max_length=8, choices=Which)
    starts_at = models.DateTimeField(_("starts"))
    format = models.CharField(_("way to meet"), max_length=5, choices=Format, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    found_at = models.DateTimeField(_("found"), db_index=True)

    class Meta:
        verbose_name = _("failed check of a booking")
        verbose_name_plural = _("failed checks of bookings")

    @override
    def __str__(self) -> str:
        return f"{self.which} {self.starts_at.isoformat()}"
