"""Bookings with their history, and blocks between people."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, override
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import unseal
from consultations.models.profiles import Format, Specialist
from consultations.models.slots import Slot
from consultations.times import DURATION, FIT_ASKED, REMINDERS, SESSION_LINK
from lib.figures import lasting, with_figures

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Status(models.TextChoices):
    """The state of a booking. All but the cancelled ones occupy their slot."""

    BOOKED = "booked", _("booked")
    COMPLETED = "completed", _("took place")
    CLIENT_NO_SHOW = "client_no_show", _("the client did not come")
    SPECIALIST_NO_SHOW = "specialist_no_show", _("the specialist did not come")
    CANCELLED_BY_CLIENT = "cancelled_by_client", _("cancelled by the client")
    CANCELLED_BY_SPECIALIST = "cancelled_by_specialist", _("cancelled by the specialist")


class Side(models.TextChoices):
    CLIENT = "client", _("client")
    SPECIALIST = "specialist", _("specialist")
    STAFF = "staff", _("staff")
    SITE = "site", _("the site itself")


class Fit(models.TextChoices):
    """The private answer to "was it a fit?"."""

    YES = "yes", _("Yes")
    UNSURE = "unsure", _("Not sure")
    NO = "no", _("No")


OCCUPYING = (Status.BOOKED, Status.COMPLETED, Status.CLIENT_NO_SHOW, Status.SPECIALIST_NO_SHOW)
CANCELLED_BY = {Side.CLIENT: Status.CANCELLED_BY_CLIENT, Side.SPECIALIST: Status.CANCELLED_BY_SPECIALIST}
CANCELLED = tuple(CANCELLED_BY.values())
occupies_time = Q(status__in=[str(status) for status in OCCUPYING])
UNSETTLED = Q(objected_at__isnull=False, settled_at__isnull=True)  # somebody objects, and staff have not decided


class TimeRange(Func):
    """`tstzrange(starts_at, ends_at)`, end excluded: back-to-back bookings do not overlap."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class BookingQuerySet(models.QuerySet["Booking"]):
    def of_client(self, user: User | AnonymousUser) -> Self:
        """What this person has booked. Every view for clients starts from this."""
        return self.filter(client_id=user.pk) if user.pk else self.none()

    def of_specialist(self, user: User | AnonymousUser) -> Self:
        """What was booked with this person. Every view for specialists starts from this."""
        return self.filter(specialist_id=user.pk) if user.pk else self.none()

    def in_either_role(self, person_id: uuid.UUID) -> Self:
        """What this person has booked, and what was booked with them."""
        return self.filter(Q(client=person_id) | Q(specialist=person_id))

    def between(self, person: User, other_id: uuid.UUID) -> Self:
        """What one of the two has booked with the other."""
        return self.filter(Q(client=person, specialist=other_id) | Q(client=other_id, specialist=person.pk))

    def occupying(self) -> Self:
        return self.filter(occupies_time)

    def upcoming(self, now: datetime) -> Self:
        """Booked and not started, the soonest first."""
        return self.filter(status=Status.BOOKED, starts_at__gt=now).order_by("starts_at", "id")

    def met(self, now: datetime) -> Self:
        """Those that took place, as `limits.count` counts them, with specialists who meet nobody twice."""
        over = Q(status=Status.COMPLETED) | Q(status=Status.BOOKED, ends_at__lte=now)
        return self.filter(over, specialist__allows_another=False)

    def past(self, now: datetime) -> Self:
        """Started or cancelled, the latest first."""
        return self.exclude(status=Status.BOOKED, starts_at__gt=now).order_by("-starts_at", "id")

    def behind(self, booking_id: uuid.UUID) -> Self:
        """Those after this one in the order of `past`, for paging by key; adds no query."""
        when = models.Subquery(self.order_by().filter(pk=booking_id).values("starts_at"))
        return self.filter(Q(starts_at__lt=when) | Q(id__gt=booking_id), starts_at__lte=when)

    def beyond(self, booking_id: uuid.UUID) -> Self:
        """Those after this one in the order of `upcoming`, for paging by key; adds no query."""
        when = models.Subquery(self.order_by().filter(pk=booking_id).values("starts_at"))
        return self.filter(Q(starts_at__gt=when) | Q(id__gt=booking_id), starts_at__gte=when)

    def with_earlier(self) -> Self:
        """With `has_earlier`: whether the two have, or had, an earlier meeting. Adds no query."""
        pair = {"client": OuterRef("client"), "specialist": OuterRef("specialist")}
        earlier = Booking.objects.occupying().filter(**pair, starts_at__lt=OuterRef("starts_at"))
        return self.annotate(has_earlier=Exists(earlier))

    def with_last_change(self) -> Self:
        """With the side that made the last change, and the start before it, if that was a move. Adds no query."""
        last = BookingChange.objects.filter(booking=OuterRef("pk")).order_by("-at", "-pk")
        side, start = (models.Subquery(last.values(name)[:1]) for name in ("side", "moved_from"))
        return self.annotate(last_by=side, moved_from=start)

    def at_hand(self, now: datetime) -> Self:
        """What Today shows: bookings that can still be joined, or that ended within FIT_ASKED and await the client's
        answer whether it was a fit. Those that can be joined come first.
        """
        joinable = Q(status=Status.BOOKED, ends_at__gt=now - SESSION_LINK)
        just_met = Q(status__in=[Status.BOOKED, Status.COMPLETED], ends_at__gt=now - FIT_ASKED, client_fit="")
        ahead_first = Case(When(joinable, then=0), default=1)
        return self.filter(joinable | just_met).order_by(ahead_first, "starts_at", "id")


def reminder_name(kind: str) -> "_StrPromise":
    return with_figures(_("reminder %(time)s before"), lambda: {"time": lasting(REMINDERS[kind], "hours")})


class Booking(models.Model):
    """A client's booking with a specialist. It has its own times, because its slot may be deleted.

    `sealed` (with the client's key) holds `{"name", "note", "address", "summary", "room"}`: the name the client chose,
    their note, how to meet, their own title for the calendar file, and the random word for the address; also
    `"from_specialist"`, if they wrote something when they cancelled, and `"proposal"` (`proposals.py`), while other
    times are proposed. `document` opens it, and it is erased NOTE_KEPT
    after the end. `token` comes with the form, so that a form submitted twice books once. `sequence` is that of the
    calendar file. Erasing a person leaves the row without them. `mail` answers "is it safe to send you an e-mail?":
    only True allows mail about this booking to the client.
    """

    LABEL, SEALED_FOR = "consultations.booking", "client"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    specialist = models.ForeignKey(
        Specialist, on_delete=models.SET_NULL, null=True, related_name="bookings", db_index=False
    )
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, related_name="bookings", db_index=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    status = models.CharField(_("status"), max_length=23, choices=Status, default=Status.BOOKED)
    format = models.CharField(_("way to meet"), max_length=5, choices=Format)
    sealed = models.BinaryField(_("note"), null=True, editable=False)
    mail = models.BooleanField(_("e-mail is safe"), null=True)
    remind_day = models.BooleanField(reminder_name("remind_day"), default=False)
    remind_hour = models.BooleanField(reminder_name("remind_hour"), default=False)
    token = models.UUIDField(_("token of the form"), editable=False)
    made_at = models.DateTimeField(_("booked on"))
    changed_at = models.DateTimeField(_("last changed"))
    sequence = models.PositiveIntegerField(_("sequence of the calendar file"), default=0)
    reschedules = models.PositiveSmallIntegerField(_("times moved"), default=0)

    client_fit = models.CharField(max_length=6, choices=Fit, blank=True, editable=False)
    specialist_fit = models.CharField(max_length=6, choices=Fit, blank=True, editable=False)
    objected_at = models.DateTimeField(_("objection made"), null=True, editable=False)
    settled_at = models.DateTimeField(_("objection settled"), null=True, editable=False)

    has_earlier: bool  # of `with_earlier`
    last_by: str | None = None  # of `with_last_change`; None before the first change
    moved_from: datetime | None

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        indexes = [
            models.Index(fields=["client", "-starts_at", "id"], name="booking_of_client"),
            models.Index(fields=["client", "made_at"], name="booking_made_by_client"),
            models.Index(fields=["specialist", "starts_at"], name="booking_of_specialist"),
            models.Index(fields=["specialist", "client", "starts_at"], name="booking_of_pair"),
            models.Index(
                fields=["specialist", "starts_at"],
                condition=Q(status="specialist_no_show"),
                name="booking_missed_by_host",
            ),
            models.Index(fields=["slot"], name="booking_of_slot"),
            models.Index(fields=["starts_at"], condition=Q(status="booked"), name="booking_booked_from"),
            models.Index(fields=["-starts_at", "id"], name="booking_by_time"),
            # Most took place: those are found by time as fast.
            models.Index(
                fields=["status", "-starts_at", "id"], condition=~Q(status="completed"), name="booking_by_status"
            ),
            models.Index(fields=["ends_at"], condition=Q(sealed__isnull=False), name="booking_with_words"),
            models.Index(
                fields=["objected_at"],
                condition=Q(objected_at__isnull=False, settled_at__isnull=True),
                name="booking_objections",
            ),
            models.Index(
                fields=["-settled_at", "objected_at", "id"],
                condition=Q(objected_at__isnull=False),
                name="booking_objected",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=[str(status) for status in Status]), name="booking_status_is_known"
            ),
            models.CheckConstraint(condition=Q(ends_at=F("starts_at") + DURATION), name="booking_takes_30_minutes"),
            models.CheckConstraint(
                condition=Q(client__isnull=True) | Q(specialist__isnull=True) | ~Q(client=F("specialist")),
                name="booking_not_with_oneself",
            ),
            models.UniqueConstraint(fields=["client", "token"], name="booking_once_a_form"),
            models.UniqueConstraint(fields=["slot"], condition=occupies_time, name="booking_one_a_slot"),
            models.UniqueConstraint(
                fields=["client", "specialist"], condition=Q(status="booked"), name="booking_one_upcoming_a_pair"
            ),
            ExclusionConstraint(
                name="booking_specialist_is_free",
                expressions=[
                    ("specialist", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=occupies_time,
            ),
            ExclusionConstraint(
                name="booking_client_is_free",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    (TimeRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=occupies_time,
            ),
        ]

    @override
    def __str__(self) -> str:
        """By its time, which tells nothing of who booked."""
        return gettext("Meeting of %(time)s") % {"time": date_format(localtime(self.starts_at), "DATETIME_FORMAT")}

    def document(self, client: User) -> dict[str, Any]:
        """Open `sealed`. Raises `accounts.sealing.CannotOpen`."""
        document: dict[str, Any] = unseal(client, self.LABEL, self.pk, bytes(self.sealed or b""))
        return document


class BookingChange(models.Model):
    """One line of a booking's history. `moved_from`: the start before it was moved."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="changes", db_index=False)
    at = models.DateTimeField(_("time"))
    side = models.CharField(_("by"), max_length=10, choices=Side)
    status = models.CharField(_("status"), max_length=23, choices=Status)
    moved_from = models.DateTimeField(_("moved from"), null=True)

    class Meta:
        verbose_name = _("change of a booking")
        verbose_name_plural = _("changes of bookings")
        indexes = [models.Index(fields=["booking", "at"], name="change_of_booking")]

    @override
    def __str__(self) -> str:
        return f"{self.at.isoformat()} {self.status}"


class AreApart(Func):
    """Whether one of two people has blocked the other (nobody blocks themselves)."""

    template = """EXISTS (
        SELECT FROM consultations_block, (SELECT ARRAY[%(expressions)s] AS pair) AS two
        WHERE owner_id = ANY(pair) AND other_id = ANY(pair)
    )"""
    output_field = models.BooleanField()

    def __init__(self, person: UUID | Combinable, other: UUID | Combinable) -> None:
        super().__init__(*(Value(one) if isinstance(one, UUID) else one for one in (person, other)))


class BlockQuerySet(models.QuerySet["Block"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(owner_id=user.pk) if user.pk else self.none()


class Block(models.Model):
    """`owner` wants no more meetings with `other`, and no messages.

    The other one is not told: no slot is free for them, and a message that they send is not taken.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(_("made"))

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = [
            models.UniqueConstraint(fields=["owner", "other"], name="block_unique"),
            models.CheckConstraint(condition=~Q(owner=F("other")), name="block_not_oneself"),
        ]

    @override
    def __str__(self) -> str:
        return str(self.pk)
