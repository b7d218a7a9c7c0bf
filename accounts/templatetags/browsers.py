"""Browsers in words."""

from django import template
from django.utils.translation import gettext as _

# The first that a browser's line names is the one: most browsers also name those before them.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}

register = template.Library()


@register.filter
def browser_in_words(user_agent: str) -> str:
    """`Firefox, Linux` for the line that a browser sends about itself."""
    found = [next((name for mark, name in names.items() if mark in user_agent), None) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or _("A browser of another kind")
