"""Give the writing form back with its words when a save is refused: signed out, or an old token."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import gives_back
from journal.forms import posted_frame, same_words
from journal.prompts import asked
from lib.waits import BUSY


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The writing form as it was posted; nothing is saved."""
    prompt = asked(request.POST.get("prompt", ""))
    form = same_words(posted_frame(request.POST, prompt), request.POST)
    context = {"form": form, "prompt": prompt, "not_saved": True, "signed_out": status == 401, "busy": status in BUSY}
    return render(request, "journal/write.html", context, status=status)


keeps_words = gives_back(words_again)
