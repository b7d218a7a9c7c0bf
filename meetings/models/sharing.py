"""What a member shares for a meeting, and who has opened it. All of it is sealed with the member's key."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from assessments.models import Result
from consultations.models import Booking
from consultations.models.bookings import AreApart
from journal.models import Entry


class Kind(models.TextChoices):
    """What can be shared. A specialist sees these words until they open it."""

    NOTES = "notes", _("Notes for this meeting")
    RESULT = "result", _("A result")
    ENTRY = "entry", _("An entry from the journal")


@dataclass(frozen=True, slots=True)
class Copy:
    """One thing as it was when it was shared. `document` is what is sealed; `result` and `entry` say of what."""

    kind: Kind
    document: dict[str, Any]
    result: uuid.UUID | None = None
    entry: uuid.UUID | None = None


class ShareQuerySet(models.QuerySet["Share"]):
    def of_client(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def of_specialist(self, user: User | AnonymousUser) -> Self:
        """What is shared with this person; nothing between two who are apart, nor what is in its owner's bin.

        `meetings.policy.may_see` decides when.
        """
        if not user.pk:
            return self.none()
        apart = AreApart(user.pk, models.F("owner"))
        return self.filter(~Q(apart), booking__specialist=user.pk, entry__binned_at=None)

    def in_order(self) -> Self:
        return self.order_by("number")

    def with_opened(self) -> Self:
        """Annotated with when each was opened last (`opened_at`)."""
        last = Opening.objects.filter(booking=OuterRef("booking"), share=OuterRef("pk")).latest_first()
        return self.annotate(opened_at=Subquery(last.values("at")[:1]))


class Share(models.Model):
    """A copy of one thing, for the specialist of one meeting. A row is gone as soon as it is no longer shared.

    It is deleted with the result or entry that it is a copy of: whoever deletes these does not expect a
    copy to stay with somebody else.
    """

    LABEL = "meetings.share"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="shares", db_index=False)
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    result = models.ForeignKey(Result, on_delete=models.CASCADE, null=True, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField(_("shared"))
    sealed = models.BinaryField(_("copy"))

    opened_at: datetime | None  # of `with_opened`

    objects = ShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared copy")
        verbose_name_plural = _("shared copies")
        constraints = [
            models.UniqueConstraint(fields=["booking", "number"], name="share_number_in_booking"),
            models.CheckConstraint(
                condition=Q(kind="notes", result=None, entry=None)
                | Q(kind="result", result__isnull=False, entry=None)
                | Q(kind="entry", result=None, entry__isnull=False),
                name="share_is_of_one_thing",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def copy(self) -> Copy:
        """Raises CannotOpen. Its owner must be read with it."""
        return Copy(Kind(self.kind), self.document(self.owner), self.result_id, self.entry_id)

    def document(self, owner: User) -> dict[str, Any]:
        """Raises CannotOpen."""
        document: dict[str, Any] = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))
        return document

    def seal(self, owner: User, document: dict[str, Any]) -> None:
        """Put the copy into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, document)


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The member sees who has looked; the specialist does not."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def latest_first(self) -> Self:
        return self.order_by("-at", "id")


class Opening(models.Model):
    """That the specialist of a meeting opened something which the owner shared; it outlives what was shared."""

    LABEL = "meetings.opening"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="openings", db_index=False)
    share = models.UUIDField(_("what was opened, by its id"))
    at = models.DateTimeField(_("time"), db_index=True)
    sealed = models.BinaryField(_("what was opened"))

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a shared copy")
        verbose_name_plural = _("openings of shared copies")
        indexes = [models.Index(fields=["booking", "-at", "id"], name="opening_of_booking")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def seal(self, owner: User, document: dict[str, Any]) -> None:
        """Put what was opened into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, document)
