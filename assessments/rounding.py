"""The one rounding of every figure."""

from functools import lru_cache


def rounded(value: float, decimals: int = 6) -> float:
    """`value` to 6 places, and never −0."""
    return round(value, decimals) + 0.0


@lru_cache(maxsize=4096)
def percent(points: int, most: int) -> float:
    """`points` of `most` as a rounded percentage; cached, as few different values occur."""
    return rounded(100 * points / most)
