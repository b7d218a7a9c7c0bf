"""What somebody reports to the team: a conversation, as it had reached them, or a specialist's profile, as it was."""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
from consultations.models import Specialist
from exchange.models.contact import Said
from exchange.models.messages import Side


@dataclass(frozen=True, slots=True)
class Party:
    """One of the two: the account, "" if it was gone, and the name in the conversation."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """The sealed document of a report. `messages` are those that the site delivered to the reporter, oldest first.

    A message that could not be opened has no text. For staff alone are `notes`, and in
    `passed_on` why it waits for owners.
    """

    reason: Said
    reporter: Party
    reported: Party
    messages: Sequence[Said] = ()
    notes: Sequence[Said] = ()
    passed_on: Said | None = None

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Self:
        passed_on = document.get("passed_on")  # documents of before have none
        return cls(
            Said.of_document(document["reason"]),
            Party(**document["reporter"]),
            Party(**document["reported"]),
            [*map(Said.of_document, document["messages"])],
            [*map(Said.of_document, document["notes"])],
            Said.of_document(passed_on) if passed_on else None,
        )

    def document(self) -> dict[str, Any]:
        return {
            "reason": self.reason.document(),
            "reporter": asdict(self.reporter),
            "reported": asdict(self.reported),
            "messages": [*map(Said.document, self.messages)],
            "notes": [*map(Said.document, self.notes)],
            "passed_on": self.passed_on.document() if self.passed_on else None,
        }


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class Reported(models.Model):
    """A report, sealed under the key of the site for the staff who read it.

    It protects others, so it outlives both accounts and what it is about: `owner`, who reported it, is forgotten with
    the account. In clear stand days only, as in `Contact`.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        SETTLED = "settled", _("settled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    day = models.DateField(_("day"))
    settled_on = models.DateField(_("settled on"), null=True)
    sealed = models.TextField(_("sealed"), editable=False)

    class Meta:
        abstract = True

    @override
    def __str__(self) -> str:
        return gettext("Report of %(day)s") % {"day": date_format(self.day)}

    @property
    def is_settled(self) -> bool:
        return self.state == self.State.SETTLED


class Report(Reported):
    """A conversation that was reported. `side` is forgotten with the conversation."""

    LABEL = "exchange.report"

    class State(models.TextChoices):
        """In the order in which staff see to them."""

        NEW = "new", _("new")
        PASSED_ON = "passed", _("passed on to owners")
        SETTLED = "settled", _("settled")

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    side = models.ForeignKey(Side, on_delete=models.SET_NULL, null=True, related_name="reports")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["state", "day", "id"], name="report_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["side"], condition=Q(state__in=["new", "passed"]), name="report_one_open_a_side"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "passed"], settled_on=None)
                | Q(state="settled", settled_on__isnull=False),
                name="report_settled_on_a_day",
            ),
        ]

    def told(self) -> Told:
        """Raises CannotOpen."""
        return Told.of_document(unseal_for_site(self.LABEL, self.pk.bytes, self.sealed))

    def seal(self, told: Told) -> None:
        """Put the document into the row, which is not saved."""
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, told.document())


@dataclass(frozen=True, slots=True)
class ToldOfProfile:
    """The sealed document of a report of a profile. `texts` is what it said then, by field, without what was empty.

    `settled` is why staff settled it, and `notes` are for them alone. It does not say who reported it.
    """

    reason: Said
    reported: Party
    texts: dict[str, str]
    notes: Sequence[Said] = ()
    settled: Said | None = None

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Self:
        return cls(
            Said.of_document(document["reason"]),
            Party(**document["reported"]),
            document["texts"],
            [*map(Said.of_document, document["notes"])],
            Said.of_document(document["settled"]) if document["settled"] else None,
        )

    def document(self) -> dict[str, Any]:
        return {
            "reason": self.reason.document(),
            "reported": asdict(self.reported),
            "texts": self.texts,
            "notes": [*map(Said.document, self.notes)],
            "settled": self.settled.document() if self.settled else None,
        }


class ProfileReportQuerySet(models.QuerySet["ProfileReport"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class ProfileReport(Reported):
    """A specialist's profile that was reported. `specialist` is forgotten with the account."""

    LABEL = "exchange.profile_report"

    specialist = models.ForeignKey(Specialist, on_delete=models.SET_NULL, null=True, related_name="reports")

    objects = ProfileReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a profile")
        verbose_name_plural = _("reports of profiles")
        indexes = [models.Index(fields=["state", "day", "id"], name="profile_report_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "specialist"], condition=Q(state="new"), name="profile_report_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="new", settled_on=None) | Q(state="settled", settled_on__isnull=False),
                name="profile_report_settled_on_a_day",
            ),
        ]

    @override
    def __str__(self) -> str:
        return gettext("Report of a profile, %(day)s") % {"day": date_format(self.day)}

    def told(self) -> ToldOfProfile:
        """Raises CannotOpen."""
        return ToldOfProfile.of_document(unseal_for_site(self.LABEL, self.pk.bytes, self.sealed))

    def seal(self, told: ToldOfProfile) -> None:
        """Put the document into the row, which is not saved."""
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, told.document())
