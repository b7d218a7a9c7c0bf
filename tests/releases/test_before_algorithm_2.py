"""Results from before algorithm 2 are, byte for byte, what they were, and are read with the first constants and rules.

The dump was made at 813f0d0 by `before_algorithm_2/made.py.txt`.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from assessments import scoring
from assessments.algorithms import Versions, versions
from assessments.models import Result
from tests.accounts.portable import exported, parts
from tests.releases.restoring import restored

DUMP = gzip.decompress((Path(__file__).parent / "before_algorithm_2" / "dump.sql.gz").read_bytes())
KEYS = {"release": b"a key of 32 bytes for this dump."}
TABLES = ("assessments_instrumentversion", "assessments_response", "assessments_result")

pytestmark = [pytest.mark.usefixtures("before"), pytest.mark.django_db]


@pytest.fixture(scope="module")
def before(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with restored("before_algorithm_2", DUMP, KEYS, django_db_blocker):
        yield


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.SEALING_KEYS = KEYS


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_byte_for_byte_as_it_was(table: str) -> None:
    columns, lines = re.findall(rf"^COPY public\.{table} \((.+)\) FROM stdin;\n((?:.+\n)*?)\\\.$", DUMP.decode(), re.M)[
        0
    ]
    with connection.cursor() as cursor, cursor.copy(f"COPY public.{table} ({columns}) TO STDOUT") as rows:
        now = b"".join(map(bytes, rows)).decode()
    assert sorted(now.splitlines()) == sorted(lines.splitlines())
    assert len(now.splitlines()) >= (1 if table == "assessments_instrumentversion" else 4)


def test_every_result_has_the_first_versions_in_its_row_and_its_document() -> None:
    results = Result.objects.select_related("owner")
    assert {result.form for result in results} == {"short", "full"}
    for result in results:
        score = result.score(result.owner)
        assert "versions" not in score
        assert result.versions == versions(result.instrument, score) == Versions(1, 1, 1)


def test_algorithm_1_still_gives_every_figure_of_them() -> None:
    for result in Result.objects.select_related("owner", "response"):
        answers = result.response.answers(result.owner)
        assert scoring.score(result.instrument, answers) == result.score(result.owner)


def test_a_download_names_the_versions_of_an_old_result() -> None:
    rows = [row["result"] for row in parts(exported(User.objects.get(email="ana@example.org")))["questionnaires"]]
    found = [result for result in rows if result]
    assert found
    assert {(result["constants"], result["algorithm"]) for result in found} == {(1, 1)}
