"""Django's sessions in the database, of no use to somebody who can only read it.

The row's key is a digest of the cookie's key, and the data is sealed for that row. In the process, `session_key` stays
the cookie's key.
"""

import logging
from datetime import timedelta
from hashlib import sha256
from typing import Any, override

from allauth.usersessions.models import UserSession
from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.sealing import CannotOpen, seal_for_site, unseal_for_site

LABEL = "accounts.session"
CLOCKS_APART = timedelta(minutes=5)  # at most, of the hosts of one site
KEY_LENGTH = 40  # of django_session's primary key
RECORD = "log_in"  # in the session: the id of the record of its log-in

logger = logging.getLogger("django.security.SuspiciousSession")


def stored_form(key: str) -> str:
    """What the database holds of a session's key. Keys are random, so that a plain digest cannot be guessed back."""
    return sha256(key.encode()).hexdigest()[:KEY_LENGTH]


def stored_key(session: SessionBase) -> str:
    """What the database holds of this session's key; "" if it has none."""
    return stored_form(session.session_key) if session.session_key else ""


def place_of(row: Session) -> bytes:
    """Where a session's data is sealed."""
    return row.session_key.encode()


class SessionStore(DatabaseStore):
    """Settings name this module as SESSION_ENGINE."""

    # The async methods of the database store are copies of the sync ones; these call the sync ones.
    aload = SessionBase.aload
    aexists = SessionBase.aexists
    acreate = SessionBase.acreate
    asave = SessionBase.asave
    adelete = SessionBase.adelete

    @override
    def load(self) -> dict[str, Any]:
        """An unknown, expired, moved or damaged row is an empty session.

        So is one that lasts longer than any: it was written by a clock that has been set back since, and all that a
        session says of time (when it began, when a password or a code was shown) would be true for too long.
        """
        now = timezone.now()
        latest = now + timedelta(seconds=self.get_session_cookie_age()) + CLOCKS_APART
        row = Session.objects.filter(pk=stored_key(self), expire_date__gt=now, expire_date__lte=latest).first()
        if row is None:
            self._session_key = None
            return {}
        return opened(row)

    @override
    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=stored_form(session_key)).exists()

    @override
    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = Session(pk=stored_key(self), expire_date=self.get_expiry_date())
        row.session_data = seal_for_site(LABEL, place_of(row), data)
        return row

    @override
    def delete(self, session_key: str | None = None) -> None:
        Session.objects.filter(pk=stored_form(session_key) if session_key else stored_key(self)).delete()

    @override
    def cycle_key(self) -> None:
        """Move the session and the record of its log-in to a new key, together.

        Raises SessionInterrupted if the session was ended in the meantime: it must not live on under another key. One
        that another request has moved (a double click) is moved on from there. The record is locked before the session,
        in the order of `logins.end`.
        """
        record, old = UserSession.objects.filter(pk=self.get(RECORD)), stored_key(self)
        with transaction.atomic():
            old = record.select_for_update().values_list("session_key", flat=True).first() or old
            self.create()
            record.update(session_key=stored_key(self))
            moved, _ = Session.objects.filter(pk=old).delete()
            if SESSION_KEY in self and not moved:
                raise SessionInterrupted("The session was ended in another request.")

    @override
    async def acycle_key(self) -> None:
        await sync_to_async(self.cycle_key)()


def opened(row: Session) -> dict[str, Any]:
    """The data of a row, empty if it cannot be opened."""
    try:
        data: dict[str, Any] = unseal_for_site(LABEL, place_of(row), row.session_data)
    except CannotOpen:
        logger.warning("Session data corrupted")
        return {}
    return data
