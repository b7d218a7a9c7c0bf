"""Decisions about questions in the administration: asked about first, made once, and no word is lost."""

import re
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from exchange.admin.questions import SubmissionAdmin
from exchange.models import Answer, AnswerTemplate, Flag, Question
from exchange.models.questions import Asked
from exchange.services import moderation, questions
from tests.conftest import AsUser
from tests.consultations.cast import a_host
from tests.exchange.moderating import confirm, decide, hidden, page_of, seen
from tests.exchange.waiting import ASKED, flagged, published, shown, waiting
from tests.html import assert_valid_html
from tests.notices import new_about

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUEUE = reverse("admin:exchange_submission_changelist")
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


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
        ("private", {"text": "x" * 4_001}, "This is too long: 4,000 characters at most, and you wrote 4,001."),
        ("back", {"reason": ""}, "Please fill in “Reason”."),
        ("back", {"reason": "x" * 1_001}, "This is too long: 1,000 characters at most, and you wrote 1,001."),
        ("change", {"title": "x" * 121, "text": "y", "theme": "balance"}, "you wrote 121."),
        ("change", {"title": "\u202e", "text": "y", "theme": "balance"}, "Please fill in “Title”."),
        ("change", {"title": "x", "text": "y" * 2_001, "theme": "balance"}, "you wrote 2,001."),
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
    other = str(answers["nils"].pk)
    assert "Choose the answer that is taken down." in seen(decide(miras, row, "answer_down", answer=other))
    given = {"answer": str(answers["mara"].pk), "reason": "Please leave out the name."}
    for _twice in range(2):
        assert miras.post(confirm(row, "answer_down"), given).status_code in {200, 302}
    assert [*Answer.objects.values_list("text", flat=True)] == ["Nils says."]
    assert (Question.objects.get().answers, Flag.objects.count()) == (1, 0)
    assert [log.get_change_message() for log in LogEntry.objects.all()] == ["Answer taken down."]
    assert new_about(mara.user) == [(Notice.Kind.TAKEN_DOWN, row.pk)]
    assert new_about(nils.user) == []
    client = as_user(mara.user)
    address = reverse("practice:question", args=[row.pk])
    notices = client.get(reverse("notices"))
    assert "Our team has taken down an answer of yours." in seen(notices)
    assert Question.objects.get().title in seen(notices)
    client.post(reverse("practice:question_take", args=[row.pk]), {"action": "take"})
    returned = seen(client.get(address))
    for words in ("Our team has taken your answer down", "Please leave out the name.", "Mara says."):
        assert words in returned


def test_a_question_without_flags_offers_none_to_settle(miras: Client, ana: User) -> None:
    row = published(ana)
    assert "Settle" not in seen(miras.get(page_of(row)))
    assert miras.get(confirm(row, "settle")).status_code == 302


def test_every_decision_has_words_and_leads_somewhere() -> None:
    for change in SubmissionAdmin.changes.values():
        assert all((change.label, change.explanation, change.said))
