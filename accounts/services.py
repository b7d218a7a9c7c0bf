"""What changes an account as a whole."""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import User
from accounts.privacy import LOGIN_RECORDS, before_erasure


@transaction.atomic
def erase_account(*, owner: User, now: datetime) -> None:
    """Sign the owner out everywhere, then remove every row of theirs: the consents and, last of all, the data key.

    Every model with an owner goes by its CASCADE (`accounts/privacy.py` holds the list, its test holds the CASCADE).
    """
    for leave in before_erasure:
        leave(owner, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.erasing', %s, true)", [str(owner.pk)])
    Session.objects.filter(session_key__in=UserSession.objects.filter(user=owner).values("session_key")).delete()
    # What staff did to rows that bear the account's id: the name of an account is its address, of a profile a name.
    LogEntry.objects.filter(object_id=str(owner.pk)).update(object_repr="")
    User.objects.filter(pk=owner.pk).delete()


@transaction.atomic
def remove_second_factors(*, user: User) -> None:
    """Take away the second factors that somebody has lost, sign them out everywhere, and say so to their address."""
    Authenticator.objects.filter(user=user).delete()
    Session.objects.filter(session_key__in=UserSession.objects.filter(user=user).values("session_key")).delete()
    context = {"reset": settings.SITE_URL + reverse("account_reset_password")}
    message = get_adapter().render_mail("account/email/second_step_removed", user.email, context)
    transaction.on_commit(message.send, robust=True)


@transaction.atomic
def forget_old_records(*, now: datetime) -> None:
    """Delete sessions that have ended by themselves, and the records of log-ins that are older than promised."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.filter(created_at__lt=LOGIN_RECORDS.cutoff(now)).delete()
