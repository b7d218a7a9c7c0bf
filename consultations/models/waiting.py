"""The waiting list: people who want to be told when an earlier slot opens, and what they were told."""

import uuid
from datetime import datetime
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.models.profiles import Specialist
from consultations.models.slots import Slot


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class WaitingEntry(models.Model):
    """A wait for one specialist, or for anybody with a theme and a language. Notified in the order of `made_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    theme = models.SlugField(_("topic"), max_length=40, blank=True, db_index=False)
    language = models.CharField(_("language"), max_length=8, blank=True)
    mail = models.BooleanField(_("e-mail is safe"), null=True)
    made_at = models.DateTimeField(_("made"))

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        db_table = "consultations_wait"
        verbose_name = _("waiting entry")
        verbose_name_plural = _("waiting entries")
        indexes = [
            models.Index(fields=["specialist", "made_at"], name="wait_for_specialist"),
            models.Index(fields=["made_at"], condition=Q(specialist__isnull=True), name="wait_for_anybody"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "specialist", "theme", "language"], nulls_distinct=False, name="wait_once"
            ),
            models.CheckConstraint(
                condition=Q(specialist__isnull=False, theme="", language="")
                | Q(specialist__isnull=True) & ~Q(theme="", language=""),
                name="wait_for_somebody_or_something",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def has_open_slot(self, now: datetime) -> bool:
        """Whether a slot that its owner was offered is still open."""
        return self.offers.filter(slot__is_open=True, slot__starts_at__gt=now).exists()


class Offer(models.Model):
    """A slot that one person was told about. After NEXT_TOLD_AFTER the next one is, if it is still open."""

    waiting_entry = models.ForeignKey(
        WaitingEntry, on_delete=models.CASCADE, related_name="offers", db_column="wait_id", db_index=False
    )
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="offers")
    told_at = models.DateTimeField(_("told"), db_index=True)

    class Meta:
        verbose_name = _("offer of a time")
        verbose_name_plural = _("offers of times")
        constraints = [models.UniqueConstraint(fields=["waiting_entry", "slot"], name="offer_once")]

    @override
    def __str__(self) -> str:
        return str(self.pk)
