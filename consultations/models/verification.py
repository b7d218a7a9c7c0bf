"""The verification record: what staff decided about a profile, and on what grounds."""

import uuid
from dataclasses import asdict, dataclass
from typing import override

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.sealing import CannotOpen, seal_for_site, unseal_for_site
from consultations.models.profiles import Specialist


class What(models.TextChoices):
    """What staff check. The last two are fields of the profile, as in `Checked`."""

    NAME = "name", _("name")
    PROFESSION = "profession", _("profession")
    REGISTER = "register", _("entry in the register")
    TRAINING = "training", _("training")
    PRACTISES_IN = "practises_in", _("where they may practise")


ALWAYS = (What.NAME, What.PROFESSION, What.REGISTER)  # what an approved profile says that we checked


@dataclass(frozen=True, slots=True)
class Grounds:
    """The sealed document of a verification: the reason that the specialist reads, and notes for staff alone."""

    reason: str = ""
    notes: str = ""


class Verification(models.Model):
    """One decision about a profile, which is not changed later. `where` is the entry that staff read.

    `by` is forgotten with the account. Nobody is there either where the site itself hid or suspended a profile.
    """

    LABEL = "consultations.verification"

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent_back", _("sent back")
        SEEN = "seen", _("change seen")
        HIDDEN = "hidden", _("hidden")
        SUSPENDED = "suspended", _("suspended")
        LIFTED = "lifted", _("suspension lifted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    specialist = models.ForeignKey(Specialist, on_delete=models.CASCADE, related_name="verifications")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    checked = ArrayField(
        models.CharField(max_length=12, choices=What), verbose_name=_("what was checked"), default=list
    )
    where = models.URLField(_("where"), max_length=300, blank=True)
    check_again_on = models.DateField(_("check again on"), null=True)
    sealed = models.TextField(_("sealed"), blank=True, editable=False)

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = [models.Index(fields=["specialist", "-at"], name="verification_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["sent_back", "seen", "hidden", "suspended", "lifted"])
                | Q(outcome="approved", check_again_on__isnull=False) & ~Q(where="") & ~Q(checked=[]),
                name="verification_says_what_and_where",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["sent_back", "hidden", "suspended", "lifted"], sealed=""),
                name="verification_gives_a_reason",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def what(self) -> list[str]:
        """What was checked, in words and always in the same order."""
        return [str(one.label) for one in What if one.value in self.checked]

    def seal(self, grounds: Grounds) -> None:
        """Put the document into the row, which is not saved."""
        if grounds != Grounds():
            self.sealed = seal_for_site(self.LABEL, self.pk.bytes, asdict(grounds))

    def grounds(self) -> Grounds | None:
        """None if they cannot be opened."""
        if not self.sealed:
            return Grounds()
        try:
            return Grounds(**unseal_for_site(self.LABEL, self.pk.bytes, self.sealed))
        except CannotOpen:
            return None
