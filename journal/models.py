"""Pages of the journal, their earlier versions, kept and hidden prompts, reminders. What people write is sealed."""

import uuid
from datetime import datetime
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import unseal
from journal.content import Content


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """All of a person's pages, those in the bin too."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A page is seen by the person who wrote it, and by nobody else. What is in the bin is not among these."""
        return self.of(user).filter(binned_at__isnull=True)

    def in_bin_of(self, user: User | AnonymousUser) -> Self:
        """What a person has put into the bin, the last first."""
        return self.of(user).filter(binned_at__isnull=False).order_by("-binned_at", "id")

    def find(self, pk: uuid.UUID) -> "Entry | None":
        try:
            return self.get(pk=pk)
        except Entry.DoesNotExist:
            return None

    def newest_first(self) -> Self:
        """In the order of a list: by the pages' own dates."""
        return self.order_by("-date", "id")


class Entry(models.Model):
    """One page of the journal.

    `date` is the page's own and can be set back. `revision` counts the writes, and each write names the one that it is
    based on; `client` and `sequence` are those of the last write, so that the same request gets the same answer again.
    `kept_at` is the time of the last earlier version. `sealed` holds `journal.content.Content.to_document`.
    """

    LABEL = "journal.entry"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    date = models.DateTimeField(_("date"))
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))
    kept_at = models.DateTimeField(_("last version kept"))
    binned_at = models.DateTimeField(_("put into the bin"), null=True)
    pinned = models.BooleanField(_("pinned"), default=False)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))
    sealed = models.BinaryField(_("page"))

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes = [
            models.Index(fields=["owner", "-date", "id"], name="entry_of_owner"),
            models.Index(fields=["owner", "-date", "id"], condition=Q(pinned=True), name="entry_pinned_of_owner"),
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
        """What is written on it. Raises `accounts.sealing.CannotOpen`."""
        return Content.from_document(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Versions are seen by the person who wrote them, and by nobody else."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def kept(self) -> Self:
        """Earlier versions, the last first."""
        return self.filter(beside=False).order_by("-made_at", "id")

    def beside(self) -> Self:
        """Texts that came second when two were written at once, and that nobody has decided about yet."""
        return self.filter(beside=True).order_by("made_at", "id")


class Revision(models.Model):
    """A version of a page: as it once was, or `beside` it, where two were written at once and this one came second.

    `number` is the page's revision that it is a copy of, or that it was based on; `date` and `pinned` are the page's as
    this version has them. A version beside the page belongs to one writer (`client`), whose later writes replace it.
    `sealed` holds the same document as a page.
    """

    LABEL = "journal.revision"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    made_at = models.DateTimeField(_("made"), db_index=True)
    beside = models.BooleanField(_("beside the page"), default=False)
    date = models.DateTimeField(_("date"))
    pinned = models.BooleanField(_("pinned"), default=False)
    client = models.UUIDField(_("writer"))
    sequence = models.PositiveIntegerField(_("number of the write"))
    sealed = models.BinaryField(_("page"))

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        indexes = [models.Index(fields=["entry", "-made_at", "id"], name="revision_of_entry")]
        constraints = [
            models.UniqueConstraint(fields=["entry", "client"], condition=Q(beside=True), name="revision_one_beside")
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def content(self, owner: User) -> Content:
        """What is written on it. Raises `accounts.sealing.CannotOpen`."""
        return Content.from_document(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))


class PromptChoiceQuerySet(models.QuerySet["PromptChoice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class PromptChoice(models.Model):
    """A prompt that somebody keeps for later, or does not want to see. Prompts are named by their stable keys."""

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
        """Those whose time has come, the longest waiting first."""
        return self.filter(next_at__lte=now).order_by("next_at")


class Reminder(models.Model):
    """When somebody wants to be reminded, by their own clock; without a row, never. `next_at` is the next moment."""

    class Weekday(models.IntegerChoices):
        """As `datetime.date.weekday` counts."""

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
