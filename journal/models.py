"""Entries, their versions, kept and hidden prompts, reminders. What people write is sealed."""

import uuid
from datetime import datetime, timedelta, tzinfo
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import unseal
from journal.content import Content


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """All of a person's entries, including those in the bin."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Entries are visible only to the person who wrote them. Those in the bin are left out."""
        return self.of(user).filter(binned_at__isnull=True)

    def in_bin_of(self, user: User | AnonymousUser) -> Self:
        """A person's entries in the bin, most recently binned first."""
        return self.of(user).filter(binned_at__isnull=False).order_by("-binned_at", "id")

    def unfinished(self, since: datetime) -> Self:
        """Those begun since then whose last words were stored as they were typed, without Save; the latest first."""
        lately = self.filter(day__gte=since.date() - timedelta(days=1), date__gte=since)  # the day is what is indexed
        return lately.filter(changed_at__gt=F("kept_at")).order_by("-changed_at", "id")

    def find(self, pk: uuid.UUID) -> "Entry | None":
        try:
            return self.get(pk=pk)
        except Entry.DoesNotExist:
            return None

    def newest_first(self) -> Self:
        """In the order of lists: by the entries' own days, then by time."""
        return self.order_by("-day", "-date", "id")


class Dated(models.Model):
    """A date of its own, which can be set back.

    `date` is the moment; `day` and `clock` are what calendar and clock showed where it was written, so that a change of
    the account's time zone moves nothing.
    """

    date = models.DateTimeField(_("date"))
    day = models.DateField(_("day"))
    clock = models.TimeField(_("time of day"))

    class Meta:
        abstract = True

    @property
    def local(self) -> datetime:
        """Day and time as they were where it was written, without a zone: templates show it as it is."""
        return datetime.combine(self.day, self.clock)

    def set_date(self, moment: datetime, where: tzinfo) -> None:
        local = moment.astimezone(where)
        self.date, self.day, self.clock = moment, local.date(), local.time()

    def take_date(self, other: "Dated") -> None:
        self.date, self.day, self.clock = other.date, other.day, other.clock


class Entry(Dated):
    """A journal entry.

    `revision` counts the writes, and each write names the one that it is
    based on. `client` and `sequence` are those of the last write, so that a repeated request gets the same answer.
    `kept_at` is the time of the last kept version. `sealed` holds `journal.content.Content.to_document`.
    """

    LABEL = "journal.entry"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))
    kept_at = models.DateTimeField(_("last version kept"))
    binned_at = models.DateTimeField(_("put into the bin"), null=True)
    pinned = models.BooleanField(_("pinned"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))
    sealed = models.BinaryField(_("content"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["owner", "-day", "-date", "id"], name="entry_of_owner"),
            models.Index(
                fields=["owner", "-day", "-date", "id"], condition=Q(pinned=True), name="entry_pinned_of_owner"
            ),
            models.Index(
                fields=["owner", "-binned_at", "id"], condition=Q(binned_at__isnull=False), name="entry_binned_of_owner"
            ),
            models.Index(fields=["binned_at"], condition=Q(binned_at__isnull=False), name="entry_in_bin_since"),
        ]
        constraints = [models.CheckConstraint(condition=Q(revision__gte=1), name="entry_revision_from_one")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def content(self, owner: User) -> Content:
        """The unsealed content. Raises `accounts.sealing.CannotOpen`."""
        return Content.from_document(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Versions are visible only to the person who wrote them."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def kept(self) -> Self:
        """Earlier versions, newest first."""
        return self.filter(beside=False).order_by("-made_at", "id")

    def beside(self) -> Self:
        """Texts that came second in a conflict which nobody has settled yet, oldest first."""
        return self.filter(beside=True).order_by("made_at", "id")


class Revision(Dated):
    """A version of an entry: an earlier state of it, or (`beside`) the text that came second in a conflict.

    `number` is the entry's revision that it is a copy of, or that it was based on; date and pin are the entry's
    in this version. A version beside the entry belongs to one writer (`client`), whose later writes replace it.
    `sealed` holds the same kind of document as an entry's.
    """

    LABEL = "journal.revision"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("made"), db_index=True)
    beside = models.BooleanField(_("beside the entry"), default=False)
    pinned = models.BooleanField(_("pinned"), default=False)
    client = models.UUIDField(_("writer"))
    sequence = models.PositiveIntegerField(_("number of the write"))
    sealed = models.BinaryField(_("content"))

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an entry")
        verbose_name_plural = _("versions of entries")
        indexes = [models.Index(fields=["entry", "-made_at", "id"], name="revision_of_entry")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "client"], condition=Q(beside=True), name="revision_one_beside")
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def content(self, owner: User) -> Content:
        """The unsealed content. Raises `accounts.sealing.CannotOpen`."""
        return Content.from_document(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))


class PromptChoiceQuerySet(models.QuerySet["PromptChoice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class PromptChoice(models.Model):
    """A prompt that a person keeps for later or has hidden. Prompts are referred to by their stable keys."""

    class Choice(models.TextChoices):
        KEPT = "kept", _("kept for later")
        HIDDEN = "hidden", _("hidden")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    prompt = models.SlugField(_("prompt"), max_length=40, db_index=False)
    choice = models.CharField(_("choice"), max_length=6, choices=Choice)

    objects = PromptChoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("choice of a prompt")
        verbose_name_plural = _("choices of prompts")
        constraints = [
            models.UniqueConstraint(fields=["owner", "prompt"], name="promptchoice_unique"),
            models.CheckConstraint(condition=Q(choice__in=["kept", "hidden"]), name="promptchoice_is_known"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.prompt} {self.choice}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def due(self, now: datetime) -> Self:
        """Due reminders, the longest overdue first."""
        return self.filter(next_at__lte=now).order_by("next_at")


class Reminder(models.Model):
    """When a person wants to be reminded, in their own time zone; no row means never. `next_at` is when it is due."""

    class Weekday(models.IntegerChoices):
        """Numbered as `datetime.date.weekday` does."""

        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday)
    hour = models.PositiveSmallIntegerField(_("hour"))
    next_at = models.DateTimeField(_("next"), db_index=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="reminder_weekday"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminder_hour"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.hour:02}:00"
