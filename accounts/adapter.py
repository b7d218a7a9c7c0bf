"""Where allauth asks how Reflect does things."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""
