"""Slots: half hours that can be booked, generated from the hours or added by hand."""

from datetime import datetime, timedelta
from typing import Self, override

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from consultations.models.profiles import Specialist
from consultations.times import DURATION

# The specialist's notice, in a query of slots.
OWN_NOTICE = ExpressionWrapper(F("specialist__notice_hours") * Value(timedelta(hours=1)), output_field=DurationField())


class SlotQuerySet(models.QuerySet["Slot"]):
    def open_from(self, moment: datetime) -> Self:
        """Those open from a moment on, the soonest first."""
        return self.filter(is_open=True, starts_at__gte=moment).order_by("starts_at", "id")

    def bookable(self, now: datetime) -> Self:
        """Those open, in the future, and outside the specialist's notice."""
        return self.filter(is_open=True, starts_at__gt=now, starts_at__gte=now + OWN_NOTICE)


class Slot(models.Model):
    """Half an hour of one specialist.

    `is_open`: nothing that `availability.py` names is in its way. It changes only under the specialist's lock, in the
    transaction of what changes it; `manage.py check_slots` verifies it. `closed`: by hand; `busy`: something in the
    specialist's own calendar overlaps it. `extra` slots were added or closed by hand, and the generator, which
    replaces the others, leaves them alone.
    """

    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="slots", db_index=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    is_open = models.BooleanField(_("can be booked"), default=True)
    closed = models.BooleanField(_("closed"), default=False)
    busy = models.BooleanField(_("busy in the specialist’s own calendar"), default=False, db_default=False)
    extra = models.BooleanField(_("made by hand"), default=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        indexes = [
            models.Index(fields=["starts_at", "specialist"], condition=Q(is_open=True), name="slot_soonest"),
            models.Index(
                fields=["specialist", "starts_at"], condition=Q(closed=False, busy=False), name="slot_of_listed"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["specialist", "starts_at"], name="slot_unique"),
            models.CheckConstraint(condition=Q(ends_at=F("starts_at") + DURATION), name="slot_takes_30_minutes"),
            models.CheckConstraint(condition=~Q(is_open=True, closed=True), name="slot_closed_is_not_open"),
            models.CheckConstraint(condition=~Q(is_open=True, busy=True), name="slot_busy_is_not_open"),
        ]

    @override
    def __str__(self) -> str:
        return self.starts_at.isoformat()
