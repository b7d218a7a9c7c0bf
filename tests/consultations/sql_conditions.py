"""The conditions of an SQL query, parsed from its text, so that each can be removed in turn."""

import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(r"[()]|\b(?:WHERE|ON|AND|OR|JOIN|CROSS|ORDER|LIMIT)\b|\Z")


class Condition(NamedTuple):
    """A condition in the SQL; `neutral` replaces it when it is removed."""

    start: int
    end: int
    neutral: str

    def text(self, sql: str) -> str:
        return " ".join(sql[self.start : self.end].split())

    def taken_away(self, sql: str) -> str:
        return f"{sql[: self.start]} {self.neutral} {sql[self.end :]}"


class Level:
    """Parser state between two parentheses: where conditions begin and end, and what joins them."""

    def __init__(self, start: int | None) -> None:
        self.start = start
        self.is_clause = False
        self.ends: list[tuple[int, int]] = []
        self.joined_by: set[str] = set()

    def closed(self, at: int) -> Iterator[Condition]:
        """The conditions of the clause or group that ends here."""
        if self.start is not None and (self.is_clause or self.joined_by):
            assert len(self.joined_by) < 2, "AND and OR on one level: write parentheses"
            neutral = "FALSE" if self.joined_by == {"OR"} else "TRUE"
            yield from (Condition(start, end, neutral) for start, end in [*self.ends, (self.start, at)])
        self.start = None
        self.ends.clear()
        self.joined_by.clear()


def conditions(sql: str) -> list[Condition]:
    """Everything after WHERE and ON, and each member of a group in parentheses, in the order in which they end."""
    found: list[Condition] = []
    levels = [Level(None)]
    for token in TOKEN.finditer(sql):
        level = levels[-1]
        match token[0]:
            case "(":
                levels.append(Level(token.end()))
            case "AND" | "OR" as joiner:
                assert level.start is not None, f"{joiner} outside a condition"
                level.ends.append((level.start, token.start()))
                level.joined_by.add(joiner)
                level.start = token.end()
            case word:
                found += level.closed(token.start())
                if word == ")":
                    levels.pop()
                elif word in {"WHERE", "ON"}:
                    level.start, level.is_clause = token.end(), True
    return found
