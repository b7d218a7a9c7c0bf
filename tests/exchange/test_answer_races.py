"""Answering at the same time, over real connections."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from accounts.erasure import close_account
from accounts.models import User
from consultations.models import Specialist
from exchange.models import Answer, AnswerVersion, Helped, Question
from exchange.services import answers
from tests.consultations.cast import a_host
from tests.consultations.racing import at_once
from tests.exchange.readable import answered, published, withdrawn

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
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


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_many_who_begin_at_once_one_does(self, asked: Question) -> None:
        hosts = [a_host(f"host{number}") for number in range(5)]

        def take(host: Specialist) -> str:
            try:
                answers.take(user=host.user, question_id=asked.pk, now=NOW)
            except answers.Taken:
                return "taken"
            return "has it"

        outcomes = at_once(*(partial(take, host) for host in hosts))
        assert sorted(map(str, outcomes)) == ["has it", *["taken"] * 4]

    def test_two_specialists_publish_at_once(self, asked: Question, mara: Specialist, nils: Specialist) -> None:
        answers.take(user=mara.user, question_id=asked.pk, now=NOW)

        def publish(host: Specialist) -> str:
            try:
                answers.save_answer(user=host.user, question_id=asked.pk, text=host.name, now=NOW)
            except answers.Taken:
                return f"{host.name} too late"
            return f"{host.name} published"

        outcomes = {str(one) for one in at_once(partial(publish, mara), partial(publish, nils))}
        assert "Mara published" in outcomes
        asked.refresh_from_db()
        assert asked.answers == Answer.objects.count() == sum("published" in one for one in outcomes)

    def test_one_form_sent_ten_times_is_one_answer(self, asked: Question, mara: Specialist) -> None:
        save = partial(answers.save_answer, user=mara.user, question_id=asked.pk, text=WORDS, now=NOW)
        at_once(*[save] * 10)
        asked.refresh_from_db()
        assert (asked.answers, AnswerVersion.objects.count()) == (1, 0)

    def test_a_question_withdrawn_while_it_is_answered_is_gone_with_all(
        self, ana: User, ben: User, asked: Question, mara: Specialist, nils: Specialist
    ) -> None:
        answer = answered(asked, nils)

        def until_gone(call: Any) -> str:
            try:
                call()
            except answers.Gone:
                return "gone"
            return "done"

        calls = [
            partial(answers.save_answer, user=mara.user, question_id=asked.pk, text=WORDS, now=NOW),
            partial(answers.say_it_helped, reader=ben, question_id=asked.pk, answer_id=answer.pk),
            partial(answers.flag, reader=ben, question_id=asked.pk, answer_id=answer.pk, reason="x", now=NOW),
        ]
        outcomes = at_once(partial(withdrawn, ana, asked), *(partial(until_gone, call) for call in calls))
        assert {*outcomes[1:]} <= {"gone", "done"}
        assert not Question.objects.exists()
        assert not Answer.objects.exists()

    def test_ten_clicks_of_one_person_count_once(self, ben: User, asked: Question, mara: Specialist) -> None:
        answer = answered(asked, mara)
        at_once(*[partial(answers.say_it_helped, reader=ben, question_id=asked.pk, answer_id=answer.pk)] * 10)
        asked.refresh_from_db()
        answer.refresh_from_db()
        assert asked.helped == answer.helped == Helped.objects.count() == 1

    def test_an_answer_and_the_end_of_its_account_at_once(self, asked: Question, mara: Specialist) -> None:
        def save() -> str:
            try:
                answers.save_answer(user=mara.user, question_id=asked.pk, text=WORDS, now=NOW)
            except answers.NotListed:
                return "no account"
            return "saved"

        at_once(save, partial(close_account, owner=mara.user, now=NOW))
        asked.refresh_from_db()
        assert (asked.answers, Answer.objects.count()) == (0, 0)
