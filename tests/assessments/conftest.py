"""The first version of the questionnaire, published, and answers to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, override

import pytest
import time_machine

from accounts.models import User
from accounts.sealing import seal
from assessments import services
from assessments.algorithms import score_by
from assessments.instrument import Instrument
from assessments.models import InstrumentVersion, Response, Result, published_instrument
from assessments.scoring import Answers, score
from guide.services import add_missing_prompts
from tests.answered import begin
from tests.assessments.vectors import ANSWERS, PUBLIC_ANSWERS

FILE = Path(__file__).parents[2] / "assessments" / "instruments" / "balance-1.toml"
FILE_2 = FILE.with_name("balance-2.toml")
PROMPTS = Path(__file__).parents[2] / "guide" / "content" / "prompts.toml"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Even(Random):
    """No chance: counts are rounded down, and everything else to the nearest."""

    @override
    def random(self) -> float:
        return 0.5

    @override
    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        return 0


EVEN = Even()


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stands at the moment of what these tests write, until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def balance_1(db: None) -> InstrumentVersion:
    """Version 1, published."""
    version, _created = services.load_version(source=FILE.read_text(encoding="utf-8"), publish=True, now=NOW)
    return version


@pytest.fixture
def balance_2(db: None) -> InstrumentVersion:
    """Version 2, published."""
    version, _created = services.load_version(source=FILE_2.read_text(encoding="utf-8"), publish=True, now=NOW)
    return version


@pytest.fixture
def instrument(balance_1: InstrumentVersion) -> Instrument:
    return published_instrument(balance_1.pk)


@pytest.fixture
def prompts(db: None) -> None:
    """The guide's prompts."""
    add_missing_prompts(source=PROMPTS.read_text(encoding="utf-8"))


MakeResult = Callable[..., Result]
Answered = Callable[..., Result]


@pytest.fixture
def make_result(balance_1: InstrumentVersion, instrument: Instrument) -> MakeResult:
    """Makes a result of somebody's from answers, or from the name of one of the public vectors.

    By algorithm 1 unless another one is asked for, and then without the versions in its document: as old ones are.
    """

    def make(owner: User, answers: Answers | str = "worked-1", *, at: datetime = NOW, algorithm: int = 1) -> Result:
        answered = ANSWERS[answers] if isinstance(answers, str) else answers
        times = {"started_at": at, "changed_at": at, "submitted_at": at}
        response = Response(owner=owner, version=balance_1, form=answered.form, **times)
        response.seal(owner, answered)
        response.save(force_insert=True)
        result = Result(owner=owner, response=response, version=balance_1, form=answered.form)
        result.algorithm = result.constants = algorithm
        result.created_at = at
        figures = (
            score(instrument, answered) if algorithm == 1 else score_by(algorithm, instrument)(instrument, answered)
        )
        result.sealed = seal(owner, Result.LABEL, result.pk, figures)
        result.save(force_insert=True)
        return result

    return make


@pytest.fixture
def answered(ana: User, balance_1: InstrumentVersion) -> Answered:
    """Ana answers a questionnaire as on the pages, a day after the one before. Sheets are those of algorithm 2."""
    day = 0

    def answer(sheet: Answers | str = "worked-1", same: bool | None = None, **changes: Any) -> Result:
        nonlocal day
        day += 1
        answers = replace(PUBLIC_ANSWERS[sheet] if isinstance(sheet, str) else sheet, **changes)
        response = begin(ana, balance_1, answers, NOW + timedelta(days=day), same=same)
        return services.submit_response(owner=ana, response_id=response.pk, now=NOW + timedelta(days=day))

    return answer
