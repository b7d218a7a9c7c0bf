"""A bound on how many threads of a web process one person, or one kind of request, takes at once.

There are few of them (`WEB_THREADS`), and whatever waits for a lock or for a slow reader keeps one all the while.
"""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from math import inf
from threading import Lock
from time import monotonic

from django.conf import settings


class NoPlace(Exception):
    """All places are taken."""


def half() -> float:
    """Half the threads of this process. Without WEB_THREADS, nobody knows how many there are."""
    return max(1, settings.WEB_THREADS // 2) if settings.WEB_THREADS else inf


class Places:
    """Who has how many places in this process."""

    def __init__(self) -> None:
        self.taken: Counter[Hashable] = Counter()
        self.counting = Lock()
        self.refused_at = -inf  # when somebody last found all of them taken, by `time.monotonic`

    def take(self, who: Hashable, *, each: float, total: float = inf) -> None:
        """Raises NoPlace. Whoever takes a place has to give it back."""
        with self.counting:
            if self.taken[who] >= each:
                raise NoPlace
            if self.taken.total() >= total:
                self.refused_at = monotonic()
                raise NoPlace
            self.taken[who] += 1

    def give_back(self, who: Hashable) -> None:
        with self.counting:
            self.taken[who] -= 1
            if not self.taken[who]:
                del self.taken[who]

    @contextmanager
    def one(self, who: Hashable, *, each: float, total: float = inf) -> Iterator[None]:
        self.take(who, each=each, total=total)
        try:
            yield
        finally:
            self.give_back(who)
