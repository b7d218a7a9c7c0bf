"""Specialists and bookings in the admin, without anything that was written about a meeting."""

from consultations.admin import bookings, checks, specialists

__all__ = ["bookings", "checks", "specialists"]
