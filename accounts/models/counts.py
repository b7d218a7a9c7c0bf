"""What is counted for each account: its size, what is new, and how often it does something."""

from typing import override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Usage(models.Model):
    """How many bytes of sealed text a person stores.

    Triggers count it in the very statement that stores, changes or deletes a row (`accounts/migrations/0010_usage.py`).
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="usage"
    )
    bytes = models.BigIntegerField(_("bytes stored"))

    class Meta:
        verbose_name = _("size of an account")
        verbose_name_plural = _("sizes of accounts")

    @override
    def __str__(self) -> str:
        return str(self.owner_id)


class Unread(models.Model):
    """How much is new for a person, for the navigation; it is read with the account.

    Triggers count the notices in the very statement that changes them (`accounts/migrations/0012_notices.py`).
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="unread"
    )
    notices = models.PositiveIntegerField(_("new notices"), default=0, db_default=0)
    messages = models.PositiveIntegerField(_("new messages"), default=0, db_default=0)

    class Meta:
        verbose_name = _("what is new")
        verbose_name_plural = _("what is new")

    @override
    def __str__(self) -> str:
        return str(self.owner_id)


class Pace(models.Model):
    """How often a person has done something lately (`accounts/rates.py`). The table is unlogged: a crash empties it."""

    pk = models.CompositePrimaryKey("owner", "what")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(_("what is limited"), max_length=16)
    free_at = models.DateTimeField(_("forgotten from"))

    class Meta:
        verbose_name = _("pace of an account")
        verbose_name_plural = _("paces of accounts")

    @override
    def __str__(self) -> str:
        return f"{self.what} {self.owner_id}"
