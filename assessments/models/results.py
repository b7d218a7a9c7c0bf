"""Versions of the questionnaire, responses and results. Private rows have an owner and are sealed with their key."""

import uuid
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.consents import QUESTIONNAIRE, owner_agrees
from accounts.models import User
from accounts.sealing import seal, to_json, unseal
from assessments.algorithms import FIRST, Versions
from assessments.instrument import Instrument, build, read
from assessments.scoring import Answers, Document

COMPARED_BYTES = 4096  # more than any two comparisons take


class Form(models.TextChoices):
    """The two lengths of the questionnaire. Of their results only the balance is compared with the other's."""

    SHORT = "short", _("short form")
    FULL = "full", _("full form")


class InstrumentVersionQuerySet(models.QuerySet["InstrumentVersion"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def offered(self) -> Self:
        """Those that take answers."""
        return self.published().filter(retired_at__isnull=True)

    def current(self) -> "InstrumentVersion | None":
        """The version that a new questionnaire is started with, without its source."""
        return self.latest_offered().defer("source").first()

    def latest_offered(self) -> Self:
        """Those on offer, the current one first."""
        return self.offered().order_by("-version", "slug")


class InstrumentVersion(models.Model):
    """One version of the questionnaire: its texts, parts and constants.

    `source` is the TOML file as it is (jsonb would lose the order of its tables).

    A trigger protects a published version: it can be retired once, but not changed or deleted.
    """

    slug = models.SlugField(_("name"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=16)
    algorithm = models.PositiveSmallIntegerField(_("algorithm"))
    title = models.CharField(_("title"), max_length=200)
    source = models.TextField(_("the file it was loaded from"))
    sha256 = models.CharField(_("hash of the file"), max_length=64)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    objects = InstrumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the questionnaire")
        verbose_name_plural = _("versions of the questionnaire")
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="instrumentversion_unique"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(retired_at__gte=F("published_at")),
                name="instrumentversion_retired_after_published",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def gives_way_to(self, other: "InstrumentVersion | None") -> bool:
        """Whether whoever starts would be offered the other one, if both are on offer (as in `current`)."""
        return other is not None and (-other.version, other.slug) < (-self.version, self.slug)


@lru_cache(maxsize=32)
def published_instrument(version_id: int) -> Instrument:
    """The questionnaire of a published version. It never changes, so a process may keep it between requests."""
    return build(read(InstrumentVersion.objects.published().values_list("source", flat=True).get(pk=version_id)))


class ResponseQuerySet(models.QuerySet["Response"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Responses are visible to their owner only."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def unfinished(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def with_standing(self) -> Self:
        """Annotated with what decides whether answers are accepted: the version's retirement and the consent."""
        return self.annotate(retired_at=F("version__retired_at"), agreed=owner_agrees(QUESTIONNAIRE.purpose))


class Response(models.Model):
    """One person's answers. A person has at most one unfinished response; a submitted one never changes (trigger).

    `sealed` holds `{"partnered": bool, "answers": {key: int | "na" | "skip"}, "importance": {area: int}}`, and since
    people are asked, `"same_relationship": bool | null` and `"line"` (see `Answers`).
    """

    LABEL = "assessments.response"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="responses")
    form = models.CharField(_("form"), max_length=5, choices=Form)
    started_at = models.DateTimeField(_("started"))
    changed_at = models.DateTimeField(_("changed"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    sealed = models.BinaryField(_("answers"))

    retired_at: datetime | None  # these two of `with_standing`
    agreed: bool | None

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answered questionnaire")
        verbose_name_plural = _("answered questionnaires")
        indexes = [
            models.Index(fields=["owner", "-started_at"], name="response_of_owner"),
            models.Index(fields=["changed_at"], condition=Q(submitted_at=None), name="response_unfinished_since"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner"], condition=Q(submitted_at=None), name="response_one_unfinished"),
            models.CheckConstraint(condition=Q(form__in=Form.values), name="response_form_is_known"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def instrument(self) -> Instrument:
        return published_instrument(self.version_id)

    @property
    def closed(self) -> bool:
        """Whether answers are refused (needs `with_standing`): submitted, version retired, or consent missing."""
        return bool(self.submitted_at or self.retired_at or not self.agreed)

    def answers(self, owner: User) -> Answers:
        """What was answered. Raises `accounts.sealing.CannotOpen`."""
        return Answers(form=self.form, **unseal(owner, self.LABEL, self.pk, bytes(self.sealed)))

    def seal(self, owner: User, answers: Answers) -> None:
        """Put answers of this form into the row, which is not saved."""
        document = asdict(answers)
        del document["form"]
        self.sealed = seal(owner, self.LABEL, self.pk, document)


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Results are visible to their owner only."""
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def newest_first(self, *, after: "Result | None" = None) -> Self:
        """In list order; with `after`, only those behind that result."""
        rows = self.order_by("-created_at", "id")
        if after is None:
            return rows
        return rows.filter(Q(created_at__lt=after.created_at) | Q(created_at=after.created_at, id__gt=after.pk))

    def oldest_first(self) -> Self:
        return self.order_by("created_at", "id")

    def latest_for_group_figures(self, version: InstrumentVersion, form: str) -> Self:
        """The latest result of everybody who agrees to group figures at present."""
        agreeing = consents.agreeing(consents.GROUP_STATISTICS.purpose)
        results = self.filter(version=version, form=form, owner__in=agreeing)
        return results.order_by("owner", "-created_at").distinct("owner")


class Result(models.Model):
    """The score of one submitted response, with the versions of what it was worked out with.

    `sealed` holds the score's document (of `assessments.algorithms.score`), with what was said of its change since
    earlier results (`compared`, of `assessments.comparing`). Nothing that is newer changes it.
    """

    LABEL = "assessments.result"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="result")
    version = models.ForeignKey(InstrumentVersion, on_delete=models.PROTECT, related_name="results")
    form = models.CharField(_("form"), max_length=5, choices=Form)
    constants = models.PositiveSmallIntegerField(_("constants"), db_default=FIRST)
    algorithm = models.PositiveSmallIntegerField(_("algorithm"))
    created_at = models.DateTimeField(_("created"))
    sealed = models.BinaryField(_("figures"))

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        indexes = [models.Index(fields=["owner", "-created_at", "id"], name="result_of_owner")]
        constraints = [models.CheckConstraint(condition=Q(form__in=Form.values), name="result_form_is_known")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    @property
    def instrument(self) -> Instrument:
        return published_instrument(self.version_id)

    @property
    def versions(self) -> Versions:
        return Versions(self.instrument.version, self.constants, self.algorithm)

    def score(self, owner: User) -> Document:
        """The figures (see `assessments.algorithms.score`). Raises `accounts.sealing.CannotOpen`."""
        document: Document = unseal(owner, self.LABEL, self.pk, bytes(self.sealed))
        document.pop("filler", None)
        return document

    def seal(self, owner: User, score: Document, compared: Document | None) -> None:
        """Put a score and its comparisons into the row, which is not saved; none for one from before there were any.

        Filled up, so that the size does not tell whether it began a new line: somebody left a relationship.
        """
        if compared is None:
            self.sealed = seal(owner, self.LABEL, self.pk, score)
            return
        filler = " " * (COMPARED_BYTES - len(to_json(compared)))
        self.sealed = seal(owner, self.LABEL, self.pk, score | {"compared": compared, "filler": filler})
