"""Services that change an account as a whole."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from accounts import logins
from accounts.mails import post_notice
from accounts.models import Erased, Mail, Notice, User
from accounts.privacy import ERASED, LOGIN_RECORDS, MAILS, NOTICES, after_deactivation, before_erasure
from accounts.security_log import Event, log


@transaction.atomic
def erase_account(*, owner: User, now: datetime) -> None:
    """Sign the owner out everywhere and delete the account with all of its rows, the data key included.

    What stays is its id, so that a restored backup does not bring it back (`erasures.py`).
    The rows go by CASCADE: `accounts/privacy.py` declares every model, and its test checks that each one cascades.
    """
    for leave in before_erasure:
        leave(owner, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.erasing', %s, true)", [str(owner.pk)])
    logins.end_all(user=owner)
    # Blank `object_repr` in the admin log: it holds the address or name.
    LogEntry.objects.filter(object_id=str(owner.pk)).update(object_repr="")
    User.objects.filter(pk=owner.pk).delete()
    # One that is erased again, after a restore, keeps the time of the first erasure.
    Erased.objects.bulk_create([Erased(account=owner.pk, at=now)], ignore_conflicts=True)
    log(Event.ERASED, account=owner.pk)


@transaction.atomic
def remove_second_factors(*, user: User, now: datetime) -> None:
    """Remove the second factors that somebody has lost, sign them out everywhere, and tell them by e-mail."""
    Authenticator.objects.filter(user=user).delete()
    logins.end_all(user=user)
    post_notice("account/email/second_step_removed", user.email, owner=user, now=now)


class IsStaff(Exception):
    """Staff are not shut out while they have a role."""


@transaction.atomic
def shut_out(*, user_id: UUID, now: datetime) -> None:
    """Deactivate an account, and end its sessions and its meetings to come. Raises IsStaff."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.is_staff or user.is_superuser:
        raise IsStaff
    user.is_active = False
    user.save(update_fields=["is_active"])
    logins.end_all(user=user)
    for follow in after_deactivation:
        follow(user, now)


def let_in(*, user_id: UUID) -> None:
    """Activate an account again."""
    User.objects.filter(pk=user_id).update(is_active=True)


@transaction.atomic
def forget_old_records(*, now: datetime) -> None:
    """Delete expired sessions, and notices, ids of erased accounts, records of log-ins and mails after their time."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.filter(created_at__lt=LOGIN_RECORDS.cutoff(now)).delete()
    Mail.objects.filter(made_at__lt=MAILS.cutoff(now)).delete()
    Notice.objects.filter(at__lt=NOTICES.cutoff(now)).delete()
    Erased.objects.filter(at__lt=ERASED.cutoff(now)).delete()
