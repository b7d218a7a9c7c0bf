"""Access to a specialist's own pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Specialist
from lib.zones import zone


def for_specialists(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the user's own profile to the view and activate its time zone. Anybody else is redirected to the start."""

    @wraps(view)
    def own_profile(request: AuthenticatedHttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        specialist = Specialist.objects.of(request.user).first()
        if specialist is None:
            return redirect("practice:start")
        with timezone.override(zone(specialist.timezone)):
            return view(request, specialist, *args, **kwargs)

    return own_profile
