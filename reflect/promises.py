"""What the site promises, what checks each promise, and whether the last run of a check still shows that it holds.

The sentences are those of `reflect/content/pages/privacy.md`, word by word. Most checks run where the site runs
(`reflect/proving.py`, `manage.py drill`) and leave their last run in the database; the others need a database that they
may fill and break, so they run in CI, before a release, and all that is known here is whether this is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

NIGHTLY = timedelta(hours=26)
MONTHLY = timedelta(days=35)


class Check(TextChoices):
    """By the name of its last run."""

    SEALED = "sealed", _("Sealed rows open")
    ERASED = "erased", _("Deleted accounts are gone")
    HELP = "help", _("Help without the database")
    HELPLINES = "helplines", _("Dates of the helplines")
    OTHERS = "others", _("Nothing of other sites")
    SHOPPER = "shopper", _("Secret shopper")
    SLOTS = "slots", _("Times and bookings agree")
    DRILL = "drill", _("Drill")
    KEPT = "kept", _("Backups that are kept")
    CANARY = "canary", _("Canary")
    EVERY_PAGE = "every_page", _("Every page, as everybody")


# What each does, in words for staff.
ABOUT: "Mapping[Check, _StrPromise]" = {
    Check.SEALED: _("Each night, a sample of everything that is encrypted is opened with the keys."),
    Check.ERASED: _("Each night, nothing is left of a deleted account, no key, and the list for a restore names it."),
    Check.HELP: _("Each night, the help page is asked for while the database refuses to answer."),
    Check.HELPLINES: _("Each night, the day on which each helpline was last checked."),
    Check.OTHERS: _("Each night, the public pages name no other site that a browser would ask for something."),
    Check.SHOPPER: _("Each night, times that specialists offer are booked as a member would, and given back."),
    Check.SLOTS: _("Each night, every time to come can be booked exactly if nothing is in its way."),
    Check.DRILL: _(
        "Each month, whoever runs the server restores a backup (manage.py drill): rows open with the keys and not "
        "without, and whoever was deleted is deleted again."
    ),
    Check.KEPT: _(
        "Each month, with --kept, the drill opens every backup that is kept: none is too old, or holds the key of an "
        "account that was deleted longer ago."
    ),
    Check.CANARY: _(
        "In CI: one word is written into every field, and looked for in the database, the logs, the e-mails and what "
        "fails (tests/test_canary.py)."
    ),
    Check.EVERY_PAGE: _(
        "In CI: every address is asked for as each kind of person, and every page names help and no other site "
        "(tests/test_promises.py)."
    ),
}

IN_CI = {Check.CANARY, Check.EVERY_PAGE}
WITHIN: Mapping[Check, timedelta] = {check: NIGHTLY for check in Check if check not in IN_CI} | {
    Check.DRILL: MONTHLY,
    Check.KEPT: MONTHLY,
}

# By the sentence, or the part of one, of the privacy page.
PROMISES: Mapping[str, Sequence[Check]] = {
    "The three questions about safety are never stored.": [Check.CANARY],
    "Your key is locked in turn by a master key that is kept apart from the database.": [Check.SEALED, Check.DRILL],
    "Someone with a stolen copy of the database alone cannot read them.": [Check.DRILL, Check.CANARY],
    "which of their free times our nightly check could not book": [Check.SHOPPER, Check.SLOTS],
    "If you need help, [Help now](/help-now/) is on every page.": [Check.HELP, Check.HELPLINES, Check.EVERY_PAGE],
    "There are no adverts, no trackers and no files from other companies on our pages.": [
        *(Check.OTHERS, Check.EVERY_PAGE),
    ],
    "These lines contain nothing you wrote, and neither your name nor your e-mail address.": [Check.CANARY],
    "It contains none of your words, no name and no e-mail address.": [Check.CANARY],
    "After that your data and your key are removed.": [Check.ERASED, Check.DRILL],
    "Copies in backups stay locked, and they are gone within {{ backup_retention_days }} days.": [
        Check.DRILL,
        Check.KEPT,
    ],
    "so that it stays deleted if we ever have to go back to a backup": [Check.ERASED, Check.DRILL],
}


class Run(Protocol):
    """The last run of a check."""

    name: str
    at: datetime
    holds: bool
    said: str


@dataclass(frozen=True, slots=True)
class Release:
    """What runs here: its version, like "0.2.0", and its commit."""

    version: str
    revision: str

    @property
    def is_one(self) -> bool:
        """Whether this is a release, as it was when CI passed; nobody knows of a commit between two."""
        return "dev" not in self.version and self.revision != "unknown" and not self.revision.endswith("-changed")


class State(TextChoices):
    """All but the first are red."""

    HOLDS = "holds", _("Holds")
    FAILED = "failed", _("Does not hold")
    OLD = "old", _("Not shown for too long")
    NEVER = "never", _("Not shown yet")
    NO_RELEASE = "no_release", _("Not known: this is no release")


def state_of(check: Check, run: Run | None, now: datetime) -> State:
    """How a check stands that runs where the site does."""
    if run is None:
        return State.NEVER
    if not run.holds:
        return State.FAILED
    return State.HOLDS if now - run.at <= WITHIN[check] else State.OLD


def state_in_ci(release: Release) -> State:
    """How the checks stand that run in CI alone: none passes it, and becomes a release, without them."""
    return State.HOLDS if release.is_one else State.NO_RELEASE


def standing(runs: Iterable[Run], now: datetime) -> Mapping[Check, State]:
    """How each check stands that runs where the site does, of all last runs."""
    by_name = {run.name: run for run in runs}
    return {check: state_of(check, by_name.get(check), now) for check in WITHIN}
