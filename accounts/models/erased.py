"""Which accounts were erased, so that a restored backup does not bring them back."""

from typing import override

from django.db import models
from django.utils.translation import gettext_lazy as _


class Erased(models.Model):
    """The bare id of an account that was erased, and when; nothing else of it is left."""

    account = models.UUIDField(_("account"), primary_key=True)
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("erased account")
        verbose_name_plural = _("erased accounts")

    @override
    def __str__(self) -> str:
        return str(self.account)
