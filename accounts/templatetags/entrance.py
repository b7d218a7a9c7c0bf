"""The limits of passwords and codes, for sentences that state them."""

from datetime import timedelta

from django import template
from django.conf import settings

from lib.figures import lasting, spelled

register = template.Library()


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
