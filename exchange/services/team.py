"""Telling staff that something waits for them."""

from datetime import datetime

from accounts.models import User
from exchange.mails import post_waiting, what_waits


def tell_team(*, now: datetime) -> None:
    """Tell staff by e-mail, once a day, that something waits which they may see to."""
    if waits := what_waits(now):
        staff = User.objects.filter(is_active=True, is_staff=True).order_by("email")
        post_waiting([one for one in staff if any(map(one.has_perm, waits))], now=now)
