"""Mails about consultations: stored before they are sent, so that each is sent once and none is lost."""

import uuid
from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models.bookings import Booking
from consultations.models.waiting import WaitingEntry


class Message(models.Model):
    """One mail to one person. It holds ids only: its content is looked up when it is sent.

    `key` (kind and the booking's sequence, such as `moved:2`) is unique per owner and booking, so that nothing is said
    twice. `waiting_entry` is set if its owner is told of a slot. The row is marked before (`begun_at`) and after
    (`sent_at`) SMTP; its id is in the Message-ID, so that a mail repeated after a crash is recognised as the same one.
    `dropped_at`: it no longer applied when it was due.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmation")
        MOVED = "moved", _("change of time")
        CANCELLED = "cancelled", _("cancellation")
        REMIND_DAY = "remind_day", _("reminder a day before")
        REMIND_HOUR = "remind_hour", _("reminder an hour before")
        SLOT_OPENED = "opening", _("an earlier time is free")
        VERIFICATION = "verification", _("state of the profile")
        OBJECTION = "objection", _("objection settled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, null=True, related_name="messages")
    waiting_entry = models.ForeignKey(
        WaitingEntry, on_delete=models.CASCADE, null=True, related_name="messages", db_column="wait_id"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    key = models.CharField(_("what is said once"), max_length=80)
    made_at = models.DateTimeField(_("made"), db_index=True)
    begun_at = models.DateTimeField(_("begun"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("not sent"), null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["owner", "booking", "key"], nulls_distinct=False, name="message_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dropped_at__isnull=True), name="message_sent_or_dropped"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
