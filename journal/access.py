"""A page that cannot be saved, given back with its words in it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import gives_back
from journal.forms import posted_frame, same_words
from journal.prompts import asked


def words_again(request: HttpRequest, status: int) -> HttpResponse:
    """The same form with the posted words in it, nothing saved."""
    prompt = asked(request.POST.get("prompt", ""))
    form = same_words(posted_frame(request.POST, prompt), request.POST)
    context = {"form": form, "prompt": prompt, "not_saved": True, "signed_out": status == 401}
    return render(request, "journal/write.html", context, status=status)


keeps_words = gives_back(words_again)
