"""Addresses as people write them, and the limits of passwords and codes for sentences that state them."""

from datetime import timedelta
from uuid import UUID

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils import timezone

from accounts import addresses
from accounts.adapter import CODE_MAIL
from accounts.mails import is_late
from lib.direction import isolated
from lib.figures import lasting, spelled

register = template.Library()


@register.filter
def shown(address: str) -> str:
    """An address as people write it, for a sentence."""
    return isolated(addresses.shown(address))


@register.simple_tag
def password_length() -> int:
    return settings.PASSWORD_LENGTH


@register.simple_tag
def code_lasts() -> str:
    """How long a code sent by e-mail is valid, as in "10 minutes"."""
    return lasting(timedelta(seconds=settings.CODE_SECONDS), "minutes")


@register.simple_tag
def code_tries() -> str:
    return spelled(settings.CODE_TRIES)


@register.simple_tag(takes_context=True)
def code_is_late(context: Context) -> bool:
    """Whether the code that this page asks for was not handed over in time."""
    mail_id = context["request"].session.get(CODE_MAIL)
    return mail_id is not None and is_late(UUID(mail_id), timezone.now())
