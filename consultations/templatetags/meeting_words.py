"""Words for what a profile keeps as codes, and for the clock by which somebody reads."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone

from consultations import languages
from consultations.models.profiles import Format
from guide import themes
from reflect.lib import zones

register = template.Library()


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Each language by its own name."""
    return ", ".join(languages.named(code) for code in codes)


@register.filter
def theme_titles(keys: Iterable[str]) -> list[str]:
    """The names of the themes, in the guide's order."""
    chosen = set(keys)
    return [themes.title(key) for key in themes.KEYS if key in chosen]


@register.filter
def language_name(code: str) -> str:
    return languages.named(code)


@register.filter
def theme_title(key: str) -> str:
    return themes.title(key) if key in themes.KEYS else key


@register.filter
def format_names(values: Iterable[str]) -> str:
    """The ways to meet, always in the same order."""
    chosen = set(values)
    return ", ".join(str(choice.label) for choice in Format if choice.value in chosen)


@register.filter
def monogram(name: str) -> str:
    """Up to two initials: "Mara L." is ML."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


@register.filter
def offset(moment: datetime) -> str:
    """How far the reader's clock is from UTC at that moment."""
    return zones.offset(timezone.localtime(moment))


@register.simple_tag
def place() -> str:
    """The place whose clock the reader goes by."""
    return zones.place(timezone.get_current_timezone_name())
