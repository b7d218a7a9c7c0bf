"""Every model says what it holds of a person, and the privacy page says the same."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import CASCADE, SET_NULL, ForeignKey, Model
from django.test import Client

from accounts.consents import give
from accounts.models import Consent, DataKey, Mail, Pace, Usage, User
from accounts.preferences import SETTINGS
from accounts.privacy import LOGIN_RECORDS, Category, Declaration, Erasure, Kept, Registry, registry
from accounts.sealing import seal
from accounts.services import erase_account, forget_old_records
from accounts.session_store import SessionStore, stored_key
from accounts.tasks import forget_old_records_nightly
from assessments.models import Counted, Retest
from consultations.models import Block, Booking, Verification, WaitingEntry
from exchange.models import Contact, ProfileReport, Report
from journal.models import PromptChoice, Reminder
from lib.content import page
from practice.forms.profile import ProfileForm

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.time_machine(NOW, tick=False)
MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
DECLARED = registry.declarations.values()
OWNED = [declaration for declaration in DECLARED if declaration.owner]


def label(declaration: Declaration) -> str:
    return declaration.model._meta.label


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_installed_model_is_declared(model: type[Model]) -> None:
    assert model in registry.declarations, f"declare {model._meta.label} when its app is ready (accounts/privacy.py)"


@pytest.mark.parametrize("declaration", OWNED, ids=label)
def test_every_row_with_an_owner_goes_with_the_account(declaration: Declaration) -> None:
    model: type[Model] | None = declaration.model
    for step in (declaration.owner or "").split("__"):
        assert model is not None
        if model is User and step == "pk":
            return
        relation = model._meta.get_field(step)
        assert isinstance(relation, ForeignKey)
        assert relation.remote_field.on_delete is CASCADE
        model = relation.related_model
    assert model is User


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_model_that_points_to_an_account_goes_with_it_or_forgets_it(model: type[Model]) -> None:
    pointing = [field for field in model._meta.get_fields() if isinstance(field, ForeignKey)]
    pointing = [field for field in pointing if field.related_model is User]
    if pointing and not registry.declarations[model].owner:
        assert registry.declarations[model].erasure is Erasure.BLANKED
        assert all(field.remote_field.on_delete is SET_NULL for field in pointing)


@pytest.mark.parametrize("declaration", DECLARED, ids=label)
def test_words_are_sealed_and_sealed_means_words(declaration: Declaration) -> None:
    sealed = any(field.name.startswith("sealed") for field in declaration.model._meta.get_fields())
    if declaration.model not in {User, Mail}:  # one sealed field among others; an address until the mail is sent
        assert sealed == (declaration.category is Category.WORDS)


def retention_table() -> dict[str, str]:
    """The rows of "How long things are kept", as a visitor reads them today."""
    html = "".join(section.html for section in page("privacy").sections if section.title == "How long things are kept")
    rows = re.findall(r"<tr>\s*<td[^>]*>(.*?)</td>\s*<td[^>]*>(.*?)</td>\s*</tr>", html)
    return {unescape(what): unescape(how_long) for what, how_long in rows}


PROMISES = [kept for declaration in DECLARED for kept in declaration.retention if kept.promise]


@pytest.mark.parametrize("kept", PROMISES, ids=lambda kept: kept.promise)
def test_the_privacy_page_promises_what_is_kept(kept: Kept) -> None:
    assert kept.words in retention_table()[kept.promise]


def test_every_promise_of_the_privacy_page_is_kept_by_a_model() -> None:
    elsewhere = {"Copies in our backups"}
    assert set(retention_table()) - elsewhere == {kept.promise for kept in PROMISES}


def test_a_model_is_declared_once_and_an_owner_means_cascade() -> None:
    ours = Registry()
    kept = (Kept(days=30),)
    ours.add(Declaration(Consent, Category.ACCOUNT, "owner", kept, None, Erasure.CASCADE))
    with pytest.raises(ValueError, match="twice"):
        ours.add(Declaration(Consent, Category.ACCOUNT, "owner", kept, None, Erasure.CASCADE))
    for owner, erasure in ((None, Erasure.CASCADE), ("owner", Erasure.NOTHING)):
        with pytest.raises(ValueError, match="goes with the account"):
            ours.add(Declaration(DataKey, Category.ACCOUNT, owner, kept, None, erasure))


@pytest.mark.parametrize(
    ("kept", "now", "cutoff"),
    [
        (Kept(months=12), "2028-02-29", "2027-02-28"),
        (Kept(months=12), "2027-02-28", "2026-02-28"),
        (Kept(months=24), "2026-01-31", "2024-01-31"),
        (Kept(months=2), "2026-01-31", "2025-11-30"),
        (Kept(days=30), "2026-03-01", "2026-01-30"),
    ],
)
def test_months_are_those_of_the_calendar(kept: Kept, now: str, cutoff: str) -> None:
    assert kept.cutoff(datetime.fromisoformat(now)) == datetime.fromisoformat(cutoff)


def test_a_retention_reads_like_the_page() -> None:
    assert Kept(months=12).words == "12 months"
    assert Kept(days=30).words == "30 days"
    assert Kept(until="Until you delete them").words == "Until you delete them"


def make_login(user: User, at: datetime) -> UserSession:
    session = SessionStore()
    session.create()
    key = stored_key(session)
    return UserSession.objects.create(user=user, created_at=at, ip="192.0.2.1", session_key=key, user_agent="")


def test_records_of_log_ins_go_after_twelve_months_to_the_moment(ana: User) -> None:
    boundary = LOGIN_RECORDS.cutoff(NOW)
    older, exact = make_login(ana, boundary - timedelta(microseconds=1)), make_login(ana, boundary)
    forget_old_records(now=NOW)
    assert not UserSession.objects.filter(pk=older.pk).exists()
    assert UserSession.objects.filter(pk=exact.pk).exists()


def test_expired_sessions_go(db: None) -> None:
    for key, expires in (("gone", NOW - timedelta(seconds=1)), ("alive", NOW)):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    forget_old_records(now=NOW)
    assert [session.session_key for session in Session.objects.all()] == ["alive"]


def test_the_nightly_job_forgets_what_is_over(db: None) -> None:
    Session.objects.create(session_key="gone", session_data="", expire_date=NOW.replace(year=2000))
    forget_old_records_nightly(timestamp=0)
    assert not Session.objects.exists()


def test_erasing_an_account_leaves_nothing_of_it(client: Client, ana: User, ben: User, dana: User) -> None:
    for person in (ana, ben):
        give(owner=person, purpose="questionnaire", now=NOW)
        seal(person, "test", person.pk, "words")
        make_login(person, NOW)
        LogEntry.objects.log_actions(dana.pk, User.objects.filter(pk=person.pk), CHANGE, single_object=True)
    client.force_login(ana)
    key = stored_key(client.session)
    UserSession.objects.create(user=ana, ip="192.0.2.1", session_key=key, user_agent="")
    ids = {person: person.pk for person in (ana, ben)}
    erase_account(owner=ana, now=NOW)
    assert not Session.objects.filter(session_key=key).exists()
    for declaration in OWNED:
        assert not declaration.model._default_manager.filter(**{str(declaration.owner): ids[ana]}).exists()
    assert Consent.objects.get().owner == ben
    assert {row.owner for row in DataKey.objects.all()} == {ben, dana}
    entries = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User))
    assert {entry.object_id: entry.object_repr for entry in entries} == {str(ids[ana]): "", str(ids[ben]): ben.email}


# Where the privacy page says that something stands in clear, or that staff see it.
IN_CLEAR = {
    "timezone": "your time zone and language",
    "language": "your time zone and language",
    "theme": "light or dark",
    "exit_destination": "where “Leave this page” goes",
    "exit_keys": "pressing Shift",
}
SEEN_BY_STAFF = {
    User: {
        "id": "", "address": "Your e-mail address", "is_active": "", "is_specialist": "whether you are a specialist",
        "is_staff": "", "created_at": "when you joined", "last_login": "last logged in",
    },
    Booking: {
        "id": "", "with_whom": "with which specialist", "specialist": "with which specialist",
        "starts_at": "when", "ends_at": "when",
        "format": "in which way", "status": "what became of it", "made_at": "when it was made",
        "changed_at": "moved or cancelled", "reschedules": "moved", "history": "by which side",
        "objected_at": "whether one side objected", "settled_at": "",
    },
    Contact: {
        "topic": "what you write to us", "state": "", "day": "", "assigned": "",
        "from_whom": "whether it came from an account", "account": "from which account",
        "words": "what you write to us",
    },
    Report: {
        "day": "when it was reported", "state": "", "settled_on": "settled", "account": "which account was reported",
        "words": "the last 20 messages that this person received",
    },
    ProfileReport: {
        "day": "of a profile that was reported, the reason, what it said, when it was reported", "state": "",
        "settled_on": "settled", "profile": "whose it is", "words": "the reason, what it said",
    },
}  # fmt: skip


def said_under(title: str) -> str:
    html = "".join(section.html for section in page("privacy").sections if section.title == title)
    return unescape(html)


def test_the_privacy_page_names_each_setting_that_stands_in_clear() -> None:
    assert IN_CLEAR.keys() == set(SETTINGS)
    said = said_under("How it is locked")
    assert [words for words in IN_CLEAR.values() if words not in said] == []


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (Usage, "how many bytes you store"),
        (Pace, "how often you did something that we limit"),
        (Counted, "whether you were counted in the latest group figures"),
        (Retest, "whether and when you were asked to answer again, which two results make a pair"),
        (Reminder, "the day and hour of a reminder"),
        (PromptChoice, "which prompts you keep or hide"),
        (Block, "who has blocked whom"),
        (Contact, "on which days you wrote"),
        (Report, "which conversation or whose profile you reported"),
        (ProfileReport, "which conversation or whose profile you reported"),
        (Verification, "what our team checked of their profile"),
        (WaitingEntry, "which specialist, topic and language you are waiting for"),
    ],
)
def test_the_privacy_page_names_what_is_counted_and_chosen(model: type[Model], words: str) -> None:
    assert model in registry.declarations
    assert words in said_under("How it is locked")


def test_the_privacy_page_and_the_form_name_the_same_of_a_specialist() -> None:
    """Beside the tick "Show me to visitors", and in the row of those who are not logged in."""
    [row] = [row for row in said_under("Who can see what").split("<tr>") if "not logged in" in row]
    form = str(ProfileForm.base_fields["shown_to_visitors"].help_text)
    shown = "name, photo, profession, years of practice, topics and languages"
    assert shown in row
    assert shown in form
    assert "search engines" in row
    assert "search engines" in form


@pytest.mark.parametrize("model", SEEN_BY_STAFF)
def test_the_privacy_page_names_what_staff_see(model: type[Model]) -> None:
    shown = admin.site.get_model_admin(model)
    assert SEEN_BY_STAFF[model].keys() == {*shown.fields, *shown.list_display}  # type: ignore[misc]
    [row] = [row for row in said_under("Who can see what").split("<tr>") if "Our staff" in row]
    assert [words for words in SEEN_BY_STAFF[model].values() if words not in row] == []
