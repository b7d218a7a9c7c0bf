"""Those who run the site, and the log of what they do there."""

from typing import override

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class Staff(User):
    """An account as somebody who has a role, or may get one; `accounts/roles.py` says which roles there are."""

    class Meta:
        proxy = True
        default_permissions = ("view", "change")
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff and their roles")


class StaffAction(models.Model):
    """One line of the log: somebody logged in, opened words, or changed a row. No words, no name, no address.

    A trigger refuses every UPDATE, and a DELETE before the retention is over by the clock of the database. `staff` is
    the bare id of an account, so that nobody escapes the log by deleting theirs.
    """

    class Kind(models.TextChoices):
        LOG_IN = "log_in", _("logged in")
        READ = "read", _("opened")
        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        DELETED = "deleted", _("deleted")
        ROLE = "role", _("changed a role")

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    staff = models.UUIDField(_("account of who did it"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    model = models.CharField(_("kind of object"), max_length=60, blank=True)
    row = models.CharField(_("id of the object"), max_length=200, blank=True)
    said = models.CharField(_("what was done"), max_length=200, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("action of staff")
        verbose_name_plural = _("log of staff")
        indexes = [
            models.Index(fields=["-at", "-id"], name="staffaction_by_time"),
            models.Index(fields=["staff", "-at", "-id"], name="staffaction_of_staff"),
            models.Index(fields=["row", "-at", "-id"], condition=~models.Q(row=""), name="staffaction_of_row"),
            models.Index(fields=["kind", "-at", "-id"], name="staffaction_of_kind"),
            models.Index(fields=["model", "-at", "-id"], name="staffaction_of_model"),
            GinIndex(OpClass(Upper("said"), name="gin_trgm_ops"), name="staffaction_said_trigrams"),
        ]

    @override
    def __str__(self) -> str:
        return gettext("Action of %(time)s") % {"time": date_format(localtime(self.at), "DATETIME_FORMAT")}
