"""Specialists answer: the lock, edits with their history, and words that come back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.erasure import close_account
from accounts.models import User
from consultations.models import Specialist
from exchange.models import Answer, Answering, AnswerVersion, Helped, Question, QuestionDraft, Submission
from exchange.models.answers import LONGEST_ANSWER
from exchange.published import PAGE
from exchange.services import answers, question_drafts
from exchange.services.answers import TO_ANSWER
from tests.conftest import AsUser, show_second_factor
from tests.consultations.cast import UNLISTED, a_host, page, unlist
from tests.exchange.readable import DAY, answered, published, withdrawn
from tests.html import followed

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DESK = reverse("practice:questions")
WORDS = "Reasons invite repair."
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


@pytest.fixture
def mara(db: None) -> Specialist:
    return a_host("mara")


@pytest.fixture
def nils(db: None) -> Specialist:
    return a_host("nils")


@pytest.fixture
def asked(ana: User) -> Question:
    return published(ana)


def at(question: Question, name: str = "question") -> str:
    return reverse(f"practice:{name}", args=[question.pk])


def takes(client: Client, question: Question, action: str = "take") -> Any:
    return client.post(at(question, "question_take"), {"action": action})


def publishes(client: Client, user: User, question: Question, text: str = WORDS, **fields: str) -> Any:
    return client.post(at(question), {"action": "publish", "writer": str(user.pk), "text": text, **fields})


def answers_kept(user: User) -> list[str]:
    return [*question_drafts.drafts_of(user)]


class TestTheDesk:
    def test_shows_unanswered_ones_of_own_topics_first(self, as_user: AsUser, ana: User, nils: Specialist) -> None:
        mara = a_host("mara", themes=["pressure"])
        published(ana, title="Of another topic")
        published(ana, title="Of their topic", theme="pressure")
        answered(published(ana, title="Answered by another", theme="pressure"), nils)
        answered(published(ana, title="Answered by them", theme="pressure"), mara)
        words = page(as_user(mara.user).get(DESK))
        places = [words.index(one) for one in ("Of their topic", "Of another topic", "Answered by them")]
        assert places == sorted(places)
        assert "Answered by another" not in words

    def test_comes_in_pages(self, as_user: AsUser, ana: User, mara: Specialist) -> None:
        rows = [published(ana, title=f"Question {number:02}") for number in range(PAGE + 2)]
        client = as_user(mara.user)
        html = client.get(DESK, {"show": "others"}).text
        more = html.split('href="?show=others&amp;after=')[1].split('"')[0]
        rest = client.get(DESK, {"show": "others", "after": more}).text
        assert sum(row.title in html for row in rows) == PAGE
        assert sum(row.title in rest for row in rows) == 2

    @pytest.mark.parametrize("query", [{"show": "x"}, {"after": "x"}, {"show": "mine", "after": f"0-{uuid4()}"}])
    def test_has_no_other_lists(self, as_user: AsUser, mara: Specialist, query: dict[str, str]) -> None:
        assert as_user(mara.user).get(DESK, query).status_code == 404

    def test_names_what_is_begun_and_where_more_was_asked(self, as_user: AsUser, ana: User, mara: Specialist) -> None:
        answered(published(ana, title="Asked once more", more="And then?"), mara)
        begun = published(ana, title="Begun")
        client = as_user(mara.user)
        takes(client, begun)
        words = page(client.get(DESK))
        assert "You have answered these, and something more was asked. " in words
        assert "You have this question to yourself until 09:10." in words

    def test_is_found_from_the_practice(self, as_user: AsUser, mara: Specialist) -> None:
        assert f'href="{DESK}"' in as_user(mara.user).get(reverse("practice:overview")).text


class TestTheLock:
    def test_shows_who_is_answering_and_until_when(
        self, as_user: AsUser, asked: Question, mara: Specialist, nils: Specialist
    ) -> None:
        takes(as_user(mara.user), asked)
        assert "to yourself until 09:10" in page(as_user(mara.user).get(at(asked)))
        words = page(as_user(nils.user).get(at(asked)))
        assert "Mara is answering until 09:10." in words
        assert "Pressing" not in words
        takes(as_user(nils.user), asked)
        assert Answering.objects.get().specialist == mara.user

    def test_ends_by_itself(
        self, as_user: AsUser, asked: Question, mara: Specialist, nils: Specialist, time_machine: Any
    ) -> None:
        takes(as_user(mara.user), asked)
        time_machine.move_to(NOW + TO_ANSWER, tick=False)
        takes(as_user(nils.user), asked)
        assert Answering.objects.get().specialist == nils.user

    def test_is_one_at_a_time(self, as_user: AsUser, ana: User, asked: Question, mara: Specialist) -> None:
        takes(as_user(mara.user), asked)
        takes(as_user(mara.user), other := published(ana))
        assert Answering.objects.get().question == other

    def test_is_left_and_published(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        takes(as_user(mara.user), asked)
        publishes(as_user(mara.user), mara.user, asked, "", action="leave")
        assert not Answering.objects.exists()
        takes(as_user(mara.user), asked)
        publishes(as_user(mara.user), mara.user, asked)
        assert not Answering.objects.exists()

    def test_is_renewed_by_asking_and_by_a_refused_save(
        self, as_user: AsUser, asked: Question, mara: Specialist, time_machine: Any
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        time_machine.move_to(NOW + timedelta(minutes=4), tick=False)
        again = followed(publishes(client, mara.user, asked, action="more"))
        assert WORDS in again.text
        assert Answering.objects.get().until == NOW + timedelta(minutes=4) + TO_ANSWER
        time_machine.move_to(NOW + timedelta(minutes=8), tick=False)
        publishes(client, mara.user, asked, "x" * (LONGEST_ANSWER + 1))
        assert Answering.objects.get().until == NOW + timedelta(minutes=8) + TO_ANSWER
        assert not Answer.objects.exists()


class TestAnswering:
    def test_publishes_and_tells_the_author_without_a_name(
        self, as_user: AsUser, ana: User, asked: Question, mara: Specialist
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        assert publishes(client, mara.user, asked, "One.\r\n\r\nTwo.").headers["Location"] == at(asked)
        answer = Answer.objects.get()
        assert (answer.specialist, answer.on, answer.edited_on) == (mara.user, NOW.date(), None)
        assert "Two." in page(as_user(ana).get(reverse("question", args=[asked.pk])))
        asked.refresh_from_db()
        assert asked.answers == 1
        assert Submission.objects.get().news == Submission.News.NEW

    def test_sent_twice_is_one_answer(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        for _twice in range(2):
            publishes(as_user(mara.user), mara.user, asked)
        assert (Answer.objects.count(), AnswerVersion.objects.count()) == (1, 0)

    def test_keeps_what_was_there_before_an_edit(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        answered(asked, mara, text="First.")
        Submission.objects.update(news="")
        for text in ("Second.", "Third."):
            publishes(as_user(mara.user), mara.user, asked, text)
        answer = Answer.objects.get()
        assert (answer.text, answer.on, answer.edited_on) == ("Third.", DAY, NOW.date())
        assert list(AnswerVersion.objects.order_by("pk").values_list("text", "until")) == [
            ("First.", NOW.date()),
            ("Second.", NOW.date()),
        ]
        assert Submission.objects.get().news == ""
        words = page(as_user(mara.user).get(reverse("question", args=[asked.pk])))
        assert "edited on 23 November 2026" in words
        assert "Second." not in words

    def test_replies_to_the_one_thing_more(self, as_user: AsUser, ana: User, mara: Specialist) -> None:
        asked = published(ana, more="And then?")
        publishes(as_user(mara.user), mara.user, asked, reply="Too early.")
        answer = Answer.objects.get()
        assert answer.reply == ""
        Submission.objects.update(news="")
        publishes(as_user(mara.user), mara.user, asked, reply="Pour the tea.")
        answer.refresh_from_db()
        assert (answer.reply, answer.replied_on, answer.edited_on) == ("Pour the tea.", NOW.date(), None)
        assert (AnswerVersion.objects.count(), Submission.objects.get().news) == (0, "new")
        publishes(as_user(mara.user), mara.user, asked, reply="")
        answer.refresh_from_db()
        assert (answer.reply, answer.replied_on, answer.edited_on) == ("", None, NOW.date())
        assert AnswerVersion.objects.get().reply == "Pour the tea."

    def test_is_deleted_after_a_page_that_asks(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        client = as_user(mara.user)
        assert client.get(at(asked, "answer_delete")).headers["Location"] == at(asked)
        answered(asked, mara)
        assert "Delete your answer?" in page(client.get(at(asked, "answer_delete")))
        assert client.post(at(asked, "answer_delete")).headers["Location"] == DESK
        asked.refresh_from_db()
        assert (asked.answers, Answer.objects.count()) == (0, 0)

    def test_goes_with_the_account_and_the_counts_follow(
        self, as_user: AsUser, ana: User, asked: Question, mara: Specialist, nils: Specialist
    ) -> None:
        other = answered(asked, nils)
        answers.say_it_helped(reader=ana, question_id=asked.pk, answer_id=answered(asked, mara).pk)
        answers.say_it_helped(reader=ana, question_id=asked.pk, answer_id=other.pk)
        close_account(owner=mara.user, now=NOW)
        asked.refresh_from_db()
        assert (asked.answers, asked.helped, Helped.objects.count()) == (1, 1, 1)


class TestWords:
    """Nothing that a specialist has typed is lost."""

    @pytest.mark.parametrize("text", ["", "\u200b", "x" * (LONGEST_ANSWER + 1)])
    def test_come_back_when_they_are_refused(
        self, as_user: AsUser, asked: Question, mara: Specialist, text: str
    ) -> None:
        answer = followed(publishes(as_user(mara.user), mara.user, asked, text))
        assert answer.status_code == 400
        assert text in answer.text

    def test_come_back_while_somebody_else_answers(
        self, as_user: AsUser, asked: Question, mara: Specialist, nils: Specialist, time_machine: Any
    ) -> None:
        takes(as_user(nils.user), asked)
        takes(as_user(mara.user), asked)
        answer = followed(publishes(as_user(mara.user), mara.user, asked))
        assert answer.status_code == 409
        assert "Nils is answering until 09:10. Your words are still here." in page(answer, 409)
        assert WORDS in answer.text
        time_machine.move_to(NOW + TO_ANSWER, tick=False)
        publishes(as_user(mara.user), mara.user, asked)
        assert Answer.objects.get().specialist == mara.user

    def test_are_kept_as_a_draft_by_who_leaves(
        self, as_user: AsUser, asked: Question, mara: Specialist, nils: Specialist
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        left = publishes(client, mara.user, asked, WORDS + "x" * LONGEST_ANSWER, action="leave")
        assert left.headers["Location"] == DESK
        assert not Answering.objects.exists()
        words = page(client.get(DESK))
        assert "Your words are kept as a draft" in words
        assert "You have begun to answer these" in words
        assert "A draft of your answer is kept here" in page(client.get(at(asked)))
        takes(client, asked)
        assert WORDS in client.get(at(asked)).text
        assert WORDS not in as_user(nils.user).get(at(asked)).text
        client = as_user(mara.user)
        publishes(client, mara.user, asked)
        assert "You have begun" not in page(client.get(DESK))
        assert not QuestionDraft.objects.exists()

    def test_are_kept_while_they_are_typed(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        form = {"client": str(uuid4()), "base_revision": "0", "writer": str(mara.pk)}
        for sequence, text in enumerate(("Reasons", WORDS), start=1):
            saved = client.post(at(asked, "answer_draft"), form | {"sequence": sequence, "text": text})
            assert (saved.status_code, saved.json()["revision"]) == (200, sequence)
        assert f"{WORDS}</textarea>" in client.get(at(asked)).text
        other = form | {"client": str(uuid4()), "sequence": 1, "text": "Of another page."}
        assert client.post(at(asked, "answer_draft"), other).status_code == 409
        shown = page(client.get(at(asked)))
        assert WORDS in shown
        assert "Of another page." in shown
        publishes(client, mara.user, asked)
        assert client.post(at(asked, "answer_draft"), form | {"sequence": 9, "text": "Late."}).status_code == 404
        [about] = answers_kept(mara.user)
        client.post(at(asked, "answer_draft_delete"), {"draft": about})
        assert not QuestionDraft.objects.exists()

    def test_of_a_change_are_kept_until_it_is_saved(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        client, draft = as_user(mara.user), at(asked, "answer_draft")
        takes(client, asked)
        publishes(client, mara.user, asked)
        assert f'data-draft="{draft}"' in client.get(at(asked)).text
        form = {"client": str(uuid4()), "base_revision": "0", "writer": str(mara.pk), "changes": "yes"}
        saved = client.post(draft, form | {"sequence": 1, "text": "Differently."})
        assert (saved.status_code, saved.json()["revision"]) == (200, 1)
        shown = client.get(at(asked))
        assert "Differently.</textarea>" in shown.text
        assert "Members read your answer as it was until you save it." in page(shown)
        assert "Other drafts" not in page(shown)
        assert Answer.objects.get().text == WORDS
        assert "or to change your answer" in page(client.get(DESK))
        other = form | {"client": str(uuid4()), "sequence": 1, "text": "Of another page.", "reply": "A reply."}
        assert client.post(draft, other).status_code == 409
        assert all(words in page(client.get(at(asked))) for words in ("Differently.", "Of another page.", "A reply."))
        for about in answers_kept(mara.user)[1:]:
            client.post(at(asked, "answer_draft_delete"), {"draft": about})
        publishes(client, mara.user, asked, "Differently.", action="keep")
        assert (Answer.objects.get().text, len(answers_kept(mara.user))) == (WORDS, 1)
        publishes(client, mara.user, asked, "Differently.", changes="yes")
        assert Answer.objects.get().text == "Differently."
        assert not QuestionDraft.objects.exists()

    def test_of_a_reply_are_kept_while_they_are_typed(self, as_user: AsUser, asked: Question, mara: Specialist) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        publishes(client, mara.user, asked)
        Question.objects.update(more="And then?")
        form = {"client": str(uuid4()), "base_revision": "0", "writer": str(mara.pk), "changes": "yes", "sequence": 1}
        assert client.post(at(asked, "answer_draft"), form | {"text": WORDS, "reply": "Then wait."}).status_code == 200
        assert "Then wait.</textarea>" in client.get(at(asked)).text
        assert Answer.objects.get().reply == ""

    def test_of_a_change_stay_in_sight_when_the_answer_is_taken_down(
        self, as_user: AsUser, asked: Question, mara: Specialist
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        publishes(client, mara.user, asked)
        Answer.objects.all().delete()
        publishes(client, mara.user, asked, "Differently.", changes="yes")
        sent = page(client.get(at(asked)))
        assert "Your answer is not published any more. What you have changed is kept below." in sent
        assert "Differently." in sent
        assert not Answer.objects.exists()

    def test_are_dropped_by_who_empties_the_form_and_leaves(
        self, as_user: AsUser, asked: Question, mara: Specialist
    ) -> None:
        client = as_user(mara.user)
        for text in (WORDS, ""):
            takes(client, asked)
            publishes(client, mara.user, asked, text, action="leave")
        assert not QuestionDraft.objects.exists()

    def test_of_a_draft_are_shown_when_the_question_is_withdrawn(
        self, as_user: AsUser, ana: User, asked: Question, mara: Specialist
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        publishes(client, mara.user, asked, action="leave")
        withdrawn(ana, asked)
        assert WORDS in page(client.get(at(asked)), 410)

    def test_are_published_after_the_time_if_nobody_else_answers(
        self, as_user: AsUser, asked: Question, mara: Specialist, time_machine: Any
    ) -> None:
        takes(as_user(mara.user), asked)
        time_machine.move_to(NOW + timedelta(minutes=25), tick=False)
        publishes(as_user(mara.user), mara.user, asked)
        assert Answer.objects.get().text == WORDS

    def test_come_back_when_the_question_was_withdrawn(
        self, as_user: AsUser, ana: User, asked: Question, mara: Specialist
    ) -> None:
        client = as_user(mara.user)
        takes(client, asked)
        withdrawn(ana, asked)
        answer = followed(publishes(client, mara.user, asked))
        assert WORDS in page(answer, 410)
        assert not Answer.objects.exists()
        for name in ("question", "answer_delete"):
            assert "not here, or not any more" in page(client.get(at(asked, name)), 404)
        assert "not here, or not any more" in page(takes(client, asked), 404)

    def test_come_back_when_nobody_is_signed_in(self, client: Client, asked: Question, mara: Specialist) -> None:
        response = publishes(client, mara.user, asked)
        assert WORDS in page(response, 401)

    def test_come_back_after_a_stale_token(self, asked: Question, mara: Specialist) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(mara.user)
        show_second_factor(client, mara.user)
        assert WORDS in page(publishes(client, mara.user, asked), 403)

    def test_come_back_in_a_flood(self, as_user: AsUser, asked: Question, mara: Specialist, settings: Any) -> None:
        settings.RATE_LIMITS = settings.RATE_LIMITS | {"writing": (1, 60, 25_000)}
        client = as_user(mara.user)
        publishes(client, mara.user, asked, "First.")
        assert "Second." in page(publishes(client, mara.user, asked, "Second."), 429)


class TestWhoMayAnswer:
    @pytest.mark.parametrize("fields", [one for one in UNLISTED if one.keys() - {"is_active", "closes_at"}])
    def test_nobody_who_is_not_listed(
        self, as_user: AsUser, asked: Question, mara: Specialist, fields: dict[str, Any]
    ) -> None:
        unlist(mara, fields)
        client = as_user(mara.user)
        assert "You can answer once" in page(client.get(DESK))
        takes(client, asked)
        answer = followed(publishes(client, mara.user, asked))
        assert answer.status_code == 403
        assert WORDS in answer.text
        assert not Answer.objects.exists()
        assert not Answering.objects.exists()

    @pytest.mark.parametrize("fields", [{"is_active": False}, {"closes_at": NOW}])
    def test_no_account_that_is_shut(self, asked: Question, mara: Specialist, fields: dict[str, Any]) -> None:
        unlist(mara, fields)
        with pytest.raises(answers.NotListed):
            answers.save_answer(user=mara.user, question_id=asked.pk, text=WORDS, now=NOW)

    def test_no_member(self, as_user: AsUser, ben: User, asked: Question) -> None:
        assert publishes(as_user(ben), ben, asked).headers["Location"] == reverse("practice:start")
        assert not Answer.objects.exists()
