"""Every page of the administration: valid, without a finding of axe, and as wide as a phone."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.outbox import post
from reflect.models import Banner
from reflect.publishing import publish_banners
from tests.html import assert_valid_html
from tests.journeys.conftest import assert_accessible, assert_fits
from tests.journeys.test_phones import as_person, demo  # noqa: F401  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def in_use(demo: None) -> None:  # noqa: F811
    """A demo in which something waits of each kind."""
    now = datetime.now(UTC)
    post(User.objects.get(email="ana@example.org"), kind="closing", now=now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 3")
    Banner.objects.create(
        text="We are away on Tuesday evening.", level="warning", starts_at=now, ends_at=now + timedelta(days=1)
    )
    publish_banners(now=now)


def pages(page: Page) -> Iterator[str]:
    """Follow the links from the index, and open one page of each kind. Yields the name of its address."""
    waiting, known = ["/admin/"], {"admin:index"}
    while waiting:
        path = waiting.pop(0)
        answer = page.goto(path)
        assert answer, path
        assert answer.status == 200, path
        try:
            assert_valid_html(answer.text())
        except AssertionError as error:
            raise AssertionError(path) from error
        yield path
        for link in page.locator("main a[href], header a[href]").all():
            to = urlsplit(link.evaluate("link => link.href"))
            if not to.path.startswith("/admin/") or to.path.endswith("/csv/"):  # a download
                continue
            found = resolve(to.path)
            kind = f"{found.view_name} {found.kwargs.get('change', '')}"
            if kind not in known:
                known.add(kind)
                waiting.append(f"{to.path}?{to.query}" if to.query else to.path)


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_is_valid_fits_and_has_no_finding_of_axe(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, in_use: None, width: int, scheme: str
) -> None:
    context = new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    as_person(context, live_server, "dana@example.org")
    page = context.new_page()
    seen = set()
    for path in pages(page):
        seen.add(resolve(urlsplit(path).path).view_name)
        assert_accessible(page)
        assert_fits(page)
    lists = {f"admin:{one._meta.app_label}_{one._meta.model_name}_changelist" for one in admin.site._registry}
    assert lists <= seen
    expect(page.get_by_text("We are away on Tuesday evening.")).to_be_visible()
