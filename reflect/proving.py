"""The checks of what the site promises that run where it runs (`reflect/promises.py`), each night and by `prove`.

What they say is stored, so it holds numbers and never anything of a person.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateEvent

from accounts import erasures, sealed_sample
from accounts.models import DataKey, Erased, User
from accounts.privacy import ERASED
from consultations.models import FailedCheck
from consultations.services.slots import differing
from reflect.helplines import helplines, shipped, shown
from reflect.models import CheckRun
from reflect.promises import NIGHTLY, Check
from reflect.publishing import PROXY, client, recorded

logger = logging.getLogger(__name__)

SAMPLE = 20  # rows of each kind
LISTED_WITHIN = timedelta(minutes=15)  # a worker lists who was erased every five
SHOPPER = "consultations.tasks.check_bookings"
PUBLIC = ("landing", "help_now", "privacy", "about", "guide", "account_login", "account_signup")
OWN_SOURCES = re.compile(r"'self'|'none'|'nonce-[^']*'|data:")
ASKS_OTHERS = re.compile(
    r'<(?:script|link(?! rel="canonical")|img|iframe|source|form)\b[^>]*?\b(?:src|href|action)="(?:https?:)?//'
)


@dataclass(frozen=True, slots=True)
class Outcome:
    holds: bool
    said: str


def sealed(now: datetime) -> Outcome:
    found = [*sealed_sample.sample(SAMPLE)]
    opened, closed = sum(one.opened for one in found), sum(one.closed for one in found)
    if not opened + closed:
        return Outcome(False, _("Nothing is encrypted here, so nothing is shown."))
    if closed:
        said = _("Of %(total)s encrypted rows, %(count)s do not open.") % {"total": opened + closed, "count": closed}
    else:
        said = _("Encrypted rows that were opened: %(count)s.") % {"count": opened}
    return Outcome(not closed, said)


def erased(now: datetime) -> Outcome:
    gone = Erased.objects.values("account")
    left = User.objects.filter(pk__in=gone).count() + DataKey.objects.filter(owner_id__in=gone).count()
    if left:
        return Outcome(False, _("Accounts or keys of deleted accounts that are here: %(count)s.") % {"count": left})
    if not settings.ERASED_LIST:
        return Outcome(True, _("Nothing is left. This host keeps no list for a restore (ERASED_LIST)."))
    try:
        listed = erasures.read(Path(settings.ERASED_LIST))
    except (OSError, erasures.BadList):
        return Outcome(False, _("Nothing is left, but the list for a restore cannot be read (ERASED_LIST)."))
    due = Erased.objects.filter(at__range=(ERASED.cutoff(now), now - LISTED_WITHIN)).values_list("account", flat=True)
    if missing := len(set(due) - set(listed)):
        said = _("Nothing is left, but the list for a restore lacks %(count)s deleted accounts.") % {"count": missing}
        return Outcome(False, said)
    return Outcome(True, _("Nothing is left, and the list for a restore names them all."))


def help_page(now: datetime) -> Outcome:
    try:
        with no_database():
            pages = [client().get(reverse("help_now"), secure=True).text]
    except OperationalError:
        return Outcome(False, _("The help page asks the database."))
    folder = Path(settings.PAGES_FOLDER, PROXY)
    if folder.is_dir():  # a proxy has copies of this host's
        copy = folder / "help_now.html"
        if not copy.is_file():
            return Outcome(False, _("The proxy has no copy of the help page."))
        pages.append(copy.read_text(encoding="utf-8"))
    numbers = [line.tel for line in helplines() if line.number]
    missing = sum(f'href="tel:{number}"' not in page for page in pages for number in numbers)
    if missing:
        return Outcome(False, _("Numbers that the help page lacks: %(count)s.") % {"count": missing})
    return Outcome(True, _("Numbers on the help page: %(count)s.") % {"count": len(numbers)})


@contextmanager
def no_database() -> Iterator[None]:
    """Have this thread's connection refuse every statement, as if the server were gone."""

    def refuse(*_: Any) -> None:
        raise OperationalError("the check of the help page lets nothing through")

    with connection.execute_wrapper(refuse):
        yield


def helpline_dates(now: datetime) -> Outcome:
    lines = shown(shipped(), recorded())
    stale = sum(line.is_stale(now.date()) for line in lines)
    numbers = {"count": stale, "total": len(lines)}
    return Outcome(not stale, _("Helplines that are due for a check: %(count)s of %(total)s.") % numbers)


def others(now: datetime) -> Outcome:
    """The policy of a page holds browsers back from every other site, whatever the page says; so both are read."""
    wrong = 0
    for name in PUBLIC:
        page = client().get(reverse(name), secure=True)
        policy = page.headers.get("Content-Security-Policy", "")
        sources = [source for part in policy.split(";") for source in part.split()[1:]]
        held = "default-src 'none'" in policy and all(map(OWN_SOURCES.fullmatch, sources))
        wrong += not (page.status_code == 200 and held) or bool(ASKS_OTHERS.search(page.text))
    numbers = {"count": wrong, "total": len(PUBLIC)}
    return Outcome(not wrong, _("Pages that may ask another site: %(count)s of %(total)s.") % numbers)


def shopper(now: datetime) -> Outcome:
    done = ProcrastinateEvent.objects.filter(job__task_name=SHOPPER, type="succeeded", at__gte=now - NIGHTLY)
    if not done.exists():
        return Outcome(False, _("It did not finish last night."))
    failed = FailedCheck.objects.count()
    return Outcome(not failed, _("Times that are offered and cannot be booked: %(count)s.") % {"count": failed})


def slots(now: datetime) -> Outcome:
    count = sum(1 for _slot in differing(now))
    return Outcome(not count, _("Times that differ from the bookings: %(count)s.") % {"count": count})


CHECKS: Mapping[Check, Callable[[datetime], Outcome]] = {
    Check.SEALED: sealed,
    Check.ERASED: erased,
    Check.HELP: help_page,
    Check.HELPLINES: helpline_dates,
    Check.OTHERS: others,
    Check.SHOPPER: shopper,
    Check.SLOTS: slots,
}


def prove(check: Check, now: datetime) -> Outcome:
    """Run a check, and keep what it found. One that fails by itself shows nothing, so it is red as well."""
    try:
        found = CHECKS[check](now)
    except Exception as error:
        logger.exception("A check of what the site promises ended in an error.")
        found = Outcome(False, _("The check itself failed (%(kind)s).") % {"kind": type(error).__name__})
    record(check, found, now)
    return found


def record(check: Check, found: Outcome, now: datetime) -> None:
    """Keep the last run of a check, in the place of the one before."""
    CheckRun.objects.update_or_create(name=check, defaults={"at": now, "holds": found.holds, "said": found.said})
