"""What of specialists and meetings waits for staff (`lib/waiting.py`)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import FailedCheck, ProfileChange, Specialist
from consultations.services import misses
from lib.waiting import MOST, For, Kind, Tally, register, tally_of


def register_waiting() -> None:
    """Called once, from `AppConfig.ready`."""
    register(
        Kind(
            label=_("New profiles"),
            about=_("Check the register entry, then approve the profile or send it back."),
            right="consultations.change_specialist",
            page=lambda: reverse("admin:consultations_specialist_changelist") + "?status__exact=submitted",
            tally=lambda _now: tally_of(
                Specialist.objects.filter(status=Specialist.Status.SUBMITTED), since="submitted_at"
            ),
        ),
        Kind(
            label=_("Changed texts and photos"),
            about=_("These changes are live. Check what is different."),
            right="consultations.change_specialist",
            page=lambda: reverse("admin:consultations_specialist_changelist") + "?changed=yes",
            tally=lambda _now: tally_of(
                ProfileChange.objects.filter(specialist__status=Specialist.Status.VERIFIED), since="since"
            ),
        ),
        Kind(
            label=_("Specialists who did not come"),
            about=_("Several people say that they waited. Look at the profile."),
            right="consultations.change_specialist",
            page=lambda: reverse("admin:consultations_specialist_changelist") + "?missed=several",
            tally=lambda now: Tally(misses.to_look_at(now)[: MOST + 1].count()),
        ),
        Kind(
            label=_("Failed booking checks"),
            about=_("Times that look free and cannot be booked."),
            right="consultations.view_failedcheck",
            page=lambda: reverse("admin:consultations_failedcheck_changelist"),
            tally=lambda _now: tally_of(FailedCheck.objects.all(), since="found_at"),
            whom=For.SERVICE,
        ),
    )
