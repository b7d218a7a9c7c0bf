"""What staff recorded about a helpline. The lines themselves stand in `reflect/content/helplines.toml`."""

from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HelplineRecord(models.Model):
    """When a line was checked and by whom, and whether it is hidden. A line without a row was never checked."""

    key = models.SlugField(_("key in the file"), max_length=60, primary_key=True)
    checked_on = models.DateField(_("checked on"), null=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    checked_as = models.CharField(_("what was checked"), max_length=500, blank=True)
    hidden = models.BooleanField(_("hidden"), default=False)

    class Meta:
        verbose_name = _("helpline")
        verbose_name_plural = _("helplines")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_on__isnull=False) | Q(checked_by=None, checked_as=""),
                name="helpline_checked_on_a_date",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.key
