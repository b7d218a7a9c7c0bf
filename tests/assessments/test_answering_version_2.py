"""Answering the second version, and finishing the first beside it."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.consents import QUESTIONNAIRE
from accounts.models import User
from accounts.portable import Arrival, FileRefused
from assessments import services
from assessments.answering import parts_of
from assessments.models import InstrumentVersion, Response, Result
from assessments.portable import questionnaires, take_questionnaires
from assessments.readable import results_text
from tests.answered import begun
from tests.assessments.conftest import FILE_2, NOW
from tests.conftest import AsUser
from tests.html import assert_valid_html, followed, text_of

START = {"form": "full", "partnered": "yes", "questionnaire": QUESTIONNAIRE.version}
CAME_UP = "It did not come up"


def html(answer: object) -> str:
    answer = followed(answer)
    assert isinstance(answer, HttpResponse)
    return text_of(assert_valid_html(answer.content))


def answer_all(client: Client, response: Response, answer: Callable[[str], str]) -> str:
    """Post every part; where the last one leads to."""
    leads_to = ""
    for part in parts_of(response.instrument, response.form, True):
        fields = {key: answer(key) for key in part.keys}
        posted = client.post(reverse("balance_part", args=[response.pk, part.number]), fields)
        assert posted.status_code == 302, part
        leads_to = posted["Location"]
    return leads_to


def often(key: str) -> str:
    return {"felt1": "1", "rdy1": "2", "emotional_give": "no_occasion", "str2": "no_occasion"}.get(key, "3")


def test_the_second_version_is_answered_from_the_first_question_to_a_result(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion, balance_2: InstrumentVersion
) -> None:
    client = as_user(ana)
    client.post(reverse("balance_start"), START)
    response = Response.objects.get()
    assert response.version == balance_2
    assert answer_all(client, response, often) == reverse("balance_check", args=[response.pk])
    assert "You have answered every question." in html(client.get(reverse("balance_check", args=[response.pk])))
    client.post(reverse("balance_check", args=[response.pk]))
    result = Result.objects.get()
    found, answers = result.score(ana), result.response.answers(ana).answers
    assert result.versions._asdict() == {"questionnaire": 2, "constants": 2, "algorithm": 2}
    assert (answers["emotional_give"], answers["str2"], answers["rdy1"]) == ("no_occasion", "no_occasion", 2)
    assert found["counts"]["areas"] == 9
    assert found["subscales"]["str"]["answered"] == 3
    assert "rdy" not in found["subscales"]
    page = html(client.get(reverse("result", args=[result.pk])))
    for words in (
        "You chose “Yes”. One that depends only on you is easiest to begin.",
        "How much I comforted my partner when things were hard.It did not come up",
        "I felt ready to try one small change in how we give and receive.Yes",
    ):
        assert words in page
    assert "You chose “Yes”." in "".join(results_text(ana))


def test_that_it_did_not_come_up_is_offered_with_one_line_on_when_to_choose_it(
    ana: User, as_user: AsUser, balance_2: InstrumentVersion
) -> None:
    client = as_user(ana)
    client.post(reverse("balance_start"), START)
    response = Response.objects.get()
    page = client.get(reverse("balance_part", args=[response.pk, 2]))
    assert html(page).count("“It did not come up” is for what had no occasion in this time.") == 1
    assert html(page).count(CAME_UP) == 3  # the line, and both sides of the area; importance has an occasion
    first = html(client.get(reverse("balance_part", args=[response.pk, 1])))
    assert CAME_UP not in first
    client.post(reverse("balance_part", args=[response.pk, 2]), {"attention_give": "no_occasion"})
    again = client.get(reverse("balance_part", args=[response.pk, 2])).content.decode()
    assert 'value="no_occasion"\n            id="id_attention_give_no_occasion"\n            checked' in again


def test_the_pages_of_the_first_version_stay_as_they_were(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion, balance_2: InstrumentVersion
) -> None:
    """What was begun with it can be finished; what it does not offer is refused."""
    client = as_user(ana)
    response = services.start_response(
        owner=ana, version=balance_1, form="full", partnered=True, now=NOW, agrees=["questionnaire"]
    )
    address = reverse("balance_part", args=[response.pk, 2])
    assert CAME_UP not in html(client.get(address))
    refused = client.post(address, {"attention_give": "no_occasion"})
    assert "Choose one of the answers shown." in html(refused)
    assert response.answers(ana).answers == {}
    assert html(client.get(reverse("balance"))).count("Parts answered so far: 0 of 28.") == 1
    answer_all(client, response, lambda key: "1" if key == "felt1" else "3")
    client.post(reverse("balance_check", args=[response.pk]))
    assert Result.objects.get().versions.questionnaire == 1


def test_who_starts_as_a_version_is_retired_begins_nothing(
    ana: User,
    as_user: AsUser,
    balance_1: InstrumentVersion,
    balance_2: InstrumentVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(InstrumentVersion.objects.all()), "current", lambda _: balance_2)  # as read just before
    services.retire_version(version=InstrumentVersion.objects.get(pk=balance_2.pk), now=NOW)
    answer = as_user(ana).post(reverse("balance_start"), START, follow=True)
    assert "The questions have just changed, so nothing was begun." in html(answer)
    assert not Response.objects.exists()


def test_a_choice_is_asked_with_its_own_answers(ana: User, as_user: AsUser, balance_2: InstrumentVersion) -> None:
    client = as_user(ana)
    client.post(reverse("balance_start"), START)
    page = html(client.get(reverse("balance_part", args=[Response.objects.get().pk, 28])))
    for words in ("I felt ready to try one small change", "Not at the moment", "I am not sure"):
        assert words in page
    refused = client.post(reverse("balance_part", args=[Response.objects.get().pk, 28]), {"rdy1": "3"})
    assert "Choose one of the answers shown." in html(refused)


def test_that_it_did_not_come_up_is_exported_and_comes_back(
    ana: User, ben: User, balance_1: InstrumentVersion, balance_2: InstrumentVersion
) -> None:
    for owner in (ana, ben):
        services.agree(owner=owner, purposes=["questionnaire"], now=NOW)
    response = services.start_response(owner=ana, version=balance_2, form="full", partnered=True, now=NOW)
    services.post_part(owner=ana, response_id=response.pk, number=2, fields={"attention_give": "no_occasion"}, now=NOW)
    (row,) = questionnaires(ana)
    assert row["instrument"] == {"name": "balance", "version": 2}
    assert row["answers"] == {"attention_give": "no_occasion"}
    arrival = Arrival(owner=ben, now=NOW)
    with pytest.raises(FileRefused):
        take_questionnaires(arrival, [row | {"instrument": {"name": "balance", "version": 1}}])
    take_questionnaires(arrival, [row])
    assert Response.objects.visible_to(ben).get().answers(ben).answers == {"attention_give": "no_occasion"}


def test_a_retired_version_takes_no_answers_and_gives_no_result(
    ana: User, as_user: AsUser, balance_1: InstrumentVersion, balance_2: InstrumentVersion
) -> None:
    response = begun(ana, balance_1)
    before = Response.objects.values().get()
    services.retire_version(version=balance_1, now=NOW + timedelta(hours=1))
    client = as_user(ana)
    for address in (reverse("balance_part", args=[response.pk, 2]), reverse("balance_check", args=[response.pk])):
        page = client.post(address, {"attention_give": "1"})
        assert "no longer used" in html(page)
    assert Response.objects.values().get() == before
    assert not Result.objects.exists()


@pytest.mark.parametrize("arguments", [["--instrument", str(FILE_2)], []], ids=["second", "default"])
def test_a_sheet_of_the_second_version_is_not_scored_as_the_first(tmp_path: Path, arguments: list[str]) -> None:
    sheet, out = tmp_path / "sheets.jsonl", StringIO()
    sheet.write_text(json.dumps({"version": 2, "form": "full", "answers": {"str1": "no_occasion"}}))
    if arguments:
        with pytest.raises(CommandError, match="balance 2 is scored with algorithm 2, not with algorithm 1"):
            call_command("score", str(sheet), "--algorithm", "1", *arguments, stdout=out)
        assert out.getvalue() == ""
    else:
        call_command("score", str(sheet), "--algorithm", "1", stdout=out, stderr=StringIO())
        assert json.loads(out.getvalue()) == {"name": None, "error": "other_version"}


def test_a_sheet_of_the_second_version_is_scored_as_such(tmp_path: Path) -> None:
    sheet, out = tmp_path / "sheets.jsonl", StringIO()
    sheet.write_text(json.dumps({"version": 2, "form": "full", "answers": {"str1": "no_occasion", "rdy1": 2}}))
    call_command("score", str(sheet), "--instrument", str(FILE_2), stdout=out, stderr=StringIO())
    assert json.loads(out.getvalue())["versions"] == {"questionnaire": 2, "constants": 2, "algorithm": 2}
