"""What the whole site promises, URL by URL. A new URL that is not in `ACCESS` fails."""

import re
import uuid
from datetime import timedelta
from enum import Enum
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.template.loader import get_template
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from accounts.held import hold
from accounts.models import User
from assessments import services
from assessments.models import Retest
from consultations.models import Photo
from consultations.services import profiles
from exchange.views.questions import SEARCH as FOUND
from journal.reading_views import SEARCH
from journal.reminders import token_of
from tests.addresses import Address, addresses
from tests.answered import NOW, begun, finished
from tests.assessments.vectors import SOURCE
from tests.conftest import show_second_factor
from tests.consultations.cast import absent, booked, busy_calendar, verified
from tests.exchange.asked import asked
from tests.exchange.messaging import drafted, thread
from tests.exchange.readable import answered, published
from tests.exchange.written import saved_text
from tests.html import assert_valid_html
from tests.journal.written import written_twice
from tests.practice.noted import noted

pytestmark = pytest.mark.time_machine(NOW, tick=False)


class Access(Enum):
    """Who gets an answer at a URL. Anonymous visitors are sent to the log-in; for the wrong member it is a 404."""

    PUBLIC = "everybody"
    MEMBER = "whoever is logged in"
    OWNER = "the person whose it is"
    SCRIPT = "whoever is logged in; a script is told who is not by a status, as it would follow a redirect"
    SPECIALIST = "whoever offers consultations; others are led to where that begins"
    STAFF = "staff"
    ALLAUTH = "as allauth decides, in our look"


ACCESS = {
    "landing": Access.PUBLIC,
    "today": Access.MEMBER,
    "notices": Access.MEMBER,
    "notices_read": Access.MEMBER,
    "notice_open": Access.MEMBER,  # only by POST; tests/reflect/test_notices.py posts to somebody else's
    "help_now": Access.PUBLIC,
    "leave": Access.PUBLIC,
    "leave_explained": Access.PUBLIC,
    "privacy": Access.PUBLIC,
    "about": Access.PUBLIC,
    "how_sure": Access.PUBLIC,
    "accessibility": Access.PUBLIC,
    "about_consultations": Access.PUBLIC,
    "offline": Access.PUBLIC,
    "service_worker": Access.PUBLIC,
    "robots": Access.PUBLIC,
    "sitemap": Access.PUBLIC,
    "card": Access.PUBLIC,
    "favicon": Access.PUBLIC,
    "guide": Access.PUBLIC,
    "guide_chapter": Access.PUBLIC,
    "mailbox": Access.PUBLIC,
    "letter": Access.PUBLIC,
    "balance": Access.MEMBER,
    "balance_start": Access.MEMBER,
    "balance_part": Access.OWNER,
    "balance_again": Access.OWNER,
    "balance_agree": Access.OWNER,
    "balance_check": Access.OWNER,
    "balance_restart": Access.OWNER,
    "result": Access.OWNER,
    "result_delete": Access.OWNER,
    "compare": Access.MEMBER,
    "gentle_prompts": Access.MEMBER,
    "journal": Access.MEMBER,
    "journal_search": Access.MEMBER,
    "journal_found": Access.MEMBER,
    "prompts": Access.MEMBER,
    "choose_prompt": Access.MEMBER,
    "entry_new": Access.MEMBER,
    "entry": Access.OWNER,
    "entry_edit": Access.OWNER,
    "then_and_now": Access.OWNER,
    "entry_delete": Access.OWNER,
    "entry_delete_now": Access.OWNER,
    "revisions": Access.OWNER,
    "revision": Access.OWNER,
    "versions": Access.OWNER,
    "reminder": Access.MEMBER,
    "reminder_stop": Access.PUBLIC,
    "journal_bin": Access.MEMBER,
    "empty_bin": Access.MEMBER,
    "draft": Access.SCRIPT,
    "draft_person": Access.SCRIPT,
    "specialists": Access.MEMBER,
    "specialist": Access.MEMBER,
    "book": Access.MEMBER,
    "consultations": Access.MEMBER,
    "booking": Access.OWNER,
    "booking_file": Access.OWNER,
    "booking_move": Access.OWNER,
    "booking_proposal": Access.OWNER,
    "booking_cancel": Access.OWNER,
    "booking_no_show": Access.OWNER,
    "booking_object": Access.OWNER,
    "booking_fit": Access.OWNER,
    "booking_block": Access.OWNER,
    "about_sharing": Access.PUBLIC,
    "talk_over": Access.MEMBER,
    "ready": Access.OWNER,
    "ready_draft": Access.SCRIPT,
    "ready_entries": Access.OWNER,
    "ready_preview": Access.OWNER,
    "ready_version": Access.MEMBER,  # only by POST; tests/meetings posts to somebody else's
    "share": Access.MEMBER,  # the same
    "share_stop": Access.MEMBER,  # the same
    "meeting": Access.OWNER,
    "take_along": Access.OWNER,
    "next_step": Access.OWNER,
    "next_step_draft": Access.SCRIPT,
    "next_step_answer": Access.MEMBER,  # only by POST; tests/meetings/test_next_steps.py posts to somebody else's
    "going_on": Access.OWNER,
    "waiting_entries": Access.MEMBER,
    "waiting_entry_new": Access.MEMBER,
    "waiting_entry_stop": Access.MEMBER,
    "settings": Access.MEMBER,
    "consents": Access.MEMBER,
    "data": Access.MEMBER,
    "data_download": Access.MEMBER,
    "data_add": Access.MEMBER,
    "data_delete": Access.MEMBER,
    "data_delete_now": Access.MEMBER,
    "closing": Access.MEMBER,
    "admin_password": Access.MEMBER,
    "practice:start": Access.PUBLIC,
    "photo": Access.MEMBER,  # everybody, if the specialist is shown to visitors: tests/consultations/test_visitors.py
    "feed": Access.PUBLIC,
    "practice:overview": Access.SPECIALIST,
    "practice:profile": Access.SPECIALIST,
    "practice:register": Access.SPECIALIST,
    "practice:preview": Access.SPECIALIST,
    "practice:photo": Access.SPECIALIST,
    "practice:submit": Access.SPECIALIST,
    "practice:pause": Access.SPECIALIST,
    "practice:end": Access.SPECIALIST,
    "practice:end_now": Access.SPECIALIST,
    "practice:feed": Access.SPECIALIST,
    "practice:figures": Access.SPECIALIST,
    "practice:shared": Access.SPECIALIST,
    "practice:hours": Access.SPECIALIST,
    "practice:dates": Access.SPECIALIST,
    "practice:zone": Access.SPECIALIST,
    "practice:limits": Access.SPECIALIST,
    "practice:mails": Access.SPECIALIST,
    "practice:absences": Access.SPECIALIST,
    "practice:absence": Access.SPECIALIST,
    "practice:absence_meetings": Access.SPECIALIST,
    "practice:calendars": Access.SPECIALIST,
    "practice:calendars_read": Access.SPECIALIST,
    "practice:calendar": Access.SPECIALIST,
    "practice:calendar_remove": Access.SPECIALIST,
    "practice:slots": Access.SPECIALIST,
    "practice:slot": Access.SPECIALIST,
    "practice:texts": Access.SPECIALIST,
    "practice:text_new": Access.SPECIALIST,
    "practice:text": Access.SPECIALIST,
    "practice:text_delete": Access.SPECIALIST,
    "practice:away": Access.SPECIALIST,
    "practice:refer": Access.SPECIALIST,
    "practice:meetings": Access.SPECIALIST,
    "practice:past_bookings": Access.SPECIALIST,
    "practice:mark": Access.SPECIALIST,
    "practice:missed": Access.SPECIALIST,
    "practice:booking": Access.SPECIALIST,
    "practice:booking_cancel": Access.SPECIALIST,
    "practice:booking_propose": Access.SPECIALIST,
    "practice:booking_no_show": Access.SPECIALIST,
    "practice:booking_object": Access.SPECIALIST,
    "practice:booking_block": Access.SPECIALIST,
    "practice:meeting": Access.SPECIALIST,
    "practice:notes": Access.SPECIALIST,
    "practice:notes_draft": Access.SCRIPT,
    "practice:note": Access.SPECIALIST,
    "journal_counts": Access.STAFF,
    "admin_status": Access.STAFF,
    "contact": Access.PUBLIC,
    "contact_sent": Access.PUBLIC,
    "contact_answer": Access.PUBLIC,
    "messages": Access.MEMBER,
    "message_new": Access.MEMBER,
    "message_new_draft": Access.SCRIPT,
    "message_thread": Access.OWNER,
    "message_block": Access.OWNER,
    "message_report": Access.OWNER,
    "blocked": Access.MEMBER,
    "message_draft": Access.SCRIPT,  # this and the next by POST alone; tests/exchange/test_messages.py posts to others'
    "message_open": Access.MEMBER,
    "message_shows": Access.MEMBER,
    "message_discard": Access.MEMBER,
    "question_new": Access.MEMBER,
    "question_draft": Access.SCRIPT,
    "question_draft_delete": Access.MEMBER,  # only by POST, as the next ones of the author's side
    "questions_mine": Access.MEMBER,
    "question_mine": Access.OWNER,
    "question_edit": Access.OWNER,
    "question_edit_draft": Access.SCRIPT,
    "question_more_draft": Access.SCRIPT,
    "question_own_draft_delete": Access.MEMBER,
    "question_agree": Access.MEMBER,  # tests/exchange/test_questions.py posts to somebody else's
    "question_thank": Access.MEMBER,
    "question_more": Access.OWNER,
    "question_open": Access.MEMBER,
    "question_withdraw": Access.OWNER,
    "profile_report": Access.MEMBER,
    "questions": Access.MEMBER,
    "questions_found": Access.MEMBER,
    "question": Access.MEMBER,
    "question_flag": Access.MEMBER,
    "answer_flag": Access.MEMBER,
    "answer_helped": Access.MEMBER,
    "practice:questions": Access.SPECIALIST,
    "practice:question": Access.SPECIALIST,
    "practice:question_take": Access.SPECIALIST,
    "practice:answer_draft": Access.SCRIPT,
    "practice:answer_draft_delete": Access.SPECIALIST,
    "practice:answer_delete": Access.SPECIALIST,
}
FOR_EACH_SPECIALIST = {  # not for one alone
    *("practice:question", "practice:question_take", "practice:answer_draft", "practice:answer_draft_delete"),
    "practice:answer_delete",
    "practice:end_now",  # what is held for somebody else is not there
}
LEADS_BACK = {  # what is somebody else's is as one that is removed: it leads to one's own list
    **dict.fromkeys(["practice:absence", "practice:absence_meetings"], "practice:absences"),
    **dict.fromkeys(["practice:calendar", "practice:calendar_remove"], "practice:calendars"),
    **dict.fromkeys(["practice:text", "practice:text_delete"], "practice:texts"),
    "practice:refer": "messages",
}
SITE = [address for address in addresses() if not address.name.startswith("admin:")]
OURS = [address for address in SITE if ACCESS.get(address.name, Access.STAFF) not in {Access.STAFF, Access.SPECIALIST}]
PRACTICE = [address for address in SITE if ACCESS.get(address.name) is Access.SPECIALIST]
THEIRS = [address for address in SITE if re.match(r"(account|mfa|usersessions)_", address.name)]
STAFF = [address for address in SITE if ACCESS.get(address.name) is Access.STAFF]
ADMIN = [address for address in addresses() if address.name.startswith("admin:") and not address.parameters] + STAFF
NOT_HTML = {
    "service_worker",
    "robots",
    "sitemap",
    "card",
    "favicon",
    "leave",
    "draft",
    "draft_person",
    "message_new_draft",
    "message_draft",
    "question_draft",
    "question_edit_draft",
    "question_more_draft",
    "practice:answer_draft",
    "practice:notes_draft",
    "booking_file",
    "photo",
    "feed",
}
HTML = [address for address in [*OURS, *PRACTICE] if address.name not in NOT_HTML]

type Parameters = dict[str, dict[str, object]]


@pytest.fixture
def dora(db: None) -> User:
    """Another specialist."""
    return verified(User.objects.create_user("dora@example.org", "look-at-the-balance")).user


@pytest.fixture
def ana_has_answered(ana: User, ben: User) -> Parameters:
    """URL parameters, by URL name, of what is Ana's: a result, an unfinished response, an entry with a conflicting text
    kept beside it, and a booking.
    """
    version, _ = services.load_version(source=SOURCE, publish=True, now=NOW)
    result = finished(ana, version)
    retest = Retest.objects.create(owner=ana, first=result, asked_at=NOW)
    entry, kept, beside = written_twice(ana)
    search = hold(owner=ana, place=SEARCH, document={"words": "quiet"}, now=NOW)
    unfinished: dict[str, object] = {"pk": begun(ana, version).pk}
    eva = verified(User.objects.create_user("eva@example.org"))
    answer = answered(published(ben), eva)
    to_read: dict[str, object] = {"pk": answer.question_id}
    to_answer = to_read | {"answer": answer.pk}
    meeting = booked(ana, eva, NOW + timedelta(days=300))
    booking: dict[str, object] = {"pk": meeting.pk}
    with_eva: dict[str, object] = {"slug": eva.slug}
    mine, theirs = thread(ana, eva, now=NOW)
    conversation: dict[str, object] = {"pk": mine.pk}
    question: dict[str, object] = {"pk": asked(ana, now=NOW).pk}
    profiles.set_photo(user=eva.user, webp=b"a picture", now=NOW)
    secret = profiles.make_feed(user=eva.user, now=NOW)
    return {
        "balance_part": unfinished | {"number": 2},
        "balance_again": {"pk": retest.pk},
        "balance_agree": unfinished,
        "balance_check": unfinished,
        "balance_restart": unfinished,
        "result": {"pk": result.pk},
        "result_delete": {"pk": result.pk},
        "journal_found": {"pk": search},
        "entry": {"pk": entry},
        "entry_edit": {"pk": entry},
        "then_and_now": {"pk": entry},
        "entry_delete": {"pk": entry},
        "entry_delete_now": {"pk": entry},
        "revisions": {"pk": entry},
        "revision": {"pk": entry, "version": kept},
        "versions": {"pk": entry, "version": beside},
        "specialist": with_eva,
        "message_new": with_eva,
        "profile_report": with_eva,
        "message_new_draft": with_eva,
        "message_thread": conversation,
        "message_block": conversation,
        "message_report": conversation,
        "message_draft": conversation,
        "message_open": conversation,
        "message_shows": conversation,
        "message_discard": conversation | {"draft": uuid.uuid4()},
        "book": with_eva,
        "booking": booking,
        "booking_file": booking,
        "booking_move": booking,
        "booking_proposal": booking,
        "booking_cancel": booking,
        "booking_no_show": booking,
        "booking_object": booking,
        "booking_fit": booking,
        "booking_block": booking,
        **dict.fromkeys(("ready", "ready_draft", "ready_entries", "ready_preview", "share", "share_stop"), booking),
        "ready_version": booking | {"version": uuid.uuid4()},
        **dict.fromkeys(("meeting", "take_along", "going_on"), booking),
        **dict.fromkeys(("next_step", "next_step_draft", "next_step_answer"), booking),
        **{address.name: booking for address in PRACTICE if address.parameters},
        "practice:notes_draft": booking,
        "practice:note": booking | {"version": noted(meeting, now=NOW).pk},
        "practice:refer": {"pk": drafted(theirs, now=NOW).pk},
        **{f"practice:{name}": {"pk": absent(eva.user).pk} for name in ("absence", "absence_meetings")},
        **{f"practice:{name}": {"pk": saved_text(eva.user).pk} for name in ("text", "text_delete")},
        **{f"practice:{name}": {"pk": busy_calendar(eva.user).pk} for name in ("calendar", "calendar_remove")},
        "photo": {"sha256": Photo.objects.get().sha256},
        "feed": {"secret": secret},
        "waiting_entry_stop": {"pk": uuid.uuid4()},
        "notice_open": {"pk": uuid.uuid4()},
        **{address.name: question for address in SITE if address.name.startswith("question_") and address.parameters},
        "question_thank": question | {"answer": uuid.uuid4()},
        **dict.fromkeys(FOR_EACH_SPECIALIST, to_read),
        "questions_found": {"pk": hold(owner=ana, place=FOUND, document={"words": "quiet"}, now=NOW)},
        "question": to_read,
        "question_flag": to_read,
        "answer_flag": to_answer,
        "answer_helped": to_answer,
        "letter": {"name": "none"},
        "reminder_stop": {"token": token_of(ana.pk)},
        "guide_chapter": {"theme": "balance"},
    }


def reach(user: User | None, address: Address, parameters: Parameters) -> HttpResponse:
    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user)
    return client.get(reverse(address.name, kwargs=parameters.get(address.name)))  # type: ignore[return-value]


def asks_to_log_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/")


def answers(response: HttpResponse, address: Address) -> bool:
    """A page, a redirect, or "only by POST"; there is no such letter, and no worker runs."""
    found = {200, 302, 405} | {"letter": {404}}.get(address.name, set())
    return response.status_code in found and not asks_to_log_in(response)


def test_every_address_has_its_line() -> None:
    unnamed = {address.name for address in SITE} - set(ACCESS) - {address.name for address in THEIRS}
    assert unnamed == set()
    assert set(ACCESS) <= {address.name for address in SITE}


@pytest.mark.parametrize("address", OURS, ids=lambda address: address.name)
def test_who_gets_an_answer(
    address: Address, ana: User, ben: User, cole: User, dora: User, dana: User, ana_has_answered: Parameters
) -> None:
    access = ACCESS[address.name]
    nobody = reach(None, address, ana_has_answered)
    if access is Access.SCRIPT:
        assert nobody.status_code in {401, 405}
    else:
        assert answers(nobody, address) if access is Access.PUBLIC else asks_to_log_in(nobody)
    assert answers(reach(ana, address, ana_has_answered), address)
    for other in (ben, cole, dora, dana):
        response = reach(other, address, ana_has_answered)
        if access is Access.OWNER:
            assert response.status_code == 404, other
        else:
            assert answers(response, address), other


@pytest.mark.parametrize("address", PRACTICE, ids=lambda address: address.name)
def test_the_practice_is_for_specialists(
    address: Address, ana: User, dora: User, dana: User, ana_has_answered: Parameters
) -> None:
    assert asks_to_log_in(reach(None, address, ana_has_answered))
    for other in (ana, dana):
        response = reach(other, address, ana_has_answered)
        assert response.status_code == 405 or response.headers["Location"] == "/practice/start/"
    assert answers(reach(User.objects.get(email="eva@example.org"), address, ana_has_answered), address)
    response = reach(dora, address, ana_has_answered)
    is_of_one = address.parameters and address.name not in FOR_EACH_SPECIALIST
    if address.name in LEADS_BACK:
        assert response.headers["Location"] == reverse(LEADS_BACK[address.name])
    else:
        assert response.status_code == 404 if is_of_one else answers(response, address)


NUL = "\0"
WITH_WORDS = [address for address in SITE if re.search(r"<(str|path):|<\w+>|\(\?P", address.route)]


@pytest.mark.parametrize("address", WITH_WORDS, ids=lambda address: address.name)
def test_a_nul_in_the_path_is_found_nowhere(address: Address, ana: User, dana: User) -> None:
    words = dict.fromkeys(address.parameters, f"a{NUL}b")
    parameters = {key: 1 if f"<int:{key}>" in address.route else value for key, value in words.items()}
    for user in (None, ana, dana):
        client = Client(raise_request_exception=True)
        if user:
            client.force_login(user)
        try:
            path = reverse(address.name, kwargs=parameters)
        except NoReverseMatch:  # its pattern takes no such word
            return
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_a_nul_in_the_query_is_refused_but_on_bare_pages(ana: User, dana: User, ana_has_answered: Parameters) -> None:
    member, staff = Client(), Client()
    member.force_login(ana)
    staff.force_login(dana)
    show_second_factor(staff, dana)
    for address in [*SITE, *ADMIN]:
        given = dict.fromkeys(address.parameters, 1) | dict(ana_has_answered.get(address.name, {}))
        try:
            path = reverse(address.name, kwargs=given)
        except NoReverseMatch:
            continue
        for client in (Client(), staff if address in ADMIN else member):
            refused = client.get(path, {"q": NUL}).status_code == 400
            assert refused != getattr(resolve(path).func, "bare", False), path


@pytest.mark.parametrize("address", ADMIN, ids=lambda address: address.name)
def test_admin_is_for_staff_alone(address: Address, ana: User, cole: User, dana: User) -> None:
    if address.name in {"admin:login", "admin:logout"}:
        return
    assert reach(None, address, {}).status_code == 302
    for other in (ana, cole):
        assert reach(other, address, {}).status_code in {302, 403}
    assert reach(dana, address, {}).status_code in {200, 302, 403, 404, 405}


@pytest.mark.parametrize("address", THEIRS, ids=lambda address: address.name)
def test_account_pages_never_fail(address: Address, ana: User) -> None:
    parameters: Parameters = {address.name: dict.fromkeys(address.parameters, 1)}
    for user in (None, ana):
        response = reach(user, address, parameters)
        assert response.status_code in {200, 302, 404, 405}
        if user:
            assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", HTML, ids=lambda address: address.name)
def test_page_keeps_the_promises_of_every_page(address: Address, ana: User, ana_has_answered: Parameters) -> None:
    who = User.objects.get(email="eva@example.org") if address in PRACTICE else ana
    for user in (None, who) if ACCESS[address.name] is Access.PUBLIC else (who,):
        response = reach(user, address, ana_has_answered)
        policy = response.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert response.headers["Referrer-Policy"] == "same-origin"
        if user and ACCESS[address.name] is not Access.PUBLIC:
            assert "no-store" in response.headers["Cache-Control"]
            assert "private" in response.headers["Cache-Control"]
        if response.status_code == 200:
            html = response.content.decode()
            assert_valid_html(html)
            title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
            assert title
            assert not re.search(r"balance|relationship|partner|journal|give|receive", title[1], re.IGNORECASE)
            assert 'href="/leave/"' in html
            assert 'href="/help-now/"' in html
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!\S+"[^>]*rel="[^"]*noreferrer)', links(html))


def links(html: str) -> str:
    """The tags with which a page makes a browser send requests."""
    return "\n".join(re.findall(r"<(?:script|link(?! rel=\"canonical\")|img|iframe|source|form)\b[^>]*>", html))


def test_nothing_of_anothers_is_changed_by_posting(
    ana: User, ben: User, dana: User, ana_has_answered: Parameters
) -> None:
    for name, access in ACCESS.items():
        if access is Access.OWNER:
            for other in (ben, dana):
                client = Client()
                client.force_login(other)
                response = client.post(reverse(name, kwargs=ana_has_answered[name]))
                assert response.status_code in {404, 405}, name


def test_unknown_ids_are_not_found(ana: User) -> None:
    client = Client()
    client.force_login(ana)
    for name, access in ACCESS.items():
        if access is Access.OWNER:
            kwargs: dict[str, object] = {"pk": uuid.uuid4()}
            kwargs |= {"balance_part": {"number": 1}}.get(name, {})
            kwargs |= {"version": uuid.uuid4()} if name in {"revision", "versions"} else {}
            assert client.get(reverse(name, kwargs=kwargs)).status_code == 404, name


def test_every_link_of_the_navigation_answers(ana: User, dana: User) -> None:
    for user in (None, ana, dana):
        client = Client()
        if user:
            client.force_login(user)
        page = client.get("/today/" if user else "/").content.decode()
        for href in set(re.findall(r'href="(/[^"#]*)"', page)):
            if href.startswith(("/static/", "/leave/")):
                continue
            assert client.get(href).status_code in {200, 302}, href


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def templates() -> list[str]:
    root = Path(settings.BASE_DIR) / "templates"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", templates())
def test_template_compiles(name: str) -> None:
    get_template(name)


MODELS = (
    "Held|Response|Result|Entry|Revision|PromptChoice|Reminder|Booking|WaitingEntry|Block|"
    "Contact|Side|Message|Draft|Report|PrivateNote|Remark|ProfileReport"
)
ASKED = r"visible_to\b|of_client\b|of_specialist\b|between\b|of\(|in_bin_of\b|unfinished\(\)\.filter\(changed_at__lt"
PRIVATE = rf"\b({MODELS})\.objects\.(?!{ASKED})"


def test_private_rows_are_asked_for_in_one_way() -> None:
    """Views get private rows only through the querysets that limit them to their owner."""
    found = []
    root = Path(settings.BASE_DIR)
    for path in sorted([*root.glob("*/*views.py"), *root.glob("*/views/*.py")]):
        found += [f"{path.name}: {line.strip()}" for line in path.read_text().splitlines() if re.search(PRIVATE, line)]
    assert found == []
