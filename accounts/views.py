"""Settings, consents, and where somebody is signed in."""

from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import consents, logins
from accounts.forms.agreement import CHANGED
from accounts.forms.settings import EndSessionForm, SettingsForm
from accounts.http import AuthenticatedHttpRequest
from accounts.preferences import save_settings
from accounts.rates import within_limit
from lib.methods import require_safe_or_post


@require_safe_or_post
def settings_page(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The settings form, with links to the rest of the account. `next` is the page to return to."""
    asked = get_next_redirect_url(request) or ""
    back = asked if asked.startswith("/") else ""
    form = SettingsForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        save_settings(user=form.instance, now=timezone.now(), **form.of_self)
        messages.success(request, _("Saved."))
        return redirect(back or "settings")
    return render(request, "accounts/settings.html", {"form": form, "back": back})


@require_safe_or_post
def consents_page(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The consents with their wordings and dates; each can be given and withdrawn."""
    if request.method == "POST":
        purpose = request.POST.get("purpose")
        if purpose not in {wording.purpose for wording in consents.CHOICES}:
            raise Http404
        now = timezone.now()
        if not within_limit(request.user, "consent", now=now):
            messages.info(
                request, _("There were many changes in a short time. This one is not saved; try once more later.")
            )
            return redirect("consents")
        if request.POST.get("agree") != "yes":
            consents.withdraw(owner=request.user, purpose=purpose, now=now)
        elif request.POST.get("version") == str(consents.CURRENT[purpose].version):
            consents.give(owner=request.user, purpose=purpose, now=now)
        else:
            messages.info(request, CHANGED)
            return redirect("consents")
        messages.success(request, _("Saved."))
        return redirect("consents")
    lines = consents.history(request.user)
    choices = [(choice, lines[choice.wording.purpose]) for choice in consents.standing(request.user)]
    context = {"choices": choices, "adult": consents.ADULT}
    return render(request, "accounts/consents.html", context)


@require_safe_or_post
def sessions_page(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Where the person is signed in. The buttons end one of these sessions, or all of them, this one too."""
    if request.method != "POST":
        open_now = logins.open_now(request.user, request.session, timezone.now())
        return render(request, "usersessions/usersession_list.html", {"sessions": open_now})
    if "everywhere" in request.POST:
        logins.end_all(user=request.user)
        said = _("You are signed out everywhere.")
    else:
        form = EndSessionForm(request.POST, owner=request.user)
        if not form.is_valid():
            raise Http404
        logins.end(logins.of(request.user).filter(pk=form.cleaned_data["session"].pk))
        if request.session.exists(str(request.session.session_key)):
            messages.success(request, _("That browser is signed out."))
            return redirect("usersessions_list")
        said = _("You are signed out.")
    logout(request)
    messages.info(request, said)
    return redirect("account_login")
