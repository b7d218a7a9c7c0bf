"""What a writing address does when it cannot save: it gives the words back, whatever else it has to say."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from journal.forms import posted_frame, same_words
from journal.prompts import asked

type View = Callable[..., HttpResponse]


def keeps_words(view: View) -> View:
    """For a view with a form to write in: no session, another person's session or an old token lose no words.

    The view is called for the person alone who wrote what is posted. A failed CSRF check comes back to `words_kept`
    by `reflect.views.csrf_failure`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            if isinstance(request.user, User):
                return view(request, *args, **kwargs)
            return redirect_to_login(request.get_full_path())
        if isinstance(request.user, User) and not by_somebody_else(request):
            return view(request, *args, **kwargs)
        return words_back(request)

    guarded.words_kept = words_back  # type: ignore[attr-defined]
    return login_not_required(sensitive_post_parameters()(guarded))


def words_back(request: HttpRequest) -> HttpResponse:
    """The same form with the posted words in it, nothing saved; without the words for anybody but their writer."""
    if by_somebody_else(request):
        response = render(request, "journal/stranger.html", status=403)
    else:
        prompt = asked(request.POST.get("prompt", ""))
        form = same_words(posted_frame(request.POST, prompt), request.POST)
        signed_out = not request.user.is_authenticated
        context = {"form": form, "prompt": prompt, "not_saved": True, "signed_out": signed_out}
        response = render(request, "journal/write.html", context, status=401 if signed_out else 403)
    patch_cache_control(response, no_store=True, private=True)
    return response


def by_somebody_else(request: HttpRequest) -> bool:
    """Whether the person who is logged in now is another one than the page was written by."""
    writer = request.POST.get("writer")
    return bool(writer) and request.user.is_authenticated and writer != str(request.user.pk)
