"""Which prompts a person is offered: published ones, by theme, without those that gentle prompts leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Exists, QuerySet

from accounts.models import User
from accounts.self_document import gentle_prompts
from guide import themes
from guide.hidden import without_hidden
from guide.models import Prompt, PromptQuerySet
from journal.content import FREE
from journal.models import Entry, PromptChoice
from journal.reading import answered_since

LEADING = "self-reflection-1"  # "Am I projecting unmet needs?"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The prompts as their page shows them. `by_theme` holds pairs of a theme's title and its prompts."""

    leading: Prompt | None
    free: Prompt | None
    kept: Sequence[Prompt]
    by_theme: Sequence[tuple[str, Sequence[Prompt]]]
    hidden: Sequence[Prompt]


def offered_to(user: User) -> PromptQuerySet:
    """Every prompt that this person may begin an entry with, including hidden ones."""
    prompts = Prompt.objects.published()
    return prompts.gentle() if gentle_prompts(user) else prompts


def hidden_by(user: AbstractBaseUser) -> QuerySet[PromptChoice, str]:
    """The keys of the prompts that this person has hidden, for `guide/hidden.py`."""
    hidden = PromptChoice.objects.filter(owner_id=user.pk, choice=PromptChoice.Choice.HIDDEN)
    return hidden.values_list("prompt", flat=True)


def suggested_to(user: User) -> PromptQuerySet:
    """The prompts offered to this person, without hidden ones."""
    return without_hidden(offered_to(user), user)


def find(prompts: PromptQuerySet, key: str) -> Prompt | None:
    """The prompt with a key from a request, which may hold NUL: PostgreSQL refuses it."""
    return None if "\0" in key else prompts.filter(key=key).first()


def asked(key: str) -> Prompt | None:
    """The prompt that an entry was begun with, even if it is no longer offered."""
    return find(Prompt.objects.all(), key)


def shelf(user: User) -> Shelf:
    """All prompts offered to this person, in order. Two queries."""
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
    """One prompt, a different one each day; never a hidden one, or one answered that day or the day before.

    Somebody who has written nothing yet is asked the leading question. Two queries.
    """
    has_written = Exists(Entry.objects.visible_to(user))
    prompts = list(suggested_to(user).exclude(key=FREE).annotate(has_written=has_written))
    newcomer = [prompt for prompt in prompts if prompt.key == LEADING and not prompt.has_written]
    if newcomer or not prompts:
        return next(iter(newcomer), None)
    answered = answered_since(user, day - timedelta(days=1))
    first = day.toordinal() % len(prompts)
    return next((prompt for prompt in prompts[first:] + prompts[:first] if prompt.key not in answered), None)
