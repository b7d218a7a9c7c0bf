"""The one rounding of every figure."""


def rounded(value: float, decimals: int = 6) -> float:
    """`value` to 6 places, and never −0."""
    return round(value, decimals) + 0.0
