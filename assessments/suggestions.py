"""What to read and what to write next, by the routes of a score."""

from dataclasses import dataclass

from accounts.models import User
from assessments.instrument import Instrument
from assessments.scoring import Document
from guide import themes
from guide.chapters import Chapter
from guide.chapters import chapters as all_chapters
from guide.hidden import without_hidden
from guide.models import Prompt


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One route: chapters of the guide, prompts (key and title), and whether the way to help stands beside them."""

    chapters: tuple[Chapter, ...]
    prompts: tuple[tuple[str, str], ...]
    help_card: bool


def suggest(instrument: Instrument, score: Document, user: User, *, gentle: bool) -> list[Suggestion]:
    """The suggestions of a score's routes: at most three, none of them twice. One query.

    What the person has hidden is left out. `gentle` leaves out what is not for somebody who may not be safe: routes,
    chapters, and prompts by their own flag.
    """
    by_key = {route.key: route for route in instrument.routes}
    routes = [by_key[key] for key in score["routes_if_unsafe" if gentle else "routes"]]
    chosen = without_hidden(Prompt.objects.published(), user).filter(
        key__in=[key for route in routes for key in route.asks(unsafe=gentle)]
    )
    prompts = dict((chosen.gentle() if gentle else chosen).order_by().values_list("key", "title"))
    left_out = themes.NOT_GENTLE if gentle else frozenset()
    named = {theme for route in routes for theme in route.leads_to(unsafe=gentle)}
    chapters = {theme: all_chapters()[theme] for theme in named - left_out}
    found = [
        Suggestion(
            chapters=tuple(chapters.pop(theme) for theme in route.leads_to(unsafe=gentle) if theme in chapters),
            prompts=tuple((key, prompts.pop(key)) for key in route.asks(unsafe=gentle) if key in prompts),
            help_card=route.help_card,
        )
        for route in routes
    ]
    return [one for one in found if one.chapters or one.prompts or one.help_card]


def missing_prompts(instrument: Instrument) -> list[str]:
    """The prompts that routes name and the guide does not have, published or not. One query."""
    named = {key for route in instrument.routes for unsafe in (False, True) for key in route.asks(unsafe=unsafe)}
    return sorted(named - set(Prompt.objects.filter(key__in=named).order_by().values_list("key", flat=True)))
