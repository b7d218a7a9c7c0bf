"""CSV files that people open in a spreadsheet."""

import csv

import pytest

from lib.spreadsheets import as_csv, cell


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("a=1", "a=1"),
        ("", ""),
        (-1, "-1"),
        (2.5, "2.5"),
    ],
)
def test_a_cell_runs_in_no_spreadsheet(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_a_file_has_a_name_and_no_cell_that_runs() -> None:
    answer = as_csv("counts", [["name", "people"], ["=1+1", None], ["a,b", 0]])
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="counts.csv"'
    assert [*csv.reader(answer.text.splitlines())] == [["name", "people"], ["'=1+1", ""], ["a,b", "0"]]
