"""What the two sides of an objection write to the team, and the team to each of them."""

import uuid
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal_for_site, unseal_for_site
from consultations.models import Booking


class Objection(Booking):
    """A booking of which one side says that they were there, as staff who settle it see it."""

    class Meta:
        proxy = True
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    @override
    def __str__(self) -> str:
        time = date_format(localtime(self.starts_at), "DATETIME_FORMAT")
        return gettext("Objection about the meeting of %(time)s") % {"time": time}


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What this person and the team have written to each other."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def in_order(self) -> Self:
        return self.order_by("at", "id")


class Remark(models.Model):
    """What one side of an objection wrote to the team, or the team to that side (`by_team`); the other side never sees
    it. It is sealed under the key of the site, for the staff who settle the objection, and goes with its owner.
    """

    LABEL = "exchange.remark"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="remarks", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by_team = models.BooleanField(_("by the team"), default=False)
    at = models.DateTimeField(_("time"))
    sealed = models.TextField(_("sealed"), editable=False)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark about an objection")
        verbose_name_plural = _("remarks about objections")
        indexes = [models.Index(fields=["booking", "at", "id"], name="remark_of_booking")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def text(self) -> str:
        """What was written. Raises CannotOpen."""
        return str(unseal_for_site(self.LABEL, self.pk.bytes, self.sealed)["text"])

    def seal(self, text: str) -> None:
        """Put the text into the row, which is not saved."""
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, {"text": text})
