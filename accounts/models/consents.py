"""The ledger of what people agreed to."""

from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Only the viewer's own consents."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def standing(self) -> Self:
        """The latest line for each owner and purpose."""
        return self.order_by("owner", "purpose", "-id").distinct("owner", "purpose")


class Consent(models.Model):
    """One line of the consent ledger: consent given to an exact wording, or withdrawn.

    A trigger keeps the ledger append-only; lines are deleted only with the account (`accounts/services.py`).
    """

    id = models.BigAutoField(primary_key=True)  # insertion order, independent of clocks
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    purpose = models.CharField(_("purpose"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version of the words"))
    words_sha256 = models.CharField(_("hash of the words"), max_length=64)
    given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("time"))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["owner", "purpose", "-id"], name="consent_latest")]

    @override
    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
