"""The three optional questions after a result. Pure: the answers are evaluated here and stored nowhere."""

from collections.abc import Mapping
from typing import Any


def is_raised(safety: Mapping[str, Any], posted: Mapping[str, str]) -> bool:
    """Whether any question is answered with the instrument's `raised_by`; anything else counts as no."""
    return any(posted.get(question["key"]) == safety["raised_by"] for question in safety["questions"])
