"""Error reports without personal data: posted values, query strings and variables are left out."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any, override

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class Filter(SafeExceptionReporterFilter):
    """Keeps the names of fields and variables for debugging, and removes every value, whatever DEBUG is."""

    @override
    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return self.blank(request.POST if request else {})

    @override
    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return self.blank(tb_frame.f_locals).items()

    @override
    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return self.blank(getattr(request, "COOKIES", {}))

    @override
    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        meta = super().get_safe_request_meta(request)
        return meta | self.blank(meta.keys() & {"QUERY_STRING", "HTTP_REFERER", "CSRF_COOKIE"})

    def blank(self, names: Any) -> dict[str, Any]:
        return dict.fromkeys(names, self.cleansed_substitute)


class Reporter(ExceptionReporter):
    """Removes what Django reports without asking the filter: query string, files, account."""

    @override
    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        blank = self.filter.cleansed_substitute
        if self.request is not None:
            data["request_insecure_uri"] = self.request.path
            data["request_GET_items"] = [(name, blank) for name in self.request.GET]
            data["request_FILES_items"] = [(name, blank) for name in self.request.FILES]
        return data | {"user_str": "", "unicode_hint": ""}
