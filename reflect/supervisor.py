"""Runs several programs as one: when one of them ends, or a signal arrives, all are stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Self

GRACE = 8.0  # seconds between SIGTERM and SIGKILL, where nothing else is said


class Supervisor:
    """Context manager: on exit, every program started in it has ended, with its children."""

    def __init__(self, grace: float = GRACE) -> None:
        self.grace = grace
        self.programs: list[subprocess.Popen[bytes]] = []
        self.stopping = False

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, *_exception: object) -> None:
        for program in self.programs:
            _signal(program, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        for program in self.programs:
            with contextlib.suppress(subprocess.TimeoutExpired):
                program.wait(max(0.0, deadline - time.monotonic()))
            _signal(program, signal.SIGKILL)
            program.wait()

    def start(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a program in a session of its own, so that Ctrl-C reaches it only through this process."""
        self.programs.append(subprocess.Popen(command, env=os.environ | dict(env), start_new_session=True))  # noqa: S603  # our own commands

    def running(self) -> bool:
        """Whether every program runs and nobody has asked to stop."""
        return not self.stopping and all(program.poll() is None for program in self.programs)

    def wait(self) -> bool:
        """Wait until a program ends by itself (False) or somebody asks to stop (True)."""
        while self.running():
            time.sleep(0.2)
        return self.stopping

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True


def _signal(program: subprocess.Popen[bytes], number: int) -> None:
    """Signal a program. SIGKILL goes to its whole group, as its children would otherwise outlive it."""
    with contextlib.suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(program.pid, number)
        elif program.poll() is None:
            program.send_signal(number)
