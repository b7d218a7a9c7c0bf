"""Accounts in the administration, who has which role in it, and the log of what they do there."""

from accounts.admin import log, people, staff

__all__ = ["log", "people", "staff"]
