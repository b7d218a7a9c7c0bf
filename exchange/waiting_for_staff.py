"""What of messages, questions and reports waits for staff (`lib/waiting.py`)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models.bookings import UNSETTLED
from exchange.models import Contact, Flag, Objection, ProfileReport, Report
from exchange.services import moderation
from lib.waiting import Kind, register, tally_of

OWNERS_RIGHT = "accounts.change_user"  # to shut an account out: no role but owners has it
UNANSWERED = (Contact.State.NEW, Contact.State.OPEN)  # also with a note, or with somebody who is to answer


def register_waiting() -> None:
    """Called once, from `AppConfig.ready`."""
    register(
        Kind(
            label=_("Questions to review"),
            about=_("Read each before members do."),
            right="exchange.change_submission",
            page=lambda: reverse("admin:exchange_submission_changelist"),
            tally=lambda _now: moderation.tally_of_waiting(),
        ),
        Kind(
            label=_("Reported questions and answers"),
            about=_("Members want somebody to look at them again."),
            right="exchange.change_submission",
            page=lambda: reverse("admin:exchange_submission_changelist") + "?list=flagged",
            tally=lambda _now: tally_of(Flag.objects.filter(settled_on=None), since="on"),
        ),
        Kind(
            label=_("Reported conversations"),
            about=_("A conversation was reported. You will see the last messages that the reporter received."),
            right="exchange.change_report",
            page=lambda: reverse("admin:exchange_report_changelist") + "?state__exact=new",
            tally=lambda _now: tally_of(Report.objects.filter(state=Report.State.NEW), since="day"),
        ),
        Kind(
            label=_("Reports passed on"),
            about=_("Whoever read a reported conversation thinks that only an owner can do what is needed."),
            right=OWNERS_RIGHT,
            page=lambda: reverse("admin:exchange_report_changelist") + "?state__exact=passed",
            tally=lambda _now: tally_of(Report.objects.filter(state=Report.State.PASSED_ON), since="day"),
        ),
        Kind(
            label=_("Objections"),
            about=_("One side says that a meeting was different from what is recorded."),
            right="exchange.change_objection",
            page=lambda: reverse("admin:exchange_objection_changelist") + "?objections=open",
            tally=lambda _now: tally_of(Objection.objects.filter(UNSETTLED), since="objected_at"),
        ),
        Kind(
            label=_("Reported profiles"),
            about=_("A member says that something in a profile is not right."),
            right="exchange.change_profilereport",
            page=lambda: reverse("admin:exchange_profilereport_changelist") + "?state__exact=new",
            tally=lambda _now: tally_of(ProfileReport.objects.filter(state=ProfileReport.State.NEW), since="day"),
        ),
        Kind(
            label=_("Messages to us"),
            about=_("Nobody has answered them yet."),
            right="exchange.change_contact",
            page=lambda: reverse("admin:exchange_contact_changelist") + f"?state__in={','.join(UNANSWERED)}",
            tally=lambda _now: tally_of(Contact.objects.filter(state__in=UNANSWERED), since="day"),
        ),
    )
