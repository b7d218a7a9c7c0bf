"""What staff recorded about a helpline (the lines stand in `reflect/content/helplines.toml`), and daily figures."""

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


class DailyFigure(models.Model):
    """How often something happened on one day, in UTC: a number, and nothing of a person (`daily_figures.py`)."""

    class Kind(models.TextChoices):
        SIGN_UPS = "sign_ups", _("Accounts opened")
        COMPLETED = "completed", _("Questionnaires completed")
        ENTRIES = "entries", _("Journal entries begun")
        BOOKED = "booked", _("Meetings booked")
        HELD = "held", _("Meetings that took place")
        MISSED = "missed", _("Meetings that one side missed")
        FREE_TIMES = "free_times", _("Free times")
        ANSWERED = "answered", _("Questions answered")
        DAYS_TO_ANSWER = "days_to_answer", _("Days until the first answer")

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=14, choices=Kind)
    value = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("figure over time")
        verbose_name_plural = _("figures over time")
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="figure_once_a_day")]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
