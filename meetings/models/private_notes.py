"""A specialist's private note on a meeting."""

import uuid
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import Booking


class PrivateNoteQuerySet(models.QuerySet["PrivateNote"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The specialist's own; neither the client nor staff ever sees one."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def latest_first(self) -> Self:
        return self.order_by("-changed_at", "id")


class PrivateNote(models.Model):
    """What a specialist notes on a meeting for themselves, sealed with their key; it goes with the booking.

    There is one, or one more for each window that wrote without having seen what another wrote; the latest one counts.
    `revision`, `client` and `sequence` are as in a journal entry: `client` is a browser tab.
    """

    LABEL = "meetings.private_note"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="private_notes")
    changed_at = models.DateTimeField(_("changed"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))
    sealed = models.BinaryField(_("note"))

    objects = PrivateNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("private note on a meeting")
        verbose_name_plural = _("private notes on meetings")

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> str:
        """Raises CannotOpen."""
        text: str = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))["text"]
        return text

    def seal(self, owner: User, words: str) -> None:
        """Put the note into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, {"text": words})
