"""Numbers and lengths of time in words, so that a sentence takes its figures from the rule that it states."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MEGABYTE = 2**20
UNITS = {
    "weeks": timedelta(weeks=1),
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
}


def with_figures(sentence: "_StrPromise", figures: Callable[[], Mapping[str, object]]) -> "_StrPromise":
    """A lazy sentence whose figures are read when it is shown; `ngettext_lazy` takes the name of its count.

    `format_lazy` reads them at import, and a test that changes a rule could not see whether the sentence follows.
    """
    return cast("_StrPromise", lazy(lambda: sentence % figures(), str)())


def spelled(number: int) -> str:
    """A number in words where sentences usually spell it, else in digits."""
    return {10: _("ten"), 12: _("twelve"), 30: _("thirty")}.get(number) or str(apnumber(number))


def figure(number: int) -> str:
    """A number in digits, with its thousands apart."""
    return number_format(number, force_grouping=True)


def lasting(length: timedelta, unit: str, *, spell: bool = False) -> str:
    """A length in a unit, like "30 days"; in a smaller unit if it is not a whole number of these."""
    names = list(UNITS)
    unit = next(name for name in names[names.index(unit) :] if name == "minutes" or not length % UNITS[name])
    count = length // UNITS[unit]
    match unit:
        case "weeks":
            words = ngettext("%(count)s week", "%(count)s weeks", count)
        case "days":
            words = ngettext("%(count)s day", "%(count)s days", count)
        case "hours":
            words = ngettext("%(count)s hour", "%(count)s hours", count)
        case _minutes:
            words = ngettext("%(count)s minute", "%(count)s minutes", count)
    return words % {"count": spelled(count) if spell else count}
