"""Records of log-ins: where somebody is signed in, and how that is ended.

A record is allauth's UserSession with our key: the stored form of the session's key, as in the session's own row.
"""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from accounts.security_log import HASH_SHOWN, Event, log
from accounts.session_store import RECORD, stored_key

DEVICE_LENGTH = UserSession._meta.get_field("user_agent").max_length


def of(user: User) -> QuerySet[UserSession]:
    """Every record of somebody's log-ins, also of sessions that are over."""
    records: QuerySet[UserSession] = UserSession.objects.filter(user=user)
    return records


def open_now(user: User, session: SessionBase, now: datetime) -> QuerySet[UserSession]:
    """The log-ins whose session still opens something; `this` marks the given session's, which comes first."""
    alive = Exists(Session.objects.filter(pk=OuterRef("session_key"), expire_date__gt=now))
    this = Q(pk=session.get(RECORD))
    records: QuerySet[UserSession] = of(user).filter(alive).annotate(this=this).order_by("-this", "-last_seen_at")
    return records


@transaction.atomic
def end(records: QuerySet[UserSession]) -> None:
    """End the sessions of these log-ins; the records stay until their retention is over.

    Locking the records first makes this wait for a session that is just moving to a new key. So choose the records by
    what does not change with the key.
    """
    accounts = dict(records.order_by("pk").select_for_update().values_list("session_key", "user_id"))
    sessions = Session.objects.filter(pk__in=accounts)
    for key in sessions.values_list("pk", flat=True):
        log(Event.SESSION_ENDED, account=accounts[key], ended=key[:HASH_SHOWN])
    sessions.delete()


def end_others(user: User, session: SessionBase) -> None:
    """Sign somebody out everywhere but in this session."""
    end(of(user).exclude(pk=session.get(RECORD)))


def seen(session: SessionBase, now: datetime) -> None:
    """Move the time of last use of the session's log-in."""
    UserSession.objects.filter(pk=session.get(RECORD)).update(last_seen_at=now)


def record(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Record a log-in (receiver of `user_logged_in`)."""
    if not request.session.session_key:
        request.session.create()
    now, device = timezone.now(), request.headers.get("User-Agent", "")[:DEVICE_LENGTH]
    place = {"ip": get_adapter().get_client_ip(request), "user_agent": device}
    row, _created = UserSession.objects.update_or_create(
        session_key=stored_key(request.session), defaults={"user": user, "last_seen_at": now, **place}
    )
    request.session[RECORD] = row.pk


def change_key(*, request: HttpRequest, reauthenticated: bool = False, **_: Any) -> None:
    """A session that may do more gets a new key (receiver of `authentication_step_completed`)."""
    if reauthenticated:
        request.session.cycle_key()


def end_all(*, user: User, **_: Any) -> None:
    """Sign somebody out everywhere (and the receiver of each signal of a new password)."""
    end(of(user))


def follow() -> None:
    """Connect the receivers; called once, from `AppConfig.ready`."""
    user_logged_in.connect(record)
    authentication_step_completed.connect(change_key)
    for new_password in (password_changed, password_set, password_reset):
        new_password.connect(end_all)
