"""What an address with a form does when it cannot save: it gives back what was sent, whatever else it has to say."""

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

type View = Callable[..., HttpResponse]


def gives_back(again: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[View], View]:
    """For a view with a form: no session, another person's session or an old token lose nothing that was sent.

    `again` answers with the same form, what was posted in it, and the status it is given: 401 if nobody is signed in,
    else 403. The view itself is called for the person alone whose page it was (the hidden field `writer`). A failed
    CSRF check comes back to `words_kept` by `reflect.views.csrf_failure`.
    """

    def given_back(request: HttpRequest) -> HttpResponse:
        if by_somebody_else(request):
            response = render(request, "accounts/stranger.html", status=403)
        else:
            response = again(request, 403 if request.user.is_authenticated else 401)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                if isinstance(request.user, User):
                    return view(request, *args, **kwargs)
                return redirect_to_login(request.get_full_path())
            if isinstance(request.user, User) and not by_somebody_else(request):
                return view(request, *args, **kwargs)
            return given_back(request)

        guarded.words_kept = given_back  # type: ignore[attr-defined]
        return login_not_required(sensitive_post_parameters()(guarded))

    return decorate


def by_somebody_else(request: HttpRequest) -> bool:
    """Whether the person who is logged in now is another one than the page was made for."""
    writer = request.POST.get("writer")
    return bool(writer) and request.user.is_authenticated and writer != str(request.user.pk)
