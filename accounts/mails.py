"""Mails about the account itself: codes, notices of what has changed, and the closing of an account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import outbox
from accounts.models import Mail, User
from accounts.roles import Role
from accounts.security_log import Event, log
from lib.zones import zone

CODE, DECOY, NOTICE, CLOSING, ROLE = "code", "decoy", "notice", "closing", "role"

# What somebody waits for at the page that asks for a code: a code, or an answer that looks the same from outside.
ANSWERS = {
    "account/email/account_already_exists": CODE,
    "account/email/email_confirmation": CODE,
    "account/email/email_confirmation_signup": CODE,
    "account/email/login_code": CODE,
    "account/email/password_reset_code": CODE,
    "account/email/unknown_account": DECOY,
}
ROLE_CHANGED = {  # whether it is the reader's, and whether it was given
    (True, True): _("You were given a role: {role}. It begins with your next log-in."),
    (True, False): _("A role was taken from you: {role}."),
    (False, True): _("Somebody was given a role: {role}."),
    (False, False): _("A role was taken from somebody: {role}."),
}
SHOWN = ("code",)  # what the templates show of allauth's context; its links begin with the Host header


def post_code(template: str, to: str, *, owner: User | None, context: dict[str, Any], now: datetime) -> Mail:
    """Queue a code, or a decoy, ahead of all other mails. Both cost the same rows and queries."""
    params = params_of(template, context)
    lasts = timedelta(seconds=settings.CODE_SENT_WITHIN)
    log(Event.CODE_SENT, account=owner.pk if owner else None)
    return outbox.post(owner, kind=ANSWERS[template], to=to, params=params, lasts=lasts, priority=outbox.FIRST, now=now)


def post_notice(template: str, to: str, *, owner: User | None, now: datetime, **context: Any) -> Mail:
    """Queue a mail that says what has happened to an account. Without an owner, it outlives the account."""
    return outbox.post(owner, kind=NOTICE, to=to, params=params_of(template, context), now=now)


def params_of(template: str, context: dict[str, Any]) -> dict[str, Any]:
    shown = {name: context[name] for name in SHOWN if name in context}
    return {"template": template, "language": translation.get_language(), **shown}


def post_closing(owner: User, now: datetime) -> None:
    """Queue the mail that says when the account closes."""
    outbox.post(owner, kind=CLOSING, now=now)


def post_role_changed(to: User, *, role: Role, given: bool, theirs: bool, now: datetime) -> None:
    """Queue the mail that says that a role was given or taken: `theirs`, or somebody's, for those who answer for it."""
    outbox.post(to, kind=ROLE, params={"role": role, "given": given, "theirs": theirs}, now=now)


def is_late(mail_id: UUID, now: datetime) -> bool:
    """Whether a mail was not handed over in time. A decoy answers as a code would."""
    done = Coalesce("sent_at", "dropped_at", Value(now))
    return Mail.objects.filter(pk=mail_id, not_after__lte=done).exists()


def compose(mail: Mail, now: datetime) -> EmailMessage:
    """A code or a notice."""
    reset = settings.SITE_URL + reverse("account_reset_password")
    return outbox.render(mail, mail.params["template"], {"reset": reset, **mail.params})


def compose_decoy(mail: Mail, now: datetime) -> None:
    """Say nothing, but reach the mail server as a code does, so that `is_late` does not tell the two apart."""
    connection = mailers.default
    connection.open()
    connection.close()


def compose_closing(mail: Mail, now: datetime) -> EmailMessage | None:
    """When the account closes; nothing if its owner keeps it."""
    owner = mail.owner
    if owner is None or owner.closes_at is None:
        return None
    day = timezone.localtime(owner.closes_at, zone(owner.timezone))
    return outbox.render(mail, "account/email/closing", {"day": day})


def compose_role_changed(mail: Mail, now: datetime) -> EmailMessage:
    """Which role, and neither whose it is nor who gave it: the log says that to those who may read it."""
    theirs, given = mail.params["theirs"], mail.params["given"]
    sentence = format_lazy(ROLE_CHANGED[theirs, given], role=Role(mail.params["role"]).label)
    log_of_staff = settings.SITE_URL + reverse("admin:accounts_staffaction_changelist")
    context = {"theirs": theirs, "sentence": sentence, "log_of_staff": log_of_staff}
    return outbox.render(mail, "account/email/role_changed", context)


def register_mails() -> None:
    """Called once, from `AppConfig.ready`."""
    outbox.register(CODE, compose)
    outbox.register(NOTICE, compose)
    outbox.register(DECOY, compose_decoy)
    outbox.register(CLOSING, compose_closing)
    outbox.register(ROLE, compose_role_changed)
