"""Answers to published questions, with what readers leave at them: that one helped, and flags."""

from typing import Self, override
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal_for_site, unseal_for_site
from exchange.models.questions import Question

LONGEST_ANSWER = 2_000  # characters


class Answering(models.Model):
    """Who is writing an answer: the others see that, and wait until then."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, primary_key=True, related_name="answering")
    specialist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("answer being written")
        verbose_name_plural = _("answers being written")

    @override
    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """A specialist's answer, one to a question. `reply` answers the one thing more."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answer_set", db_index=False)
    specialist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("text"), max_length=LONGEST_ANSWER)
    reply = models.TextField(_("reply to the one thing more"), max_length=LONGEST_ANSWER, default="", blank=True)
    on = models.DateField(_("day"))
    replied_on = models.DateField(_("day of the reply"), null=True, blank=True)
    edited_on = models.DateField(_("day of the last edit"), null=True, blank=True)
    thanked = models.BooleanField(_("the author says thank you"), default=False)
    helped = models.PositiveIntegerField(_("helped"), default=0, db_default=0)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["question", "specialist"], name="answer_once_each"),
            models.CheckConstraint(condition=~Q(text=""), name="answer_not_empty"),
            models.CheckConstraint(
                condition=Q(reply="", replied_on=None) | (~Q(reply="") & Q(replied_on__isnull=False)),
                name="answer_reply_with_its_day",
            ),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)


class AnswerVersionQuerySet(models.QuerySet["AnswerVersion"]):
    def of_specialist(self, user: User | AnonymousUser) -> Self:
        return self.filter(answer__specialist=user.pk) if user.pk else self.none()


class AnswerVersion(models.Model):
    """An answer as it read before an edit on that day."""

    id = models.BigAutoField(primary_key=True)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(_("text"), max_length=LONGEST_ANSWER)
    reply = models.TextField(_("reply to the one thing more"), max_length=LONGEST_ANSWER, default="", blank=True)
    until = models.DateField(_("until"))

    objects = AnswerVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version of an answer")
        verbose_name_plural = _("earlier versions of answers")

    @override
    def __str__(self) -> str:
        return str(self.pk)


class Helped(models.Model):
    """That an answer helped somebody. The id is made with their data key: one a person, and no name."""

    LABEL = "exchange.helped"  # of the tag whose first 16 bytes are the id

    id = models.UUIDField(primary_key=True, editable=False)
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("thumbs up")
        verbose_name_plural = _("thumbs up")

    @override
    def __str__(self) -> str:
        return str(self.pk)


class Flag(models.Model):
    """That somebody wants a moderator to look at a question, or at an answer to it.

    The id is made like that of Helped.
    """

    LABEL = "exchange.flag"

    id = models.UUIDField(primary_key=True, editable=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    on = models.DateField(_("day"))
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    sealed = models.TextField(_("reason, sealed"), editable=False)

    class Meta:
        verbose_name = _("flag")
        verbose_name_plural = _("flags")
        indexes = [models.Index(fields=["on"], condition=Q(settled_on=None), name="flag_open")]

    @override
    def __str__(self) -> str:
        return str(self.pk)

    def reason(self) -> str:
        """Raises CannotOpen."""
        reason: str = unseal_for_site(self.LABEL, self.pk.bytes, self.sealed)
        return reason

    def seal(self, reason: str) -> None:
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, reason)
