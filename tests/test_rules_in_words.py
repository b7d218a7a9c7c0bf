"""Sentences take their figures from the rules: after a change of a rule, the old figure is nowhere in them."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account import app_settings as allauth
from allauth.mfa import app_settings as allauth_mfa
from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import strip_tags

from accounts import consents, erasure, importing
from accounts.adapter import AccountAdapter
from accounts.forms.base import PASSWORD_HELP
from accounts.forms.entrance import LogInForm
from accounts.forms.settings import AddDataForm
from accounts.models import User
from accounts.privacy import Kept
from accounts.sessions import Limits
from assessments.algorithm_2.estimate import ENOUGH
from assessments.disclosure import APART, CHANGES, MEAN, RELIABILITY, STEP
from consultations import photos, times
from consultations.forms import search
from consultations.forms.booking import BookingForm
from consultations.forms.verification import ApproveForm
from consultations.hours_text import Flaw
from consultations.limits import Limit
from consultations.models import Booking, BookingChange, Specialist
from consultations.services.waiting import TooManyWaitingEntries
from consultations.templatetags.specialist_words import STANDING, standing
from exchange.forms.messages import MessageForm
from exchange.forms.questions import QuestionForm
from exchange.models import Contact
from exchange.services.reports import DELIVERED
from guide import themes
from journal.services import MOST_REVISIONS
from lib import content
from lib.figures import lasting, spelled
from meetings.agenda import STEPS
from meetings.going_on import OTHERS
from meetings.limits import STEP_WRITTEN_WITHIN
from practice.forms import hours
from practice.forms.profile import PhotoForm, ProfileForm
from practice.views import desk
from tests.accounts.test_export import show_again
from tests.conftest import show_second_factor
from tests.consultations.cast import NOW, TOMORROW, booked, fully_booked, page, slot, verified
from tests.journal.written import written

pytestmark = pytest.mark.time_machine(NOW, tick=False)

LIMITS, TIMES = "consultations.limits.", "consultations.times."
NO_TIMES = Specialist(status=Specialist.Status.VERIFIED)
JS = Path(settings.BASE_DIR) / "static" / "js"


def profile_field(name: str) -> Any:
    return ProfileForm.base_fields[name]


def message_field(name: str) -> Any:
    return MessageForm.base_fields[name]


def question_field(name: str) -> Any:
    return QuestionForm.base_fields[name]


def days(count: int) -> timedelta:
    return timedelta(days=count)


# The rule, another value for it, the sentence, what it says with that value, and what it said before.
SENTENCES: list[tuple[str, Any, Callable[[], Any], str, str]] = [
    (f"{LIMITS}MOST_UPCOMING", 8, lambda: Limit.UPCOMING.label, "You have 8 meetings", "3"),
    (f"{LIMITS}MOST_UPCOMING", 1, lambda: Limit.UPCOMING.label, "You have 1 meeting coming up.", "3"),
    (f"{LIMITS}MOST_MISSED", 4, lambda: Limit.UPCOMING_LOWERED.label, "Four meetings were missed", "Two"),
    (f"{LIMITS}NO_SHOW_WINDOW", days(60), lambda: Limit.UPCOMING_LOWERED.label, "in the last 60 days", "90"),
    (f"{LIMITS}MOST_UPCOMING_AFTER_MISSED", 2, lambda: Limit.UPCOMING_LOWERED.label, "only two can", "one"),
    (f"{LIMITS}MOST_MADE", 9, lambda: Limit.MADE.label, "booked 9 meetings", "5"),
    (f"{LIMITS}BOOKING_WINDOW", days(20), lambda: Limit.MADE.label, "in the last 20 days", "30"),
    (f"{LIMITS}MOST_MOVES", 6, lambda: Limit.MOVES.label, "moved 6 times", "3"),
    (
        "consultations.services.waiting.MOST_WAITING_ENTRIES",
        4,
        lambda: TooManyWaitingEntries.words,
        "waiting for 4 things",
        "10",
    ),
    ("consultations.photos.LEAST_SIDE", 200, lambda: photos.TOO_SMALL, "200 by 200 pixels", "128"),
    ("consultations.photos.MOST_SENT", 7 * 2**20, lambda: photos.TOO_LARGE, "at most 7 MB", "5 MB"),
    ("consultations.photos.MOST_PIXELS", 30_000_000, lambda: photos.TOO_LARGE, "30 megapixels", "25"),
    ("consultations.photos.MOST_PIXELS_REDUCED", 70_000_000, lambda: photos.TOO_LARGE, "may have 70", "60"),
    ("consultations.photos.LONGEST_SHAPE", 6, lambda: photos.TOO_LONG, "at most 6 times", "4"),
    ("practice.forms.profile.MOST_SENT", 7 * 2**20, lambda: PhotoForm.base_fields["file"].help_text, "7 MB", "5"),
    ("practice.forms.profile.LONGEST_ABOUT", 2_500, lambda: profile_field("about").help_text, "2,500", "1,500"),
    ("practice.forms.profile.USUAL_NOTICE", 20, lambda: profile_field("notice_hours").help_text, "20 is", "12"),
    (
        "practice.forms.profile.MOST_NOTICE",
        *(100, lambda: profile_field("notice_hours").error_messages["invalid"], "from 1 to 100.", "336"),
    ),
    (
        "practice.forms.profile.LEAST_NOTICE",
        *(5, lambda: profile_field("notice_hours").error_messages["invalid"], "from 5 to 336.", " 1 "),
    ),
    (
        "practice.forms.hours.DURATION",
        *(timedelta(minutes=45), lambda: hours.FLAWS[Flaw.SHORT], "takes 45 minutes", "thirty"),
    ),
    (
        "consultations.templatetags.specialist_words.CHECK_TAKES",
        *(days(3), lambda: STANDING["submitted"], "within three working days", "five"),
    ),
    ("exchange.forms.messages.LONGEST", 3_000, lambda: message_field("text").help_text, "Up to 3,000", "4,000"),
    ("exchange.forms.questions.LONGEST", 1_500, lambda: question_field("text").help_text, "Up to 1,500", "2,000"),
    ("exchange.services.desk.MOST_TEXTS", 5, lambda: desk.FULL, "have five saved texts", "20"),
    ("practice.forms.hours.MOST_YEARS", 2, lambda: hours.TOO_FAR, "the next two years", "three"),
    ("practice.forms.hours.HORIZON", days(56), lambda: hours.TOO_FAR_TO_BOOK, "next eight weeks", "six"),
    (
        "consultations.forms.booking.REMINDERS",
        *({"remind_day": timedelta(hours=48)}, lambda: BookingForm.base_fields["remind_day"].label, "48 hours", "24"),
    ),
    (
        "consultations.models.bookings.REMINDERS",
        *({"remind_day": timedelta(hours=48)}, lambda: Booking._meta.get_field("remind_day").verbose_name),
        *("reminder 48 hours before", "24"),
    ),
    (
        "consultations.services.verification.BEFORE_CHECK",
        *(days(20), lambda: ApproveForm.base_fields["check_again_on"].help_text, "20 days before", "30"),
    ),
    (
        "consultations.forms.search.PARTS",
        *({"afternoon": (12, 18)}, lambda: dict(search.PART_CHOICES)["afternoon"], "Noon to 18:00", "17"),
    ),
    (
        "consultations.forms.search.THIS_WEEK",
        *(days(9), lambda: dict(search.WITHIN_CHOICES)["week"], "In the next 9 days", "7"),
    ),
    (
        "consultations.templatetags.specialist_words.LISTED_WITHIN",
        *(days(21), lambda: standing(NO_TIMES, "", has_times=False), "in the next three weeks", "four"),
    ),
    ("django.conf.settings.PASSWORD_LENGTH", 15, lambda: PASSWORD_HELP, "At least 15 characters", "12"),
    ("accounts.importing.MOST_UPLOADED", 70 * 2**20, lambda: importing.TOO_LARGE, "may have 70 MB", "50"),
    ("accounts.importing.MOST_UNPACKED", 300 * 2**20, lambda: importing.TOO_LARGE, "and 300 MB", "200"),
    (
        "accounts.forms.settings.MOST_UPLOADED",
        70 * 2**20,
        lambda: AddDataForm.base_fields["file"].help_text,
        "70 MB",
        "50",
    ),
    (
        "accounts.forms.entrance.MEMBERS",
        *(Limits(idle=timedelta(minutes=40), total=days(1)), lambda: LogInForm().fields["password"].help_text),
        *("after 40 minutes without activity", "60"),
    ),
    (
        "django.conf.settings.CODE_SECONDS",
        *(1200, lambda: render_to_string("account/email/password_reset_code_message.txt"), "for 20 minutes", "10"),
    ),
]


@pytest.mark.parametrize(("rule", "value", "sentence", "said", "old"), SENTENCES)
def test_a_sentence_takes_its_figures_from_the_rule(
    rule: str, value: Any, sentence: Callable[[], Any], said: str, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old in str(sentence())
    monkeypatch.setattr(rule, value)
    assert said in str(sentence())
    assert old not in str(sentence())


LONGER = timedelta(minutes=45)

# The rule, another value for it, who looks, the page, what it says then, and what it said before.
PAGES: list[tuple[str, Any, str, str, str, str]] = [
    (f"{TIMES}DURATION", LONGER, "ana", "/specialists/", "someone for 45 minutes", "thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "ana", "/specialists/mara/", "45 minutes, free.", "Thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "ben", "/specialists/mara/book/?slot={slot}", "45 minutes, until", "Thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "ana", "/consultations/{booking}/", "45 minutes, until", "Thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "ana", "/practice/start/", "45 minutes for two people", "Thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "mara", "/practice/meetings/{booking}/", "45 minutes, until", "Thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "mara", "/practice/hours/", "times of 45 minutes", "thirty minutes"),
    (f"{TIMES}DURATION", LONGER, "mara", "/practice/slots/", "45 minutes on one day", "Thirty minutes"),
    (f"{TIMES}HORIZON", days(21), "mara", "/practice/hours/", "three weeks ahead", "six weeks"),
    (f"{TIMES}SOON", days(21), "ana", "/specialists/", "in the next three weeks.", "two weeks"),
    ("exchange.services.desk.MOST_TEXTS", 5, "mara", "/practice/messages/texts/", "five at most", "20"),
    (f"{TIMES}LATELY", days(4), "mara", "/practice/", "in the last four days.", "the last seven days"),
    (f"{TIMES}COMPLETED_AFTER", days(4), "mara", "/practice/", "After four days", "After seven days"),
    (f"{TIMES}NOTE_KEPT", days(20), "ben", "/specialists/mara/book/?slot={slot}", "deleted 20 days after", "30 days"),
    (f"{TIMES}NOTE_KEPT", days(20), "ana", "/consultations/{booking}/", "deleted 20 days after", "30 days"),
    (f"{TIMES}NOTE_KEPT", days(20), "mara", "/practice/meetings/{gone}/", "deleted after 20 days", "30 days"),
    (
        f"{TIMES}SESSION_LINK",
        timedelta(minutes=5),
        "mara",
        "/practice/meetings/{booking}/",
        "sees it from 5 min",
        "15 minutes",
    ),
    (
        f"{TIMES}SESSION_LINK",
        timedelta(minutes=5),
        "mara",
        "/practice/profile/",
        "chose, from 5 minutes",
        "15 minutes",
    ),
    (
        "practice.views.bookings.NEXT_SLOTS",
        5,
        "mara",
        "/practice/meetings/{booking}/cancel/",
        "five",
        "three",
    ),
    ("exchange.views.contact.REPLY_DAYS", 4, "ana", "/contact/", "within four working days", "within two working days"),
    ("accounts.data_views.TO_UNDO", days(9), "ana", "/account/data/", "with 9 days to change", "7 days"),
    ("accounts.data_views.TO_UNDO", days(9), "ana", "/account/data/delete/", "then have 9 days", "7 days"),
    (
        "django.conf.settings.PASSWORD_LENGTH",
        15,
        "ana",
        "/account/settings/",
        "At least 15 characters.",
        "12 characters",
    ),
    ("journal.services.MOST_REVISIONS", 8, "ana", "/journal/{entry}/revisions/", "up to 8,", "up to 20,"),
    (
        "journal.services.KEEP_EVERY",
        timedelta(minutes=6),
        "ana",
        "/journal/{entry}/revisions/",
        "six minutes",
        "ten minutes",
    ),
    ("reflect.notice_views.NOTICES", Kept(days=60), "ana", "/notices/", "deleted after 60 days.", "90 days"),
    ("journal.reading_views.MOST_DOTS", 2, "ana", "/journal/", "up to two a day.", "up to three"),
]


@pytest.fixture
def site(ana: User, ben: User, cole: User, dana: User) -> dict[str, Any]:
    """A member with an entry and bookings, and their specialist; another specialist has no free slots."""
    mara = verified(cole, slug="mara")
    fully_booked(verified(User.objects.create_user("noor@example.org")))
    booked(dana, mara, NOW - days(2))
    gone = booked(ana, mara, TOMORROW + days(2), status="cancelled_by_client")
    Booking.objects.filter(pk=gone.pk).update(sealed=None)
    BookingChange.objects.create(booking=gone, at=NOW - days(1), side="client", status=gone.status)
    free, booking, entry = slot(mara, TOMORROW), booked(ana, mara, TOMORROW + days(1)), written(ana)
    ids = {"slot": free.pk, "booking": booking.pk, "gone": gone.pk, "entry": entry.pk}
    return {"ana": ana, "ben": ben, "mara": cole, **ids}


@pytest.mark.parametrize(("rule", "value", "who", "address", "said", "old"), PAGES)
def test_a_page_takes_its_figures_from_the_rule(
    rule: str,
    value: Any,
    who: str,
    address: str,
    said: str,
    old: str,
    site: dict[str, Any],
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.force_login(site[who])
    (show_second_factor if who == "mara" else show_again)(client, site[who])

    def words() -> str:
        caches["fragments"].clear()
        return page(client.get(address.format(**site)))

    assert old in words()
    monkeypatch.setattr(rule, value)
    assert said in words()
    assert old not in words()


def text(name: str) -> str:
    found = content.page(name)
    return strip_tags(" ".join([found.lead, *(section.html for section in found.sections)]))


def constant(file: str, name: str) -> int:
    """The value of a constant in a script."""
    match = re.search(rf"^const {name} = (\d+);", (JS / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert match
    return int(match[1])


# Prose and scripts repeat figures by hand: these must agree with the rules.
TEXTS: list[tuple[str, Callable[[], str]]] = [
    ("privacy", lambda: f"{lasting(erasure.TO_UNDO, 'days')} to change your mind"),
    ("privacy", lambda: f"averages over at least {MEAN} people"),
    ("privacy", lambda: f"rounded down to a multiple of {STEP}"),
    ("privacy", lambda: f"From {RELIABILITY} people on there are also counts of each answer"),
    ("privacy", lambda: f"only figures over at least {ENOUGH} people"),
    ("privacy", lambda: f"at least {CHANGES} people have joined or left, and {lasting(APART, 'days')} after"),
    ("privacy", lambda: f"{MOST_REVISIONS} at most, for up to"),
    ("privacy", lambda: f"about which of {spelled(len(Contact.Topic))} topics"),
    ("privacy", lambda: f"the last {DELIVERED} messages that you received"),
    ("landing", lambda: f"{spelled(len(themes.KEYS))} short chapters"),
    ("consultation-for-you", lambda: f"a specialist for {lasting(times.DURATION, 'minutes', spell=True)}"),
    ("consultation-for-you", lambda: f"from {lasting(times.SESSION_LINK, 'minutes')} before the start"),
    ("consultation-for-you", lambda: f"until {lasting(times.SESSION_LINK, 'minutes')} after the end"),
    ("consultation-for-you", lambda: f"deleted {lasting(times.NOTE_KEPT, 'days')} after the meeting"),
    ("consultation-for-specialists", lambda: f"is {lasting(times.DURATION, 'minutes', spell=True)} for the two"),
    ("consultation-for-you", lambda: f"are {spelled(len(STEPS))} steps for the half hour"),
    ("consultation-for-you", lambda: f"up to {spelled(OTHERS)} other specialists"),
    ("consultation-for-you", lambda: f"until {lasting(STEP_WRITTEN_WITHIN, 'days', spell=True)} after the meeting"),
    ("consultation-for-specialists", lambda: f"From {lasting(times.SESSION_LINK, 'minutes')} before the start"),
    ("consultation-for-specialists", lambda: f"and {spelled(len(STEPS))} steps with the time"),
    (
        "leave-explained",
        lambda: (
            f"Shift {spelled(constant('leave.js', 'TIMES'))} times within "
            f"{spelled(constant('leave.js', 'WITHIN') // 1000)} seconds"
        ),
    ),
]


@pytest.mark.parametrize(("name", "figures"), TEXTS)
def test_a_text_says_what_the_rule_says(name: str, figures: Callable[[], str]) -> None:
    assert figures() in text(name)


def test_what_is_agreed_to_names_the_size_of_a_group() -> None:
    assert f"at least {MEAN} people" in str(consents.GROUP_STATISTICS.words)
    assert f"at least {ENOUGH} people" in str(consents.RETEST.words)


def test_waiting_times_are_those_of_the_library() -> None:
    said = AccountAdapter.error_messages
    assert allauth.RATE_LIMITS["login_failed"].endswith(f"/{5 * 60}s/key")
    assert "Wait five minutes" in str(said["too_many_login_attempts"])
    assert allauth.RATE_LIMITS["second_step_here"].endswith(f"/{15}m/key")
    assert "Wait fifteen minutes" in str(said["too_many_codes"])
    assert allauth.RATE_LIMITS["code_here"] == "1/10s/key"  # "Wait ten seconds", accounts/code_views.py
    assert allauth_mfa.TOTP_PERIOD == 30  # "every 30 seconds", templates/mfa/index.html
