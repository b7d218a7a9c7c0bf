"""The goals measured from outside the process: a fresh clone's demo, and scoring many answer sheets."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import psutil
from django.conf import settings

from assessments.instrument import Instrument, build, read
from bench.goals import Line

INSTRUMENT = settings.BASE_DIR / "assessments" / "instruments" / "balance-1.toml"
SHEETS = 100_000
CLONE_PORT = 8478


def scoring() -> Iterator[Line]:
    """Sheets that `manage.py score` scores per CPU second, start and writing included, and its peak memory."""
    instrument = build(read(INSTRUMENT.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        for count in (SHEETS // 10, SHEETS):
            file = Path(folder, f"{count}.jsonl")
            with file.open("w", encoding="utf-8") as lines:
                lines.writelines(sheets(instrument, count))
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "score", str(file)]
            command += ["--instrument", str(INSTRUMENT)]
            memory = processor = 0.0
            with psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
                while program.poll() is None:
                    memory = max(memory, program.memory_info().rss)
                    processor = sum(program.cpu_times()[:2])
                    time.sleep(0.05)
            speed = count / processor
            assert program.returncode == 0, "The sheets were not scored."
            figure = f"{speed:,.0f}/s, {memory / 1_000_000:.0f} MB"
            yield Line(
                f"scoring {count:,} sheets", figure, "≥ 8,000/s", "4,600/s", speed >= 8000 if count == SHEETS else None
            )


def sheets(instrument: Instrument, count: int) -> Iterator[str]:
    """Full answer sheets as JSON Lines, filled in at random with a few gaps; the same ones every time."""
    chance = random.Random(20261123)
    for number in range(count):
        answers: dict[str, int | str] = {
            key: "na" if chance.random() < 0.03 else chance.choice(scale.values)
            for key, scale in instrument.scale_of.items()
        }
        importance = {area.key: chance.randint(0, 3) for area in instrument.areas}
        sheet = {"name": str(number), "form": "full", "partnered": True, "answers": answers, "importance": importance}
        yield json.dumps(sheet) + "\n"


def clone_to_demo() -> Iterator[Line]:
    """Goal 11: from `git clone` through `make demo` to a ready site, with every package downloaded."""
    hidden = {"DATABASE_URL", "DEMO_DATABASE_URL", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"}
    with tempfile.TemporaryDirectory() as folder:
        environment = {key: value for key, value in os.environ.items() if key not in hidden}
        environment |= {"UV_CACHE_DIR": f"{folder}/cache", "PIP_NO_CACHE_DIR": "1"}
        start = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", settings.BASE_DIR, f"{folder}/reflect"], check=True)  # noqa: S603, S607  # our own repository
        command = ["make", "--silent", "-C", f"{folder}/reflect", "demo", f"PORT={CLONE_PORT}"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True) as demo:  # noqa: S603
            while demo.poll() is None and not is_ready():
                time.sleep(0.2)
            taken = time.perf_counter() - start
            stopped = demo.poll() is not None
            if not stopped:
                os.killpg(demo.pid, signal.SIGINT)
    figure = "it did not start" if stopped else f"{taken:.0f} s"
    yield Line("11 clone to seeded demo", figure, "≤ 180 s", "6 to 10 steps", taken <= 180 and not stopped)


def is_ready() -> bool:
    """Whether the clone's demo answers `/readyz` with 200."""
    http = HTTPConnection("127.0.0.1", CLONE_PORT, timeout=5)
    try:
        http.request("GET", "/readyz")
        return http.getresponse().status == 200
    except OSError:
        return False
    finally:
        http.close()
