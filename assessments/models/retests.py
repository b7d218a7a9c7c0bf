"""Answering again after about two weeks, from which the errors are measured."""

import uuid
from datetime import datetime, timedelta
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.models import User
from accounts.sealing import seal, unseal
from assessments.models.results import InstrumentVersion, Result

LATEST = timedelta(days=21)  # after the first result: what comes later is not a pair


class Changed(models.TextChoices):
    """Whether anything changed between two results, by the person's own word."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSAID = "unsaid", _("I would rather not say")


class RetestQuerySet(models.QuerySet["Retest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only the viewer's own."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def open_at(self, now: datetime) -> Self:
        """Those that a result of now would complete, of people who still agree to be asked.

        Whether they do is looked up row by row: pages ask this of one person.
        """
        still = Q(second=None, declined_at=None, first__created_at__gt=now - LATEST, owner__is_active=True)
        return self.alias(agreed=consents.owner_agrees(consents.RETEST.purpose)).filter(still, agreed=True)

    def to_ask(self, now: datetime) -> Self:
        """Those of them that answers to a questionnaire begun now would complete: its version is the same."""
        current = InstrumentVersion.objects.latest_offered().values("pk")[:1]
        return self.open_at(now).filter(first__version=current)

    def pairs_of(self, version_id: int) -> Self:
        """The latest pair of everybody who agrees at present, with its responses and its owner."""
        agreeing = consents.agreeing(consents.RETEST.purpose)
        found = self.filter(second__isnull=False, first__version=version_id, owner__in=agreeing)
        related = found.select_related("owner", "first__response", "second__response")
        return related.order_by("owner", "-second__created_at", "id").distinct("owner")


class Retest(models.Model):
    """A result after which its owner is asked to answer again; with the second result, a pair.

    `sealed` then holds `{"changed": a Changed}`. A trigger sees to it that both results are the owner's, of one version
    and in the right order, and that what was said never changes.
    """

    LABEL = "assessments.retest"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    first = models.OneToOneField(Result, on_delete=models.CASCADE, related_name="retest")
    second = models.OneToOneField(Result, on_delete=models.CASCADE, related_name="retest_of", null=True)
    asked_at = models.DateTimeField(_("asked"))
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    declined_at = models.DateTimeField(_("not wanted"), null=True)
    sealed = models.BinaryField(_("what was said"), null=True)

    objects = RetestQuerySet.as_manager()

    class Meta:
        verbose_name = _("answering again")
        verbose_name_plural = _("answering again")
        constraints = [
            models.CheckConstraint(
                condition=Q(second=None, sealed=None) | Q(second__isnull=False, sealed__isnull=False, declined_at=None),
                name="retest_second_with_what_was_said",
            ),
            models.CheckConstraint(
                condition=Q(reminded_at=None) | Q(reminded_at__gte=F("asked_at")), name="retest_reminded_after_asked"
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def link(self) -> str:
        """The page that asks."""
        return reverse("balance_again", args=[self.pk])

    def changed(self, owner: User) -> Changed:
        """What was said of a pair. Raises `accounts.sealing.CannotOpen`."""
        return Changed(unseal(owner, self.LABEL, self.pk, bytes(self.sealed or b""))["changed"])

    def seal(self, owner: User, changed: Changed) -> None:
        """Put what was said into the row, which is not saved."""
        self.sealed = seal(owner, self.LABEL, self.pk, {"changed": changed})
