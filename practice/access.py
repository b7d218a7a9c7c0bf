"""Access to a specialist's own pages, and what becomes of the words in their forms when the session has ended."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import gives_back
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from consultations.models import Specialist
from lib.waits import BUSY
from lib.zones import zone

type View = Callable[..., HttpResponse]

NOT_LISTED = _("This is not in your list any more.")


def for_specialists[Answer: HttpResponseBase](view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """Pass the user's own profile to the view and activate its time zone. Anybody else is redirected to the start."""

    @wraps(view)
    def own_profile(request: AuthenticatedHttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        specialist = own_practice(request.user)
        if specialist is None:
            return redirect("practice:start")
        with timezone.override(zone(specialist.timezone)):
            return view(request, specialist, *args, **kwargs)

    return own_profile


def own_practice(user: User) -> Specialist | None:
    """None for whoever has none, or whose practice is over."""
    return Specialist.objects.of(user).first() if user.is_specialist else None


def leads_back(to: str) -> Callable[[View], View]:
    """Decorate the page of one thing that can be removed: where there is none, it leads to the list and says so.

    Whoever goes back after removing it comes here, or has it open in another window. Somebody else's is treated alike.
    What was written into a view that `keeps_words` is shown, to be copied.
    """

    def decorate(view: View) -> View:
        kept: Any = view

        @wraps(view)
        def led_back(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except Http404:
                if request.method == "POST" and hasattr(kept, "has_words") and kept.has_words(request):
                    again: HttpResponse = kept.words_kept(request, 404)
                    return again
                messages.info(request, str(NOT_LISTED))
                return redirect(to)

        return led_back

    return decorate


def keeps_words(empty: Callable[[], forms.BaseForm], title: Promise) -> Callable[[View], View]:
    """Decorate a form's view: when the session has ended, the page `title` shows the form (`empty`) as it was posted.

    Nothing is saved, and no profile is read: nobody is signed in.
    """

    def posted(request: HttpRequest) -> forms.BaseForm:
        form = empty()
        for name, field in form.fields.items():
            form.initial[name] = field.widget.value_from_datadict(request.POST, request.FILES, form.add_prefix(name))
        return form

    def has_words(request: HttpRequest) -> bool:
        return any(posted(request).initial.values())

    def words_again(request: HttpRequest, status: int) -> HttpResponse:
        context = {
            "form": posted(request),
            "title": title,
            "writer": request.POST.get("writer", ""),
            "signed_out": status == 401,
            "busy": status in BUSY,
            "not_listed": NOT_LISTED if status == 404 else "",
        }
        return render(request, "practice/again.html", context, status=status)

    def decorate(view: View) -> View:
        keeping: Any = gives_back(words_again)(view)
        keeping.has_words = has_words
        return cast(View, keeping)

    return decorate
