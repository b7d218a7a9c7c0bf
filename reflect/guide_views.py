"""The guide: its contents and its chapters, which are public."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.self_document import gentle_prompts
from guide import themes
from guide.chapters import Chapter, chapters
from guide.models import Prompt
from journal.prompts import suggested_to
from journal.reading import entries_on
from lib.content import Text, read_text
from lib.figures import spelled


@require_safe
@login_not_required
def guide(request: HttpRequest) -> HttpResponse:
    """All chapters with their summaries and reading times."""
    offered = offered_to(member_of(request))
    minutes = sum(chapter.minutes for chapter in offered)
    context = {"chapters": offered, "count": spelled(len(offered)), "minutes": minutes}
    return render(request, "guide/chapter_list.html", context)


@require_safe
@login_not_required
def guide_chapter(request: HttpRequest, theme: str) -> HttpResponse:
    """One chapter; for a member, also the prompts of its theme and their own entries on it."""
    member = member_of(request)
    chapter = chapters().get(theme)
    if chapter is None:
        raise Http404
    offered = offered_to(member)
    if chapter not in offered:  # the address is known, and everybody may read
        offered = list(chapters().values())
    at = offered.index(chapter)
    context = {
        "chapter": chapter,
        "number": at + 1,
        "text": text_of(theme),
        "count": len(offered),
        "before": offered[at - 1] if at else None,
        "after": offered[at + 1] if at + 1 < len(offered) else None,
        "prompts": prompts_for(member, theme) if member else [],
        "written": entries_on(member, theme) if member else [],
    }
    return render(request, "guide/chapter_detail.html", context)


def member_of(request: HttpRequest) -> User | None:
    """Who is logged in, unless their account is closing."""
    user = request.user
    return user if isinstance(user, User) and not user.asked_to_close else None


def offered_to(member: User | None) -> list[Chapter]:
    """The chapters, without those that gentle prompts leave out."""
    left_out = themes.NOT_GENTLE if member and gentle_prompts(member) else frozenset()
    return [chapter for chapter in chapters().values() if chapter.theme not in left_out]


@cache
def text_of(theme: str) -> Text:
    """A chapter's rendered text. Chapters are part of the code, so a process renders each one only once."""
    return read_text(chapters()[theme].text, {})


def prompts_for(user: User, theme: str) -> list[Prompt]:
    """A theme's prompts that are suitable for this person and that they have not hidden."""
    return list(suggested_to(user).filter(theme=theme))
