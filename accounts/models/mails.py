"""The e-mails that are to be sent."""

import uuid
from typing import Any, override

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mail(models.Model):
    """One e-mail, stored before it is sent, so that it is sent once and none is lost (`accounts/outbox.py`).

    `once` is what is said: a person hears it once `about` the same thing, which is the id of a row that the mail's kind
    knows. `sealed` holds the address, where it is not the owner's own, and what the text needs; it is emptied once the
    mail is sent or dropped. The row is marked before (`begun_at`) and after (`sent_at`) SMTP; its id is in the
    Message-ID, so that a mail repeated after a crash is recognised as the same one. `dropped_at`: it no longer applied,
    or was not taken until `not_after`. A mail without an owner outlives the account ("your account is closed").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=16)
    about = models.UUIDField(_("about"), null=True)
    once = models.CharField(_("what is said once"), max_length=80)
    sealed = models.TextField(_("address and parameters"), null=True, editable=False)  # noqa: DJ001  # null: emptied
    not_after = models.DateTimeField(_("not sent after"))
    made_at = models.DateTimeField(_("made"), db_index=True)
    begun_at = models.DateTimeField(_("begun"), null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    dropped_at = models.DateTimeField(_("not sent"), null=True)

    # What `sealed` holds, while the mail is being composed.
    to: str
    params: dict[str, Any]

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["made_at"], condition=models.Q(sent_at=None, dropped_at=None), name="mail_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "about", "once"], nulls_distinct=False, name="mail_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(dropped_at=None), name="mail_sent_or_dropped"
            ),
            models.CheckConstraint(
                condition=models.Q(sealed=None) | models.Q(sent_at=None, dropped_at=None), name="mail_done_is_empty"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
