"""Specialists and bookings in the admin, without anything that was written about a meeting."""

from consultations.admin import bookings, specialists

__all__ = ["bookings", "specialists"]
