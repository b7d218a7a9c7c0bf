"""What waits for the demo's verifiers: approvals in the history, a changed text, and a profile that was reported."""

import uuid
from datetime import datetime, timedelta

from accounts.models import User
from consultations.models import Specialist, Verification
from consultations.models.verification import ALWAYS
from consultations.services import profiles
from exchange.services import profile_reports

DAY = timedelta(days=1)
CHANGED = "What do you expect of yourself that you would never ask of a friend? With me you find out in three meetings."
REASON = "The link to the register leads to a page that has nothing to do with her."


def seed_verification(*, now: datetime) -> None:
    """Do this once."""
    if Verification.objects.exists():
        return
    vera = User.objects.get(email="vera@example.org")
    approved = Specialist.objects.filter(status=Specialist.Status.VERIFIED)
    Verification.objects.bulk_create(
        Verification(
            specialist=one,
            outcome=Verification.Outcome.APPROVED,
            at=one.verified_at or now,
            by=vera,
            checked=[*ALWAYS, *one.also_checked],
            where=one.register_url,
            check_again_on=one.check_again_on,
        )
        for one in approved
    )
    approved.update(verified_by=vera)
    jakob = User.objects.get(email="jakob.brandt@example.org")
    profiles.save_profile(user=jakob, fields={"about": CHANGED}, addresses=None, now=now - DAY)
    amara, ben = approved.get(user__email="amara.okafor@example.org"), User.objects.get(email="ben@example.org")
    profile_reports.report(report_id=uuid.uuid4(), owner=ben, specialist=amara, reason=REASON, now=now - 2 * DAY)
