"""What staff record of helplines (lines: `reflect/content/helplines.toml`), banners, failed jobs, figures, checks."""

from typing import TYPE_CHECKING, ClassVar, Self, override

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from reflect import banners
from reflect.job_words import not_done

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


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


def languages() -> list[tuple[str, object]]:
    """The site's languages; a callable, so that no migration follows from another one."""
    return list(settings.LANGUAGES)


def first_language() -> str:
    return str(settings.LANGUAGE_CODE)


class Banner(models.Model):
    """A sentence above every page, from one time until another, for readers of one language."""

    class Level(models.TextChoices):
        NOTE = "note", _("something to know")
        WARNING = "warning", _("something does not work")

    text = models.CharField(_("text"), max_length=300)
    language = models.CharField(_("language"), max_length=10, choices=languages, default=first_language)
    level = models.CharField(_("kind"), max_length=7, choices=Level, default=Level.NOTE)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("banner")
        verbose_name_plural = _("banners")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="banner_ends_after_it_starts",
                violation_error_message=_("The end has to be after the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.text

    def as_published(self) -> banners.Banner:
        return banners.Banner(self.text, self.language, self.level, self.starts_at, self.ends_at)


class FailedJobQuerySet(models.QuerySet["FailedJob"]):
    def with_times(self) -> Self:
        """With `at`, when each failed."""
        failures = ProcrastinateEvent.objects.filter(job=OuterRef("pk"), type="failed")
        return self.annotate(at=Subquery(failures.order_by("-at").values("at")[:1]))


class FailedJobs(models.Manager["FailedJob"]):
    @override
    def get_queryset(self) -> FailedJobQuerySet:
        return FailedJobQuerySet(self.model, using=self._db).filter(status="failed")

    def with_times(self) -> FailedJobQuerySet:
        return self.get_queryset().with_times()


class FailedJob(ProcrastinateJob):
    """A job whose retries are used up. It stays until somebody looks at it."""

    objects: ClassVar[FailedJobs] = FailedJobs()  # type: ignore[assignment]  # narrower, as the proxy is

    class Meta:
        proxy = True
        default_permissions = ("view", "change")
        verbose_name = _("failed background job")
        verbose_name_plural = _("failed background jobs")

    @override
    def __str__(self) -> str:
        return str(self.not_done)

    @property
    def not_done(self) -> "_StrPromise":
        return not_done(self.task_name)


class DailyFigure(models.Model):
    """How often something happened on one day, in UTC: a number, and nothing of a person (`daily_figures.py`)."""

    class Kind(models.TextChoices):
        SIGN_UPS = "sign_ups", _("Accounts opened")
        COMPLETED = "completed", _("Questionnaires completed")
        ENTRIES = "entries", _("Journal entries begun")
        WRITERS = "writers", _("Accounts that began an entry in the month until then")
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


class CheckRun(models.Model):
    """The last run of a check of what the site promises (`promises.py`); what it said is never about a person."""

    name = models.CharField(_("check"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("time"))
    holds = models.BooleanField(_("whether it holds"))
    said = models.CharField(_("what it said"), max_length=300)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("last run of a check")
        verbose_name_plural = _("last runs of checks")

    @override
    def __str__(self) -> str:
        return self.name
