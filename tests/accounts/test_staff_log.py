"""The log of what staff do: complete, found by whoever answers for it, and never edited."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffAction, User
from accounts.privacy import STAFF_ACTIONS
from accounts.roles import Role
from accounts.services import erase_account
from accounts.staff_log import Kind, forget_old_actions, record
from accounts.tasks import forget_old_records_nightly
from exchange.models import AnswerTemplate, Contact
from tests.conftest import AsUser, show_second_factor
from tests.consultations.cast import booked, verified
from tests.exchange.waiting import waiting
from tests.exchange.written import written
from tests.html import assert_valid_html, parse, text_of
from tests.staff import at_work, carried, press, staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
LOG = reverse("admin:accounts_staffaction_changelist")
pytestmark = pytest.mark.django_db
at_nine = pytest.mark.time_machine(NOW, tick=False)


def lines() -> list[tuple[str, str, str]]:
    return [(one.kind, one.model, one.row) for one in StaffAction.objects.order_by("pk").exclude(kind=Kind.LOG_IN)]


@at_nine
def test_every_opening_and_every_change_is_a_line(as_user: AsUser, ana: User) -> None:
    sam = staff("sam@example.org", Role.SUPPORT, Role.MODERATOR)
    message, _ = written(ana, now=NOW)
    question = waiting(ana)
    client = as_user(sam)
    for name, row in (("contact", message), ("submission", question)):
        client.get(reverse(f"admin:exchange_{name}_changelist"))
        client.get(reverse(f"admin:exchange_{name}_change", args=[row.pk]))
    client.get(reverse("admin:accounts_user_change", args=[ana.pk]))
    press(client, reverse("admin:exchange_contact_confirm", args=[message.pk, "close"]))
    client.post(reverse("admin:exchange_answertemplate_add"), {"title": "One", "text": "Words."})
    template = AnswerTemplate.objects.get()
    client.post(reverse("admin:exchange_answertemplate_delete", args=[template.pk]), {"post": "yes"})
    assert lines() == [
        (Kind.READ, "exchange.contact", str(message.pk)),
        (Kind.READ, "exchange.submission", str(question.pk)),
        (Kind.READ, "accounts.user", str(ana.pk)),
        (Kind.READ, "exchange.contact", str(message.pk)),
        (Kind.CHANGED, "exchange.contact", str(message.pk)),
        (Kind.ADDED, "exchange.answertemplate", str(template.pk)),
        (Kind.DELETED, "exchange.answertemplate", str(template.pk)),
    ]
    assert {*StaffAction.objects.values_list("staff", flat=True)} == {sam.pk}


@at_nine
@pytest.mark.parametrize("form", ["hex", "upper"])
def test_an_opening_is_found_however_the_address_was_written(as_user: AsUser, ana: User, form: str) -> None:
    message, _ = written(ana, now=NOW)
    pk = message.pk
    way = {"hex": pk.hex, "upper": str(pk).upper()}[form]
    client = as_user(staff("sam@example.org", Role.SUPPORT))
    assert client.get(f"/admin/exchange/contact/{way}/change/").status_code == 200
    assert (Kind.READ, "exchange.contact", str(pk)) in lines()


@at_nine
def test_nothing_is_deleted_many_at_once_which_no_line_would_tell(as_user: AsUser) -> None:
    client = as_user(staff("sam@example.org", Role.SUPPORT, Role.EDITOR))
    rows = [AnswerTemplate.objects.create(title=name, text="x") for name in "ab"]
    page = reverse("admin:exchange_answertemplate_changelist")
    client.post(page, {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"})
    assert AnswerTemplate.objects.count() == 2


@at_nine
def test_a_log_in_of_staff_is_a_line_and_that_of_a_member_is_none(dana: User, ana: User) -> None:
    for user in (ana, dana):
        Client().post(reverse("account_login"), {"login": user.email, "password": "look-at-the-balance"})
    assert [*StaffAction.objects.values_list("kind", "staff")] == [(Kind.LOG_IN, dana.pk)]


@at_nine
def test_a_change_and_its_line_are_made_both_or_neither(
    as_user: AsUser, dana: User, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError

    message, _ = written(ana, now=NOW)
    sam = staff("sam@example.org", Role.SUPPORT)
    client = as_user(sam)
    path = reverse("admin:exchange_contact_confirm", args=[message.pk, "close"])
    shown = carried(client, path)
    monkeypatch.setattr(StaffAction.objects, "create", full)
    with pytest.raises(OSError):  # noqa: PT011  # whatever it is
        client.post(path, shown)
    message.refresh_from_db()
    assert message.state == Contact.State.NEW
    assert not LogEntry.objects.exists()


@at_nine
def test_the_log_is_searched_by_day_by_staff_and_by_object(as_user: AsUser, dana: User) -> None:
    sam, kim = staff("sam@example.org", Role.SUPPORT), staff("kim@example.org", Role.MODERATOR)
    record(sam.pk, Kind.READ, model="exchange.contact", row="row-of-sam")
    record(kim.pk, Kind.CHANGED, model="exchange.report", row="row-of-kim", said="Settled.")
    client = as_user(dana)
    StaffAction.objects.create(
        at=NOW - timedelta(days=9), staff=kim.pk, kind=Kind.ADDED, model="guide.prompt", row="older-row"
    )

    def found(**query: str) -> set[str]:
        page = client.get(LOG, query)
        assert page.status_code == 200, query
        text = text_of(assert_valid_html(page.text))
        return {row for row in ("row-of-sam", "row-of-kim", "older-row") if row in text}

    assert found() == {"row-of-sam", "row-of-kim", "older-row"}
    assert found(q="SAM@example.org") == {"row-of-sam"}
    assert found(q="nobody@example.org") == set()
    assert found(q=str(kim.pk)) == {"row-of-kim", "older-row"}
    assert found(q="row-of-kim") == {"row-of-kim"}
    assert found(q="2026-11-14") == {"older-row"}
    assert found(q="2026-11-23", staff=str(kim.pk)) == {"row-of-kim"}
    assert found(kind__exact="read") == {"row-of-sam"}
    assert found(model="exchange.report") == {"row-of-kim"}
    assert found(q=str(date(2020, 1, 1))) == set()
    assert found(q="14 November 2026") == found(q="14 november 2026") == {"older-row"}
    assert found(q="settled") == {"row-of-kim"}
    assert found(q="Changed") == {"row-of-kim"}
    for nothing in ("31 November 2026", "14 Brumaire 2026", "2026-13-45", "Unsettled"):
        assert found(q=nothing) == set()


@at_nine
def test_the_log_is_searched_by_kind_of_object_and_by_the_name_of_a_specialist(
    as_user: AsUser, dana: User, ana: User, cole: User
) -> None:
    mara = verified(cole)
    meeting = booked(ana, mara, NOW - timedelta(days=1), status="client_no_show", objected_at=NOW)
    message, _code = written(ana, now=NOW)
    for model, row in (
        ("consultations.specialist", mara),
        ("exchange.objection", meeting),
        ("exchange.contact", message),
    ):
        record(dana.pk, Kind.READ, model=model, row=str(row.pk))
    client = as_user(dana)

    def found(term: str) -> set[str]:
        return {
            line.model.split(".")[1] for line in client.get(LOG, {"q": term}).context["cl"].result_list if line.model
        }

    assert found("Objection") == found("objections") == {"objection"}
    assert found("special") == {"specialist"}
    assert found(mara.name.lower()) == {"specialist", "objection"}
    assert found("somebody else") == set()


@at_nine
def test_a_line_leads_to_its_object_by_name_if_that_can_be_opened(
    as_user: AsUser, dana: User, ana: User, cole: User
) -> None:
    mara, (message, _code) = verified(cole), written(ana, now=NOW)
    rows = {
        "consultations.specialist": mara.pk,
        "exchange.contact": message.pk,
        "accounts.user": ana.pk,
        "guide.prompt": 2**40,
        "exchange.report": uuid4(),
    }
    for model, pk in rows.items():
        record(dana.pk, Kind.READ, model=model, row=str(pk))
    page = as_user(dana).get(LOG).text
    main = parse(page).find(".//main")
    assert main is not None
    links = {one.get("href", ""): text_of(one) for one in main.iter("a") if one.get("href", "").endswith("/change/")}
    assert links == {
        f"/admin/consultations/specialist/{mara.pk}/change/": f"Specialist: {mara.name}",
        f"/admin/exchange/contact/{message.pk}/change/": "Message of 23 November 2026",
        f"/admin/accounts/user/{ana.pk}/change/": "Account",
    }
    assert f">{ana.email}" not in page
    for gone in ("guide.prompt", "exchange.report"):
        assert str(rows[gone]) in page  # by its id, and no link


@at_nine
def test_nobody_changes_the_log_and_only_owners_read_it(as_user: AsUser, dana: User) -> None:
    record(dana.pk, Kind.READ, model="exchange.contact", row="a")
    row = StaffAction.objects.get()
    client = as_user(dana)
    show_second_factor(client, dana, again=True)
    assert client.get(reverse("admin:accounts_staffaction_change", args=[row.pk])).status_code == 200
    assert client.post(reverse("admin:accounts_staffaction_change", args=[row.pk]), {"said": "x"}).status_code == 403
    assert client.post(reverse("admin:accounts_staffaction_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:accounts_staffaction_add")).status_code == 403
    for role in set(Role) - {Role.OWNER}:
        assert as_user(staff(f"{role}@example.org", role)).get(LOG).status_code == 403


@at_nine
def test_who_deletes_their_account_leaves_their_lines(as_user: AsUser, dana: User) -> None:
    sam = staff("sam@example.org", Role.SUPPORT)
    record(sam.pk, Kind.READ, model="exchange.contact", row="a-row")
    pk = sam.pk
    erase_account(owner=sam, now=NOW)
    assert StaffAction.objects.get().staff == pk
    page = as_user(dana).get(LOG, {"q": str(pk)}).text
    assert "a-row" in page
    assert str(pk) in page


@at_nine
def test_the_list_asks_as_often_for_many_lines_as_for_one(as_user: AsUser, dana: User) -> None:
    client = as_user(dana)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(LOG).status_code == 200
        return len(found)

    record(dana.pk, Kind.READ, model="exchange.contact", row=str(uuid4()))
    queries()  # kinds of objects are read once in a process
    one = queries()
    for _number in range(5):
        record(staff(f"s{_number}@example.org").pk, Kind.READ, model="exchange.contact", row=str(uuid4()))
    assert queries() == one


@pytest.mark.parametrize("change", [{"said": "x"}, {"at": NOW}, {"row": ""}])
def test_no_line_is_ever_changed(dana: User, change: dict[str, object]) -> None:
    record(dana.pk, Kind.READ, row="a")
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        StaffAction.objects.update(**change)


def test_no_line_is_deleted_by_whatever_statement(dana: User) -> None:
    record(dana.pk, Kind.READ, row="a")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_staffaction ENABLE TRIGGER staff_log_is_never_truncated")
        for statement in ("DELETE FROM accounts_staffaction", "TRUNCATE accounts_staffaction"):
            with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
                cursor.execute(statement)
    assert StaffAction.objects.count() == 1


@pytest.mark.own_clock
def test_lines_go_after_24_months_to_the_moment(dana: User) -> None:
    now = timezone.now()
    boundary = STAFF_ACTIONS.cutoff(now)
    for at, row in ((boundary - timedelta(microseconds=1), "over"), (boundary, "exact"), (now, "new")):
        StaffAction.objects.create(at=at, staff=dana.pk, kind=Kind.READ, row=row)
    forget_old_actions(now=now)
    assert {*StaffAction.objects.values_list("row", flat=True)} == {"exact", "new"}
    StaffAction.objects.create(at=now - timedelta(days=400), staff=dana.pk, kind=Kind.READ)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        forget_old_actions(now=now + timedelta(days=365))  # a clock that is wrong, or a hand that is not the job's


@pytest.mark.own_clock
def test_the_nightly_job_forgets_them(dana: User) -> None:
    StaffAction.objects.create(at=timezone.now() - timedelta(days=800), staff=dana.pk, kind=Kind.READ)
    forget_old_records_nightly(timestamp=0)
    assert not StaffAction.objects.exists()


def test_a_line_has_no_words_no_name_and_no_address() -> None:
    model: type[Model] = StaffAction
    assert {field.name for field in model._meta.get_fields()} == {"id", "at", "staff", "kind", "model", "row", "said"}


@at_nine
def test_whoever_is_too_late_reads_what_was_done_last_to_that_person(as_user: AsUser, dana: User) -> None:
    """Under any of its names, whatever has become of the colleague's account, and in one query."""
    mara = verified(User.objects.create_user("mara@example.org"), name="Mara")
    vera, otto = staff("vera@example.org", Role.VERIFIER), staff("otto@example.org", Role.OWNER)
    path = reverse("admin:consultations_specialist_confirm", args=[mara.pk, "lift"])
    client = as_user(dana)

    def told(reader: Client = client) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(path).status_code == 302
        count = sum('FROM "accounts_staffaction"' in one["sql"] for one in queries)
        return text_of(parse(reader.get(mara_page).content)), count

    mara_page = reverse("admin:consultations_specialist_change", args=[mara.pk])
    assert "What our team did last" not in told()[0]
    record(vera.pk, Kind.CHANGED, model="consultations.specialist", row=str(mara.pk), said="Hidden.")
    record(dana.pk, Kind.READ, model="accounts.user", row=str(mara.pk))
    record(vera.pk, Kind.CHANGED, model="consultations.booking", row=str(uuid4()), said="Of another row.")
    assert "What our team did last: “Hidden.” (vera@example.org, 23 November 2026, 09:00 UTC)." in told()[0]
    erase_account(owner=vera, now=NOW)
    assert "What our team did last: “Hidden.” (an account that has been deleted, " in told()[0]
    record(otto.pk, Kind.CHANGED, model="accounts.user", row=str(mara.pk), said="Shut out.")
    text, count = told()
    assert "What our team did last: “Shut out.” (otto@example.org, " in text
    assert count == 1
    # A verifier has no page of accounts, and reads of the profile alone.
    checks = staff("kim@example.org", Role.VERIFIER)
    assert "What our team did last: “Hidden.” (an account" in told(at_work(checks))[0]
