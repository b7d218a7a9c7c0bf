"""The one way out for e-mails: stored with the change that causes them, composed and sent by the worker.

An app registers how each kind of its mails is composed. That happens when a mail is sent, so that it says what is true
then, or nothing. No request ever waits for the mail server.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from accounts.models import Mail, User
from accounts.sealing import seal_for_site, unseal_for_site
from lib.waiting import Tally, tally_of

type Compose = Callable[[Mail, datetime], EmailMessage | None]

SEND = "accounts.tasks.send_mail"
LABEL = "accounts.mail"
TRIED_FOR = timedelta(days=3)
FIRST = 10  # priority of a mail that somebody is waiting for


class NotTaken(Exception):
    """The mail server did not take a mail. The message says why in one word, and nothing of whom the mail was for."""


logger = logging.getLogger(__name__)
composers: dict[str, Compose] = {}


def register(kind: str, compose: Compose) -> None:
    """Say how mails of a kind are composed, once, from `AppConfig.ready`. None means: it no longer applies."""
    if kind in composers:
        raise ValueError(f"{kind} is registered twice.")
    composers[kind] = compose


def post(owner: User | None, *, kind: str, now: datetime, **about_it: Any) -> Mail:
    """Queue a mail to one person, or to the address `to`. See `post_each`."""
    [mail] = post_each([owner], kind=kind, now=now, **about_it)
    return mail


@transaction.atomic(savepoint=False)
def post_each(
    owners: Sequence[User | None],
    *,
    kind: str,
    now: datetime,
    about: UUID | None = None,
    once: str = "",
    to: str = "",
    params: dict[str, Any] | None = None,
    lasts: timedelta = TRIED_FOR,
    priority: int = 0,
) -> list[Mail]:
    """Queue a mail to several people, in two queries, whoever they are.

    Rows and jobs belong to the caller's transaction: if it is rolled back, nothing is sent. With `once`, a mail that an
    owner has in the outbox already is skipped, and its extra job finds nothing. `to`: the address, if it is not the
    owner's own at the time of sending. `params`, as JSON, is what the text needs.
    """
    mails = [Mail(owner=owner, kind=kind, about=about, not_after=now + lasts, made_at=now) for owner in owners]
    for mail in mails:
        mail.once = once or str(mail.pk)
        if to or params:
            mail.sealed = seal_for_site(LABEL, mail.pk.bytes, {"to": to, "params": params or {}})
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    jobs: list[JSONDict] = [{"mail_id": str(mail.pk)} for mail in mails]
    app.configure_task(SEND, priority=priority).batch_defer(*jobs)
    return mails


def waiting() -> Tally:
    """How many mails wait to be sent, and since when the oldest does. One query."""
    return tally_of(Mail.objects.filter(sent_at=None, dropped_at=None), since="made_at")


def send(mail_id: UUID, now: datetime) -> bool:
    """Send a mail unless it was sent already, no longer applies or is too late. Returns whether it was sent now.

    The row is marked before and after. A crash in between may repeat the mail, with the same Message-ID.
    Raises NotTaken.
    """
    waiting = Mail.objects.filter(pk=mail_id, sent_at=None, dropped_at=None)
    if not waiting.update(begun_at=now):
        return False
    with transaction.atomic():
        keep_others_from(mail_id)
        mail = waiting.select_related("owner").first()
        if mail is None:
            return False
        letter = compose(mail, now)
        if letter:
            hand_over(letter)
            waiting.update(sealed=None, sent_at=now)
        else:
            waiting.update(sealed=None, dropped_at=now)
    return letter is not None


def keep_others_from(mail_id: UUID) -> None:
    """Let one worker at a time send this mail. The row stays free: its owner can delete the account meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(mail_id.bytes[:8], signed=True)])


def hand_over(letter: EmailMessage) -> None:
    """Give a mail to the mail server, whose own errors would bring the address into the log. Raises NotTaken."""
    try:
        letter.send()
    except (OSError, ValueError) as error:  # of SMTP, and of an address that an earlier release stored
        logger.warning("A mail was not taken: %s", type(error).__name__)
        raise NotTaken(type(error).__name__) from None


def compose(mail: Mail, now: datetime) -> EmailMessage | None:
    """Have the mail composed by the app that owns its kind; its id becomes the Message-ID. None: it is too late."""
    if now >= mail.not_after:
        logger.warning("A mail of the kind %s was not handed over in time: %s", mail.kind, mail.pk)
        return None
    held: dict[str, Any] = {"to": "", "params": {}}
    if mail.sealed:
        held = unseal_for_site(LABEL, mail.pk.bytes, mail.sealed)
    mail.to, mail.params = held["to"], held["params"]
    letter = composers[mail.kind](mail, now)
    if letter:
        letter.extra_headers["Message-ID"] = f"<{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>"
    return letter


def render(mail: Mail, template: str, context: dict[str, Any], headers: dict[str, str] | None = None) -> EmailMessage:
    """Render a template in the owner's language, or in that of `params`, to the address that the mail is for."""
    owner = mail.owner
    to = mail.to or (owner.email if owner else "")
    with translation.override(owner.language if owner else mail.params.get("language")):
        letter: EmailMessage = get_adapter().render_mail(template, to, context, headers)
    return letter
