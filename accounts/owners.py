"""Making an owner on the server itself: the first one, whom nobody can give the role, or one when all are lost."""

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction

from accounts import recovery_codes, roles, second_factor, staff_log
from accounts.codes import new_code
from accounts.mails import post_role_changed
from accounts.models import Staff, User
from accounts.models.staff import StaffAction
from accounts.role_changes import owners
from accounts.roles import Role
from accounts.security_log import Event, log

PASSWORD_GROUPS, PASSWORD_GROUP_LENGTH = 5, 4
SAID = "Made an owner on the server."


class AddressTaken(Exception):
    """The address has an account."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What the new owner needs to log in, in clear: it is shown once. `uri` is what authenticator apps read."""

    password: str
    secret: str
    uri: str
    codes: list[str]


@transaction.atomic
def make_owner(*, address: str, now: datetime) -> Owner:
    """Make an account with this address, confirmed, with a second factor. The owners that there are get a mail.

    Whoever runs this has the keys and the database already. Raises AddressTaken; ValidationError for no address.
    """
    if User.objects.is_taken(address):
        raise AddressTaken
    told = list(owners().order_by("pk"))
    password = new_code(PASSWORD_GROUPS, PASSWORD_GROUP_LENGTH)
    user = User.objects.create_user(address, password)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    roles.give(user, Role.OWNER)
    secret = generate_totp_secret()
    with second_factor.secrets_of(user):
        TOTP.activate(user, secret)
    for one in told:
        post_role_changed(one, role=Role.OWNER, given=True, theirs=False, now=now)
    staff_log.record(user.pk, StaffAction.Kind.ROLE, model=Staff._meta.label_lower, row=str(user.pk), said=SAID)
    log(Event.FACTOR_ADDED, account=user.pk, by="create_owner")
    uri = get_adapter().build_totp_url(user, secret)
    return Owner(password=password, secret=secret, uri=uri, codes=recovery_codes.make(user))
