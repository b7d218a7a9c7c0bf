"""Reuse the clock and the specialist of the consultations' tests."""

from tests.consultations.conftest import clock, mara

__all__ = ["clock", "mara"]
