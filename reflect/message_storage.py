"""Django's storage of messages between two pages, with our name for its cookie, which no setting has."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessagesInCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """In the cookie; what does not fit, in the session."""

    storage_classes = (MessagesInCookie, SessionStorage)
