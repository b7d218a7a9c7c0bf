"""What is new for a person."""

import uuid
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()

    def new(self) -> Self:
        """Those that their owner has not opened yet."""
        return self.filter(opened_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-at", "id")

    def behind(self, notice_id: uuid.UUID) -> Self:
        """Those after this one in the order of `latest_first`, for paging by key; adds no query."""
        when = models.Subquery(self.order_by().filter(pk=notice_id).values("at"))
        return self.filter(Q(at__lt=when) | Q(id__gt=notice_id), at__lte=when)


class Notice(models.Model):
    """Something new for a person. What it is about is sealed: a copy of the database says only that, and when.

    There is one row for each thing: `accounts/notices.py` makes its id from kind and target with the owner's key. When
    something happens again, the row moves up and is new again.
    """

    LABEL = "accounts.notice"

    class Kind(models.TextChoices):
        ANSWER = "answer", _("You get an answer")
        MESSAGE = "message", _("A message arrives")
        TIME_FREED = "time_freed", _("An earlier time opens")
        MEETING_CHANGED = "meeting_changed", _("A meeting changes")
        PROFILE_CHECKED = "profile_checked", _("Your profile is checked")
        ANSWER_AGAIN = "answer_again", _("You are asked to answer the questions again")
        TAKEN_DOWN = "taken_down", _("An answer of yours is taken down")

    id = models.UUIDField(primary_key=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(_("time"))
    opened_at = models.DateTimeField(_("opened"), null=True)
    sealed = models.BinaryField(_("kind and target"))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["owner", "-at", "id"], name="notice_of_owner"),
            models.Index(fields=["at"], name="notice_at"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)
