"""The moderation of questions: who reads them, what a page shows and what never, and how decisions are made there."""

import json
import logging
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from exchange.admin.questions import SubmissionAdmin
from exchange.models import Answer, AnswerTemplate, Flag, Question, Submission
from exchange.models.questions import Asked
from exchange.services import moderation, questions
from exchange.services.team import GROUP, QUESTIONS
from tests.conftest import AsUser, with_confirmed_address
from tests.consultations.cast import a_host
from tests.exchange.test_moderation import asks_more
from tests.exchange.waiting import ASKED, flagged, published, shown, waiting
from tests.html import assert_valid_html, parse, text_of

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)
QUEUE = reverse("admin:exchange_submission_changelist")
SMUGGLED = "<b>Ana</b> \u202eevil\u202c &amp; more"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def mira(db: None) -> User:
    """Staff who reads questions, and has no other right."""
    return staff("mira@example.org", QUESTIONS)


@pytest.fixture
def miras(mira: User, as_user: AsUser) -> Client:
    return as_user(mira)


@pytest.fixture
def readings(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(logging.getLogger("reflect.security"), "propagate", True)
    caplog.set_level(logging.INFO, "reflect.security")

    def found() -> list[tuple[str, str]]:
        lines = [json.loads(record.getMessage()) for record in caplog.records if record.name == "reflect.security"]
        return [(line["account"], line["row"]) for line in lines if line["event"] == "admin_reading"]

    return found


def staff(address: str, *groups: str) -> User:
    user = with_confirmed_address(User.objects.create_user(address, is_staff=True))
    user.groups.add(*Group.objects.filter(name__in=groups))
    return user


def page_of(row: Submission) -> str:
    return reverse("admin:exchange_submission_change", args=[row.pk])


def confirm(row: Submission, change: str) -> str:
    return reverse("admin:exchange_submission_confirm", args=[row.pk, change])


def seen(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return text_of(assert_valid_html(response.content))


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the page's form."""
    fields = {
        one.get("name", ""): one.get("value", "")
        for one in parse(response.text).iter("input")
        if one.get("type") == "hidden"
    }
    del fields["csrfmiddlewaretoken"]
    return fields


def decide(client: Client, row: Submission, change: str, **values: str) -> Any:
    """Open the page of a decision, and send its form."""
    page = client.get(confirm(row, change))
    assert_valid_html(page.content)
    return client.post(confirm(row, change), hidden(page) | values)


def test_questions_are_for_their_group_alone(as_user: AsUser, mira: User, ana: User, cole: User, dana: User) -> None:
    row, live = waiting(ana), asks_more(published(ana))
    flagged(live)
    everyone = {
        None: "out",
        ana: "out",
        cole: "out",
        staff("finn@example.org", GROUP): "out",
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
    assert as_user(staff("eve@example.org", GROUP)).get(reverse("admin:exchange_contact_changelist")).status_code == 200


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


def test_each_decision_is_one_line_with_who_and_which(miras: Client, mira: User, ana: User) -> None:
    rows = {}
    for change, values, said in (
        ("private", {"text": "An answer."}, "Answered in private."),
        ("publish", {}, "Published."),
        ("back", {"reason": "Why."}, "Sent back."),
    ):
        rows[said] = waiting(ana)
        answer = decide(miras, rows[said], change, **values)
        assert said in seen(miras.get(answer.headers["Location"]))
        again = miras.post(confirm(rows[said], change), {"shown": "x", **values})
        assert again.status_code == 302  # pressed twice
    lines = LogEntry.objects.values_list("change_message", "object_id", "user", "object_repr")
    assert {*lines} == {(said, str(row.pk), mira.pk, row.pen_name) for said, row in rows.items()}
    assert len(lines) == 3
    for row in rows.values():
        assert seen(miras.get(reverse("admin:exchange_submission_history", args=[row.pk])))


def test_a_change_is_shown_before_it_goes_to_the_author(miras: Client, ana: User) -> None:
    row = waiting(ana)
    page = miras.get(confirm(row, "change"))
    for written in ("Marked title", "Marked question,\nwith two lines."):
        assert written in page.text
    values = hidden(page) | asdict(ASKED) | {"reason": ""}
    same = miras.post(confirm(row, "change"), values)
    assert "publish it as it is" in seen(same)
    changed = values | {"text": "Marked question,\r\nwith one line.", "theme": "pressure", "reason": "A\r\nnote."}
    preview = miras.post(confirm(row, "change"), changed)
    assert "The difference" in seen(preview)
    assert re.search(r"<del>\s*two lines\.</del>", preview.text)
    assert re.search(r"<ins>\s*one line\.</ins>", preview.text)
    assert shown(row) == hidden(preview)["shown"]  # nothing is sent yet
    later = changed | hidden(preview) | {"title": "Another title"}
    assert "Another" in seen(miras.post(confirm(row, "change"), later))  # changed again, so it is shown again
    assert row.state == "waiting"
    assert miras.post(confirm(row, "change"), changed | hidden(preview)).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.words().change) == (
        "agree",
        Asked("Marked title", "Marked question,\nwith one line.", "pressure"),
    )
    assert row.words().reason == "A\nnote."
    assert "What the author is asked to agree to" in seen(miras.get(page_of(row)))
    assert not Question.objects.exists()
    assert decide(miras, row, "undo").status_code == 302
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize(
    ("change", "values", "said"),
    [
        ("private", {"text": " \n\u200b "}, "Please fill in “Private answer”."),
        ("private", {"text": "x" * 4_001}, "This is too long: 4000 characters at most, and you wrote 4001."),
        ("back", {"reason": ""}, "Please fill in “Reason”."),
        ("back", {"reason": "x" * 1_001}, "This is too long: 1000 characters at most, and you wrote 1001."),
        ("change", {"title": "x" * 121, "text": "y", "theme": "balance"}, "you wrote 121."),
        ("change", {"title": "\u202e", "text": "y", "theme": "balance"}, "Please fill in “Title”."),
        ("change", {"title": "x", "text": "y" * 2_001, "theme": "balance"}, "you wrote 2001."),
        ("change", {"title": "x", "text": "y", "theme": "other"}, "Please choose one of the options for “Topic”."),
    ],
)
def test_bad_input_is_named_beside_its_field_and_kept(
    miras: Client, ana: User, change: str, values: dict[str, str], said: str
) -> None:
    row = waiting(ana)
    answer = decide(miras, row, change, **values)
    assert said in seen(answer)
    for value in (value for name, value in values.items() if name != "theme"):
        assert value.strip(" \n\u200b\u202e") in answer.text
    assert shown(row) == hidden(answer)["shown"]
    assert row.state == "waiting"


def test_markup_and_other_directions_are_only_words(miras: Client, ana: User) -> None:
    row = waiting(ana, asked=Asked(SMUGGLED, f"{SMUGGLED}\n\u05e9\u05dc\u05d5\u05dd", "balance"))
    for page in (miras.get(page_of(row)), decide(miras, row, "change", **asdict(ASKED))):
        assert_valid_html(page.content)
        assert "<b>Ana" not in page.text
        assert "&lt;b&gt;Ana" in page.text
        assert '<div dir="auto">' in page.text


@pytest.mark.parametrize(
    ("change", "values"), [("private", {"text": "Kept words."}), ("back", {"reason": "Kept words."})]
)
def test_the_second_moderator_keeps_the_words(miras: Client, ana: User, change: str, values: dict[str, str]) -> None:
    row = waiting(ana)
    page = hidden(miras.get(confirm(row, change)))
    moderation.publish(submission_id=row.pk, shown=shown(row), now=timezone.now())
    refused = miras.post(confirm(row, change), page | values)
    assert "Somebody else decided meanwhile" in seen(refused, 409)
    assert "Kept words.</textarea>" in refused.text
    assert "Published" in refused.text or "published" in refused.text
    assert '<input type="submit"' not in refused.text.split("Kept words.")[1]
    assert not LogEntry.objects.exists()
    assert "done already, or has changed" in seen(miras.get(confirm(row, change), follow=True))


def test_one_more_private_answer_can_be_sent_after_that_of_somebody_else(miras: Client, ana: User) -> None:
    row = waiting(ana)
    page = hidden(miras.get(confirm(row, "private")))
    moderation.answer(submission_id=row.pk, shown=shown(row), text="First.")
    refused = miras.post(confirm(row, "private"), page | {"text": "Second."})
    assert "First." in seen(refused, 409)
    assert miras.post(confirm(row, "private"), hidden(refused) | {"text": "Second."}).status_code == 302
    row.refresh_from_db()
    assert [*row.words().private] == ["First.", "Second."]


def test_a_change_refused_is_shown_anew_before_it_is_sent(miras: Client, ana: User) -> None:
    row = waiting(ana)
    values = hidden(miras.get(confirm(row, "change"))) | asdict(ASKED) | {"text": "Kept words.", "reason": ""}
    preview = hidden(miras.post(confirm(row, "change"), values))
    row.seal(replace(row.words(), asked=Asked("New title", "New words.", "balance")))
    row.save()
    refused = miras.post(confirm(row, "change"), values | preview)
    assert "Kept words.</textarea>" in refused.text
    assert "New words." in seen(refused, 409)
    assert "The difference" in seen(miras.post(confirm(row, "change"), values | hidden(refused)))


def test_withdrawn_while_the_page_is_open_is_said_plainly(miras: Client, ana: User) -> None:
    row = waiting(ana)
    for change, values in (("private", {"text": "Kept words."}), ("publish", {}), ("change", asdict(ASKED))):
        page = hidden(miras.get(confirm(row, change)))
        questions.withdraw(author=ana, submission_id=row.pk)
        refused = miras.post(confirm(row, change), page | values)
        assert "The author has withdrawn this question." in seen(refused, 409)
        assert "Marked question" not in refused.text or change == "change"
        assert ("Kept words." in refused.text) == (change == "private")
        for address in (page_of(row), confirm(row, change)):
            answer = miras.get(address, follow=True)
            assert answer.redirect_chain == [(QUEUE, 302)]
            assert "no longer here" in seen(answer)
        row = waiting(ana)
    assert not LogEntry.objects.exists()


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


def test_a_private_answer_has_help_and_ready_made_answers_at_hand(miras: Client, ana: User) -> None:
    template = AnswerTemplate.objects.create(title="Help", text="You are not alone with this.")
    row = waiting(ana)
    page = miras.get(confirm(row, "private"))
    assert "116 123" in seen(page)
    assert f'href="?template={template.pk}"' in page.text
    for query, begun in ((str(template.pk), True), ("0", False), ("x", False), ("9" * 30, False), ("²", False)):
        found = miras.get(confirm(row, "private"), {"template": query})
        assert ("You are not alone with this.</textarea>" in found.text) == begun
        assert_valid_html(found.content)
    assert "116 123" not in seen(miras.get(confirm(row, "back")))


def test_a_flag_is_read_and_settled_and_a_question_taken_down(miras: Client, ana: User, cole: User) -> None:
    row = published(ana)
    flag = flagged(row)
    answer = Answer.objects.create(question_id=row.pk, specialist=cole, text="Marked answer.", on=NOW.date())
    about = flagged(row, reason="Marked too.")
    Flag.objects.filter(pk=about.pk).update(answer=answer)
    assert row.pen_name in seen(miras.get(QUEUE, {"list": "flagged"}))
    said = seen(miras.get(page_of(row)))
    for words in ("Marked reason.", "Marked too.", "About an answer", "Marked answer."):
        assert words in said
    Flag.objects.filter(pk=flag.pk).update(sealed="key:AAAA")
    assert "The reason can’t be opened." in seen(miras.get(page_of(row)))
    assert miras.post(confirm(row, "settle"), {"flags": "x"}).status_code == 200
    page = hidden(miras.get(confirm(row, "settle")))
    late = flagged(row)
    assert miras.post(confirm(row, "settle"), page).status_code == 302
    assert [*Flag.objects.filter(settled_on=None)] == [late]
    assert decide(miras, row, "down", reason="A name.").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.words().reason, Question.objects.count()) == ("back", "A name.", 0)
    assert "What the author was told" in seen(miras.get(page_of(row)))
    assert "There is nothing here." in seen(miras.get(QUEUE, {"list": "flagged"}))


def test_a_flagged_answer_alone_is_taken_down_and_goes_back_to_its_specialist(
    miras: Client, as_user: AsUser, mira: User, ana: User
) -> None:
    row, mara, nils = published(ana), a_host("mara"), a_host("nils")
    answers = {
        host.slug: Answer.objects.create(question_id=row.pk, specialist=host.user, text=f"{host.name} says.", on=NOW)
        for host in (mara, nils)
    }
    flagged(row)
    assert "Take an answer down" not in seen(miras.get(page_of(row)))
    Flag.objects.update(answer=answers["mara"])
    assert "Take an answer down" in seen(miras.get(page_of(row)))
    choices = seen(miras.get(confirm(row, "answer_down")))
    assert "Mara: Mara says." in choices
    assert "Nils: Nils says." not in choices
    assert "choose one of the options" in seen(decide(miras, row, "answer_down", answer=str(answers["nils"].pk)))
    given = {"answer": str(answers["mara"].pk), "reason": "Please leave out the name."}
    for _twice in range(2):
        assert miras.post(confirm(row, "answer_down"), given).status_code in {200, 302}
    assert [*Answer.objects.values_list("text", flat=True)] == ["Nils says."]
    assert (Question.objects.get().answers, Flag.objects.count()) == (1, 0)
    assert [log.get_change_message() for log in LogEntry.objects.all()] == ["Answer taken down."]
    client = as_user(mara.user)
    address = reverse("practice:question", args=[row.pk])
    client.post(reverse("practice:question_take", args=[row.pk]), {"action": "take"})
    returned = seen(client.get(address))
    for words in ("Our team has taken your answer down", "Please leave out the name.", "Mara says."):
        assert words in returned


def test_a_question_without_flags_offers_none_to_settle(miras: Client, ana: User) -> None:
    row = published(ana)
    assert "Settle" not in seen(miras.get(page_of(row)))
    assert miras.get(confirm(row, "settle")).status_code == 302


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
        assert "can't be opened" in seen(refused, 409)
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


def test_every_decision_has_words_and_leads_somewhere() -> None:
    for change in SubmissionAdmin.changes.values():
        assert all((change.label, change.explanation, change.said))
