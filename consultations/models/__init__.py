"""Specialists, their hours and slots, bookings, and the waiting list."""

from consultations.models.bookings import Block, Booking, BookingChange
from consultations.models.calendars import BusyCalendar
from consultations.models.changes import ProfileChange
from consultations.models.checks import FailedCheck
from consultations.models.hours import Absence, DateOverride, WeeklyHours
from consultations.models.profiles import Photo, Specialist
from consultations.models.slots import Slot
from consultations.models.verification import Verification
from consultations.models.waiting import Offer, WaitingEntry

__all__ = [
    "Absence",
    "Block",
    "Booking",
    "BookingChange",
    "BusyCalendar",
    "DateOverride",
    "FailedCheck",
    "Offer",
    "Photo",
    "ProfileChange",
    "Slot",
    "Specialist",
    "Verification",
    "WaitingEntry",
    "WeeklyHours",
]
