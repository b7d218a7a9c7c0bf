"""The guide: its contents and its chapters, which are public."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from guide.chapters import chapters
from guide.models import Prompt
from journal.prompts import suggested_to
from journal.reading import entries_on
from lib.content import Text, read_text
from lib.figures import spelled


@require_safe
@login_not_required
def guide(request: HttpRequest) -> HttpResponse:
    """All chapters with their summaries and reading times."""
    everything = chapters().values()
    minutes = sum(chapter.minutes for chapter in everything)
    return render(
        request,
        "guide/chapter_list.html",
        {"chapters": everything, "count": spelled(len(everything)), "minutes": minutes},
    )


@require_safe
@login_not_required
def guide_chapter(request: HttpRequest, theme: str) -> HttpResponse:
    """One chapter; for a member, also the prompts of its theme and their own entries on it."""
    user = request.user
    member = user if isinstance(user, User) and not user.asked_to_close else None
    everything = list(chapters().values())
    chapter = chapters().get(theme)
    if chapter is None:
        raise Http404
    context = {
        "chapter": chapter,
        "text": text_of(theme),
        "count": len(everything),
        "before": everything[chapter.number - 2] if chapter.number > 1 else None,
        "after": everything[chapter.number] if chapter.number < len(everything) else None,
        "prompts": prompts_for(member, theme) if member else [],
        "written": entries_on(member, theme) if member else [],
    }
    return render(request, "guide/chapter_detail.html", context)


@cache
def text_of(theme: str) -> Text:
    """A chapter's rendered text. Chapters are part of the code, so a process renders each one only once."""
    return read_text(chapters()[theme].text, {})


def prompts_for(user: User, theme: str) -> list[Prompt]:
    """A theme's prompts that are suitable for this person and that they have not hidden."""
    return list(suggested_to(user).filter(theme=theme))
