"""Mails about contact and questions: an answer, and what is new; and that something waits for staff, of whatever app.

An answer goes only to an address that its owner called safe. It repeats nothing of what was asked. That there is news
about somebody's question, a mail says whose row in the outbox names nobody in clear.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from accounts import outbox
from accounts.models import Mail, User
from accounts.notices import Kind, choice_of, may_be_mailed
from lib.waiting import kinds

ANSWER, WAITING, QUESTION_NEWS = "contact_answer", "contact_waiting", "question_news"


def post_answer(contact_id: UUID, to: str, text: str, *, once: str, now: datetime) -> None:
    params = {"text": text, "language": translation.get_language()}
    outbox.post(None, kind=ANSWER, about=contact_id, once=once, to=to, params=params, now=now)


def post_waiting(team: list[User], *, now: datetime) -> None:
    """Queue a mail to each, once a day."""
    outbox.post_each(team, kind=WAITING, once=f"waiting:{now:%Y-%m-%d}", now=now)


def what_waits(now: datetime) -> set[str]:
    """The rights of those whom something waits for (`lib/waiting.py`)."""
    return {kind.right for kind in kinds if kind.is_mailed and kind.tally(now).count}


def compose_answer(mail: Mail, now: datetime) -> EmailMessage:
    context = {"text": mail.params["text"], "contact": settings.SITE_URL + reverse("contact")}
    return outbox.render(mail, "exchange/email/answer", context)


def compose_waiting(mail: Mail, now: datetime) -> EmailMessage | None:
    """That something waits, and neither what nor how much; nothing if somebody has seen to it meanwhile."""
    if mail.owner is None or not any(map(mail.owner.has_perm, what_waits(now))):
        return None
    return outbox.render(mail, "exchange/email/waiting", {"admin": settings.SITE_URL + reverse("admin:index")})


def post_question_news(account: UUID, *, now: datetime) -> None:
    outbox.post(None, kind=QUESTION_NEWS, params={"account": str(account)}, now=now)


def compose_question_news(mail: Mail, now: datetime) -> EmailMessage | None:
    """The e-mail about any notice; nothing if it is not wanted any more."""
    owner = User.objects.filter(pk=mail.params["account"]).select_related("data_key").first()
    if owner is None or not may_be_mailed(owner):
        return None
    choice = choice_of(owner)
    if not choice.mail_is_safe or Kind.ANSWER in choice.not_mailed:
        return None
    mail.to, mail.params["language"] = owner.email, owner.language
    return outbox.render(mail, "accounts/email/news", {"log_in": settings.SITE_URL + reverse("account_login")})


def register_mails() -> None:
    """Called once, from `AppConfig.ready`."""
    outbox.register(QUESTION_NEWS, compose_question_news)
    outbox.register(ANSWER, compose_answer)
    outbox.register(WAITING, compose_waiting)
