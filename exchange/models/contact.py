"""What people write to those who run the site, and the answers."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal_for_site, unseal_for_site


@dataclass(frozen=True, slots=True)
class Said:
    """A text, when it was written, and by which account of staff; `by` is "" for what others wrote."""

    text: str
    at: datetime
    by: str = ""

    @classmethod
    def of_document(cls, document: dict[str, str]) -> Self:
        return cls(document["text"], datetime.fromisoformat(document["at"]), document.get("by", ""))  # older ones: none

    def document(self) -> dict[str, str]:
        return {"text": self.text, "at": self.at.isoformat()} | ({"by": self.by} if self.by else {})


def signed(text: str, now: datetime, staff: User | None) -> Said:
    """What a member of staff writes."""
    return Said(text, now, str(staff.pk) if staff else "")


AGAIN = timedelta(hours=1)  # within which the same words come from the same form: pressed twice, or again after Back


def is_last(text: str, said: Sequence[Said], now: datetime) -> bool:
    """Whether the last that was said are these words, a moment ago."""
    return bool(said) and said[-1].text == text and said[-1].at > now - AGAIN


@dataclass(frozen=True, slots=True)
class Words:
    """The sealed document of a contact. `email` is where an answer may go; `notes` are for staff alone."""

    asked: Said
    email: str = ""
    answers: Sequence[Said] = ()
    notes: Sequence[Said] = ()

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Self:
        said = {name: [*map(Said.of_document, document[name])] for name in ("asked", "answers", "notes")}
        return cls(said["asked"][0], document["email"], said["answers"], said["notes"])

    def document(self) -> dict[str, Any]:
        said = {"asked": [self.asked], "answers": self.answers, "notes": self.notes}
        return {"email": self.email, **{name: [one.document() for one in ones] for name, ones in said.items()}}


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def newest_first(self) -> Self:
        return self.order_by("-day", "-id")

    def after(self, contact: "Contact") -> Self:
        """Those that follow it in this order."""
        return self.filter(Q(day__lt=contact.day) | Q(day=contact.day, id__lt=contact.pk))


class Contact(models.Model):
    """A message to those who run the site.

    It has an owner if it was written from an account, and goes with that. In clear stand days only: a time would tell,
    beside the log of a proxy, which network it came from.
    """

    LABEL = "exchange.contact"

    class Topic(models.TextChoices):
        PRIVACY = "privacy", _("Privacy, or my data")
        SAFETY = "safety", _("Safety on this site")
        COMPLAINT = "complaint", _("A complaint")
        ACCESS = "access", _("I can’t get in")
        PRESS = "press", _("Press")
        OTHER = "other", _("Something else about the site")

    class State(models.TextChoices):
        NEW = "new", _("new")
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    day = models.DateField(_("day"))
    state_since = models.DateField(_("in this state since"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("assigned to")
    )
    code_sha256 = models.CharField(  # noqa: DJ001  # null: there is no code
        _("hash of the code"), max_length=64, null=True, unique=True, editable=False
    )
    sealed = models.TextField(_("sealed"), editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["owner", "-day", "-id"], name="contact_of_owner"),
            models.Index(fields=["state", "day"], name="contact_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(owner=None) | Q(code_sha256=None), name="contact_code_without_account"),
        ]

    @override
    def __str__(self) -> str:
        return gettext("Message of %(day)s") % {"day": date_format(self.day)}

    def words(self) -> Words:
        """What was written. Raises CannotOpen."""
        return Words.of_document(unseal_for_site(self.LABEL, self.pk.bytes, self.sealed))

    def seal(self, words: Words) -> None:
        """Put the words into the row, which is not saved."""
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, words.document())


class AnswerTemplate(models.Model):
    """A text to begin an answer with."""

    title = models.CharField(_("title"), max_length=80, unique=True)
    text = models.TextField(_("text"), max_length=4_000)

    class Meta:
        verbose_name = _("ready-made answer")
        verbose_name_plural = _("ready-made answers")

    @override
    def __str__(self) -> str:
        return self.title
