"""The goals, each with the figure that this run measured."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from statistics import median, quantiles
from typing import NamedTuple

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.consents import QUESTIONNAIRE
from assessments.models import Response, Result
from bench.http import Answer, Visitor
from bench.site import Answered, connect, seconds, somebody, somebody_who_answered

ROUNDS = 5
EACH = 60
AREA, STATEMENTS = 2, 12  # page numbers of the short form


class Line(NamedTuple):
    """One line of the table. `met` is None for a figure without a target."""

    goal: str
    figure: str
    wanted: str
    peer: str
    met: bool | None


@dataclass(frozen=True)
class Kind:
    """One kind of request: an iterator of enough raw requests, and the status expected."""

    requests: Iterator[bytes]
    status: int


def kinds(ana: Answered) -> dict[str, Kind]:
    """What is measured against the anchor. Each POST changes the last one's answer, so that it has to save."""
    by, part = ana.visitor, f"/balance/{ana.response.pk}"
    posts = [by.post(f"{part}/{AREA}/", attention_give=give, attention_receive=1, go="on") for give in (1, 2)]
    return {
        "anchor page": Kind(cycle([by.get("/anchor/page/")]), 200),
        "area page": Kind(cycle([by.get(f"{part}/{AREA}/")]), 200),
        "statements page": Kind(cycle([by.get(f"{part}/{STATEMENTS}/")]), 200),
        "result": Kind(cycle([by.get(f"/balance/results/{ana.result.pk}/")]), 200),
        "today": Kind(cycle([by.get("/today/")]), 200),
        "anchor post": Kind(cycle([by.post("/anchor/post/", text="x")]), 302),
        "area post": Kind(cycle(posts), 302),
    }


def pages_against_the_anchor(ana: Answered) -> Iterator[Line]:
    """Goal 1: every kind in turn on one connection, so that other load on the machine affects them all alike."""
    rounds = in_turns(kinds(ana))
    for name in ("anchor page", "anchor post"):
        yield Line(f"1 {name}", f"{median(found[name] for found in rounds) * 1000:.1f} ms", "", "", None)
    for name, anchor, wanted, peer in (
        ("area page", "anchor page", 0.6, "0.06"),
        ("statements page", "anchor page", 0.6, "0.06"),
        ("area post", "anchor post", 0.5, "0.03"),
        ("result", "anchor page", 0.4, ""),
        ("today", "anchor page", None, ""),
    ):
        ratio = median(found[anchor] / found[name] for found in rounds)
        target = f"≥ {wanted} × {anchor}" if wanted else ""
        yield Line(f"1 {name}", f"{ratio:.2f} ×", target, peer, ratio >= wanted if wanted else None)


def in_turns(every: dict[str, Kind], each: int = EACH) -> list[dict[str, float]]:
    """The median seconds of each kind for each round, all requested in turn on one connection."""
    rounds: list[dict[str, float]] = []
    with connect() as http:
        for _ in range(ROUNDS + 1):
            taken: dict[str, list[float]] = {name: [] for name in every}
            for _ in range(each):
                for name, kind in every.items():
                    taken[name].append(seconds(http, next(kind.requests), kind.status))
            rounds.append({name: median(times) for name, times in taken.items()})
    return rounds[1:]  # the first round warms up


def queries(ana: Answered) -> Iterator[Line]:
    """Goal 2: queries of a page, counting those for session and account, but not savepoints."""
    client = Client(headers={"Host": "127.0.0.1"})
    client.cookies.load(ana.visitor.cookies)
    part = f"/balance/{ana.response.pk}/{STATEMENTS}/"
    answers = cycle([{"ill4": "3", "go": "on"}, {"ill4": "2", "go": "on"}])
    asked: list[tuple[str, Callable[[], object], int]] = [
        ("question GET", lambda: client.get(part), 5),
        ("question POST", lambda: client.post(part, next(answers)), 8),
        ("result", lambda: client.get(f"/balance/results/{ana.result.pk}/"), 6),
        ("today", lambda: client.get("/today/"), 10),
    ]
    for name, ask, wanted in asked:
        count = count_queries(ask)
        peer = "92 and 181" if "question" in name else ""
        yield Line(f"2 {name}", f"{count} queries", f"≤ {wanted}", peer, count <= wanted)


def count_queries(ask: Callable[[], object]) -> int:
    """Count the queries of a second request, as the first one also updates the session's time of last use."""
    ask()
    with CaptureQueriesContext(connection) as captured:
        ask()
    sent = (query["sql"].split()[0] for query in captured.captured_queries)
    return sum(verb not in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"} for verb in sent)


def double_submit(clients: int = 50, tries: int = 4) -> Iterator[Line]:
    """Goal 5: many concurrent submits of one response make one result, and many starts one response."""
    statuses: list[int] = []
    results = 0
    for number in range(tries):
        ana = somebody_who_answered(f"submits-{number}")
        statuses += [answer.status for answer in at_once(ana.visitor, f"/balance/{ana.response.pk}/check/", clients)]
        results += Result.objects.filter(response=ana.response).count()
    wrong = sum(status != 302 for status in statuses)
    figure = f"{results} results of {tries} × {clients}, {wrong} errors"
    yield Line("5 double submit", figure, "1 each, no errors", "50 of 50", results == tries and not wrong)
    ben = somebody("begins")
    fields = {"form": "short", "partnered": "yes", "questionnaire": QUESTIONNAIRE.version}
    answers = at_once(Visitor.signed_in(ben), "/balance/start/", clients, **fields)
    begun, wrong = Response.objects.visible_to(ben).count(), sum(answer.status != 302 for answer in answers)
    yield Line(
        "5 double start", f"{begun} begun of {clients}, {wrong} errors", "1, no errors", "", begun == 1 and not wrong
    )


def at_once(visitor: Visitor, path: str, clients: int, **fields: object) -> list[Answer]:
    """The answers to one POST that many clients send at the same moment."""
    barrier = threading.Barrier(clients)
    answers: list[Answer] = []

    def send() -> None:
        with connect() as http:
            barrier.wait()
            answers.append(http.send(visitor.post(path, **fields)))

    run_together([send] * clients)
    return answers


def many_connections(ana: Answered, duration: float = 10) -> Iterator[Line]:
    """Goal 9: the spread of a page's response times, at one connection and at a hundred."""
    request = ana.visitor.get(f"/balance/{ana.response.pk}/{AREA}/")
    for clients, wanted in ((1, 3), (100, 2)):
        times, errors = under_load(request, clients, duration)
        p50, p99 = median(times), quantiles(times, n=100)[98]
        ratio = p99 / p50
        figure = f"p99 {ratio:.1f} × p50 ({p50 * 1000:.0f} ms), {len(times) / duration:.0f}/s, {errors} errors"
        yield Line(f"9 {clients} connections", figure, f"≤ {wanted} ×", "1.5 ×", ratio <= wanted and not errors)


def under_load(request: bytes, clients: int, duration: float) -> tuple[list[float], int]:
    """Response times in seconds, and the number of failures, of clients that ask continuously for `duration`."""
    times: list[float] = []
    errors: list[object] = []
    end = time.perf_counter() + duration

    def ask() -> None:
        with connect() as http:
            while time.perf_counter() < end:
                try:
                    times.append(seconds(http, request, 200))
                except (AssertionError, OSError) as error:
                    errors.append(error)

    run_together([ask] * clients)
    return times, len(errors)


def run_together(functions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
