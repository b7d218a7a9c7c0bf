"""The security log: one line of JSON for each event that an operator may have to look into.

A line holds the time in UTC, the event, the account's id, a hash of the session and the network, shortened so that it
names no household. It never holds an address, a name or anything that somebody wrote. Nor the id of the request, by
which the log of requests (`lib/logs.py`) would tell what an account looked at. Where it goes: `SECURITY_LOG`.
"""

import hashlib
import json
import logging
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from lib.metrics import security_events

logger = logging.getLogger("reflect.security")
HASH_SHOWN = 16


class Event(StrEnum):
    """What is logged."""

    LOG_IN = "log_in"
    LOG_IN_FAILED = "log_in_failed"
    REAUTHENTICATED = "reauthenticated"
    CODE_SENT = "code_sent"
    CODE_REJECTED = "code_rejected"
    FACTOR_REJECTED = "factor_rejected"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  # the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105  # the name of an event
    ADDRESS_CONFIRMED = "address_confirmed"
    ADDRESS_CHANGED = "address_changed"
    SESSION_ENDED = "session_ended"
    EXPORTED = "exported"
    IMPORTED = "imported"
    PRACTICE_ENDED = "practice_ended"
    CLOSING = "closing"
    ERASED = "erased"
    ADMIN_ACTION = "admin_action"
    ADMIN_READING = "admin_reading"
    DENIED = "denied"


for _event in Event:
    security_events.labels(_event)  # from 0 on, so that the first one is an increase


SIGNALS: Mapping[Signal, Event] = {
    user_logged_in: Event.LOG_IN,
    user_login_failed: Event.LOG_IN_FAILED,
    account.login_code_rejected: Event.CODE_REJECTED,
    account.password_reset_code_rejected: Event.CODE_REJECTED,
    account.email_verification_code_rejected: Event.CODE_REJECTED,
    account.password_changed: Event.PASSWORD_CHANGED,
    account.password_set: Event.PASSWORD_CHANGED,
    account.password_reset: Event.PASSWORD_RESET,
    account.email_confirmed: Event.ADDRESS_CONFIRMED,
    account.email_changed: Event.ADDRESS_CHANGED,
    user_logged_out: Event.SESSION_ENDED,
    mfa.authenticator_added: Event.FACTOR_ADDED,
    mfa.authenticator_removed: Event.FACTOR_REMOVED,
    mfa.authenticator_reset: Event.RECOVERY_CODES_MADE,
    mfa.authentication_failed: Event.FACTOR_REJECTED,
}


def log(event: Event, *, account: UUID | None, request: HttpRequest | None = None, **details: str) -> None:
    """Write one line; `details` are names and ids. Without `request`, the one that is being answered, if any."""
    request = request or context.request
    line = {
        "at": timezone.now().isoformat(timespec="milliseconds"),
        "event": event,
        "account": account and str(account),
        "session": request and session_hash(request),
        "network": request and network_of(request),
    }
    logger.info(json.dumps(line | details))
    security_events.labels(event).inc()


def session_hash(request: HttpRequest) -> str | None:
    """Enough of a hash of the session's key to tell which lines belong together."""
    key = request.session.session_key if hasattr(request, "session") else None
    return hashlib.sha256(key.encode()).hexdigest()[:HASH_SHOWN] if key else None


def network_of(request: HttpRequest) -> str | None:
    """The client's network: /24 of IPv4, /64 of IPv6."""
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except PermissionDenied:  # allauth's way to say that there is none
        return None
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


def follow_events() -> None:
    """Connect the log to what Django, allauth and the admin announce; called once, from `AppConfig.ready`."""
    for signal, event in SIGNALS.items():
        signal.connect(partial(announced, event=event), weak=False, dispatch_uid=f"security_log.{event}")
    account.authentication_step_completed.connect(step_completed)


def announced(*, event: Event, request: HttpRequest | None = None, user: Any = None, **more: Any) -> None:
    """Receiver of SIGNALS."""
    address = more.get("email_address")
    details = {"ways": ways_of(request, user)} if event is Event.LOG_IN and request else {}
    log(event, account=user.pk if user else address and address.user_id, request=request, **details)


def ways_of(request: HttpRequest, user: Any) -> str:
    """What a log-in was done with, in order: `password totp`."""
    return " ".join(record.get("type", record["method"]) for record in get_authentication_records(request, user))


def step_completed(*, user: Any, method: str, reauthenticated: bool = False, **more: Any) -> None:
    """Receiver for each way in which somebody shows who they are; a log-in has a line of its own."""
    if reauthenticated:
        log(Event.REAUTHENTICATED, account=user.pk, ways=more.get("type", method))
