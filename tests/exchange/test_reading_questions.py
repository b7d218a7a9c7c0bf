"""Questions as members find and read them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Held, User
from exchange.models import Answer, Flag, Helped, Question, Submission
from exchange.published import FEW, PAGE, Key, Order
from tests.conftest import AsUser
from tests.consultations.cast import UNLISTED, a_host, page, unlist
from tests.exchange.readable import DAY, answered, published, withdrawn
from tests.html import assert_valid_html, followed, text_of

NOBODY = "9b46e99a-e4b9-419a-b9c4-d3bd401fa6d5"  # an id of nothing, the same in every process
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LIST = reverse("questions")
RTL = "كيف أقول لا؟"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW, tick=False)]


def titles(html: str) -> list[str]:
    return [text_of(one) for one in assert_valid_html(html).iter("h3")]


def all_pages(client: Client, address: str) -> list[str]:
    """The titles of a list, page after page."""
    found = []
    while address:
        html = client.get(address).text
        found += titles(html)
        more = re.search(r'href="(\?[^"]*after=[^"]*)"', html)
        address = address.split("?")[0] + more[1].replace("&amp;", "&") if more else ""
    return found


def sought(client: Client, words: str, **chosen: str) -> Any:
    return client.post(LIST, {"words": words, "theme": "", "order": "newest", **chosen})


@pytest.fixture
def many(ana: User) -> list[Question]:
    """Two pages and a half, the newest last; every third has an answer."""
    mara = a_host("mara")
    rows = []
    for number in range(2 * PAGE + 6):
        theme = "refusals" if number % 2 else "pressure"
        row = published(ana, title=f"Question {number:02}", theme=theme, on=DAY + timedelta(number // 4))
        if number % 3 == 0:
            answered(row, mara)
        rows.append(row)
    return rows


class TestTheList:
    def test_is_for_members_and_leads_back(self, client: Client, ana: User) -> None:
        for address in (LIST, reverse("question", args=[published(ana).pk])):
            response = client.get(address)
            assert response.headers["Location"] == f"/accounts/login/?next={address}"

    @pytest.mark.parametrize("address", [LIST, "/questions/new/"])
    def test_tells_visitors_why_and_leads_back(self, client: Client, ana: User, address: str) -> None:
        led = client.get(address).headers["Location"]
        assert led == f"/accounts/login/?next={address}"
        log_in = page(client.get(led))
        assert "To create a new question, please log in or create an account." in log_in
        sent = {"login": ana.email, "password": "look-at-the-balance", "next": address}
        assert client.post("/accounts/login/", sent).headers["Location"] == address

    def test_is_not_for_search_engines(self, as_user: AsUser, ana: User) -> None:
        for address in (LIST, reverse("question", args=[published(ana).pk])):
            assert as_user(ana).get(address).headers["X-Robots-Tag"] == "noindex"
        assert f"Disallow: {LIST}" in as_user(ana).get("/robots.txt").text

    def test_begins_empty(self, as_user: AsUser, ana: User) -> None:
        assert "Nobody has asked anything yet." in page(as_user(ana).get(LIST))

    @pytest.mark.parametrize("order", list(Order))
    @pytest.mark.parametrize("theme", ["", "refusals"])
    def test_comes_in_pages_without_a_gap(
        self, as_user: AsUser, ben: User, many: list[Question], order: Order, theme: str
    ) -> None:
        for number in (5, 9, 10, 11):
            Question.objects.filter(pk=many[number].pk).update(helped=number % 4)
        rows = list(Question.objects.filter(theme=theme) if theme else Question.objects.all())
        rows = [row for row in rows if order is not Order.UNANSWERED or row.answers == 0]
        key: Callable[[Question], Any] = lambda row: (  # noqa: E731
            row.helped if order is Order.HELPFUL else row.published_on,
            row.pk,
        )
        wanted = [row.title for row in sorted(rows, key=key, reverse=True)]
        assert all_pages(as_user(ben), f"{LIST}?order={order}&theme={theme}") == wanted

    def test_goes_on_behind_a_withdrawn_question(
        self, as_user: AsUser, ben: User, ana: User, many: list[Question]
    ) -> None:
        html = as_user(ben).get(LIST).text
        last = Question.objects.get(title=titles(html)[-1])
        withdrawn(ana, last)
        seen = titles(as_user(ben).get(f"{LIST}?after={Key.of(last, Order.NEWEST)}").text)
        assert not {*seen} & {*titles(html)}
        assert len(seen) == PAGE

    @pytest.mark.parametrize("after", ["", "x", "-", f"1-{NOBODY}x", f"0-{NOBODY}", f"99999999-{NOBODY}", "٣-1"])
    def test_has_no_page_behind_nonsense(self, as_user: AsUser, ana: User, after: str) -> None:
        assert as_user(ana).get(LIST, {"after": after}).status_code == 404

    def test_refuses_a_theme_and_an_order_that_there_are_not(self, as_user: AsUser, ana: User) -> None:
        html = as_user(ana).get(LIST, {"theme": "x", "order": "x"})
        assert "Choose one of the topics shown." in page(html, 400)

    def test_costs_the_same_whatever_it_shows(self, as_user: AsUser, ana: User, many: list[Question]) -> None:
        client, counts = as_user(ana), []
        client.get(LIST)
        for address in (LIST, f"{LIST}?order=helpful", f"{LIST}?order=unanswered&theme=pressure"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(address)
            counts.append(len(queries))
        assert max(counts) <= 3  # session, account, questions

    def test_shows_the_day_and_never_a_time(self, as_user: AsUser, ana: User) -> None:
        published(ana, title=RTL)
        html = as_user(ana).get(LIST).text
        assert '<time datetime="2026-11-17">Tuesday 17 November 2026</time>' in html
        assert f'<h3 dir="auto"><a href="{LIST}' in html

    def test_is_found_from_the_specialists(self, as_user: AsUser, ana: User) -> None:
        assert f'href="{LIST}"' in as_user(ana).get(reverse("specialists")).text
        assert 'href="/specialists/"\n          aria-current="true"' in as_user(ana).get(LIST).text


class TestTheSearch:
    def test_stands_in_no_address(self, as_user: AsUser, ana: User) -> None:
        row = published(ana, title="Guilt after every no")
        answer = sought(as_user(ana), "guilt")
        assert answer.status_code == 303
        assert "guilt" not in answer.headers["Location"]
        assert titles(followed(answer).text) == [row.title]
        assert b"guilt" not in bytes(Held.objects.get().sealed)

    def test_leads_to_the_list_without_words(self, as_user: AsUser, ana: User) -> None:
        client = as_user(ana)
        assert sought(client, "").headers["Location"] == LIST
        answer = sought(client, "", theme="refusals", order="unanswered")
        assert answer.headers["Location"] == f"{LIST}?theme=refusals&order=unanswered"

    def test_puts_the_title_before_the_text(self, as_user: AsUser, ana: User) -> None:
        published(ana, title="An evening a week", text="I feel guilt.", on=DAY + timedelta(3))
        published(ana, title="Guilt after every no", text="It stays with me.")
        published(ana, title="Something else", text="Nothing.")
        assert titles(followed(sought(as_user(ana), "guilt")).text) == ["Guilt after every no", "An evening a week"]

    def test_knows_phrases_exclusions_and_word_forms(self, as_user: AsUser, ana: User) -> None:
        published(ana, title="Asking for an evening", text="We were asked twice.")
        published(ana, title="Saying no kindly", text="I want it to stand.")
        client = as_user(ana)
        assert titles(followed(sought(client, "evenings")).text) == ["Asking for an evening"]
        assert titles(followed(sought(client, '"saying no kindly"')).text) == ["Saying no kindly"]
        assert titles(followed(sought(client, "want -stand")).text) == []

    def test_finds_titles_in_spite_of_a_typo(self, as_user: AsUser, ana: User) -> None:
        published(ana, title="How do I set boundaries at work?")
        published(ana, title="An evening a week")
        assert titles(followed(sought(as_user(ana), "bondaries")).text) == ["How do I set boundaries at work?"]

    def test_keeps_to_topic_and_order(self, as_user: AsUser, ana: User) -> None:
        first = published(ana, title="Guilt, guilt", theme="pressure")
        second = published(ana, title="Guilt and no", on=DAY - timedelta(1))
        Question.objects.filter(pk=second.pk).update(helped=2)
        answered(second, a_host("mara"))
        client = as_user(ana)
        assert titles(followed(sought(client, "guilt", theme="pressure")).text) == [first.title]
        assert titles(followed(sought(client, "guilt", order="unanswered")).text) == [first.title]
        assert titles(followed(sought(client, "guilt", order="helpful")).text) == [second.title, first.title]

    def test_comes_in_pages(self, as_user: AsUser, ben: User, many: list[Question]) -> None:
        answer = sought(as_user(ben), "question")
        found = all_pages(answer.client, answer.headers["Location"])
        assert sorted(found) == [row.title for row in many]

    def test_of_too_many_searches_the_newest(
        self, as_user: AsUser, ben: User, many: list[Question], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("exchange.published.MOST_FOUND", FEW + 1)
        monkeypatch.setattr("exchange.views.questions.MOST_FOUND", FEW + 1)
        html = followed(sought(as_user(ben), "question")).text
        assert f"Only the newest {FEW + 1} that match" in html
        assert {*titles(html)} == {row.title for row in many[-2:]} | {
            row.title for row in sorted(many[-6:-2], key=lambda row: row.pk)[-2:]
        }

    @pytest.mark.parametrize(
        "words", ["'; --", "!!", "\\", "-", '"', "the", "%s", "🙂", RTL, "a" * 200, "or and not ( | &"]
    )
    def test_takes_whatever_is_typed(self, as_user: AsUser, ana: User, words: str) -> None:
        published(ana)
        assert followed(sought(as_user(ana), words)).status_code == 200

    def test_gives_back_what_is_too_long(self, as_user: AsUser, ana: User) -> None:
        answer = followed(sought(as_user(ana), "b" * 201))
        assert answer.status_code == 400
        assert "b" * 201 in answer.text

    def test_of_somebody_else_is_not_shown(self, as_user: AsUser, ana: User, ben: User) -> None:
        address = sought(as_user(ana), "guilt").headers["Location"]
        assert as_user(ben).get(address).headers["Location"] == LIST

    @pytest.mark.parametrize("after", ["x", NOBODY])
    def test_has_no_page_behind_nonsense(self, as_user: AsUser, ana: User, after: str) -> None:
        address = sought(as_user(ana), "guilt").headers["Location"]
        assert as_user(ana).get(address, {"after": after}).status_code in {404, 302}


class TestOneQuestion:
    def test_shows_all_that_is_public(self, as_user: AsUser, ana: User, ben: User) -> None:
        row = published(ana, text="One.\n\nTwo.", more="And what then?", changed=True)
        answered(row, a_host("mara"), reply="Then tea.", replied_on=DAY, edited_on=DAY, thanked=True)
        words = page(as_user(ben).get(reverse("question", args=[row.pk])))
        assert f"Asked by {row.pen_name}, published on Tuesday 17 November 2026" in words
        for sentence in (
            *("One. Two.", "And what then?", "Then tea.", "Mara answers", "edited on", "Something was left out"),
            f"{row.pen_name} says thank you.",
        ):
            assert sentence in words

    def test_reads_the_same_for_its_author(self, as_user: AsUser, ana: User, ben: User) -> None:
        row = published(ana)
        answered(row, a_host("mara"))
        one, other = (
            text_of(assert_valid_html(as_user(user).get(reverse("question", args=[row.pk])).text))
            for user in (ana, ben)
        )
        assert one == other

    def test_that_was_withdrawn_or_never_was_is_not_told_apart(self, as_user: AsUser, ana: User, ben: User) -> None:
        row, waiting = published(ana), published(ana)
        withdrawn(ana, row)
        Question.objects.filter(pk=waiting.pk).delete()
        Submission.objects.filter(pk=waiting.pk).delete()
        pages = set()
        for user in (ana, ben):
            for pk in (row.pk, waiting.pk, uuid4()):
                response = as_user(user).get(reverse("question", args=[pk]))
                pages.add(page(response, 404))
        assert len(pages) == 1
        assert "This question is not here, or not any more." in pages.pop()

    def test_sends_no_referrer_and_no_question_to_a_booking(self, as_user: AsUser, ana: User) -> None:
        row = published(ana)
        answered(row, a_host("mara"))
        html = as_user(ana).get(reverse("question", args=[row.pk])).text
        away = [
            tag for tag in re.findall(r"<a\b[^>]*>", html) if "/specialists/mara/" in tag or "/messages/new/" in tag
        ]
        assert len(away) >= 2
        for tag in away:
            assert 'rel="noreferrer"' in tag
            assert "?" not in tag
            assert str(row.pk) not in tag

    @pytest.mark.parametrize("fields", UNLISTED)
    def test_of_an_answer_by_somebody_not_listed_only_the_name_stays(
        self, as_user: AsUser, ana: User, fields: dict[str, Any]
    ) -> None:
        row, mara = published(ana), a_host("mara")
        answered(row, mara)
        unlist(mara, fields)
        html = as_user(ana).get(reverse("question", args=[row.pk])).text
        assert "Mara" in html
        assert "/specialists/mara/" not in html

    def test_costs_the_same_with_many_answers(self, as_user: AsUser, ana: User) -> None:
        row, client, counts = published(ana), as_user(ana), []
        client.get(LIST)
        for name in ("mara", "nils", "olga"):
            answered(row, a_host(name))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("question", args=[row.pk]))
            counts.append(len(queries))
        assert len(set(counts)) == 1
        assert counts[0] <= 5


class TestHelped:
    def press(self, client: Client, answer: Answer, action: str = "helped") -> Any:
        return client.post(reverse("answer_helped", args=[answer.question_id, answer.pk]), {"action": action})

    def test_counts_each_person_once_and_is_taken_back(self, as_user: AsUser, ana: User, ben: User) -> None:
        row = published(ana)
        answer = answered(row, a_host("mara"))
        for user in (ana, ana, ben):
            led = self.press(as_user(user), answer)
            assert led.headers["Location"] == f"/questions/{row.pk}/#answer-{answer.pk}"
        assert "It helped 2 people." in page(as_user(ben).get(reverse("question", args=[row.pk])))
        self.press(as_user(ben), answer, "undo")
        self.press(as_user(ben), answer, "undo")
        answer.refresh_from_db()
        assert (answer.helped, Question.objects.get().helped, Helped.objects.count()) == (1, 1, 1)

    def test_names_nobody(self, as_user: AsUser, ana: User, ben: User) -> None:
        answer = answered(published(ana), a_host("mara"))
        self.press(as_user(ben), answer)
        assert [field.name for field in Helped._meta.concrete_fields] == ["id", "answer"]
        assert str(Helped.objects.get().pk) not in {str(ben.pk), str(answer.pk)}

    def test_does_not_count_for_oneself(self, as_user: AsUser, ana: User) -> None:
        mara = a_host("mara")
        answer = answered(published(ana), mara)
        self.press(as_user(mara.user), answer)
        assert not Helped.objects.exists()

    def test_of_another_question_or_none_is_gone(self, as_user: AsUser, ana: User) -> None:
        answer = answered(published(ana), a_host("mara"))
        for pk, about in ((published(ana).pk, answer.pk), (answer.question_id, uuid4()), (uuid4(), answer.pk)):
            response = as_user(ana).post(reverse("answer_helped", args=[pk, about]), {"action": "helped"})
            assert "not here, or not any more" in page(response, 404)

    def test_goes_with_the_answer(self, as_user: AsUser, ana: User, ben: User) -> None:
        row, mara = published(ana), a_host("mara")
        self.press(as_user(ben), answered(row, mara))
        self.press(as_user(ben), answered(row, a_host("nils")))
        Answer.objects.filter(specialist=mara.user).delete()
        row.refresh_from_db()
        assert (row.answers, row.helped, Helped.objects.count()) == (1, 1, 1)


class TestFlag:
    def test_is_sealed_and_one_a_person(self, as_user: AsUser, ana: User, ben: User) -> None:
        row = published(ana)
        address = reverse("question_flag", args=[row.pk])
        for reason in ("First reason.", "Second reason."):
            response = as_user(ben).post(address, {"reason": reason, "writer": str(ben.pk)})
            assert response.headers["Location"] == f"/questions/{row.pk}/"
        flag = Flag.objects.get()
        assert (flag.question_id, flag.answer_id, flag.on, flag.reason()) == (
            row.pk,
            None,
            NOW.date(),
            "Second reason.",
        )
        assert "reason" not in flag.sealed

    def test_is_about_one_answer(self, as_user: AsUser, ana: User, ben: User) -> None:
        answer = answered(published(ana), a_host("mara"))
        address = reverse("answer_flag", args=[answer.question_id, answer.pk])
        assert "Report the answer by Mara" in page(as_user(ben).get(address))
        as_user(ben).post(address, {"reason": "A reason.", "writer": str(ben.pk)})
        assert Flag.objects.get().answer == answer

    @pytest.mark.parametrize("reason", ["", " \u200b ", "x" * 1_001])
    def test_gives_back_what_it_refuses(self, as_user: AsUser, ana: User, reason: str) -> None:
        address = reverse("question_flag", args=[published(ana).pk])
        answer = followed(as_user(ana).post(address, {"reason": reason, "writer": str(ana.pk)}))
        assert answer.status_code == 400
        assert reason in answer.text
        assert not Flag.objects.exists()

    def test_keeps_its_words_when_nobody_is_signed_in(self, client: Client, ana: User) -> None:
        address = reverse("question_flag", args=[published(ana).pk])
        response = client.post(address, {"reason": "A reason.", "writer": str(ana.pk)})
        assert "A reason." in page(response, 401)

    def test_of_what_is_gone_is_gone(self, as_user: AsUser, ana: User) -> None:
        answer = answered(published(ana), a_host("mara"))
        for address in (
            reverse("question_flag", args=[uuid4()]),
            reverse("answer_flag", args=[answer.question_id, uuid4()]),
            reverse("answer_flag", args=[published(ana).pk, answer.pk]),
        ):
            for response in (as_user(ana).get(address), as_user(ana).post(address, {"reason": "A reason."})):
                assert "not here, or not any more" in page(response, 404)
