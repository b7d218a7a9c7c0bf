"""One next step: what a member would like to do after a meeting."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import Booking
from meetings.limits import STEP_KEPT


class Answer(models.TextChoices):
    """What can be said when the site asks how it is with the step. Nothing is counted."""

    TRIED = "tried", _("I tried it")
    NOT_YET = "not_yet", _("Not yet")
    LET_GO = "let_go", _("I let it go")


@dataclass(frozen=True, slots=True)
class Intent:
    """The step in the member's words, whether they want to be asked about it once, and what they answered."""

    text: str
    asks: bool = False
    answer: str = ""

    @property
    def is_on_today(self) -> bool:
        return bool(self.text.strip()) and self.answer in ("", Answer.NOT_YET)


class NextStepQuerySet(models.QuerySet["NextStep"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The member's own; the specialist never sees it."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def latest_first(self) -> Self:
        return self.order_by("-changed_at", "id")

    def kept(self, now: datetime) -> Self:
        """Those of meetings that ended less than STEP_KEPT ago, the latest first."""
        return self.filter(booking__ends_at__gt=now - STEP_KEPT).latest_first()


class NextStep(models.Model):
    """A member's next step after one meeting, as it was typed. What is asked counts from `changed_at`.

    There is one, or one more for each window that wrote without having seen what another wrote, as in `Preparation`.
    """

    LABEL = "meetings.next_step"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="next_steps")
    changed_at = models.DateTimeField(_("changed"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))
    sealed = models.BinaryField(_("step"))

    objects = NextStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        indexes = [models.Index(fields=["owner", "-changed_at", "id"], name="next_step_of_owner")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> Intent:
        """Raises `accounts.sealing.CannotOpen`."""
        document: dict[str, Any] = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))
        return Intent(**document)

    def seal(self, owner: User, words: Intent) -> None:
        """Put the step into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(words))
