"""The pages of answering: what each shows, saves and refuses."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import consents
from accounts.consents import GROUP_STATISTICS, QUESTIONNAIRE
from accounts.models import DataKey, User
from assessments import services
from assessments.answering import Posted, parts_of
from assessments.instrument import Instrument
from assessments.models import Form, InstrumentVersion, Response, Result
from assessments.scoring import FIRST_LINE
from tests.assessments.conftest import FILE, NOW, Answered
from tests.conftest import AsUser
from tests.html import assert_valid_html, followed, text_of

type Login = AsUser

START = {"form": "short", "partnered": "yes", "questionnaire": QUESTIONNAIRE.version}


@pytest.fixture
def anas(ana: User, as_user: Login) -> Client:
    return as_user(ana)


@pytest.fixture
def response(ana: User, balance_1: InstrumentVersion) -> Response:
    """Ana has begun the short form."""
    return begin(ana, balance_1)


def begin(owner: User, version: InstrumentVersion, form: str = Form.SHORT) -> Response:
    agreed = [consents.QUESTIONNAIRE.purpose]
    return services.start_response(owner=owner, version=version, form=form, partnered=True, now=NOW, agrees=agreed)


def part(response: Response, number: int) -> str:
    return reverse("balance_part", args=[response.pk, number])


def stored(response: Response) -> dict[str, object]:
    fresh = Response.objects.select_related("owner").get(pk=response.pk)
    return dict(fresh.answers(fresh.owner).answers)


def html(answer: object) -> str:
    answer = followed(answer)
    assert isinstance(answer, HttpResponse)
    assert_valid_html(answer.content)
    return answer.content.decode()


class TestStarting:
    def test_nothing_is_chosen_beforehand(self, anas: Client, balance_1: InstrumentVersion) -> None:
        page = html(anas.get(reverse("balance_start")))
        assert " checked" not in page
        for words in ("Short form: 42 questions, about 5 minutes", "Full form: 81 questions, about 12 minutes"):
            assert words in page
        assert "Are you in this relationship now?" in page
        assert str(consents.QUESTIONNAIRE.words) in page
        assert str(consents.GROUP_STATISTICS.words) in page

    def test_starting_agrees_and_leads_to_the_first_part(
        self, anas: Client, ana: User, balance_1: InstrumentVersion
    ) -> None:
        answer = anas.post(reverse("balance_start"), START)
        response = Response.objects.get()
        assert answer["Location"] == part(response, 1)
        assert (response.owner, response.version, response.form) == (ana, balance_1, "short")
        assert response.answers(ana).partnered
        assert consents.has_given(ana, "questionnaire")
        assert not consents.has_given(ana, "group_statistics")

    def test_group_figures_are_agreed_to_apart(self, anas: Client, ana: User, balance_1: InstrumentVersion) -> None:
        anas.post(reverse("balance_start"), {**START, "partnered": "no", "group_statistics": GROUP_STATISTICS.version})
        assert consents.has_given(ana, "group_statistics")
        assert not Response.objects.get().answers(ana).partnered

    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            ("form", "Choose the short or the full form."),
            ("partnered", "Choose yes or no."),
            ("questionnaire", "Without your agreement we cannot keep any answers."),
        ],
    )
    def test_each_choice_is_needed(self, anas: Client, balance_1: InstrumentVersion, missing: str, said: str) -> None:
        answer = anas.post(reverse("balance_start"), {key: value for key, value in START.items() if key != missing})
        assert said in html(answer)
        assert not Response.objects.exists()

    def test_what_was_agreed_to_is_not_asked_again(self, anas: Client, ana: User, balance_1: InstrumentVersion) -> None:
        consents.give(owner=ana, purpose="questionnaire", now=NOW)
        assert 'name="questionnaire"' not in html(anas.get(reverse("balance_start")))
        anas.post(reverse("balance_start"), {"form": "full", "partnered": "no"})
        assert Response.objects.get().form == "full"

    @pytest.mark.parametrize(("chosen", "same"), [("yes", True), ("no", False)])
    def test_later_it_asks_whether_it_is_the_same_relationship(
        self, anas: Client, ana: User, answered: Answered, chosen: str, same: bool
    ) -> None:
        consents.give(owner=ana, purpose="questionnaire", now=NOW)
        assert "same relationship" not in html(anas.get(reverse("balance_start")))
        latest = answered()
        page = html(anas.get(reverse("balance_start")))
        assert "Is this about the same relationship as last time?" in page
        assert "You last answered on 2 March 2026." in page
        assert " checked" not in page
        refused = html(anas.post(reverse("balance_start"), START))
        assert "Choose whether this is about the same relationship." in refused
        assert not Response.objects.unfinished().exists()
        anas.post(reverse("balance_start"), {**START, "same_relationship": chosen})
        answers = Response.objects.unfinished().get().answers(ana)
        assert answers.same_relationship is same
        assert (answers.line == latest.response.answers(ana).line) is same

    def test_without_an_earlier_result_the_answer_is_not_taken(
        self, anas: Client, ana: User, balance_1: InstrumentVersion
    ) -> None:
        anas.post(reverse("balance_start"), {**START, "same_relationship": "no"})
        answers = Response.objects.get().answers(ana)
        assert (answers.same_relationship, answers.line) == (None, FIRST_LINE)

    def test_with_one_begun_starting_leads_to_the_overview(self, anas: Client, response: Response) -> None:
        for answer in (anas.get(reverse("balance_start")), anas.post(reverse("balance_start"), START)):
            assert answer["Location"] == reverse("balance")
        assert Response.objects.count() == 1

    def test_without_a_version_the_overview_says_so(self, anas: Client) -> None:
        assert anas.get(reverse("balance_start"))["Location"] == reverse("balance")
        assert "There are no questions to answer at the moment." in html(anas.get(reverse("balance")))


class TestParts:
    def test_a_part_is_numbered_and_nothing_is_preselected(self, anas: Client, response: Response) -> None:
        page = html(anas.get(part(response, 3)))
        assert "<title>Part 3 of 18 | Reflect</title>" in page
        assert "Part 3 of 18." in page
        assert "<h1>Everyday help</h1>" in page
        assert " checked" not in page
        assert page.count('type="radio"') == 2 * (5 + 2)
        assert "Does not apply to me" in page
        assert "I prefer not to say" in page

    def test_the_overall_feeling_has_seven_stops(self, anas: Client, response: Response) -> None:
        assert html(anas.get(part(response, 1))).count('type="radio"') == 7 + 2

    def test_the_full_form_asks_how_important_an_area_is(
        self, anas: Client, ana: User, balance_1: InstrumentVersion
    ) -> None:
        full = begin(ana, balance_1, Form.FULL)
        page = html(anas.get(part(full, 2)))
        assert "Part 2 of 28." in page
        assert "How important is this area to you?" in page
        anas.post(part(full, 2), {"attention_importance": "3"})
        assert Response.objects.get().answers(ana).importance == {"attention": 3}

    def test_continue_saves_and_leads_on(self, anas: Client, response: Response) -> None:
        answer = anas.post(part(response, 2), {"attention_give": "4", "attention_receive": "na"})
        assert (answer.status_code, answer["Location"]) == (302, part(response, 3))
        assert stored(response) == {"attention_give": 4, "attention_receive": "na"}
        page = html(anas.get(part(response, 2)))
        assert page.count(" checked") == 2
        assert re.search(r'id="id_attention_give_4"\s+checked', page)

    def test_every_question_can_be_left_out(self, anas: Client, response: Response) -> None:
        assert anas.post(part(response, 2))["Location"] == part(response, 3)
        assert stored(response) == {}

    @pytest.mark.parametrize(("go", "to"), [("back", 1), ("stop", None)])
    def test_back_and_stop_save_too(self, anas: Client, response: Response, go: str, to: int | None) -> None:
        answer = anas.post(part(response, 2), {"attention_give": "0", "go": go})
        assert answer["Location"] == (part(response, to) if to else reverse("balance"))
        assert stored(response) == {"attention_give": 0}

    def test_back_from_the_first_part_leads_to_the_overview(self, anas: Client, response: Response) -> None:
        assert anas.post(part(response, 1), {"go": "back"})["Location"] == reverse("balance")

    def test_the_last_part_leads_to_the_check(self, anas: Client, response: Response) -> None:
        assert anas.post(part(response, 18))["Location"] == reverse("balance_check", args=[response.pk])

    def test_a_part_opened_from_the_check_leads_back_to_it(self, anas: Client, response: Response) -> None:
        answer = anas.post(f"{part(response, 3)}?from=check", {"practical_give": "1"})
        assert answer["Location"] == reverse("balance_check", args=[response.pk])

    def test_coming_back_leads_to_the_first_open_part(self, anas: Client, response: Response) -> None:
        anas.post(part(response, 1), {"felt1": "skip"})
        anas.post(part(response, 2), {"attention_give": "1", "attention_receive": "1"})
        anas.post(part(response, 5), {"affection_give": "1"})
        page = html(anas.get(reverse("balance")))
        assert f'href="{part(response, 3)}"' in page
        assert "Parts answered so far: 2 of 18." in page

    def test_two_tabs_lose_nothing(self, anas: Client, response: Response) -> None:
        anas.post(part(response, 2), {"attention_give": "1"})
        anas.post(part(response, 3), {"practical_give": "2"})
        anas.post(part(response, 2), {"attention_receive": "3"})
        assert stored(response) == {"attention_give": 1, "practical_give": 2, "attention_receive": 3}


class TestBadInput:
    def test_a_value_off_the_scale_is_named_and_nothing_is_saved(self, anas: Client, response: Response) -> None:
        answer = anas.post(part(response, 2), {"attention_give": "9", "attention_receive": "2"}, follow=True)
        page = html(answer)
        assert answer.status_code == 400
        assert "<title>Please check: Part 2 of 18 | Reflect</title>" in page
        assert page.count("Choose one of the answers shown.") == 2
        assert 'href="#id_attention_give_0"' in page
        assert re.search(r'id="id_attention_receive_2"\s+checked', page)
        assert stored(response) == {}

    def test_an_unknown_key_is_refused_and_nothing_is_saved(self, anas: Client, response: Response) -> None:
        answer = anas.post(part(response, 2), {"attention_give": "1", "ill4": "2"}, follow=True)
        assert answer.status_code == 400
        assert "does not belong to this part" in html(answer)
        assert stored(response) == {}

    @pytest.mark.parametrize("number", [0, 19, 9999])
    def test_there_is_no_such_part(self, anas: Client, response: Response, number: int) -> None:
        assert anas.get(part(response, number)).status_code == 404
        assert anas.post(part(response, number), {"felt1": "1"}).status_code == 404

    def test_anothers_pages_are_not_there(self, as_user: Login, ben: User, dana: User, response: Response) -> None:
        consents.give(owner=ben, purpose="questionnaire", now=NOW)
        for other in (ben, dana):
            client = as_user(other)
            for address in (part(response, 1), *(reverse(f"balance_{n}", args=[response.pk]) for n in OWN_PAGES)):
                assert client.get(address).status_code == 404
                assert client.post(address, {"felt1": "1"}).status_code == 404
        assert stored(response) == {}
        assert Response.objects.get().submitted_at is None

    def test_a_retired_version_says_so_and_changes_nothing(
        self, anas: Client, response: Response, balance_1: InstrumentVersion
    ) -> None:
        newer = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
        services.load_version(source=newer, publish=True, now=NOW)
        services.retire_version(version=balance_1, now=NOW + timedelta(days=1))
        check = reverse("balance_check", args=[response.pk])
        for answer in (
            anas.get(part(response, 2)),
            anas.post(part(response, 2), {"attention_give": "1"}, follow=True),
            anas.post(check, follow=True),
        ):
            assert answer.status_code == 409
            assert "These questions are no longer used" in html(answer)
        assert stored(response) == {}
        assert not Result.objects.exists()
        overview = html(anas.get(reverse("balance")))
        assert reverse("balance_restart", args=[response.pk]) in overview
        assert part(response, 1) not in overview

    def test_a_version_that_is_retired_while_somebody_submits_says_so(
        self, anas: Client, response: Response, balance_1: InstrumentVersion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        submit = services.submit_response
        newer = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
        services.load_version(source=newer, publish=True, now=NOW)

        def retired_meanwhile(**given: Any) -> Result:
            services.retire_version(version=balance_1, now=NOW + timedelta(days=1))
            return submit(**given)

        monkeypatch.setattr(services, "submit_response", retired_meanwhile)
        answer = anas.post(reverse("balance_check", args=[response.pk]), follow=True)
        assert answer.status_code == 409
        assert "These questions are no longer used" in html(answer)
        assert not Result.objects.exists()

    def test_without_agreement_nothing_is_saved_until_it_is_given_again(
        self, anas: Client, ana: User, response: Response
    ) -> None:
        consents.withdraw(owner=ana, purpose="questionnaire", now=NOW)
        agree = reverse("balance_agree", args=[response.pk])
        assert anas.post(part(response, 2), {"attention_give": "1"})["Location"] == agree
        assert stored(response) == {}
        assert "Without your agreement" in html(anas.post(agree))
        assert anas.post(agree, {"questionnaire": QUESTIONNAIRE.version})["Location"] == reverse("balance")
        assert anas.get(part(response, 2)).status_code == 200

    def test_answers_that_cannot_be_opened_are_left_as_they_are(
        self, anas: Client, ana: User, response: Response
    ) -> None:
        DataKey.objects.filter(owner=ana).delete()
        kept = bytes(Response.objects.get().sealed)
        for address in (part(response, 2), reverse("balance_check", args=[response.pk])):
            for answer in (anas.get(address), anas.post(address, {"attention_give": "1"})):
                assert "be opened. They have not been changed." in html(answer)
        assert "be opened. They have not been changed." in html(anas.get(reverse("balance")))
        assert bytes(Response.objects.get().sealed) == kept
        assert not Result.objects.exists()

    def test_an_oversized_post_is_refused(self, anas: Client, response: Response) -> None:
        answer = anas.post(part(response, 2), {"attention_give": "1" * 3_000_000})
        assert answer.status_code == 413
        assert stored(response) == {}

    def test_a_visitor_is_sent_to_the_login(self, client: Client, response: Response) -> None:
        for address in (part(response, 1), reverse("balance")):
            assert client.get(address)["Location"].startswith(reverse("account_login"))


OWN_PAGES = ("check", "restart", "agree")


class TestFinishing:
    def test_the_check_lists_what_is_open_and_warns(self, anas: Client, response: Response) -> None:
        anas.post(part(response, 1), {"felt1": "0"})
        anas.post(part(response, 2), {"attention_give": "1"})
        page = html(anas.get(reverse("balance_check", args=[response.pk])))
        assert f"{part(response, 2)}?from=check#id_attention_receive_0" in page
        assert "How much my partner listened when something mattered to me." in page
        assert "How much I listened when something mattered to my partner." not in page
        assert f"{part(response, 1)}?" not in page
        assert "in at least 7 of the 10 areas. Areas with both answers so far: 0." in page

    def test_the_check_names_each_part_by_its_title_and_its_open_questions(
        self, anas: Client, response: Response, instrument: Instrument
    ) -> None:
        root = assert_valid_html(anas.get(reverse("balance_check", args=[response.pk])).content)
        links = {link.get("href"): text_of(link) for link in root.iter("a")}
        shown = text_of(root)
        for one in parts_of(instrument, "short", True):
            title = links[f"{part(response, one.number)}?from=check#id_{one.keys[0]}_0"]
            assert title.startswith(f"Part {one.number}: ")
            heading = next(assert_valid_html(anas.get(part(response, one.number)).content).iter("h1"))
            assert title.removeprefix(f"Part {one.number}: ") == text_of(heading)
            assert one.area or all(question.text in shown for question in one.questions)

    def test_with_seven_areas_there_is_no_warning(self, anas: Client, response: Response) -> None:
        for number, area in zip(count(2), AREAS[:7], strict=False):
            anas.post(part(response, number), {f"{area}_give": "1", f"{area}_receive": "2"})
        assert "Areas with both answers" not in html(anas.get(reverse("balance_check", args=[response.pk])))

    def test_when_all_is_answered_the_check_says_so(
        self, anas: Client, ana: User, response: Response, instrument: Instrument
    ) -> None:
        answers = {key: 1 for one in parts_of(instrument, "short", True) for key in one.keys}
        services.save_part(owner=ana, response_id=response.pk, posted=Posted(answers, {}), now=NOW)
        check = reverse("balance_check", args=[response.pk])
        assert "You have answered every question." in html(anas.get(check))
        assert f'href="{check}"' in html(anas.get(reverse("balance")))

    def test_submitting_leads_to_the_result_and_so_does_every_later_try(self, anas: Client, response: Response) -> None:
        check = reverse("balance_check", args=[response.pk])
        first = anas.post(check)
        result = reverse("result", args=[Result.objects.get().pk])
        assert first["Location"] == result
        later = [
            anas.post(check),
            anas.get(check),
            anas.get(part(response, 1)),
            anas.post(part(response, 1), {"felt1": "1"}),
            anas.post(reverse("balance_restart", args=[response.pk])),
        ]
        assert [answer["Location"] for answer in later] == [result] * len(later)
        assert stored(response) == {}

    def test_starting_anew_says_what_is_deleted_and_then_deletes_it(self, anas: Client, response: Response) -> None:
        restart = reverse("balance_restart", args=[response.pk])
        assert "will be deleted for good" in html(anas.get(restart))
        assert Response.objects.exists()
        assert anas.post(restart)["Location"] == reverse("balance_start")
        assert not Response.objects.exists()
        assert anas.post(part(response, 1), {"felt1": "1"}).status_code == 404


AREAS = (
    "attention",
    "practical",
    "emotional",
    "affection",
    "intimacy",
    "time",
    "decisions",
    "money",
    "social",
    "repair",
)


@pytest.fixture
def both_sizes(
    ana: User, ben: User, cole: User, balance_1: InstrumentVersion, instrument: Instrument
) -> Callable[[], Iterator[Response]]:
    """Ana's response, first alone and empty, then full and after ten results, beside other people's."""

    def sizes() -> Iterator[Response]:
        yield begin(ana, balance_1)
        for response in Response.objects.unfinished():
            services.submit_response(owner=ana, response_id=response.pk, now=NOW)
        for _result in range(10):
            services.submit_response(owner=ana, response_id=begin(ana, balance_1).pk, now=NOW)
        for other in (ben, cole):
            begin(other, balance_1)
        response = begin(ana, balance_1)
        answers = {key: 1 for one in parts_of(instrument, "short", True) for key in one.keys}
        services.save_part(owner=ana, response_id=response.pk, posted=Posted(answers, {}), now=NOW)
        yield response

    return sizes


def queries(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


def test_a_part_takes_five_queries_and_saving_it_eight_at_any_size(
    as_user: Login, ana: User, both_sizes: Callable[[], Iterator[Response]]
) -> None:
    client = as_user(ana)
    seen = set()
    for size, response in enumerate(both_sizes()):
        page = part(response, 2)
        client.get(page)
        get = queries(lambda page=page: client.get(page))  # type: ignore[misc]
        post = queries(lambda page=page, give=size: client.post(page, {"attention_give": str(3 + give)}))  # type: ignore[misc]
        seen.add((get, post))
    assert len(seen) == 1
    get, post = seen.pop()
    assert get <= 5
    assert post <= 8
