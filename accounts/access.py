"""What a view asks for first: that its form was rendered for this person, or a recent authentication."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.views.csrf import csrf_failure
from django.views.decorators.debug import sensitive_post_parameters

from accounts.http import AuthenticatedHttpRequest
from accounts.models import User

type View = Callable[..., HttpResponse]
type PrivateView = Callable[..., HttpResponseBase]


def gives_back(again: Callable[[HttpRequest, int], HttpResponse], *, everyone: bool = False) -> Callable[[View], View]:
    """Decorate a form's view so that a lost session, somebody else's session or a stale CSRF token loses no input.

    `again(request, status)` renders the form with what was posted; the status is 401 if nobody is signed in, else 403,
    or one of `lib.waits.BUSY`. A POST reaches the view only if it comes from the person for whom the form was rendered
    (hidden field `writer`). When the CSRF check fails, `reflect.views.csrf_failure` calls the view's `words_kept`, and
    so does what finds no room or no answer of the database. What another site has posted is not given back: it could
    put words of its own into a page of ours. `everyone`: visitors, too, may ask for the page; their form has no
    `writer`.
    """

    def given_back(request: HttpRequest, status: int = 403) -> HttpResponse:
        if from_another_site(request):
            return csrf_failure(request)
        request.holds_words = True  # type: ignore[attr-defined]  # the menu must not replace the only copy of them
        if by_somebody_else(request):
            response = render(request, "accounts/stranger.html", status=403)
            response.in_place = True  # type: ignore[attr-defined]  # its writer may send it again
        else:
            response = again(request, 401 if has_been_signed_out(request) else status)
        patch_cache_control(response, no_store=True, private=True)
        return response

    def has_been_signed_out(request: HttpRequest) -> bool:
        return not (request.user.is_authenticated or (everyone and not request.POST.get("writer")))

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                if everyone or isinstance(request.user, User):
                    return view(request, *args, **kwargs)
                return redirect_to_login(request.get_full_path())
            if has_been_signed_out(request) or by_somebody_else(request):
                return given_back(request)
            return view(request, *args, **kwargs)

        guarded.words_kept = given_back  # type: ignore[attr-defined]
        guarded.for_everyone = everyone  # type: ignore[attr-defined]
        return login_not_required(sensitive_post_parameters()(guarded))

    return decorate


def says_why(words: Promise) -> Callable[[View], View]:
    """Decorate a page: visitors are told why they are asked to log in. They are led back to it afterwards."""

    def decorate(view: View) -> View:
        @wraps(view)
        def told(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated and request.method == "GET":
                messages.info(request, str(words))
            return view(request, *args, **kwargs)

        told.why_log_in = words  # type: ignore[attr-defined]  # for `LoginRequired`, which comes before most views
        return told

    return decorate


def by_somebody_else(request: HttpRequest) -> bool:
    """Whether the form was rendered for somebody other than the person who is logged in now."""
    writer = request.POST.get("writer")
    return bool(writer) and request.user.is_authenticated and writer != str(request.user.pk)


def from_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another origin has sent this POST. Older browsers tell only `Origin`."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def asked_again(view: PrivateView) -> PrivateView:
    """Require a recent authentication before the view.

    A POST that needs one is redirected to its own page, which then asks: allauth would store the POST in the session.
    """
    page: PrivateView = reauthentication_required(view)

    @wraps(view)
    def checked(request: AuthenticatedHttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and is_reauthentication_required(request, app=""):
            return redirect(request.path)
        return page(request, *args, **kwargs)

    return checked
