"""The links of the main navigation, and which of them leads to the page that is shown."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import new_for, unread

register = template.Library()
address_of = cache(reverse)  # every page asks for twenty; addresses without arguments stay as they are

# What the settings lead to.
SETTINGS = ("account_email", "account_change_password", "mfa_index", "usersessions_list", "consents", "data")


@dataclass(frozen=True, slots=True)
class Link:
    """`current` is the value of `aria-current`: `page` for the link's own page, `true` for one in its area.

    `new`: how much is new there.
    """

    label: str
    address: str
    current: str
    new: int = 0


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[Link]:
    """The links for whoever reads the page, in order."""
    path: str = context["request"].path

    def link(label: str, name: str, *areas: str) -> Link:
        address = address_of(name)
        below = path.startswith(tuple(map(address_of, areas)))
        return Link(label, address, "page" if path == address else "true" if below else "")

    user = context.get("user")
    guide = link(_("Guide"), "guide", "guide")
    if user is None or not user.is_authenticated:
        log_in, sign_up = link(_("Log in"), "account_login"), link(_("Sign up"), "account_signup")
        # Each leads to the other with the page that follows, where allauth knows it.
        log_in = replace(log_in, address=context.get("login_url") or log_in.address)
        return [guide, log_in, replace(sign_up, address=context.get("signup_url") or sign_up.address)]
    return [
        link(_("Today"), "today"),
        link(_("Balance"), "balance", "balance"),
        link(_("Journal"), "journal", "journal"),
        link(_("Specialists"), "specialists", "specialists", "consultations", "questions"),
        *([link(_("Practice"), "practice:overview", "practice:overview")] if user.is_specialist else []),
        replace(link(_("Messages"), "messages", "messages"), new=unread(user).messages),
        guide,
        replace(link(_("Notices"), "notices", "notices"), new=new_for(user)),
        link(_("Settings"), "settings", *SETTINGS),
    ]


@register.filter
def new_in(links: Iterable[Link]) -> int:
    """How much is new altogether, for the line into which the list folds."""
    return sum(link.new for link in links)
