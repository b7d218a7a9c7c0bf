"""How a member gets ready for a meeting: notes of their own, and what they think of sharing."""

import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.models import Booking

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

TEXTS = ("about", "ask", "ask_more")


class Extent(models.TextChoices):
    """How much of a result is shared; its statements and the answers about safety never are."""

    NONE = "none", _("No result")
    SUMMARY = "summary", _("The summary")
    AREAS = "areas", _("The summary and the areas")

    @property
    def about(self) -> "_StrPromise":
        """What the specialist sees of it."""
        return {
            Extent.NONE: _("Nothing from your results is shown."),
            Extent.SUMMARY: _("The balance and what it may mean, in words and figures."),
            Extent.AREAS: _("Also how each area of life leans."),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The three texts, which of them are to be shown, and what else is to be shared. Nothing of it is shared yet."""

    about: str = ""
    ask: str = ""
    ask_more: str = ""
    shows: tuple[str, ...] = ()
    result: str = ""
    extent: str = Extent.NONE
    entries: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        fields: dict[str, Any] = {
            name: tuple(found) if isinstance(found, list) else found for name, found in document.items()
        }
        return cls(**fields)


class PreparationQuerySet(models.QuerySet["Preparation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def latest_first(self) -> Self:
        return self.order_by("-changed_at", "id")


class Preparation(models.Model):
    """A member's notes for a meeting, as they were typed. The specialist never reads this row: see `Share`.

    There is one, or one more for each window that wrote without having seen what another wrote; the latest one counts.
    `revision`, `client` and `sequence` are as in a journal entry.
    """

    LABEL = "meetings.preparation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="preparations")
    changed_at = models.DateTimeField(_("changed"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))
    sealed = models.BinaryField(_("notes and choices"))

    objects = PreparationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notes for a meeting")
        verbose_name_plural = _("notes for meetings")

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> Plan:
        """Raises CannotOpen."""
        return Plan.from_document(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, words: Plan) -> None:
        """Put the notes into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(words))
