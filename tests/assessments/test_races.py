"""Two tabs, a double click: real threads on connections of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts import consents
from accounts.consents import QUESTIONNAIRE
from accounts.models import User
from assessments import group_figures, measuring, services
from assessments.algorithm_2 import measured
from assessments.models import (
    Counted,
    ErrorEstimate,
    Form,
    InstrumentVersion,
    PublishedConstants,
    Response,
    Result,
)
from assessments.shape import Document
from tests.assessments.conftest import NOW, MakeResult
from tests.assessments.test_measured import found

pytestmark = pytest.mark.django_db(transaction=True)

TABS = 6


def at_once(owner: User, act: Callable[[Client, int], str]) -> list[str]:
    """Let every tab act at the same moment; gives back what each of them got."""
    barrier = Barrier(TABS)

    def tab(number: int) -> str:
        client = Client()
        client.force_login(owner)
        try:
            barrier.wait(timeout=60)
            return act(client, number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TABS) as pool:
        return [*pool.map(tab, range(TABS))]


@pytest.fixture
def response(ana: User, balance_1: InstrumentVersion) -> Response:
    return services.start_response(
        owner=ana, version=balance_1, form=Form.SHORT, partnered=True, now=NOW, agrees=["questionnaire"]
    )


def test_starts_at_once_make_one_response(ana: User, balance_1: InstrumentVersion) -> None:
    start = {"form": "short", "partnered": "yes", "questionnaire": QUESTIONNAIRE.version}
    places = at_once(ana, lambda client, _tab: client.post(reverse("balance_start"), start)["Location"])
    response = Response.objects.get()
    assert set(places) <= {reverse("balance_part", args=[response.pk, 1]), reverse("balance")}
    assert response.answers(User.objects.get(pk=ana.pk)).partnered


def test_parts_saved_at_once_are_all_kept(ana: User, response: Response) -> None:
    areas = ("attention", "practical", "emotional", "affection", "intimacy", "time")

    def save(client: Client, tab: int) -> str:
        page = reverse("balance_part", args=[response.pk, tab + 2])
        return client.post(page, {f"{areas[tab]}_give": str(tab % 5), f"{areas[tab]}_receive": "na"})["Location"]

    at_once(ana, save)
    saved = Response.objects.get()
    assert saved.revision == TABS
    assert saved.answers(ana).answers == {
        key: value
        for tab, area in enumerate(areas)
        for key, value in ((f"{area}_give", tab % 5), (f"{area}_receive", "na"))
    }


def test_submits_at_once_make_one_result(ana: User, response: Response) -> None:
    check = reverse("balance_check", args=[response.pk])
    places = at_once(ana, lambda client, _tab: client.post(check)["Location"])
    assert set(places) == {reverse("result", args=[Result.objects.get().pk])}


def test_a_part_saved_while_submitting_is_scored_or_refused(ana: User, response: Response) -> None:
    check, page = reverse("balance_check", args=[response.pk]), reverse("balance_part", args=[response.pk, 1])
    post = {"felt1": "3"}
    at_once(ana, lambda client, tab: client.post(check if tab == 0 else page, post)["Location"])
    result = Result.objects.select_related("response").get()
    answers = result.response.answers(ana).answers
    assert result.score(ana)["subscales"]["felt"]["answered"] == len(answers)


def test_starting_anew_in_one_tab_leaves_the_other_nothing_to_write_into(ana: User, response: Response) -> None:
    restart, page = reverse("balance_restart", args=[response.pk]), reverse("balance_part", args=[response.pk, 1])
    at_once(
        ana,
        lambda client, tab: str(client.post(restart if tab == 0 else page, {"felt1": "3"}).status_code),
    )
    assert not Response.objects.exists()


def test_two_nightly_jobs_at_once_publish_once(balance_1: InstrumentVersion, make_result: MakeResult) -> None:
    """A second publication beside the first could differ from it by the one person who joined in between."""
    for number in range(12):
        owner = User.objects.create_user(f"member{number}@example.org")
        consents.give(owner=owner, purpose="group_statistics", now=NOW)
        make_result(owner)
    barrier = Barrier(2)

    def publish(_job: int) -> bool:
        try:
            barrier.wait(timeout=60)
            return group_figures.publish_if_due(version=balance_1, form=Form.FULL, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, range(2))) == [False, True]
    assert Counted.objects.count() == 12


@pytest.fixture
def publish_at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int | None]]:
    """Lets each of some estimates be published at the same moment; gives back the numbers, None for nothing new."""
    real = measured.to_toml

    def slowly(document: Document) -> str:
        sleep(0.5)  # from reading what is the newest to writing: whoever does not wait reads the same
        return real(document)

    monkeypatch.setattr(measured, "to_toml", slowly)

    def at_once(*rows: ErrorEstimate, way: str) -> list[int | None]:
        barrier = Barrier(len(rows))

        def publish(row: ErrorEstimate) -> int | None:
            try:
                barrier.wait(timeout=60)
                made = measuring.publish(row=row, way=way, source="this site", now=NOW)
                return made.number if made else None
            finally:
                connection.close()

        with ThreadPoolExecutor(len(rows)) as pool:
            return [*pool.map(publish, rows)]

    return at_once


def test_estimates_of_two_versions_published_at_once_have_two_numbers(
    balance_1: InstrumentVersion, balance_2: InstrumentVersion, publish_at_once: Callable[..., list[int | None]]
) -> None:
    rows = [
        ErrorEstimate.objects.create(version=version, figures=found(), worked_out_at=NOW)
        for version in (balance_1, balance_2)
    ]
    assert {*publish_at_once(*rows, way="plain")} == {101, 102}
    assert {*publish_at_once(*rows, way="robust")} == {103, 104}  # also where there is a newest


def test_one_estimate_published_by_two_at_once_is_published_once(
    balance_1: InstrumentVersion, publish_at_once: Callable[..., list[int | None]]
) -> None:
    row = ErrorEstimate.objects.create(version=balance_1, figures=found(), worked_out_at=NOW)
    assert {*publish_at_once(row, row, way="plain")} == {101, None}
    assert PublishedConstants.objects.count() == 1
