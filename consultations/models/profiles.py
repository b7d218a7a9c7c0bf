"""Profiles of specialists, and their photos."""

from datetime import datetime, timedelta
from typing import Self, override

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consultations.times import LISTED_WITHIN, NOTICE
from lib.direction import isolated

MOST_BYTES = 100_000  # of a photo
LONGEST_ABOUT = 1_500
LONGEST_DETAIL = 500  # of each text beside `about`
LONGEST_BUFFER = 120  # minutes
USUAL_NOTICE = NOTICE // timedelta(hours=1)


class Format(models.TextChoices):
    """How two people meet."""

    VIDEO = "video", _("Video")
    PHONE = "phone", _("Phone")
    TEXT = "text", _("Text chat")


class Checked(models.TextChoices):
    """What staff may have checked besides the entry in the register; each value is the field that it is about."""

    TRAINING = "training", _("training")
    PRACTISES_IN = "practises_in", _("where they may practise")


class Reminder(models.TextChoices):
    """When a specialist is reminded of each meeting; the values are those of the clients' reminders, too."""

    DAY = "remind_day", _("A day before")
    HOUR = "remind_hour", _("An hour before")


# Conditions for a specialist to be reachable: whoever is logged in and has the address of their page sees it, and can
# book and write to them.
PROFILE_LISTED = {"status": "verified", "offers_free": True, "paused": False}
ACCOUNT_LISTED = {"is_active": True, "closes_at": None}


class HasTimes(Func):
    """Whether a specialist's hours make a slot within LISTED_WITHIN, booked or free, or they are away on this day.

    Somebody who is away is found because members see until when. Days are those of the specialist's time zone.
    """

    template = """EXISTS (
        SELECT FROM (SELECT %(expressions)s) AS asked (specialist, zone, now, until)
        WHERE EXISTS (
            SELECT FROM consultations_slot
            WHERE specialist_id = specialist AND NOT closed AND NOT busy AND starts_at >= now AND starts_at < until
        ) OR EXISTS (
            SELECT FROM consultations_absence
            WHERE specialist_id = specialist AND (now AT TIME ZONE zone)::date BETWEEN first AND last
        )
    )"""
    output_field = models.BooleanField()

    def __init__(self, path: str, now: datetime) -> None:
        moments = (Value(moment, models.DateTimeField()) for moment in (now, now + LISTED_WITHIN))
        super().__init__(F(f"{path}pk"), F(f"{path}timezone"), *moments)


def is_reachable(path: str = "") -> Q:
    """Condition that the specialist at `path` (such as "specialist__") is reachable."""
    conditions = PROFILE_LISTED | {f"user__{field}": value for field, value in ACCOUNT_LISTED.items()}
    return Q(**{path + field: value for field, value in conditions.items()})


def are_reachable(specialist: "Specialist", user: User) -> bool:
    """The same for loaded rows; `user` is the specialist's account."""
    return specialist.takes_bookings and all(getattr(user, field) == value for field, value in ACCOUNT_LISTED.items())


def is_listed(path: str = "", now: datetime | None = None) -> Q:
    """Condition that the specialist at `path` is in the list: reachable, and with times to be booked."""
    return is_reachable(path) & Q(HasTimes(path, now or timezone.now()))


class SpecialistQuerySet(models.QuerySet["Specialist"]):
    def reachable(self) -> Self:
        """Those whom everybody who is logged in can see and book, if they have the address of the page."""
        return self.filter(is_reachable())

    def listed(self, now: datetime | None = None) -> Self:
        """Those whom everybody who is logged in finds."""
        return self.filter(is_listed(now=now))

    def of(self, user: User | AnonymousUser) -> Self:
        """A person's own profile, whatever its state."""
        return self.filter(pk=user.pk) if user.pk else self.none()

    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Members see everybody who is reachable, and their own profile; visitors see those listed who want them to."""
        if viewer.is_authenticated:
            return self.reachable() | self.of(viewer)
        return self.listed().filter(shown_to_visitors=True)


class Specialist(models.Model):
    """The profile of somebody who offers consultations; its primary key is their account's.

    Everybody who is logged in can see it, except `sealed_addresses` (how to meet, by format:
    `{"video": "https://…", "phone": "+44 …"}`, sealed with the specialist's key) and the feed. With
    `shown_to_visitors`, everybody else can see what `for_visitors` in `listing.py` names. A change to a register
    field, or to another that staff checked, sends a verified profile back to `submitted`. `formats` lists the formats
    that have an address. The fee is that of a session after the free meeting. `how_to_book` and `practice_contact` are
    for clients who have met them and would like to go on. `ended_at`: when they ended the practice, which then stays
    paused.
    """

    LABEL = "consultations.addresses"

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting to be verified")
        VERIFIED = "verified", _("verified")
        HIDDEN = "hidden", _("hidden until it is checked again")
        SUSPENDED = "suspended", _("suspended")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="specialist"
    )
    slug = models.SlugField(_("address of the page"), max_length=80, unique=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.DRAFT)
    name = models.CharField(_("name shown"), max_length=60)
    profession = models.CharField(_("profession"), max_length=100, blank=True)
    years = models.PositiveSmallIntegerField(_("years of practice"), null=True, blank=True)
    about = models.TextField(_("about"), max_length=LONGEST_ABOUT, blank=True)
    approach = models.TextField(_("approach"), max_length=LONGEST_DETAIL, blank=True)
    training = models.TextField(_("training"), max_length=LONGEST_DETAIL, blank=True)
    practises_in = models.CharField(_("where they may practise"), max_length=200, blank=True)
    access_needs = models.TextField(_("access needs"), max_length=LONGEST_DETAIL, blank=True)
    fee_least = models.PositiveIntegerField(_("fee from"), null=True, blank=True)
    fee_most = models.PositiveIntegerField(_("fee to"), null=True, blank=True)
    fee_currency = models.CharField(_("currency"), max_length=3, blank=True)
    fee_words = models.CharField(_("fee in words"), max_length=200, blank=True)
    how_to_book = models.TextField(_("how to book a session"), max_length=LONGEST_DETAIL, blank=True, db_default="")
    practice_contact = models.TextField(_("contact of the practice"), max_length=200, blank=True, db_default="")
    languages = ArrayField(models.CharField(max_length=8), verbose_name=_("languages"), default=list)
    themes = ArrayField(models.SlugField(max_length=40), verbose_name=_("topics"), default=list)
    formats = ArrayField(models.CharField(max_length=5, choices=Format), verbose_name=_("ways to meet"), default=list)
    sealed_addresses = models.BinaryField(_("how to meet"), null=True, editable=False)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    notice_hours = models.PositiveSmallIntegerField(_("hours of notice"), default=USUAL_NOTICE)
    buffer_before = models.PositiveSmallIntegerField(_("minutes kept free before a meeting"), default=0, db_default=0)
    buffer_after = models.PositiveSmallIntegerField(_("minutes kept free after a meeting"), default=0, db_default=0)
    most_a_day = models.PositiveSmallIntegerField(_("most meetings a day"), null=True, blank=True)
    most_a_week = models.PositiveSmallIntegerField(_("most meetings a week"), null=True, blank=True)

    offers_free = models.BooleanField(_("offers the free first meeting"), default=True)
    paused = models.BooleanField(_("paused"), default=False)
    allows_another = models.BooleanField(_("the same person may book a second one"), default=False)
    shown_to_visitors = models.BooleanField(_("shown to visitors"), default=False, db_default=False)

    register_name = models.CharField(_("professional register"), max_length=120, blank=True)
    register_number = models.CharField(_("number in the register"), max_length=60, blank=True)
    register_url = models.URLField(_("page in the register"), max_length=300, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    also_checked = ArrayField(
        models.CharField(max_length=12, choices=Checked), verbose_name=_("also checked"), default=list, blank=True
    )
    check_again_on = models.DateField(_("check again on"), null=True, blank=True, db_index=True)
    misses_seen_at = models.DateTimeField(_("missed meetings looked at"), null=True, editable=False)
    returned_because = models.CharField(_("why it was sent back"), max_length=500, blank=True)

    agenda_mailed = models.BooleanField(_("agenda by e-mail"), default=False, db_default=False)
    reminder = models.CharField(_("own reminder"), max_length=11, choices=Reminder, blank=True, db_default="")

    feed_hash = models.CharField(_("hash of the feed's secret"), max_length=64, blank=True, editable=False)
    ended_at = models.DateTimeField(_("practice ended"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    changed_at = models.DateTimeField(_("changed"))

    objects = SpecialistQuerySet.as_manager()

    class Meta:
        verbose_name = _("specialist")
        verbose_name_plural = _("specialists")
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(status="submitted"), name="specialist_queue"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="specialist_ended"),
            models.Index(fields=["notice_hours"], condition=Q(status="verified"), name="specialist_notice"),
            models.Index(fields=["user"], condition=Q(shown_to_visitors=True), name="specialist_for_visitors"),
            models.Index(fields=["timezone"], condition=Q(agenda_mailed=True), name="specialist_agenda"),
            GinIndex(fields=["languages", "themes", "formats"], name="specialist_offers"),
            # The search of staff: parts of names and slugs, and whole numbers, in any case.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="specialist_name_trigrams"),
            GinIndex(fields=["slug"], opclasses=["gin_trgm_ops"], name="specialist_slug_trigrams"),
            models.Index(Upper("register_number"), name="specialist_register_number"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["feed_hash"], condition=~Q(feed_hash=""), name="specialist_feed_unique"),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "submitted", "verified", "hidden", "suspended"]),
                name="specialist_status_is_known",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(paused=True), name="specialist_ended_is_paused"),
            models.CheckConstraint(
                condition=Q(formats__contained_by=["video", "phone", "text"]), name="specialist_formats_are_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="verified") | Q(verified_at__isnull=False, check_again_on__isnull=False),
                name="specialist_verified_by_a_date",
            ),
            models.CheckConstraint(
                condition=Q(fee_least=None, fee_most=None)
                | Q(fee_least__isnull=False, fee_most__isnull=False, fee_least__lte=F("fee_most"))
                & ~Q(fee_currency=""),
                name="specialist_fee_is_a_range",
            ),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=LONGEST_BUFFER, buffer_after__lte=LONGEST_BUFFER),
                name="specialist_buffers_are_short",
            ),
            models.CheckConstraint(
                condition=(Q(most_a_day=None) | Q(most_a_day__gt=0)) & (Q(most_a_week=None) | Q(most_a_week__gt=0)),
                name="specialist_caps_allow_one",
            ),
        ]

    @override
    def __str__(self) -> str:
        return isolated(self.name)

    @property
    def notice(self) -> timedelta:
        """How long before its start a slot must be booked."""
        return timedelta(hours=self.notice_hours)

    @property
    def takes_bookings(self) -> bool:
        """Whether the profile can be booked, leaving its account aside."""
        return all(getattr(self, field) == value for field, value in PROFILE_LISTED.items())


class Photo(models.Model):
    """A specialist's photo: WebP without metadata, at most 512 pixels wide and high; `sha256` names its address."""

    specialist = models.OneToOneField(Specialist, on_delete=models.CASCADE, primary_key=True, related_name="photo")
    sha256 = models.CharField(max_length=64, db_index=True)
    webp = models.BinaryField()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(
                    Func("webp", function="octet_length", output_field=models.IntegerField()), Value(MOST_BYTES)
                ),
                name="photo_is_small",
            )
        ]

    @override
    def __str__(self) -> str:
        return self.sha256
