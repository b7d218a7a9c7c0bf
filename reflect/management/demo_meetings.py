"""The demo's half hours: Ana has got ready for hers with Cole, who has opened some of what she shares; Ben has written
a next step after his with Amara, and Cole has proposed other times to him; Dora has noted something for herself.
"""

from datetime import datetime, timedelta
from uuid import uuid4

from accounts.drafts import Write
from accounts.models import User
from assessments.models import Result
from consultations.models import Booking
from consultations.proposals import Proposal
from consultations.services import proposals
from journal.models import Entry
from meetings.copies import copies, mark_of
from meetings.models import NextStep, Preparation, PrivateNote, Share
from meetings.models.next_steps import Intent
from meetings.models.preparation import Extent, Plan
from meetings.models.sharing import Kind
from meetings.services import next_steps, preparing, private_notes, sharing

ABOUT = "I give a lot of lifts, meals and plans, and I would like to find out which of them I want to give."
ASK = "How will I know if we are a good fit?"
STEP = "Ask whether we can take turns with the cooking, one week."
NOTE = "Wants to begin with evenings. Ask how the list went."
PROPOSED = "I would have a little more quiet at one of these times. If yours suits you, we keep it."
SHARED_AT = timedelta(hours=26)  # before now
OPENED_AT = timedelta(hours=3)


def seed_meetings(*, now: datetime) -> None:
    """Prepare and share, once."""
    ana = User.objects.get(email="ana@example.org")
    booking = Booking.objects.of_client(ana).upcoming(now).filter(specialist__user__email="cole@example.org").first()
    if Preparation.objects.exists() or booking is None or booking.specialist is None:
        return
    result = Result.objects.visible_to(ana).newest_first().first()
    entry = Entry.objects.visible_to(ana).newest_first().first()
    plan = Plan(
        about=ABOUT,
        ask=ASK,
        shows=("about",),
        result=str(result.pk) if result else "",
        extent=Extent.SUMMARY,
        entries=(str(entry.pk),) if entry else (),
    )
    write = Write(uuid4(), plan, base_revision=0, client=uuid4(), sequence=1)
    preparing.save_plan(owner=ana, booking_id=booking.pk, write=write, now=now - SHARED_AT)
    seen = mark_of(ana, copies(ana, plan))
    sharing.share(owner=ana, booking_id=booking.pk, plan=plan, seen=seen, now=now - SHARED_AT)
    share = Share.objects.get(booking=booking, kind=Kind.NOTES)
    sharing.open_shared(
        specialist=booking.specialist.user, booking_id=booking.pk, share_id=share.pk, now=now - OPENED_AT
    )


def seed_next_step(*, now: datetime) -> None:
    """Write a step, once, that the site now asks about."""
    ben = User.objects.get(email="ben@example.org")
    over = Booking.objects.of_client(ben).filter(specialist__user__email="amara.okafor@example.org").past(now).first()
    if over and not NextStep.objects.exists():
        write = Write(uuid4(), Intent(STEP, asks=True), base_revision=0, client=uuid4(), sequence=1)
        next_steps.save_step(owner=ben, booking_id=over.pk, write=write, now=over.ends_at)


def seed_note(*, now: datetime) -> None:
    """A specialist's private note on a meeting that is over, once."""
    dora = User.objects.get(email="dora@example.org")
    over = Booking.objects.of_specialist(dora).past(now).first()
    if over and not PrivateNote.objects.exists():
        write = Write(uuid4(), NOTE, base_revision=0, client=uuid4(), sequence=1)
        private_notes.save_note(owner=dora, booking_id=over.pk, write=write, now=over.ends_at)


def seed_proposal(*, now: datetime) -> None:
    """Two other times for a meeting, unless something was proposed before."""
    ben, cole = (User.objects.get(email=f"{name}@example.org") for name in ("ben", "cole"))
    booking = Booking.objects.of_client(ben).filter(specialist=cole.pk).upcoming(now).first()
    free = proposals.slots_to_propose(cole, now)[:2]
    if booking and free and Proposal.of(booking.document(ben)) is None:
        slots = [slot.pk for slot in free]
        proposals.propose(booking_id=booking.pk, specialist=cole, slots=slots, words=PROPOSED, now=now)
