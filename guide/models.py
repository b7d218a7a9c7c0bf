"""Prompts: questions for the guided journal, edited by admins."""

from typing import Self, override

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guide import themes

LEAST_MINUTES, MOST_MINUTES = 3, 15


def theme_choices() -> list[tuple[str, str]]:
    return [(key, themes.title(key)) for key in themes.KEYS]


class PromptQuerySet(models.QuerySet["Prompt"]):
    def published(self) -> Self:
        return self.filter(published=True)

    def gentle(self) -> Self:
        """Exclude those that are unsuitable for somebody who may not be safe."""
        return self.filter(suppressed_if_unsafe=False).exclude(theme__in=themes.NOT_GENTLE)


class Prompt(models.Model):
    """A question to write about, with small steps. The prompt for a free entry has neither theme nor steps."""

    key = models.SlugField(
        _("key"), max_length=40, unique=True, help_text=_("Stable; never used for another question.")
    )
    theme = models.CharField(_("theme"), max_length=20, choices=theme_choices, blank=True)
    title = models.CharField(_("question"), max_length=90)
    why = models.CharField(_("why"), max_length=200, help_text=_("One sentence, shown under the question."))
    steps = ArrayField(models.CharField(max_length=200), verbose_name=_("steps"), blank=True, default=list, size=4)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        validators=[MinValueValidator(LEAST_MINUTES), MaxValueValidator(MOST_MINUTES)],
        help_text=format_lazy(_("A rough guide, {least} to {most}."), least=LEAST_MINUTES, most=MOST_MINUTES),
    )
    care = models.BooleanField(_("care"), default=False, help_text=_("May stir strong feelings."))
    suppressed_if_unsafe = models.BooleanField(_("left out where somebody may not be safe"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    published = models.BooleanField(_("published"), default=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        verbose_name = _("prompt")
        verbose_name_plural = _("prompts")
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(3, 15)), name="prompt_minutes"),
            models.CheckConstraint(condition=Q(theme__in=["", *themes.KEYS]), name="prompt_theme_is_known"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class PromptVersion(models.Model):
    """What a prompt said from a moment on, as an admin saved it; without the moment, before the first edit.

    Who saved it stands in the log of staff's actions.
    """

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="versions", db_index=False)
    at = models.DateTimeField(_("saved"), null=True)
    said = models.JSONField(_("what it said"))

    class Meta:
        verbose_name = _("version of a prompt")
        verbose_name_plural = _("versions of prompts")
        default_permissions = ()
        indexes = [models.Index(fields=["prompt", "-id"], name="version_of_prompt")]

    @override
    def __str__(self) -> str:
        return str(self.pk)
