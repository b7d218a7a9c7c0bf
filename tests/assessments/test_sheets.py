"""`manage.py score`: what goes in and what comes out, without a database and in constant memory."""

import csv
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments import sheets
from assessments.algorithms import ALGORITHMS, CONSTANTS_2
from tests.assessments.conftest import FILE
from tests.assessments.vectors import ANSWERS, INSTRUMENT, ROOT, SOURCE, VECTORS, assert_same


def run(file: Path, *arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    stated = () if "--instrument" in arguments else ("--instrument", str(FILE))
    call_command("score", str(file), *stated, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def as_row(name: str) -> dict[str, Any]:
    sheet = ANSWERS[name]
    importance = {f"{area}_importance": value for area, value in sheet.importance.items()}
    return {"name": name, "form": sheet.form, "partnered": str(sheet.partnered).lower(), **sheet.answers, **importance}


def test_every_vector_goes_through_json_lines(tmp_path: Path) -> None:
    vectors = VECTORS["sheets"]
    file = write(tmp_path / "sheets.jsonl", "\n".join(json.dumps(vector) for vector in vectors))
    out, err = run(file, "--algorithm", "1")
    for line, vector in zip(out.splitlines(), vectors, strict=True):
        assert_same(json.loads(line), {"name": vector["name"], **vector["expected"]})
    assert f"{len(vectors)} sheets, done" in err


def test_every_vector_goes_through_csv(tmp_path: Path) -> None:
    rows = [as_row(name) for name in ANSWERS]
    header = dict.fromkeys(column for row in rows for column in row)
    with (tmp_path / "sheets.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(header))
        writer.writeheader()
        writer.writerows(rows)
    out, _ = run(tmp_path / "sheets.csv", "--algorithm", "1")
    for row, vector in zip(csv.DictReader(io.StringIO(out)), VECTORS["sheets"], strict=True):
        expected = {"name": vector["name"], **sheets.flat(vector["expected"])}
        assert {column for column, cell in row.items() if cell} == set(expected)
        assert_same(
            {
                key: type(value)(row[key]) if not isinstance(value, bool) else row[key] == "True"
                for key, value in expected.items()
            },
            expected,
        )


def test_sheets_are_scored_as_new_results_are(tmp_path: Path) -> None:
    out, _ = run(write(tmp_path / "sheets.jsonl", json.dumps(VECTORS["sheets"][0])))
    assert json.loads(out)["versions"] == {"questionnaire": 1, "constants": 2, "algorithm": 2}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_sheets_are_scored_by_the_algorithm_that_is_asked_for(tmp_path: Path, algorithm: int) -> None:
    out, _ = run(
        write(tmp_path / "sheets.jsonl", "\n".join(json.dumps(vector) for vector in VECTORS["sheets"])),
        *("--algorithm", str(algorithm)),
    )
    for line, (name, answers) in zip(out.splitlines(), ANSWERS.items(), strict=True):
        assert_same(json.loads(line), {"name": name, **ALGORITHMS[algorithm](INSTRUMENT, answers)})


def test_a_csv_of_algorithm_2_has_a_column_for_every_figure(tmp_path: Path) -> None:
    rows = "\n".join(["name,form", *(f"{number},full" for number in range(3))])
    out, _ = run(write(tmp_path / "sheets.csv", rows), "--algorithm", "2")
    header = csv.DictReader(io.StringIO(out)).fieldnames or []
    every = {key for answers in ANSWERS.values() for key in sheets.flat(ALGORITHMS[2](INSTRUMENT, answers))}
    assert every <= set(header)


def test_an_algorithm_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice: 3"):
        run(write(tmp_path / "sheets.jsonl", ""), "--algorithm", "3")


def test_other_constants_are_used_and_named(tmp_path: Path) -> None:
    sheet = write(tmp_path / "sheets.jsonl", json.dumps(VECTORS["sheets"][0]))
    text = CONSTANTS_2.read_text().replace("version = 2", "version = 3")
    ours = text.replace("s = { value = 8.5", "s = { value = 9.5")
    out, _ = run(sheet, "--algorithm", "2", "--constants", str(write(tmp_path / "ours.toml", ours)))
    found = json.loads(out)
    assert found["versions"] == {"questionnaire": 1, "constants": 3, "algorithm": 2}
    assert found["sigma"] == pytest.approx((9.5**2 + 23.7**2 / 9) ** 0.5, abs=1e-6)


@pytest.mark.parametrize("without", ["n = 0, ", 'source = "fitted to the simulated errors at 7 to 10 areas: '])
def test_constants_without_n_or_source_are_refused_and_nothing_is_scored(tmp_path: Path, without: str) -> None:
    replaced = "" if without.startswith("n") else 'source = "" # '
    ours = write(tmp_path / "ours.toml", CONSTANTS_2.read_text().replace(without, replaced, 1))
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"ours.toml: "):
        call_command(
            "score",
            str(write(tmp_path / "sheets.jsonl", json.dumps(VECTORS["sheets"][0]))),
            *("--algorithm", "2", "--constants", str(ours)),
            stdout=out,
        )
    assert out.getvalue() == ""


def test_algorithm_1_takes_no_other_constants(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Algorithm 1 takes its constants from the questionnaire's own file"):
        run(write(tmp_path / "sheets.jsonl", ""), "--algorithm", "1", "--constants", str(CONSTANTS_2))


WITH_AND_WITHOUT = pytest.mark.parametrize(
    ("arguments", "unstated"), [((), "no_version"), (("--instrument", str(FILE)), None)], ids=["without", "stated"]
)


@WITH_AND_WITHOUT
def test_a_sheet_of_another_version_or_of_none_is_not_scored(
    tmp_path: Path, arguments: tuple[str, ...], unstated: str | None
) -> None:
    whole = {"form": "short", "answers": {}}
    lines = [json.dumps({"version": version} | whole) for version in (1, 2, None, "2", True)]
    file, out = write(tmp_path / "sheets.jsonl", "\n".join(lines)), io.StringIO()
    with pytest.raises(CommandError, match="2 of the lines are no answer sheets") as stopped:
        call_command("score", str(file), *arguments, stdout=out, stderr=io.StringIO())
    errors = [json.loads(line).get("error") for line in out.getvalue().splitlines()]
    assert errors == [None, "other_version", unstated, "not_a_sheet", "not_a_sheet"]
    assert ("1 of the sheets do not state their version" in str(stopped.value)) is bool(unstated)


@WITH_AND_WITHOUT
def test_a_row_of_another_version_or_of_none_is_not_scored(
    tmp_path: Path, arguments: tuple[str, ...], unstated: str | None
) -> None:
    rows, out = "form,version\nshort,1\nshort,2\nshort,\nshort,two\n", io.StringIO()
    file = write(tmp_path / "sheets.csv", rows)
    with pytest.raises(CommandError, match="1 of the lines are no answer sheets"):
        call_command("score", str(file), *arguments, stdout=out, stderr=io.StringIO())
    errors = [row["error"] for row in csv.DictReader(io.StringIO(out.getvalue()))]
    assert errors == ["", "other_version", unstated or "", "not_a_sheet"]


def test_a_sheet_of_the_second_version_that_does_not_say_so_is_not_scored_as_the_first(tmp_path: Path) -> None:
    sheet, out = write(tmp_path / "sheets.jsonl", json.dumps({"form": "full", "answers": {"str1": 3}})), io.StringIO()
    with pytest.raises(CommandError, match="State it in each, or name it with --instrument") as stopped:
        call_command("score", str(sheet), stdout=out, stderr=io.StringIO())
    assert stopped.value.returncode == 1
    assert json.loads(out.getvalue()) == {"name": None, "error": "no_version"}


@pytest.mark.parametrize("arguments", [["--algorithm", "1"], ["--algorithm", "2"], []], ids=["1", "2", "default"])
@pytest.mark.parametrize("answer", ["no_occasion", "did not come up"])
def test_what_only_version_2_offers_is_no_answer_for_version_1(
    tmp_path: Path, answer: str, arguments: list[str]
) -> None:
    """Whoever runs it says that the sheet is one of the first version, and it is not."""
    sheet = write(tmp_path / "sheets.jsonl", json.dumps({"form": "full", "answers": {"ill1": answer}}))
    out, err = run(sheet, *arguments)
    assert json.loads(out) == {"name": None, "error": "not_an_integer"}
    assert "1 could not be scored" in err
    rows = write(tmp_path / "sheets.csv", f"form,ill1\nfull,{answer}\n")
    assert "not_an_integer" in run(rows, *arguments)[0]


def test_help_says_how_a_sheet_states_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("score", "--help")
    words = " ".join(capsys.readouterr().out.split())
    assert (
        "Sheets are scored as the version of --instrument. Without it they are scored as version 1, and each" in words
    )
    assert '"version": 1 in JSON, a column “version” in CSV' in words


def test_invalid_sheets_give_their_code_and_the_rest_is_scored(tmp_path: Path) -> None:
    lines = [json.dumps({"name": f"wrong-{n}", **wrong}) for n, wrong in enumerate(VECTORS["invalid_sheets"])]
    lines.append(json.dumps(VECTORS["sheets"][0]))
    out, err = run(write(tmp_path / "sheets.jsonl", "\n".join(lines)))
    found = [json.loads(line) for line in out.splitlines()]
    codes = [wrong["error"] for wrong in VECTORS["invalid_sheets"]]
    assert [line.get("error") for line in found] == [*codes, None]
    assert found[-1]["name"] == "worked-1"
    assert f"{len(lines)} sheets, done; {len(codes)} could not be scored" in err


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "not_json"),
        (b'{"name": "\xff"}', "not_json"),
        (b"9" * 5000, "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_a_sheet"),
        (b'{"name": 3}', "not_a_sheet"),
        (b'{"form": "full", "partnered": "yes"}', "not_a_sheet"),
        (b'{"form": "full", "importance": false}', "not_a_sheet"),
        (b'{"form": "full", "answers": null}', "not_a_sheet"),
    ],
)
def test_a_line_that_is_no_sheet_is_named_the_run_goes_on_and_the_exit_status_tells(
    tmp_path: Path, line: bytes, code: str
) -> None:
    file = tmp_path / "sheets.jsonl"
    good = b'{"name": "good", "form": "short", "answers": {}}\r\n'
    file.write_bytes(b"\xef\xbb\xbf" + good + line + b"\n\n" + good)
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 of the lines are no answer sheets") as stopped:
        call_command("score", str(file), "--instrument", str(FILE), stdout=out, stderr=io.StringIO())
    assert stopped.value.returncode == 1
    assert [json.loads(found).get("error") for found in out.getvalue().splitlines()] == [None, code, None]


def test_a_name_with_half_a_character_is_given_back(tmp_path: Path) -> None:
    line = '{"name": "\\ud800", "form": "full", "answers": {}}'
    out, _ = run(write(tmp_path / "sheets.jsonl", line))
    out.encode("utf-8")
    assert json.loads(out)["name"] == "\ud800"


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
    out = io.StringIO()
    with pytest.raises(CommandError, match=said):
        call_command("score", str(write(tmp_path / "sheets.csv", f"{header}\n")), stdout=out)
    assert out.getvalue() == ""


def test_csv_without_sheets_has_its_header(tmp_path: Path) -> None:
    out, _ = run(write(tmp_path / "sheets.csv", "name,form\n"))
    assert out.startswith("name,error,")
    assert out.count("\n") == 1


def test_csv_cells_that_are_no_answers_are_named(tmp_path: Path) -> None:
    lines = [
        "name,form,partnered,ill1,time_importance",
        "a,full,true,2.0,",
        "b,full,perhaps,1,",
        "c,full,,-1,",
        "d,full,,,9",
        f"e,full,,{'9' * 5000},",
        "f,full,,1",
        "g,full,,1,2,3",
        "h,full,False, 4 ,na",
    ]
    file, out = write(tmp_path / "sheets.csv", "\n".join(lines)), io.StringIO()
    with pytest.raises(CommandError, match="3 of the lines are no answer sheets"):
        call_command("score", str(file), "--instrument", str(FILE), stdout=out, stderr=io.StringIO())
    found = {row["name"]: row["error"] for row in csv.DictReader(io.StringIO(out.getvalue()))}
    assert found == {
        "a": "not_an_integer",
        "b": "not_a_sheet",
        "c": "off_scale",
        "d": "off_scale",
        "e": "not_an_integer",
        "f": "not_a_sheet",
        "g": "not_a_sheet",
        "h": "",
    }


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.jsonl", None, "none.jsonl: cannot be read: No such file or directory"),
        ("sheets.csv", b"form,ill1\nfull,\xff\n", "sheets.csv: is not text in UTF-8"),
        ("sheets.csv", b"form,ill1\nfull," + b"x" * 200_000, "sheets.csv: field larger than field limit"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CommandError, match=said):
        run(tmp_path / name)


def test_a_faulty_instrument_is_refused_with_its_file_and_key(tmp_path: Path) -> None:
    file = write(tmp_path / "ours.toml", SOURCE.replace("sem = 11.2", "sem = 0.0"))
    with pytest.raises(CommandError, match=r"ours.toml: constants.sem: "):
        run(write(tmp_path / "sheets.jsonl", ""), "--instrument", str(file))


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_standard_input_is_scored_as_a_program_without_a_database(kind: str) -> None:
    """The whole program, as a researcher runs it: with a database's address where nobody answers."""
    sheet = '{"name": "é", "version": 1, "form": "full", "answers": {}}\n'
    given = {"jsonl": sheet, "csv": "name,version,form\né,1,full\n"}[kind]
    done = subprocess.run(
        [sys.executable, "manage.py", "score", "-", "--format", kind],
        input=b"\xef\xbb\xbf" + given.encode(),
        capture_output=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DEMO_DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"},
        check=True,
    )
    found: dict[str, Any] = (
        json.loads(done.stdout) if kind == "jsonl" else next(csv.DictReader(io.StringIO(done.stdout.decode())))
    )
    assert found["name"] == "é"
    assert found["shown"] == "not_enough"
    assert done.stderr.decode() == "1 sheets, done\n"


def test_memory_stays_the_same_however_many_sheets() -> None:
    line = json.dumps(VECTORS["sheets"][0])

    class Nowhere:
        def write(self, text: str, /) -> None:
            """Forget it."""

    def peak(count: int) -> int:
        lines: Iterator[str] = (line for _ in range(count))
        tracemalloc.start()
        found = sheets.scored(sheets.from_jsonl(lines), INSTRUMENT, ALGORITHMS[1], is_stated=True)
        for _ in sheets.to_jsonl(found, Nowhere(), []):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(1000) < peak(100) * 1.2 + 10_000
