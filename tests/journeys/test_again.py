"""Answering again about two weeks after a result: the question on Today, the second answering, and no."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts import consents
from accounts.models import User
from assessments import services, tasks
from assessments.answering import Posted
from assessments.models import Changed, InstrumentVersion, Response, Retest
from tests.answered import finished
from tests.assessments.vectors import ANSWERS, SOURCE
from tests.journeys.conftest import assert_accessible, assert_fits, log_in
from tests.journeys.test_questionnaire import begin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
type NewContext = Callable[..., BrowserContext]
QUESTION = re.compile("Has anything changed between you since")
INVITATION = "Would you answer once more?"


@pytest.fixture(autouse=True)
def asked(transactional_db: None, ana: User) -> InstrumentVersion:
    """Ana has a result from 13 days ago, agreed to be asked again, and was asked last night."""
    now = datetime.now(UTC)
    version, _ = services.load_version(source=SOURCE, publish=True, now=now - timedelta(days=20))
    for purpose in ("questionnaire", "retest"):
        consents.give(owner=ana, purpose=purpose, now=now - timedelta(days=14))
    finished(ana, version, now=now - timedelta(days=13))
    tasks.ask_to_answer_again(int(now.timestamp()))
    return version


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_from_today_to_the_pair(new_context: NewContext, ana: User, script: bool) -> None:
    page = new_context(java_script_enabled=script).new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    log_in(page, ana.email)
    expect(page.get_by_role("heading", name=INVITATION)).to_be_visible()
    expect(page.get_by_text("It is about two weeks since your last answers")).to_have_count(0)  # not told twice
    assert_fits(page)
    page.get_by_role("link", name="What this is for").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(INVITATION)
    assert_fits(page)
    if script:  # axe needs it
        assert_accessible(page)
    page.get_by_role("link", name="Answer again").click()
    begin(page, same="Yes")
    response = Response.objects.visible_to(ana).unfinished().get()
    posted = Posted(ANSWERS["worked-2"].answers, {})
    services.save_part(owner=ana, response_id=response.pk, posted=posted, now=datetime.now(UTC))
    page.goto(f"/balance/{response.pk}/check/")
    changed = page.get_by_role("group", name=QUESTION)
    expect(changed).to_be_visible()
    expect(changed.locator("input:checked")).to_have_count(0)
    assert_fits(page)
    if script:  # axe needs it
        assert_accessible(page)
    changed.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="See my result").click()
    page.wait_for_url("**/balance/results/**")
    expect(page.get_by_text("You chose “No”.")).to_be_visible()
    assert Retest.objects.get().changed(ana) == Changed.NO
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name=INVITATION)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_no_thank_you_is_the_end_of_it(new_context: NewContext, ana: User, script: bool) -> None:
    page: Page = new_context(java_script_enabled=script).new_page()
    log_in(page, ana.email)
    page.get_by_role("button", name="No, thank you").click()
    expect(page.get_by_text("You are not asked about this result any more.")).to_be_visible()
    expect(page.get_by_role("heading", name=INVITATION)).to_have_count(0)
    page.goto("/notices/")
    expect(page.get_by_text("That is over.")).to_be_visible()
    assert Retest.objects.get().declined_at
