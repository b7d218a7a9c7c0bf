"""Reports of errors say where the fault is, and nothing that anybody wrote."""

import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.views.debug import get_default_exception_reporter_filter, get_exception_reporter_class
from pytest_django import Settings

from lib.figures import MEGABYTE
from lib.uploads import InMemory
from reflect.reports import Filter, Reporter

MARKER = "lavender"


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("is_html", [False, True])
def test_a_report_holds_nothing_that_was_sent_or_kept_in_a_variable(
    settings: Settings, *, debug: bool, is_html: bool
) -> None:
    settings.DEBUG = debug
    request = RequestFactory().post(
        f"/page/?q={MARKER}",
        {"text": MARKER, "file": SimpleUploadedFile(f"{MARKER}.txt", b"")},
        headers={"cookie": f"sessionid={MARKER}; messages={MARKER}", "referer": f"https://example.org/?q={MARKER}"},
    )
    request.upload_handlers = [InMemory(request, MEGABYTE)]

    def fail(written: str) -> None:
        raise RuntimeError(f"{len(written)} characters")

    try:
        fail(request.POST["text"])
    except RuntimeError:
        reporter = Reporter(request, *sys.exc_info())
    report = reporter.get_traceback_html() if is_html else reporter.get_traceback_text()
    assert MARKER not in report
    for kept in ("RuntimeError", "8 characters", "/page/", "text"):
        assert kept in report


def test_half_a_character_is_not_shown() -> None:
    request = RequestFactory().get("/page/")
    try:
        f"{MARKER}\ud800".encode()
    except UnicodeEncodeError:
        reporter = Reporter(request, *sys.exc_info())
    assert reporter.get_traceback_data()["unicode_hint"] == ""


def test_these_are_the_reports_that_are_sent() -> None:
    assert issubclass(get_exception_reporter_class(RequestFactory().get("/")), Reporter)  # type: ignore[arg-type]  # a class
    assert isinstance(get_default_exception_reporter_filter(), Filter)


def test_a_report_without_a_request_holds_no_variables() -> None:
    assert Filter().get_post_parameters(None) == {}
    written = MARKER
    variables = Filter().get_traceback_frame_variables(None, sys._getframe())
    assert "written" in dict(variables)
    assert written not in str(variables)
