"""The three optional questions after a result. Pure: what is answered is looked at once, here, and kept nowhere."""

from collections.abc import Mapping
from typing import Any


def is_raised(safety: Mapping[str, Any], posted: Mapping[str, str]) -> bool:
    """Whether any question is answered with the instrument's `raised_by`. Anything else, or nothing, raises nothing."""
    return any(posted.get(question["key"]) == safety["raised_by"] for question in safety["questions"])
