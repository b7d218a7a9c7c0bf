"""Accounts with their data keys, and what belongs to each of them."""

from accounts.models.consents import Consent
from accounts.models.counts import Pace, Unread, Usage
from accounts.models.erased import Erased
from accounts.models.held import Held
from accounts.models.mails import Mail
from accounts.models.notices import Notice
from accounts.models.people import EMAIL_MISSING, DataKey, User, can_be_mailed, normal_form
from accounts.models.staff import Staff, StaffAction

__all__ = [
    "EMAIL_MISSING",
    "Consent",
    "DataKey",
    "Erased",
    "Held",
    "Mail",
    "Notice",
    "Pace",
    "Staff",
    "StaffAction",
    "Unread",
    "Usage",
    "User",
    "can_be_mailed",
    "normal_form",
]
