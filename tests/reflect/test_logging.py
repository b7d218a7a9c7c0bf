"""What the processes log of requests."""

import logging

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
SECRET = "QuincePorcelain"


@pytest.mark.parametrize("path", [f"/feeds/{SECRET}.ics", f"/reminder/{SECRET}/"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PROPFIND"])
def test_an_address_that_is_a_key_is_in_no_line(caplog: pytest.LogCaptureFixture, path: str, method: str) -> None:
    """Calendar programs ask with more methods than there are answers to."""
    assert Client(enforce_csrf_checks=True).generic(method, path).status_code >= 400
    assert path.split("/")[1] in caplog.text
    assert SECRET not in caplog.text


def test_what_is_nowhere_is_named(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/no-such-page/")
    assert "Not Found: /no-such-page/" in caplog.text


def test_a_job_that_is_tried_again_is_a_warning_and_one_that_went_well_is_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    queue = logging.getLogger("procrastinate.worker")
    for action in ("start_job", "job_success", "job_error_retry"):
        queue.info("The job %s", action, extra={"action": action})
    queue.getChild("mail").info("Stopped.")
    assert caplog.record_tuples == [(queue.name, logging.WARNING, "The job job_error_retry")]
