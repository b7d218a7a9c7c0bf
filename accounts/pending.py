"""What a log-in, sign-up or reset that waits for a code remembers in the session."""

import time
from uuid import uuid4

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.conf import settings
from django.http import HttpRequest

from accounts.addresses import mailable
from accounts.models import User

MAILED_TO = "code_mailed_to"  # in the session: the account as it was when it was sent a code


def remember_account(request: HttpRequest, account: User | None) -> None:
    request.session[MAILED_TO] = state_of(account)


def is_as_remembered(request: HttpRequest, account: User | None) -> bool:
    """Whether the account is there, with the address and the password that it had when it was sent a code."""
    return account is not None and request.session.get(MAILED_TO) == state_of(account)


def state_of(account: User | None) -> list[str]:
    return [account.email, account.get_session_auth_hash()] if account else []


READS_MAIL = "reads_mail_of"  # in the session: an address, since when, and how many passwords are left to try


def remember_reader(request: HttpRequest, address: str) -> None:
    """A code from this mailbox was shown. It opens nothing: whoever reads somebody's mail would go unnoticed."""
    request.session[READS_MAIL] = [mailable(address), time.time(), settings.CODE_TRIES]


def may_try_password(request: HttpRequest, address: str) -> bool:
    """Whether a code from the mailbox of this address came first, for a few tries and minutes."""
    shown, at, left = request.session.get(READS_MAIL, ["", 0, 0])
    if shown != mailable(address) or not left or time.time() - at > settings.CODE_SECONDS:
        return False
    request.session[READS_MAIL] = [shown, at, left - 1]
    return True


def pretend_log_in(request: HttpRequest) -> None:
    """Have the page for the code look somebody up, as it does for an account."""
    if login := request.session.get(LOGIN_SESSION_KEY):
        request.session[LOGIN_SESSION_KEY] = login | {"user_pk": uuid4().hex}
