"""The administration: versions and counts, group figures, and never an answer."""

import csv
import re
from random import Random

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from assessments import services
from assessments.algorithms import score
from assessments.instrument import Instrument
from assessments.models import Form, GroupFigures, InstrumentVersion, Response, Result, published_instrument
from assessments.scoring import Answer, Answers
from assessments.statistics import POSITIONS, Figures, Tally
from tests.assessments.conftest import EVEN, FILE, NOW
from tests.conftest import AsUser

CHANGE = "admin:assessments_instrumentversion_change"
CONFIRM = "admin:assessments_version_confirm"


@pytest.fixture
def danas(dana: User, as_user: AsUser) -> Client:
    return as_user(dana)


@pytest.fixture
def draft(db: None) -> InstrumentVersion:
    source = FILE.read_text().replace("instrument.version = 1", "instrument.version = 2")
    version, _changed = services.load_version(source=source, publish=False, now=NOW)
    return version


def html(answer: object) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def test_answers_and_results_have_no_page() -> None:
    assert not {Response, Result} & set(admin.site._registry)


def test_a_version_is_read_with_its_counts(danas: Client, ana: User, ben: User, balance_1: InstrumentVersion) -> None:
    for owner, form in ((ana, Form.SHORT), (ben, Form.FULL)):
        services.start_response(owner=owner, version=balance_1, form=form, partnered=True, now=NOW)
    services.submit_response(owner=ana, response_id=Response.objects.visible_to(ana).get().pk, now=NOW)
    page = html(danas.get(reverse(CHANGE, args=[balance_1.pk])))
    assert "<td>1</td><td>1</td>" in page
    assert "<td>1</td><td>0</td>" in page
    assert "Everyday help" in page
    assert 'name="_save"' not in page


def test_a_stored_version_is_published_after_a_question(danas: Client, draft: InstrumentVersion) -> None:
    confirm = reverse(CONFIRM, args=[draft.pk, "publish"])
    assert confirm in html(danas.get(reverse(CHANGE, args=[draft.pk])))
    assert "can never be changed" in html(danas.get(confirm))
    assert InstrumentVersion.objects.current() is None
    assert "is published." in html(danas.post(confirm, follow=True))
    assert InstrumentVersion.objects.current() == draft
    assert danas.post(confirm).status_code == 404


def test_a_published_version_is_retired_after_a_question_and_published_again(
    danas: Client, balance_1: InstrumentVersion, draft: InstrumentVersion
) -> None:
    services.publish_version(version=draft, now=NOW)
    confirm = reverse(CONFIRM, args=[draft.pk, "retire"])
    assert "You can publish it again" in html(danas.get(confirm))
    assert InstrumentVersion.objects.current() == draft
    assert "is retired." in html(danas.post(confirm, follow=True))
    assert InstrumentVersion.objects.current() == balance_1
    assert danas.post(confirm).status_code == 404
    again = reverse(CONFIRM, args=[draft.pk, "publish"])
    assert again in html(danas.get(reverse(CHANGE, args=[draft.pk])))
    assert "is published." in html(danas.post(again, follow=True))
    assert InstrumentVersion.objects.current() == draft


def test_publishing_an_older_version_promises_nothing(
    danas: Client, balance_1: InstrumentVersion, draft: InstrumentVersion
) -> None:
    services.publish_version(version=draft, now=NOW)
    services.retire_version(version=balance_1, now=NOW)
    confirm = reverse(CONFIRM, args=[balance_1.pk, "publish"])
    asked = html(danas.get(confirm))
    assert "Who starts is still offered balance 2, which is newer." in asked
    assert "offered to everyone who starts" not in asked
    danas.post(confirm)
    assert InstrumentVersion.objects.current() == draft


def test_the_only_questionnaire_on_offer_is_not_retired(
    danas: Client, balance_1: InstrumentVersion, draft: InstrumentVersion
) -> None:
    answer = danas.post(reverse(CONFIRM, args=[balance_1.pk, "retire"]), follow=True)
    assert "the only questionnaire on offer" in html(answer)
    assert InstrumentVersion.objects.current() == balance_1


@pytest.mark.parametrize("change", ["retire", "delete-all"])
def test_what_does_not_apply_is_not_there(danas: Client, draft: InstrumentVersion, change: str) -> None:
    assert danas.post(reverse(CONFIRM, args=[draft.pk, change])).status_code == 404


def test_staff_without_the_right_change_nothing(as_user: AsUser, ben: User, balance_1: InstrumentVersion) -> None:
    ben.is_staff = True
    ben.save()
    client = as_user(ben)
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.post(reverse(CONFIRM, args=[balance_1.pk, "retire"])).status_code == 403
    assert InstrumentVersion.objects.current() == balance_1


def shown(client: Client, version: InstrumentVersion, form: str, figures: Figures) -> str:
    row = GroupFigures.objects.create(version=version, form=form, figures=figures, published_at=NOW)
    return html(client.get(reverse("admin:assessments_groupfigures_change", args=[row.pk])))


def test_group_figures_say_what_is_not_shown(
    danas: Client, balance_1: InstrumentVersion, instrument: Instrument
) -> None:
    page = shown(danas, balance_1, "full", Tally(instrument, "full").figures(EVEN))
    assert page.count("Not shown") > 20
    assert "In your answers, you give more than you receive." in page
    assert page.index("How heavy it feels: When I give") < page.index("What goes both ways")
    assert "rounded down to a multiple of 5" in page
    assert "Not shown" in html(danas.get(reverse("admin:assessments_groupfigures_changelist")))


def many(instrument: Instrument, form: Form) -> Figures:
    """Of two hundred and fifty people who lean to giving, and whose answers to a part go together."""
    chance, tally = Random("many"), Tally(instrument, form)
    for _person in range(250):
        given: dict[str, Answer] = {}
        often: dict[str, int] = {}
        for area in instrument.areas:
            given |= dict(zip(area.answer_keys(), (4, 2), strict=True))
        for item in instrument.items_of(form):
            if not instrument.subscales[item.subscale].choices and item.subscale != "felt":
                towards = often.setdefault(item.subscale, chance.randrange(4)) + chance.randrange(2)
                given[item.key] = 4 - towards if item.reverse else towards
        answers = Answers(form, True, given, {})
        tally.add(answers, score(instrument, answers))
    return tally.figures(EVEN)


@pytest.mark.parametrize(("version", "form"), [(1, Form.FULL), (2, Form.FULL), (2, Form.SHORT)])
def test_group_figures_name_their_sample_and_have_intervals(
    danas: Client, balance_1: InstrumentVersion, balance_2: InstrumentVersion, version: int, form: Form
) -> None:
    stored = {1: balance_1, 2: balance_2}[version]
    page = shown(danas, stored, form, many(published_instrument(stored.pk), form))
    assert f"People who took the {form.label} of version {version} and agreed to group figures, each by" in page
    assert "scored by algorithm 2 with constants 2" in page
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert [row for row in rows if rows.count(row) > 1] == []
    assert len(re.findall(r"<td>0\.\d\d \(0\.\d\d to 0\.\d\d\)</td>", page)) >= 14
    assert ("None: it takes three statements" in page) is (form == Form.FULL)


def test_counts_and_covariances_come_from_two_hundred_people_on(
    danas: Client, balance_1: InstrumentVersion, instrument: Instrument
) -> None:
    page = shown(danas, balance_1, "full", many(instrument, Form.FULL))
    row = GroupFigures.objects.get()
    addresses = [reverse(f"admin:assessments_groupfigures_{name}", args=[row.pk]) for name in ("counts", "covariances")]
    assert all(address in page for address in addresses)
    counts, covariances = (csv_of(danas, address) for address in addresses)
    assert counts[0] == ["question", "answer", "people"]
    assert ["attention_give", "4", "250"] in counts
    assert ["attention_give", "0", ""] in counts
    head, *lines = covariances
    assert [line[0] for line in lines] == head[1:]
    place = head.index("rec")
    variance = float(lines[place - 1][place])
    assert variance == row.figures["together"]["sd"]["rec"] ** 2 > 0
    assert lines[place - 1][head.index("ill")] == lines[head.index("ill") - 1][place]


def csv_of(client: Client, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(answer.text.splitlines()))


def test_fewer_people_have_neither(danas: Client, balance_1: InstrumentVersion, instrument: Instrument) -> None:
    page = shown(danas, balance_1, "full", Tally(instrument, "full").figures(EVEN))
    assert "come from 200 people on" in page
    for name in ("counts", "covariances"):
        address = reverse(f"admin:assessments_groupfigures_{name}", args=[GroupFigures.objects.get().pk])
        assert address not in page
        assert danas.get(address).status_code == 404


def test_figures_from_before_there_were_intervals_are_shown(danas: Client, balance_1: InstrumentVersion) -> None:
    before = {"n": 105, "alpha": 0.8, "omega": None, "refused": "heywood"}
    page = shown(
        danas,
        balance_1,
        "full",
        {
            "balance": {
                "n": 105,
                "positions": {"gives_more": 105} | dict.fromkeys(POSITIONS[1:]),
                "mean": 12,
                "sd": 30,
                "percentiles": None,
            },
            "subscales": {"str": before, "cyc": before | {"omega": 0.75, "refused": None}},
        },
    )
    assert page.count("<td>0.80</td>") == 2
    assert "<td>0.75</td>" in page
    assert "the answers do not fit one common factor" in page
    assert "In your answers, giving and receiving are about even." in page  # as algorithm 1 called it
    assert "algorithm" not in page


def test_both_forms_are_told_apart_in_the_list(danas: Client, balance_1: InstrumentVersion) -> None:
    """By the words of the link, which is all that somebody hears who goes from link to link."""
    figures = Tally(published_instrument(balance_1.pk), "full").figures(EVEN)
    for form in Form.values:
        GroupFigures.objects.create(version=balance_1, form=form, figures=figures, published_at=NOW)
    page = html(danas.get(reverse("admin:assessments_groupfigures_changelist")))
    links = re.findall(r'groupfigures/\d+/change/">([^<]+)</a>', page)
    assert links == ["balance 1, full form", "balance 1, short form"]


def test_the_list_says_when_group_figures_appear(danas: Client) -> None:
    page = html(danas.get(reverse("admin:assessments_groupfigures_changelist")))
    assert "when 10 people have agreed and answered" in page
    assert "at least 10 people have joined or left, and 7 days after the last ones" in page
