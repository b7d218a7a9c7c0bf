"""Forms as they were sent, held for a few minutes so that an address can show them."""

import uuid
from typing import override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Held(models.Model):
    """What somebody sent in a form, held for a few minutes so that an address can show it (`accounts/held.py`)."""

    LABEL = "accounts.held"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    made_at = models.DateTimeField(_("made"))
    sealed = models.BinaryField(_("sealed"))

    class Meta:
        verbose_name = _("held form")
        verbose_name_plural = _("held forms")
        indexes = [
            models.Index(fields=["owner", "-made_at"], name="held_of_owner"),
            models.Index(fields=["made_at"], name="held_made_at"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)
