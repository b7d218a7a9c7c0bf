"""The privacy registry: for each model, whose data it holds, how long it is kept, and how it is exported and erased.

Each app declares its models in `AppConfig.ready`; those of libraries are declared here. Tests fail for an installed
model that is not declared, and compare each `Kept` with the table on the privacy page.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Model
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinatePeriodicDefer,
    ProcrastinateWorker,
)

from accounts import holdings
from accounts.held import HELD
from accounts.models import Consent, DataKey, Erased, Held, Mail, Notice, Pace, StaffAction, Unread, Usage, User
from accounts.portable import Portable
from accounts.sessions import MEMBERS
from guide.models import Prompt, PromptVersion


class Category(StrEnum):
    """What kind of data a table holds."""

    WORDS = "what a person wrote or answered, sealed"
    PUBLISHED = "what a person wrote for others to read, in clear"
    ACCOUNT = "what makes the account: address, choices, keys"
    SECURITY = "log-ins and second factors"
    CONTENT = "texts, figures and rules of the site, nothing of a person"
    MACHINERY = "what the software needs to run, nothing that a person wrote"


class Erasure(StrEnum):
    """What happens to the rows when an account is erased."""

    CASCADE = "they go with the account"
    FOUND_BY_KEY = "they name no account, are found by the owner's key, and are deleted before it"
    EXPIRY = "they name no account, and go when their time is over"
    BLANKED = "they stay, and no longer name the account"
    NOTHING = "they hold nothing of an account"


@dataclass(frozen=True)
class Kept:
    """How long rows are kept: a number of months, days or hours, or until something happens.

    `promise` names the row of the privacy page's table that states it; empty if the page does not mention it.
    """

    promise: str = ""
    months: int = 0
    days: int = 0
    hours: int = 0
    until: str = ""

    @property
    def words(self) -> str:
        """The duration as the privacy page states it."""
        if self.until:
            return self.until
        if self.hours:
            return f"{self.hours} hours"
        return f"{self.months} months" if self.months else f"{self.days} days"

    def cutoff(self, now: datetime) -> datetime:
        """Rows older than this are deleted. Counts calendar months: 12 before 29 February is 28 February."""
        month = now.year * 12 + now.month - 1 - self.months
        year, month = month // 12, month % 12 + 1
        day = min(now.day, monthrange(year, month)[1])
        return now.replace(year=year, month=month, day=day) - timedelta(self.days, hours=self.hours)


WITH_ACCOUNT = Kept(until="as long as the account")
UNUSED = Kept("An account that is not used", months=24)
UNCONFIRMED = Kept("An account whose address is not confirmed", hours=24)
WITH_SITE = Kept(until="as long as the site needs it")
LOGIN_RECORDS = Kept("Records of log-ins", months=12)
STAFF_ACTIONS = Kept("The record of what our staff do on their pages", months=24)
MAILS = Kept("Which kind of e-mail we sent, and when", months=12)
NOTICES = Kept("Notices", days=90)
ERASED = Kept("The number of a deleted account", months=12)
SESSIONS = Kept(until=f"{MEMBERS.total // timedelta(hours=1)} hours at most")
HELD_FORMS = Kept("A form that was sent back to you, and a search", until=f"{HELD // timedelta(minutes=1)} minutes")
PACES = Kept(until="some minutes after they limit nothing any more")
FINISHED_JOBS = Kept(until="FINISHED_JOBS_KEPT after the job is done")


@dataclass(frozen=True)
class Declaration:
    """The declaration of one model. `owner` is the lookup of its account, `export` the name of its part of data.json.

    `portable` exports and imports that part; if a part holds rows of two models, only one of them provides it.
    `counted`: the rows grow with what a person writes, and count towards the quota (`accounts/quota.py`).
    """

    model: type[Model]
    category: Category
    owner: str | None
    retention: Sequence[Kept]
    export: str | None
    erasure: Erasure
    portable: Portable | None = None
    counted: bool = False


@dataclass
class Registry:
    """All declarations, one for each model."""

    declarations: dict[type[Model], Declaration] = field(default_factory=dict)

    def add(self, declaration: Declaration) -> None:
        if declaration.model in self.declarations:
            raise ValueError(f"{declaration.model.__name__} is declared twice.")
        if (declaration.owner is None) == (declaration.erasure is Erasure.CASCADE):
            raise ValueError(f"{declaration.model.__name__}: what has an owner goes with the account, and only that.")
        if declaration.portable and (not declaration.export or declaration.export in self.parts()):
            raise ValueError(f"{declaration.model.__name__}: each part of the export is written once, under its name.")
        self.declarations[declaration.model] = declaration

    def parts(self) -> dict[str, Portable]:
        """The parts of data.json by name, in the order of export and import."""
        found = self.declarations.values()
        return {one.export: one.portable for one in found if one.export and one.portable}

    def counted(self) -> list[type[Model]]:
        """The models whose rows count towards the quota."""
        return [one.model for one in self.declarations.values() if one.counted]


registry = Registry()

# Called before an account is erased, in the same transaction; apps add theirs in `AppConfig.ready`.
before_erasure: list[Callable[[User, datetime], None]] = []

# Called when staff have deactivated an account, in the same transaction.
after_deactivation: list[Callable[[User, datetime], None]] = []


def declare(
    model: type[Model],
    *,
    category: Category,
    owner: str | None = None,
    retention: Kept | Sequence[Kept] = WITH_ACCOUNT,
    export: str | None = None,
    portable: Portable | None = None,
    erasure: Erasure = Erasure.CASCADE,
    counted: bool = False,
) -> None:
    """Declare a model, once, from `AppConfig.ready`. Raises ValueError for a contradictory declaration."""
    kept = (retention,) if isinstance(retention, Kept) else tuple(retention)
    registry.add(Declaration(model, category, owner, kept, export, erasure, portable, counted))


def declare_accounts() -> None:
    """Declare the models of accounts, and allauth's."""
    account, security = Category.ACCOUNT, Category.SECURITY
    declare(
        User, category=account, owner="pk", retention=(UNUSED, UNCONFIRMED), export="account", portable=holdings.ACCOUNT
    )
    declare(DataKey, category=account, owner="owner")  # a copy would outlive the erasure
    declare(Usage, category=account, owner="owner")
    declare(Unread, category=account, owner="owner")
    declare(
        Notice,
        category=Category.WORDS,
        owner="owner",
        retention=NOTICES,
        export="notices",
        portable=holdings.NOTICES,
    )
    declare(Pace, category=security, owner="owner", retention=PACES)
    declare(Held, category=Category.WORDS, owner="owner", retention=HELD_FORMS)
    declare(Consent, category=account, owner="owner", export="consents", portable=holdings.CONSENTS)
    declare(EmailAddress, category=account, owner="user", export="addresses", portable=holdings.ADDRESSES)
    declare(EmailConfirmation, category=account, owner="email_address__user")  # unused: addresses are confirmed by code
    factors = holdings.SECOND_FACTORS
    declare(Authenticator, category=security, owner="user", export="second_factors", portable=factors)
    declare(
        UserSession,
        category=security,
        owner="user",
        retention=LOGIN_RECORDS,
        export="sessions",
        portable=holdings.SESSIONS,
    )
    mails = holdings.MAILS
    declare(Mail, category=Category.MACHINERY, owner="owner", retention=MAILS, export="mails", portable=mails)
    # What staff did is kept for those who answer for it, by the bare id of their account.
    declare(StaffAction, category=security, retention=STAFF_ACTIONS, erasure=Erasure.EXPIRY)
    # The bare id of an account that is gone: without it, a restored backup would bring the account back.
    declare(Erased, category=Category.MACHINERY, retention=ERASED, erasure=Erasure.EXPIRY)
    # A session names its account only inside its sealed data, so erasure finds sessions by the keys in UserSession.
    declare(Session, category=security, retention=SESSIONS, erasure=Erasure.EXPIRY)


def declare_libraries() -> None:
    """Declare the models of Django, of the job queue, and of the guide, which does not import accounts."""
    for through in (User.groups.through, User.user_permissions.through):
        declare(through, category=Category.MACHINERY, owner="user")
    declare(LogEntry, category=Category.SECURITY, owner="user")  # what staff did; about an account: erase_account
    machinery = (Permission, Group, Group.permissions.through, ContentType)
    queue = (ProcrastinateJob, ProcrastinateEvent, ProcrastinatePeriodicDefer, ProcrastinateWorker)
    for model in machinery:
        declare(model, category=Category.MACHINERY, retention=WITH_SITE, erasure=Erasure.NOTHING)
    for table in queue:
        declare(table, category=Category.MACHINERY, retention=FINISHED_JOBS, erasure=Erasure.NOTHING)
    declare(Prompt, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
    declare(PromptVersion, category=Category.CONTENT, retention=WITH_SITE, erasure=Erasure.NOTHING)
