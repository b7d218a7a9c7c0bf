"""Changes for which staff show anew who they are: an open browser, or a stolen session, is not enough."""

from typing import override

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lib.admin import ChangesAdmin


class AskedAgainAdmin(ChangesAdmin):
    @override
    def confirm(self, request: HttpRequest, pk: str, change: str) -> HttpResponse:
        """A POST that comes too late leads back to its page, which asks: allauth would keep the POST in the session."""
        may_change = self.may_change(request, self.changes.get(change))
        if may_change and is_reauthentication_required(request, app=""):
            if request.method == "POST":
                return redirect(request.path)
            raise ReauthenticationRequired
        return super().confirm(request, pk, change)
