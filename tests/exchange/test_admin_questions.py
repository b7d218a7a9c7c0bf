"""Questions in the administration: who reads them, and what a page shows and what never."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from exchange.models import Question, Submission
from exchange.models.questions import Asked
from exchange.services import moderation
from tests.conftest import AsUser
from tests.exchange.moderating import confirm, decide, page_of, seen
from tests.exchange.test_moderation import asks_more
from tests.exchange.waiting import ASKED, flagged, published, shown, waiting
from tests.html import assert_valid_html
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
QUEUE = reverse("admin:exchange_submission_changelist")
SMUGGLED = "<b>Ana</b> \u202eevil\u202c &amp; more"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def test_questions_are_for_their_group_alone(as_user: AsUser, mira: User, ana: User, cole: User, dana: User) -> None:
    row, live = waiting(ana), asks_more(published(ana))
    flagged(live)
    everyone = {
        None: "out",
        ana: "out",
        cole: "out",
        staff("finn@example.org", Role.SUPPORT): "out",
        staff("other@example.org"): "out",
        mira: "in",
        dana: "in",
    }
    addresses = [QUEUE, page_of(row), reverse("admin:exchange_submission_history", args=[row.pk])]
    addresses += [confirm(row, change) for change in ("private", "publish", "change", "back")]
    addresses += [confirm(live, change) for change in ("more_private", "more_publish", "more_back", "settle", "down")]
    for who, side in everyone.items():
        client = as_user(who) if who else Client()
        for address in addresses:
            found = client.get(address)
            assert (found.status_code == 200) == (side == "in"), (who, address)
            assert ASKED.title not in found.text or side == "in"
            if side == "out":
                assert client.post(address, {"text": "x", "reason": "x", "shown": shown(row)}).status_code in {302, 403}
    for denied in ("add", "delete"):
        address = f"{QUEUE}add/" if denied == "add" else f"{QUEUE}{row.pk}/delete/"
        assert as_user(dana).get(address).status_code == 403
    assert shown(row) == shown(Submission.objects.get(pk=row.pk))
    assert (row.state, Question.objects.count()) == ("waiting", 1)
    assert as_user(mira).get(reverse("admin:accounts_user_changelist")).status_code == 403
    assert as_user(mira).get(reverse("admin:exchange_contact_changelist")).status_code == 403
    assert as_user(mira).get(reverse("admin:exchange_answertemplate_changelist")).status_code == 200
    assert (
        as_user(staff("eve@example.org", Role.SUPPORT)).get(reverse("admin:exchange_contact_changelist")).status_code
        == 200
    )


def test_who_may_only_look_decides_nothing(as_user: AsUser, ana: User) -> None:
    row = waiting(ana)
    looks = staff("looks@example.org")
    looks.user_permissions.add(*looks.user_permissions.model.objects.filter(codename="view_submission"))
    client = as_user(looks)
    assert "Decide" not in seen(client.get(page_of(row)))
    assert client.post(confirm(row, "publish"), {"shown": shown(row)}).status_code == 403


def test_pages_name_no_account_and_no_time(miras: Client, ana: User, readings: Any, mira: User) -> None:
    row = waiting(ana, on=(NOW - 3 * DAY).date())
    queue = miras.get(QUEUE)
    assert row.pen_name in seen(queue)
    assert ASKED.title not in queue.text  # the list opens no words to anybody
    assert readings() == []
    page = miras.get(page_of(row))
    assert "Marked title" in seen(page)
    assert "3 days old" in seen(page)
    assert "two lines" in page.text
    assert readings() == [(str(mira.pk), str(row.pk))]
    for one in (queue, page, miras.get(confirm(row, "private"))):
        for secret in (str(ana.pk), ana.email, bytes(row.tag).hex(), "2026-11-2", "Nov. 2", "November 2"):
            assert secret not in one.text
    assert len(readings()) == 2


def test_markup_and_other_directions_are_only_words(miras: Client, ana: User) -> None:
    row = waiting(ana, asked=Asked(SMUGGLED, f"{SMUGGLED}\n\u05e9\u05dc\u05d5\u05dd", "balance"))
    for page in (miras.get(page_of(row)), decide(miras, row, "change", **asdict(ASKED))):
        assert_valid_html(page.content)
        assert "<b>Ana" not in page.text
        assert "&lt;b&gt;Ana" in page.text
        assert '<div dir="auto">' in page.text


def test_strange_addresses_reveal_and_break_nothing(miras: Client, ana: User) -> None:
    row = waiting(ana)
    for strange in (str(uuid4()), "x", "1", "²", "_2d", "a" * 300):
        address = reverse("admin:exchange_submission_change", args=[strange])
        assert "no longer here" in seen(miras.get(address, follow=True))
        address = reverse("admin:exchange_submission_confirm", args=[strange, "publish"])
        assert miras.get(address).status_code == 302
        assert miras.post(address, {"shown": "x"}).status_code == 409
    assert miras.get(confirm(row, "delete")).status_code == 404
    for query in ({"list": "x"}, {"after": "x"}, {"after": str(uuid4())}, {"list": "all", "after": "²"}, {"o": "1"}):
        assert row.pen_name in seen(miras.get(QUEUE, query))
    for forged in ("", "x", "x" * 65):
        assert miras.post(confirm(row, "publish"), {"shown": forged}).status_code in {200, 409}
    assert not Question.objects.exists()


def test_the_one_thing_more_is_read_on_the_same_page(miras: Client, ana: User) -> None:
    row = asks_more(published(ana))
    assert "asks one thing more" in seen(miras.get(QUEUE))
    assert "Marked more." in seen(miras.get(page_of(row)))
    assert decide(miras, row, "more_publish").status_code == 302
    assert Question.objects.get().more == "Marked more."
    assert "Marked more." in seen(miras.get(page_of(row)))
    assert "Nothing is waiting." in seen(miras.get(QUEUE))


def test_what_cannot_be_opened_is_left_as_it_is(miras: Client, ana: User) -> None:
    row = waiting(ana)
    Submission.objects.update(sealed="key:AAAA")
    assert "can’t be opened" in seen(miras.get(page_of(row)))
    for change in ("private", "publish", "change", "back"):
        assert '<form class="aligned"' not in miras.get(confirm(row, change)).text
        values = {"shown": "x", "text": "Kept words.", "reason": "Kept words.", "title": "x", "theme": "balance"}
        refused = miras.post(confirm(row, change), values)
        assert "can’t be opened" in seen(refused, 409)
    assert Submission.objects.get().sealed == "key:AAAA"


def test_guidance_stands_above_each_question(miras: Client, ana: User) -> None:
    row = waiting(ana)
    for page in (page_of(row), confirm(row, "publish")):
        said = seen(miras.get(page))
        assert said.index("What identifies somebody") < said.index("Marked title")


def test_lists_and_pages_ask_a_constant_number_of_queries(miras: Client, ana: User) -> None:
    def queries() -> list[int]:
        counts = []
        for address in (QUEUE, f"{QUEUE}?list=flagged", f"{QUEUE}?list=all", page_of(row)):
            miras.get(address)
            with CaptureQueriesContext(connection) as captured:
                miras.get(address)
            counts.append(len(captured))
        return counts

    row = published(ana)
    waiting(ana)
    flagged(row)
    before = queries()
    for _number in range(3):
        waiting(ana)
        flagged(row)
        flagged(published(ana))
    assert queries() == before


def test_the_next_page_is_found_by_key(miras: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moderation, "PAGE", 1)
    first, second = waiting(ana, on=(NOW - DAY).date()), waiting(ana)
    page = miras.get(QUEUE)
    assert (first.pen_name in page.text, second.pen_name in page.text) == (True, False)
    [link] = re.findall(r'href="(\?list=waiting&amp;after=[\w-]+)"', page.text)
    assert "2026" not in link
    assert second.pen_name in miras.get(QUEUE + link.replace("&amp;", "&")).text
