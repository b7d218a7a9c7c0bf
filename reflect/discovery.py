"""What search engines and link previews are told. Only public pages are named."""

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from guide import themes
from lib.bare import bare
from reflect.card import card as draw_card

PUBLIC = (
    "landing",
    "guide",
    "about_consultations",
    "about_sharing",
    "help_now",
    "leave_explained",
    "privacy",
    "about",
    "how_sure",
    "accessibility",
)
# robots.txt matches prefixes: the shortest URL of a private area covers the rest.
PRIVATE = (
    *("today", "notices", "balance", "journal", "settings", "consents", "data", "closing", "usersessions_list"),
    *("specialists", "consultations", "messages", "questions", "practice:overview"),
    *("leave", "admin:index", "account_login"),
)
# Public pages inside a private area: the longest match wins (RFC 9309).
OPEN = ("how_sure", "about_consultations", "about_sharing")


class PublicPages(Sitemap):
    """Public pages that are worth finding."""

    def items(self) -> list[str]:
        return [*map(reverse, PUBLIC), *(reverse("guide_chapter", args=[theme]) for theme in themes.KEYS)]

    def location(self, item: str) -> str:
        return item


@require_safe
@bare
def sitemap(request: HttpRequest) -> HttpResponse:
    return sitemap_of(request, {"pages": PublicPages()}, content_type="application/xml; charset=utf-8")


@require_safe
@bare
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines read only the public pages."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {reverse(name)}" for name in PRIVATE),
        *(f"Allow: {reverse(name)}" for name in OPEN),
        "",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=7 * 24 * 60 * 60)
@bare
def card(request: HttpRequest) -> HttpResponse:
    """The picture for shared links, the same for every page so that it does not reveal which one was shared."""
    return HttpResponse(draw_card(), content_type="image/png")


@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
@bare
def favicon(request: HttpRequest) -> HttpResponse:
    """The neutral icon at /favicon.ico, where browsers look by default."""
    return redirect(static("img/icon.svg"))
