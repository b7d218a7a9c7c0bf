"""The errors as people's pairs show them, and the constants that staff published from such an estimate."""

from functools import lru_cache
from typing import override

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments import algorithms
from assessments.algorithm_2.constants import Constants, read
from assessments.models.results import InstrumentVersion

FIRST_NUMBER = 101  # of published constants; those of releases have smaller ones


class ErrorEstimate(models.Model):
    """What pairs of one version show, offered to staff and replaced only in batches (`disclosure.py`).

    `figures` is a document of `algorithm_2.measured.offered`, None where too few pairs could be used: the row then only
    says when they were last looked at.
    """

    version = models.OneToOneField(InstrumentVersion, on_delete=models.CASCADE, related_name="error_estimate")
    figures = models.JSONField(_("figures"), null=True)
    worked_out_at = models.DateTimeField(_("worked out"))

    class Meta:
        verbose_name = _("measured error")
        verbose_name_plural = _("measured errors")
        ordering = ["version"]

    @override
    def __str__(self) -> str:
        return str(self.version)


class Way(models.TextChoices):
    """How an estimate is worked out (`algorithm_2.measured.WAYS`)."""

    PLAIN = "plain", _("Plain: each pair counts alike")
    ROBUST = "robust", _("Robust: few pairs that changed a lot have less weight")


class PublishedConstants(models.Model):
    """Constants that staff published. New results of its version of the questionnaire, on which they were measured,
    use the newest; a trigger sees to it that none ever changes.

    `toml` is a file of constants, as `algorithm_2.constants.read` takes it.
    """

    number = models.PositiveSmallIntegerField(_("number"), primary_key=True)
    questionnaire = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="+")
    way = models.CharField(_("how it was worked out"), max_length=6, choices=Way)
    n = models.PositiveIntegerField(_("people, at least"))
    source = models.CharField(_("source"), max_length=200)
    measured_at = models.DateTimeField(_("measured"))
    published_at = models.DateTimeField(_("published"))
    toml = models.TextField(_("the file of constants"))

    class Meta:
        verbose_name = _("published constants")
        verbose_name_plural = _("published constants")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=FIRST_NUMBER), name="constants_not_of_a_release"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="constants_way_is_known"),
            models.CheckConstraint(condition=Q(n__gt=0) & ~Q(source=""), name="constants_say_how_they_are_known"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.number)


def constants_in_use(version_id: int) -> Constants:
    """What new results of this version are scored with: the newest that were measured on it and that staff published,
    or those of the release. One query.
    """
    of_version = PublishedConstants.objects.filter(questionnaire=version_id)
    newest = of_version.order_by("-number").values_list("toml", flat=True).first()
    return _parsed(newest) if newest else algorithms.constants()


def constants_of_current() -> Constants:
    """What results of the version that a new questionnaire is started with are scored with. Two queries."""
    version = InstrumentVersion.objects.current()
    return constants_in_use(version.pk) if version else algorithms.constants()


def constants_of(number: int, version_id: int) -> Constants:
    """Constants by their number; those in use for the version if this site has none of it. Two queries at most."""
    release = algorithms.constants()
    if number == release.version:
        return release
    found = PublishedConstants.objects.filter(pk=number).values_list("toml", flat=True).first()
    return _parsed(found) if found else constants_in_use(version_id)


@lru_cache(maxsize=32)
def _parsed(toml: str) -> Constants:
    return read(toml)
