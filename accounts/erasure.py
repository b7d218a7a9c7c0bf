"""Closing an account: on request, after seven days or at once, or when it has not been used for 24 months."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import translation

from accounts import logins
from accounts.mails import post_closing, post_notice
from accounts.models import User
from accounts.privacy import UNCONFIRMED, UNUSED
from accounts.security_log import Event, log
from accounts.services import erase_account

TO_UNDO = timedelta(days=7)
FIRST_NOTICE = timedelta(days=30)
SECOND_NOTICE = timedelta(days=7)


@transaction.atomic
def ask_to_close(*, owner: User, now: datetime) -> None:
    """Sign the owner out everywhere, and delete the account in seven days unless they log in and keep it."""
    if not User.objects.filter(pk=owner.pk).update(closes_at=now + TO_UNDO, closing_notices=0):
        return  # erased meanwhile
    owner.refresh_from_db(fields=["closes_at", "closing_notices"])
    logins.end_all(user=owner)
    post_closing(owner, now)
    log(Event.CLOSING, account=owner.pk)


@transaction.atomic
def keep_account(*, owner: User) -> None:
    owner.closes_at, owner.closing_notices = None, 0
    owner.save(update_fields=["closes_at", "closing_notices"])


@transaction.atomic
def close_account(*, owner: User, now: datetime) -> None:
    """Erase the account now, and confirm it by e-mail: once, if it is asked for twice at the same time."""
    if User.objects.select_for_update(no_key=True).filter(pk=owner.pk).first():
        with translation.override(owner.language):
            post_notice("account/email/closed", owner.email, owner=None, now=now)
        erase_account(owner=owner, now=now)


def close_due_accounts(*, now: datetime) -> None:
    """Erase every account whose closing date has passed. The lock keeps one that its owner is just keeping."""
    for pk in User.objects.filter(closes_at__lte=now).values_list("pk", flat=True):
        with transaction.atomic():
            owner = User.objects.select_for_update(no_key=True).filter(pk=pk, closes_at__lte=now).first()
            if owner:
                close_account(owner=owner, now=now)


def erase_unconfirmed_accounts(*, now: datetime) -> None:
    """Erase accounts whose address was never confirmed, without a mail: it may be the address of a stranger.

    The lock keeps one whose code is just being written.
    """
    due = User.objects.never_confirmed().filter(created_at__lte=UNCONFIRMED.cutoff(now))
    for pk in due.values_list("pk", flat=True):
        with transaction.atomic():
            owner = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if owner and due.filter(pk=pk).exists():
                erase_account(owner=owner, now=now)


def erase_unconfirmed_at(address: str, *, but: User, now: datetime) -> None:
    """Erase an account that was never confirmed, for somebody who has just shown that they read its mail."""
    others = User.objects.never_confirmed().filter(pk__in=User.objects.at(address).order_by().values("pk"))
    for pk in others.exclude(pk=but.pk).values_list("pk", flat=True):
        with transaction.atomic():
            owner = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
            if owner and others.filter(pk=pk).exists():
                erase_account(owner=owner, now=now)


def announce_unused_accounts(*, now: datetime) -> None:
    """Write to the owners of accounts unused for almost 24 months, 30 days and again 7 days before they close."""
    first = {"closes_at": now + FIRST_NOTICE, "closing_notices": 1}
    for owner in unused_since(UNUSED.cutoff(now + FIRST_NOTICE)).filter(closes_at=None):
        announce(owner, Q(closes_at=None), now, **first)
    second = Q(closing_notices=1, closes_at__lte=now + SECOND_NOTICE)
    for owner in User.objects.filter(second):
        announce(owner, second, now, closing_notices=2)


def used_again(*, user: User, **_: Any) -> None:
    """Keep an account that was to close as unused (receiver of `user_logged_in`); a requested deletion stays."""
    if user.closing_notices:
        keep_account(owner=user)


def unused_since(moment: datetime) -> QuerySet[User]:
    return User.objects.alias(used_at=Coalesce("last_login", "created_at")).filter(used_at__lte=moment)


@transaction.atomic
def announce(owner: User, still: Q, now: datetime, **closing: Any) -> None:
    if User.objects.filter(still, pk=owner.pk).update(**closing):
        post_closing(owner, now)
