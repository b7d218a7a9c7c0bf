"""`manage.py score`: what goes in and what comes out, without a database and in constant memory."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments import sheets
from tests.assessments.vectors import INSTRUMENT, SHEETS, VECTORS, assert_same


def run(file: Path, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("score", str(file), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def as_row(name: str) -> dict[str, Any]:
    sheet = SHEETS[name]
    importance = {f"{area}_importance": value for area, value in sheet.importance.items()}
    return {"name": name, "form": sheet.form, "partnered": str(sheet.partnered).lower(), **sheet.answers, **importance}


def test_every_vector_goes_through_json_lines(tmp_path: Path) -> None:
    vectors = VECTORS["sheets"]
    out, err = run(write(tmp_path / "sheets.jsonl", "\n".join(json.dumps(vector) for vector in vectors)))
    for line, vector in zip(out.splitlines(), vectors, strict=True):
        assert_same(json.loads(line), {"name": vector["name"], **vector["expected"]})
    assert f"{len(vectors)} sheets, done" in err


def test_every_vector_goes_through_csv(tmp_path: Path) -> None:
    rows = [as_row(name) for name in SHEETS]
    header = dict.fromkeys(column for row in rows for column in row)
    with (tmp_path / "sheets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(header))
        writer.writeheader()
        writer.writerows(rows)
    out, _ = run(tmp_path / "sheets.csv")
    for row, vector in zip(csv.DictReader(io.StringIO(out)), VECTORS["sheets"], strict=True):
        expected = {"name": vector["name"], **dict(sheets.flat(vector["expected"]))}
        assert {column for column, cell in row.items() if cell} == set(expected)
        assert_same(
            {
                key: type(value)(row[key]) if not isinstance(value, bool) else row[key] == "True"
                for key, value in expected.items()
            },
            expected,
        )


def test_invalid_sheets_give_their_code_and_the_rest_is_scored(tmp_path: Path) -> None:
    lines = [json.dumps({"name": f"wrong-{n}", **wrong}) for n, wrong in enumerate(VECTORS["invalid_sheets"])]
    lines += ["{", "[]", '{"name": 3}', json.dumps(VECTORS["sheets"][0])]
    out, _ = run(write(tmp_path / "sheets.jsonl", "\n".join(lines)))
    found = [json.loads(line) for line in out.splitlines()]
    codes = [wrong["error"] for wrong in VECTORS["invalid_sheets"]]
    assert [line.get("error") for line in found] == [*codes, "not_json", "not_a_sheet", "not_a_sheet", None]
    assert found[-1]["name"] == "worked-1"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("name,answers", "These columns are not known: answers."),
        ("name,ill1", "The column “form” is missing."),
        ("form,ill1,ill1", "A column occurs twice."),
        ("", "The column “form” is missing."),
    ],
)
def test_csv_with_wrong_columns_is_refused_in_a_sentence(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(write(tmp_path / "sheets.csv", f"{header}\n"))


def test_csv_cells_that_are_no_answers_are_named(tmp_path: Path) -> None:
    lines = [
        "name,form,partnered,ill1,time_importance",
        "a,full,true,2.0,",
        "b,full,perhaps,1,",
        "c,full,,-1,",
        "d,full,,,9",
    ]
    out, _ = run(write(tmp_path / "sheets.csv", "\n".join(lines)))
    found = [row["error"] for row in csv.DictReader(io.StringIO(out))]
    assert found == ["not_an_integer", "not_a_sheet", "off_scale", "off_scale"]


def test_missing_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="The file could not be read"):
        run(tmp_path / "none.jsonl")


def test_memory_stays_the_same_however_many_sheets() -> None:
    line = json.dumps(VECTORS["sheets"][0])

    class Nowhere:
        def write(self, text: str, /) -> None:
            """Forget it."""

    def peak(count: int) -> int:
        lines: Iterator[str] = (line for _ in range(count))
        tracemalloc.start()
        for _ in sheets.to_jsonl(sheets.scored(sheets.from_jsonl(lines), INSTRUMENT), Nowhere(), INSTRUMENT):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(1000) < peak(100) * 1.2 + 10_000
