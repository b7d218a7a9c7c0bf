"""The practice is tested with the clock and the specialist of the consultations."""

from tests.consultations.conftest import clock, mara

__all__ = ["clock", "mara"]
