"""Figures about everybody who agreed, and who was counted in them."""

from typing import override

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.errors import ErrorEstimate
from assessments.models.results import Form, InstrumentVersion


class GroupFigures(models.Model):
    """The published figures about everybody who agreed, replaced only in batches (`disclosure.py`)."""

    version = models.ForeignKey(InstrumentVersion, on_delete=models.CASCADE, related_name="group_figures")
    form = models.CharField(_("form"), max_length=5, choices=Form)
    figures = models.JSONField(_("figures"))
    published_at = models.DateTimeField(_("published"))

    class Meta:
        verbose_name = _("group figures")
        verbose_name_plural = _("group figures")
        ordering = ["version", "form"]
        constraints = [
            models.UniqueConstraint(fields=["version", "form"], name="groupfigures_unique"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="groupfigures_form_is_known"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.version}, {self.get_form_display()}"


class Counted(models.Model):
    """Somebody who was counted in group figures, or whose pair was looked at for an estimate of the errors.

    The next publication can then tell how many have joined or left. The row of an account that is gone stays, without
    a name, as one who left.
    """

    figures = models.ForeignKey(GroupFigures, on_delete=models.CASCADE, related_name="counted", null=True)
    estimate = models.ForeignKey(ErrorEstimate, on_delete=models.CASCADE, related_name="counted", null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("person counted in group figures")
        verbose_name_plural = _("people counted in group figures")
        constraints = [
            models.UniqueConstraint(fields=["figures", "owner"], name="counted_once"),
            models.UniqueConstraint(fields=["estimate", "owner"], name="counted_once_for_an_estimate"),
            models.CheckConstraint(
                condition=Q(figures=None, estimate__isnull=False) | Q(figures__isnull=False, estimate=None),
                name="counted_in_one",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)
