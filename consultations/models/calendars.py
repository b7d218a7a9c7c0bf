"""A specialist's own calendars, and when they are busy."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Self, override
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal
from consultations.busy.answers import Failure, Range
from consultations.models.profiles import Specialist
from consultations.times import BUSY_HOLDS, CALENDAR_FAILS

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Words:
    """The sealed document of a calendar: its secret address, and what the specialist calls it."""

    address: str
    name: str

    @property
    def host(self) -> str:
        """Whose the calendar is: all of the address that is shown."""
        return urlsplit(self.address).hostname or ""


class BusyCalendarQuerySet(models.QuerySet["BusyCalendar"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(specialist=user.pk) if user.pk else self.none()


class BusyCalendar(models.Model):
    """A calendar of a specialist that is read to know when they are busy; nothing else of it is kept.

    `sealed` holds the Words, `sealed_ranges` (both with the specialist's key) pairs of seconds: `{"ranges": [[1, 2]]}`.
    `digest` is equal for files that say the same, and tells nothing without the key. `expanded_at` is when the ranges
    were made: a repetition has to be expanded again as time goes on. `due_at`: when it is read next; null, at once.
    `looked_at`: when somebody looked at the specialist's page, to within LOOK_NOTED.
    """

    LABEL, RANGES, DIGEST = "consultations.calendar", "consultations.busy", "consultations.busy_digest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="calendars")
    sealed = models.BinaryField(_("address and name"))
    all_day = models.BooleanField(_("all-day entries count as busy"), default=True)
    sealed_ranges = models.BinaryField(_("busy times"), null=True, editable=False)
    digest = models.BinaryField(null=True, editable=False)
    left_out = models.PositiveIntegerField(_("entries that could not be read"), default=0)
    expanded_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True)
    failing_since = models.DateTimeField(_("not read since"), null=True)
    failure = models.CharField(_("why it was not read"), max_length=12, blank=True)
    due_at = models.DateTimeField(_("read next"), null=True)
    looked_at = models.DateTimeField(_("somebody looked at the page"))
    made_at = models.DateTimeField(_("connected"))

    objects = BusyCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        indexes = [models.Index(fields=["due_at"], name="calendar_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(failure__in=["", *(str(failure) for failure in Failure)]),
                name="calendar_failure_is_known",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> Words:
        """Raises `accounts.sealing.CannotOpen`."""
        return Words(**unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, words: Words) -> None:
        """Put the words into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(words))

    def seal_ranges(self, owner: User, ranges: list[Range]) -> None:
        """Put the ranges into the row, which is not saved."""
        document = {"ranges": [[int(starts.timestamp()), int(ends.timestamp())] for starts, ends in ranges]}
        self.sealed_ranges = seal(owner, self.RANGES, self.pk, document)

    def ranges(self, owner: User) -> list[tuple[int, int]]:
        """The ranges, in seconds. Raises `accounts.sealing.CannotOpen`."""
        if self.sealed_ranges is None:
            return []
        document = unseal(owner, self.RANGES, self.pk, bytes(self.sealed_ranges))
        return [(starts, ends) for starts, ends in document["ranges"]]

    def holds(self, now: datetime) -> bool:
        """Whether its busy times were read lately enough."""
        return self.sealed_ranges is not None and self.read_at is not None and self.read_at > now - BUSY_HOLDS

    def is_failing(self, now: datetime) -> bool:
        """Whether it could not be read for so long that its specialist is told."""
        return self.failing_since is not None and self.failing_since <= now - CALENDAR_FAILS
