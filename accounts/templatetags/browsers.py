"""Names a browser and its system from the user agent."""

from django import template
from django.utils.translation import gettext as _

# Order matters: Edge's user agent also contains Chrome and Safari.
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
    """A user agent as `Firefox, Linux`."""
    found = [next((name for mark, name in names.items() if mark in user_agent), None) for names in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name) or _("Another kind of browser")
