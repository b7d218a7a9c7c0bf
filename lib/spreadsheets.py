"""CSV files that people open in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """The text of a cell. What a spreadsheet would run as a formula begins with an apostrophe, as OWASP advises.

    Source: OWASP, "CSV Injection". Numbers are left as they are.
    """
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text


def as_csv(name: str, rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to download, `name`.csv. None is an empty cell."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    csv.writer(response).writerows([cell("" if value is None else value) for value in row] for row in rows)
    return response
