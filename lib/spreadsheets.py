"""Cells of CSV files that people open in a spreadsheet."""

RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """The text of a cell. What a spreadsheet would run as a formula begins with an apostrophe, as OWASP advises.

    Source: OWASP, "CSV Injection". Numbers are left as they are.
    """
    text = str(value)
    if isinstance(value, int | float):
        return text
    return f"'{text}" if text.startswith(RUN_BY_SPREADSHEETS) else text
