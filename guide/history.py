"""Earlier versions of prompts: kept when an admin saves one, and shown with what each changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext

from guide.models import Prompt, PromptVersion
from lib.comparing import Change, compare

SAID = ("theme", "title", "why", "steps", "minutes", "care", "suppressed_if_unsafe", "order", "published")
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with what it changed of the one before, field by field; the first one changed nothing."""

    at: datetime | None
    differs: Sequence[tuple[str, Sequence[Change]]]


def said_by(prompt: Prompt) -> dict[str, Any]:
    return {name: getattr(prompt, name) for name in SAID}


def keep(prompt: Prompt, before: dict[str, Any] | None, now: datetime) -> None:
    """Keep what a prompt says now, and `before`, if nothing of it was kept yet."""
    if before and not prompt.versions.exists():
        PromptVersion.objects.create(prompt=prompt, said=before)
    PromptVersion.objects.create(prompt=prompt, at=now, said=said_by(prompt))


def versions(prompt: Prompt) -> Iterator[Shown]:
    """The last MOST_SHOWN versions, the latest first. One query."""
    rows = [*prompt.versions.order_by("-pk")[: MOST_SHOWN + 1]]
    for row, before in pairwise(rows):
        yield Shown(row.at, differences(before.said, row.said))
    for first in rows[-1:] if len(rows) <= MOST_SHOWN else ():
        yield Shown(first.at, ())


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Sequence[Change]]]:
    """The fields that differ, by their names for people, each as one text."""
    changed = [name for name in SAID if before.get(name) != after.get(name)]
    return [
        (str(label_for_field(name, Prompt)), changes)
        for name in changed
        for changes in compare([as_text(before.get(name))], [as_text(after.get(name))])
    ]


def as_text(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "\n".join(value) if isinstance(value, list) else str(value)
