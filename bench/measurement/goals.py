"""`make bench ARGS=measurement`: the simulation as a table, what is wanted of it, and the file for the public page."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from django.conf import settings

from assessments import how_sure
from bench.goals import Line
from bench.measurement.figures import CELLS, MATCHED, PROCESSES, Figures, bounded, run, write

DIFFERENCING: Final = "tests/assessments/test_differencing.py::test_nightly_subtraction_names_nobodys_balance"
WIDTH: Final = 11


def measurement() -> Iterator[Line]:
    """What is wanted, then every figure of every cell in one line, the wide population with the assumed noise first."""
    found = run(processes=PROCESSES)
    found["wanted"]["differencing"] = bounded(by_differencing(), 0, 0, is_count=True)
    write(found, how_sure.FILE)
    return lines(found)


def lines(found: Figures) -> Iterator[Line]:
    for key, bound in zip(found["wanted"], how_sure.wanted(found), strict=True):
        yield Line(key, plain(bound.found), plain(bound.wanted), "", bound.reached)
    cells = [MATCHED, *(cell for cell in CELLS if cell != MATCHED)]
    yield Line("", "".join(f"{population:>{WIDTH}}" for population, _ in cells), "", "", None)
    yield Line("", "".join(f"{noise:>{WIDTH}}" for _, noise in cells), "", "", None)
    for figures in how_sure.every_figure().values():
        for row in how_sure.rows(figures, found, cells):
            values = "".join(f"{plain(cell):>{WIDTH}}" for cell in row.cells)
            yield Line(row.name[:25], values, "", "", None)
    for name, covered in found["pilots"]["covered"]["plain"].items():
        robust, truth = found["pilots"]["covered"]["robust"][name], found["pilots"]["truth"][name]
        figure = f"{100 * covered:.1f} % of intervals hold {truth}; {100 * robust:.1f} % of robust ones"
        yield Line(f"{name} of 100 pairs", figure, "", "", None)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def by_differencing() -> int | None:
    """How many of 150 joiners are found by subtracting group figures each night: none, if the test of it holds."""
    command = [sys.executable, "-m", "pytest", "-q", DIFFERENCING, "--ds=tests.settings", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)  # noqa: S603
    return 0 if done.returncode == 0 and re.search(r"\b[1-9]\d* passed", done.stdout) else None
