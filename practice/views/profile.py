"""A specialist's pages about the profile: the start, the public text, the register, the photo, the feed."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import second_factor
from accounts.http import AuthenticatedHttpRequest
from accounts.models import User
from accounts.quota import NO_ROOM_FOR_FILES, Full
from accounts.sealing import CannotOpen
from accounts.self_document import name_of
from consultations.models import Photo, Specialist
from consultations.models.hours import back_on, with_absences
from consultations.photos import MOST_SENT
from consultations.services import profiles
from consultations.views.specialists import week_of
from consultations.views.steps import pressed
from lib.methods import require_safe_or_post
from lib.uploads import takes_a_file
from practice.access import for_specialists, keeps_words, own_practice
from practice.forms.profile import PhotoForm, ProfileForm, RegisterForm, StartForm

Status = Specialist.Status


@login_not_required
@require_safe_or_post
def start(request: HttpRequest) -> HttpResponse:
    """Say what is expected, to everybody. With an account, require a second factor and begin a draft profile."""
    if isinstance(request.user, User):
        return begin(cast(AuthenticatedHttpRequest, request))
    if request.method == "POST":
        return redirect_to_login(request.path)
    return render(request, "practice/start.html", {"next": urlencode({"next": request.path})})


def begin(request: AuthenticatedHttpRequest) -> HttpResponse:
    if own_practice(request.user):
        return redirect("practice:overview")
    is_safe = second_factor.is_shown(request, request.user)
    if request.method == "POST" and not is_safe:
        request.session["practice_waits"] = True  # the pages of the second factor lead back
        return redirect("mfa_index")
    form = StartForm(request.POST or None, name=called(request), timezone=request.user.timezone)
    if form.is_valid():
        profiles.start_practice(user=request.user, **form.cleaned_data, now=timezone.now())
        request.session.pop("practice_waits", None)
        messages.success(request, _("This is your practice. Nobody else sees it until we have verified it."))
        return redirect("practice:overview")
    context = {"form": form, "is_safe": is_safe}
    return render(request, "practice/start.html", context, status=400 if form.errors else 200)


@keeps_words(lambda: ProfileForm(None, instance=Specialist(), addresses={}), gettext_lazy("Your profile"))
@require_safe_or_post
@for_specialists
def profile(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Edit the public profile and the addresses for meeting."""
    try:
        addresses = profiles.addresses_of(specialist, request.user)
    except CannotOpen:
        addresses = None
    form = ProfileForm(request.POST or None, instance=specialist, addresses=addresses)
    if request.method == "POST" and form.is_valid():
        profiles.save_profile(user=request.user, fields=form.public, addresses=form.addresses, now=timezone.now())
        return saved(request)
    context = {
        "form": form,
        "specialist": specialist,
        "cannot_open": addresses is None,
        "shares_a_room": profiles.shares_a_room(specialist, request.user, timezone.now()),
    }
    return render(request, "practice/profile.html", context, status=400 if form.errors else 200)


@keeps_words(
    lambda: RegisterForm(None, instance=Specialist()),
    gettext_lazy("Your entry in the register"),
)
@require_safe_or_post
@for_specialists
def register(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Edit the register entry. A change hides the profile until it has been checked again."""
    is_shown = specialist.status == Status.VERIFIED
    form = RegisterForm(request.POST or None, instance=specialist)
    if request.method == "POST" and form.is_valid():
        profiles.save_register(user=request.user, fields=form.cleaned_data, now=timezone.now())
        return saved(request)
    context = {"form": form, "is_shown": is_shown}
    return render(request, "practice/register.html", context, status=400 if form.errors else 200)


@require_safe
@for_specialists
def preview(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The profile as members see it, whatever its status."""
    away = {"away_until": back_on(with_absences(Specialist.objects.of(request.user)).get(), timezone.now())}
    context: dict[str, Any] = {"specialist": specialist, "week": week_of(request, specialist), "is_own": True} | away
    return render(request, "consultations/specialist_detail.html", context)


@require_safe_or_post
@for_specialists
@takes_a_file(MOST_SENT)
def photo(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Show a photo, replace it or remove it."""
    if pressed(request) == "remove":
        profiles.remove_photo(user=request.user, now=timezone.now())
        messages.success(request, _("The photo is removed."))
        return redirect("practice:photo")
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES, use_required_attribute=False)
    else:
        form = PhotoForm(use_required_attribute=False)
    try:
        if form.is_valid():
            profiles.set_photo(user=request.user, webp=form.webp, now=timezone.now())
            return saved(request)
    except Full:
        form.add_error("file", str(NO_ROOM_FOR_FILES))
    shown = Photo.objects.filter(specialist=specialist).defer("webp").first()
    context = {"form": form, "photo": shown}
    return render(request, "practice/photo.html", context, status=400 if form.errors else 200)


@require_safe_or_post
@for_specialists
def feed(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The calendar feed's secret URL: shown only when it is made, and useless once revoked or replaced."""
    address, asks = "", False
    match pressed(request):
        case "make" if specialist.feed_hash:
            asks = True  # whether to end the old one
        case "make" | "replace":
            secret = profiles.make_feed(user=request.user, now=timezone.now())
            address = request.build_absolute_uri(reverse("feed", args=[secret]))
        case "revoke":
            profiles.revoke_feed(user=request.user, now=timezone.now())
            messages.success(request, _("The address no longer works. Your calendar app gets nothing more from it."))
            return redirect("practice:feed")
    context = {
        "address": address,
        "webcal": address.replace(f"{request.scheme}://", "webcal://", 1),
        "asks": asks,
        "has_feed": bool(address or specialist.feed_hash),
        "site": settings.SITE_NAME,
    }
    return render(request, "practice/feed.html", context)


def called(request: AuthenticatedHttpRequest) -> str:
    try:
        return name_of(request.user)
    except CannotOpen:
        return ""


def saved(request: AuthenticatedHttpRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("practice:overview")
