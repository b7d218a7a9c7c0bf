"""What a member and a specialist write to each other. Each of the two owns a copy of all of it, under their own key."""

import uuid
from dataclasses import asdict, dataclass
from typing import Any, override
from typing import Self as This

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms somebody is in a thread: as whom, with whom, and whether the other one sees what they opened."""

    me: str
    other: str
    shows_opened: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A message. `refers_to`: the id of a specialist whose card goes with it, or ""."""

    text: str
    refers_to: str = ""


class OwnedQuerySet[Row: models.Model](models.QuerySet[Row]):
    def visible_to(self, user: User | AnonymousUser) -> This:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class Thread(models.Model):
    """One member and one specialist; it stands while one of them has a side of it.

    `last_number` is that of its last message: whoever gives the next number holds the lock of this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    specialist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    last_number = models.PositiveIntegerField(_("number of the last message"), default=0)
    last_at = models.DateTimeField(_("last word"), db_index=True)

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["member", "specialist"], name="thread_one_for_two"),
            models.CheckConstraint(condition=~Q(member=F("specialist")), name="thread_not_with_oneself"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)


class SideQuerySet(OwnedQuerySet["Side"]):
    def fresh(self) -> This:
        """Those in which something has arrived that is not opened yet."""
        return self.filter(fresh__gt=0)

    def latest_first(self) -> This:
        return self.order_by("-last_at", "id")


class Side(models.Model):
    """One person's side of a thread. The other one has theirs from the first message on.

    `opened_to` is the number up to which the owner has opened what arrived, `fresh` how many messages have arrived
    beyond it: triggers add those up in `accounts.models.Unread`.
    """

    LABEL = "exchange.side"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="sides", db_index=False)
    last_at = models.DateTimeField(_("last word"))
    opened_to = models.PositiveIntegerField(_("opened up to"), default=0)
    fresh = models.PositiveIntegerField(_("not opened yet"), default=0)
    sealed = models.BinaryField(_("names and choice"))

    objects = SideQuerySet.as_manager()

    class Meta:
        verbose_name = _("side of a conversation")
        verbose_name_plural = _("sides of conversations")
        indexes = [
            models.Index(fields=["owner", "-last_at", "id"], name="side_of_owner"),
            models.Index(fields=["owner", "-last_at", "id"], condition=Q(fresh__gt=0), name="side_fresh_of_owner"),
        ]
        constraints = [models.UniqueConstraint(fields=["thread", "owner"], name="side_one_each")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_members(self) -> bool:
        return self.thread.member_id == self.owner_id

    @property
    def other_id(self) -> uuid.UUID | None:
        """The account of the other one, if it is still there."""
        return self.thread.specialist_id if self.is_members else self.thread.member_id

    def terms(self, owner: User) -> Terms:
        """Raises CannotOpen."""
        return Terms(**unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, terms: Terms) -> None:
        """Put the terms into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(terms))


class WordsModel(models.Model):
    """A row that holds words of one side."""

    LABEL = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField(_("words"))

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def words(self, owner: User) -> Words:
        """Raises CannotOpen."""
        return words_of(unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, words: Words) -> None:
        """Put the words into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, asdict(words))


def words_of(document: dict[str, Any]) -> Words:
    return Words(document["text"], document["refers_to"])


class MessageQuerySet(OwnedQuerySet["Message"]):
    def latest_first(self) -> This:
        return self.order_by("-number")


class Message(WordsModel):
    """A person's own copy of a message, which they wrote (`is_own`) or which arrived.

    Both copies have the same number. The sender's has the id that was in the form, by which a second submit is known.
    `opened_on` stands in the sender's, and only if the reader lets them see it.
    """

    LABEL = "exchange.message"

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="messages", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    is_own = models.BooleanField(_("written by the owner"))
    opened_on = models.DateField(_("opened by the other one"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message between two people")
        verbose_name_plural = _("messages between two people")
        constraints = [
            models.UniqueConstraint(fields=["side", "number"], name="message_number_in_side"),
            models.CheckConstraint(condition=Q(is_own=True) | Q(opened_on=None), name="message_own_is_opened"),
        ]


class DraftQuerySet(OwnedQuerySet["Draft"]):
    def latest_first(self) -> This:
        return self.order_by("-changed_at", "id")


class Draft(WordsModel):
    """A message that is not sent yet, as it was typed. It has the id that the message will have.

    As with a journal entry, `revision` counts the writes, and `client` and `sequence` are those of the last one. Who
    writes second, without having seen the first, writes a draft of their own.
    """

    LABEL = "exchange.draft"

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="drafts")
    changed_at = models.DateTimeField(_("changed"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    client = models.UUIDField(_("last writer"))
    sequence = models.PositiveIntegerField(_("number of the last write"))

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a message")
        verbose_name_plural = _("drafts of messages")
