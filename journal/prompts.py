"""Which prompts a person is offered: published ones, without what gentle prompts leave out, by theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from accounts.models import User
from guide import themes
from guide.models import Prompt, PromptQuerySet
from journal.content import FREE
from journal.models import PromptChoice

LEADING = "self-reflection-1"  # "Am I projecting unmet needs?"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The prompts of the page of prompts. `by_theme` holds pairs of a theme's name and its prompts."""

    leading: Prompt | None
    free: Prompt | None
    kept: Sequence[Prompt]
    by_theme: Sequence[tuple[str, Sequence[Prompt]]]
    hidden: Sequence[Prompt]


def offered_to(user: User) -> PromptQuerySet:
    """Every prompt that this person may begin a page with, the hidden ones too."""
    prompts = Prompt.objects.published()
    return prompts.gentle() if user.gentle_prompts else prompts


def suggested_to(user: User) -> PromptQuerySet:
    """Every prompt that this person is offered and has not hidden."""
    hidden = PromptChoice.objects.visible_to(user).filter(choice=PromptChoice.Choice.HIDDEN)
    return offered_to(user).exclude(key__in=hidden.values("prompt"))


def find(prompts: PromptQuerySet, key: str) -> Prompt | None:
    """The prompt of a key that came in with a request."""
    return None if "\0" in key else prompts.filter(key=key).first()


def asked(key: str) -> Prompt | None:
    """The prompt that a page was begun with, whether it is still offered or not."""
    return find(Prompt.objects.all(), key)


def shelf(user: User) -> Shelf:
    """All that is offered, in its order. Two queries."""
    choices = dict(PromptChoice.objects.visible_to(user).values_list("prompt", "choice"))
    prompts = list(offered_to(user))
    hidden = [prompt for prompt in prompts if choices.get(prompt.key) == PromptChoice.Choice.HIDDEN]
    shown = [prompt for prompt in prompts if prompt not in hidden]
    kept = [prompt for prompt in shown if choices.get(prompt.key) == PromptChoice.Choice.KEPT]
    named = {prompt.key: prompt for prompt in shown}
    rest = [prompt for prompt in shown if prompt not in kept and prompt.key not in (LEADING, FREE)]
    by_theme = [(themes.title(key), [prompt for prompt in rest if prompt.theme == key]) for key in themes.KEYS]
    leading = named.get(LEADING)
    return Shelf(
        leading=None if leading in kept else leading,
        free=named.get(FREE),
        kept=kept,
        by_theme=[(title, found) for title, found in by_theme if found],
        hidden=hidden,
    )


def prompt_of_the_day(user: User, day: date) -> Prompt | None:
    """One prompt to look at, another one each day; never a hidden one. Two queries."""
    hidden = PromptChoice.objects.visible_to(user).filter(prompt=OuterRef("key"), choice=PromptChoice.Choice.HIDDEN)
    rows = offered_to(user).exclude(key=FREE).exclude(Exists(hidden))
    keys = list(rows.values_list("key", flat=True))
    return rows.get(key=keys[day.toordinal() % len(keys)]) if keys else None
