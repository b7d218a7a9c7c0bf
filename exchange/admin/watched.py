"""Rows whose words staff read: each opening is a line in the security log."""

from typing import Any, override

from django.http import HttpRequest, HttpResponse

from accounts import security_log
from lib.admin import ChangesAdmin, LongTableAdmin


class WatchedAdmin(ChangesAdmin, LongTableAdmin):
    """The row's page and the pages of its changes show its words. They are sealed, so there is no search."""

    @override
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.read(request, object_id, super().change_view(request, object_id, *args, **kwargs))

    @override
    def confirm(self, request: HttpRequest, pk: str, change: str) -> HttpResponse:
        return self.read(request, pk, super().confirm(request, pk, change))

    def read(self, request: HttpRequest, pk: str, page: HttpResponse) -> HttpResponse:
        """Write down that somebody opens a row, if the page shows it."""
        if page.status_code == 200:
            event, model = security_log.Event.ADMIN_READING, f"{self.opts.app_label}.{self.opts.model_name}"
            security_log.log(event, account=request.user.pk, request=request, model=model, row=pk)
        return page
