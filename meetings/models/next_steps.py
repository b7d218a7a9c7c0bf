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
        return self.answer in ("", Answer.NOT_YET)


class NextStepQuerySet(models.QuerySet["NextStep"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The member's own; the specialist never sees it."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def kept(self, now: datetime) -> Self:
        """Those of meetings that ended less than STEP_KEPT ago, the latest first."""
        return self.filter(booking__ends_at__gt=now - STEP_KEPT).order_by("-written_at", "id")


class NextStep(models.Model):
    """A member's next step after one meeting, sealed with their key. What is asked counts from `written_at`."""

    LABEL = "meetings.next_step"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="next_step")
    written_at = models.DateTimeField(_("written"))
    sealed = models.BinaryField(_("step"))

    objects = NextStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        indexes = [models.Index(fields=["owner", "-written_at", "id"], name="next_step_of_owner")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def intent(self, owner: User) -> Intent:
        """Raises `accounts.sealing.CannotOpen`."""
        document: dict[str, Any] = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))
        return Intent(**document)

    def seal(self, owner: User, intent: Intent) -> None:
        """Put the step into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(intent))
