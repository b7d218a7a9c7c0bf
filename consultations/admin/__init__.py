"""Consultations in the administration: who offers them, and that meetings exist. Nothing that anybody wrote of them."""

from consultations.admin import bookings, specialists

__all__ = ["bookings", "specialists"]
