"""Rules of repetition: which are not expanded, and how one that began long ago is expanded from near the window.

Expanding walks from the first occurrence, so a daily event since 1970 costs as much as 20,000 others.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import prod

LONGEST_RULE = 1_000  # characters
LARGEST_INTERVAL = 10_000
MOST_A_DAY = 24  # occurrences that BYHOUR, BYMINUTE and BYSECOND make of one day
ALIKE = 28 * 12  # the calendar repeats after 28 years, but for centuries: no day is looked for longer

DAYS_OF = {"DAILY": 1, "WEEKLY": 7}
MONTHS_OF = {"MONTHLY": 1, "YEARLY": 12}


class BadRule(ValueError):
    """The rule is not expanded."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The parts of a rule that decide whether, and from where, it is expanded."""

    parts: Mapping[str, str]
    frequency: str
    interval: int
    count: int | None
    until: str

    @property
    def most_a_day(self) -> int:
        return prod(1 + self.parts.get(name, "").count(",") for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))

    def __str__(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts.items())

    def without_count(self) -> "Rule":
        parts = {name: value for name, value in self.parts.items() if name != "COUNT"}
        return Rule(parts, self.frequency, self.interval, None, self.until)


def rule_of(value: str) -> Rule:
    """The rule of a line. Raises BadRule for one that is finer than daily, or never moves on."""
    if len(value) > LONGEST_RULE:
        raise BadRule
    pairs = [part.partition("=")[0::2] for part in value.strip().strip(";").upper().split(";")]
    parts = dict(pairs)
    if len(parts) != len(pairs) or not all(parts.values()):
        raise BadRule
    frequency, interval = parts.get("FREQ", ""), whole_number(parts.get("INTERVAL", "1"))
    if frequency not in DAYS_OF | MONTHS_OF or not 1 <= interval <= LARGEST_INTERVAL:
        raise BadRule
    count = whole_number(parts["COUNT"]) if "COUNT" in parts else None
    rule = Rule(parts, frequency, interval, count, parts.get("UNTIL", ""))
    if rule.most_a_day > MOST_A_DAY:
        raise BadRule
    return rule


def whole_number(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 12:
        raise BadRule
    return int(value)


def never_counted_out(rule: Rule, first: date, until: date) -> Rule:
    """Without its COUNT, if that is more than the days there are: then the rule may begin later."""
    days = (until - first).days + 2
    return rule.without_count() if rule.count is not None and rule.count > days * rule.most_a_day else rule


def begun_later(rule: Rule, first: date, before: date) -> date:
    """The last day before `before` from which the rule makes the same occurrences as from its first day."""
    if rule.count is not None or first >= before:
        return first
    if step := DAYS_OF.get(rule.frequency, 0) * rule.interval:
        return first + timedelta(days=((before - first).days - 1) // step * step)
    step = MONTHS_OF[rule.frequency] * rule.interval
    months = ((before.year - first.year) * 12 + before.month - first.month - 1) // step * step
    for earlier in range(months, max(0, months - ALIKE * step), -step):
        year, month = divmod(first.year * 12 + first.month - 1 + earlier, 12)
        if first.day <= monthrange(year, month + 1)[1]:
            return date(year, month + 1, first.day)
    return first
