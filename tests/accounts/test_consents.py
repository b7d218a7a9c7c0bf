"""The ledger: exact words, one line for each change of mind, and nothing is ever rewritten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts import consents
from accounts.consents import (
    ADULT,
    CURRENT,
    GROUP_STATISTICS,
    QUESTIONNAIRE,
    RETEST,
    WORDINGS,
    agreeing,
    give,
    has_given,
    standing,
)
from accounts.consents import withdraw as take_back
from accounts.models import Consent, User
from accounts.services import erase_account
from tests.consultations.racing import at_once

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.time_machine(NOW, tick=False)
LATER = NOW + timedelta(days=1)


def erase(owner_id: str, act: Callable[[], object]) -> None:
    """Do something as if the erasure of this owner were under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reflect.erasing', %s, true)", [owner_id])
    act()


# Every wording there has ever been. Each new version adds a line here; existing lines never change.
HASHES = {
    ("adult", 1): "e94c9496c680226138dfc24ce854d5923cc2308d44921bee93ae9072204714dd",
    ("questionnaire", 1): "6fdb6f696ae60ea062630816d34411faac4b5a9bda83a968097a1587b6c3e218",
    ("group_statistics", 1): "030bb1620200f72aea6990145c3a36da8e4f850fbd66c1351b35d179e0ed7204",
    ("questionnaire", 2): "bd64fad0a3d299099973d5f53f0b8aeb34719ca339c418b56fb0be372bde7e31",
    ("group_statistics", 2): "b8ba65fc8cb234ecf1659a0f23abf52ef98d4a4eb4cef56770bc6d60767f9535",
    ("retest", 1): "eccdb09dd93b10a66d41f584e97dfbb178fa8fa3b7916887a27bce42575309e4",
    ("retest", 2): "fb0540b9b1085337c320efc8c78320891cc0989a608098abc58cb395e746eb22",
}


def test_words_change_only_with_their_version() -> None:
    """The words of every version are still there to be read."""
    with translation.override("en"):
        assert {key: wording.sha256 for key, wording in WORDINGS.items()} == HASHES
    assert all(str(wording.changed) for wording in CURRENT.values() if wording.version > 1)


def test_taking_an_agreement_back_does_not_promise_more_than_it_does() -> None:
    assert "worked out before stay as they are" in str(RETEST.words)


def agreed_earlier(owner: User, *purposes: str, at: datetime = NOW) -> None:
    """Lines of the ledger as they were written when version 1 was current."""
    for purpose in purposes:
        consents.write(owner, WORDINGS[purpose, 1], given=True, now=at)


@pytest.mark.parametrize("purpose", ["questionnaire", "group_statistics", "retest"])
def test_who_agreed_to_earlier_words_is_asked_again_and_told_what_changed(ana: User, purpose: str) -> None:
    agreed_earlier(ana, purpose)
    assert not has_given(ana, purpose)
    assert not agreeing(purpose).exists()
    [choice] = [choice for choice in standing(ana) if choice.reworded]
    assert (
        choice.asks_again == f"The words have changed since you agreed on 1 March 2026, 12:00. {choice.wording.changed}"
    )
    give(owner=ana, purpose=purpose, now=LATER)
    assert not any(choice.reworded or choice.asks_again for choice in standing(ana))
    assert has_given(ana, purpose)


@pytest.mark.parametrize("purpose", ["questionnaire", "group_statistics", "retest"])
def test_who_declines_the_new_words_is_not_asked_again(ana: User, purpose: str) -> None:
    agreed_earlier(ana, purpose)
    take_back(owner=ana, purpose=purpose, now=LATER)
    assert not any(choice.given or choice.reworded or choice.asks_again for choice in standing(ana))


def test_what_somebody_agreed_to_stays_readable(ana: User, ben: User) -> None:
    agreed_earlier(ana, "questionnaire")
    agreed_earlier(ben, "group_statistics")
    take_back(owner=ana, purpose="questionnaire", now=NOW)
    give(owner=ana, purpose="questionnaire", now=LATER)
    lines = consents.history(ana)
    assert [(line.given, line.at, str(line.words)) for line in lines["questionnaire"]] == [
        (True, LATER, ""),
        (False, NOW, ""),
        (True, NOW, str(WORDINGS["questionnaire", 1].words)),
    ]
    assert lines["group_statistics"] == []


def test_words_that_were_read_in_another_language_are_not_replaced(ana: User) -> None:
    Consent.objects.create(owner=ana, purpose="questionnaire", version=1, words_sha256="0" * 64, given=True, at=NOW)
    assert [str(line.words) for line in consents.history(ana)["questionnaire"]] == [""]


def test_nobody_has_agreed_to_anything_beforehand(ana: User) -> None:
    assert not any(has_given(ana, purpose) for purpose in CURRENT)
    assert [(s.wording, s.given, s.since) for s in standing(ana)] == [
        (QUESTIONNAIRE, False, None),
        (GROUP_STATISTICS, False, None),
        (RETEST, False, None),
    ]


def test_giving_writes_the_exact_words_and_the_time(ana: User, ben: User) -> None:
    give(owner=ana, purpose=QUESTIONNAIRE.purpose, now=NOW)
    line = Consent.objects.get()
    assert (line.owner, line.version, line.words_sha256, line.given, line.at) == (
        ana,
        QUESTIONNAIRE.version,
        QUESTIONNAIRE.sha256,
        True,
        NOW,
    )
    assert has_given(ana, "questionnaire")
    assert not has_given(ana, "group_statistics")
    assert not has_given(ben, "questionnaire")


def test_the_last_word_counts_even_in_the_same_moment(ana: User) -> None:
    for n in range(3):
        give(owner=ana, purpose="questionnaire", now=NOW)
        assert has_given(ana, "questionnaire")
        take_back(owner=ana, purpose="questionnaire", now=NOW)
        assert not has_given(ana, "questionnaire")
        assert Consent.objects.count() == 2 * (n + 1)


def test_saying_it_again_adds_no_line(ana: User) -> None:
    take_back(owner=ana, purpose="questionnaire", now=NOW)
    assert not Consent.objects.exists()
    for now in (NOW, LATER):
        give(owner=ana, purpose="questionnaire", now=now)
    assert Consent.objects.get().at == NOW
    for now in (LATER, LATER):
        take_back(owner=ana, purpose="questionnaire", now=now)
    assert [line.given for line in Consent.objects.order_by("id")] == [True, False]


def test_new_words_are_asked_anew_and_old_ones_can_be_taken_back(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    give(owner=ana, purpose="group_statistics", now=NOW)
    newer = consents.Wording("group_statistics", 3, GROUP_STATISTICS.title, "Other words.")
    monkeypatch.setitem(CURRENT, "group_statistics", newer)
    monkeypatch.setattr(consents, "CHOICES", (QUESTIONNAIRE, newer))
    assert not has_given(ana, "group_statistics")
    assert not agreeing("group_statistics").exists()
    take_back(owner=ana, purpose="group_statistics", now=NOW)
    give(owner=ana, purpose="group_statistics", now=LATER)
    assert has_given(ana, "group_statistics")
    assert [(line.version, line.given) for line in Consent.objects.order_by("id")] == [(2, True), (3, False), (3, True)]


def test_standing_says_since_when(ana: User) -> None:
    give(owner=ana, purpose="questionnaire", now=NOW)
    give(owner=ana, purpose="group_statistics", now=NOW)
    take_back(owner=ana, purpose="group_statistics", now=LATER)
    assert [(s.given, s.since) for s in standing(ana)] == [(True, NOW), (False, LATER), (False, None)]


def test_a_statement_is_not_taken_back(ana: User) -> None:
    give(owner=ana, purpose=ADULT.purpose, now=NOW)
    with pytest.raises(ValueError, match="statement"):
        take_back(owner=ana, purpose=ADULT.purpose, now=LATER)


def test_those_who_agree_are_those_who_agree_now(ana: User, ben: User, cole: User) -> None:
    for person in (ana, ben, cole):
        give(owner=person, purpose="group_statistics", now=NOW)
    take_back(owner=ben, purpose="group_statistics", now=LATER)
    User.objects.filter(pk=cole.pk).update(is_active=False)
    assert [*agreeing("group_statistics")] == [ana]
    assert not agreeing("questionnaire").exists()


def test_lines_are_seen_by_their_owner_alone(ana: User, ben: User, dana: User) -> None:
    give(owner=ana, purpose="questionnaire", now=NOW)
    assert Consent.objects.visible_to(ana).count() == 1
    for other in (ben, dana, AnonymousUser()):
        assert not Consent.objects.visible_to(other).exists()


@pytest.mark.parametrize("change", [{"given": False}, {"at": LATER}, {"words_sha256": ""}, {"version": 3}])
def test_no_line_is_ever_changed(ana: User, change: dict[str, object]) -> None:
    give(owner=ana, purpose="questionnaire", now=NOW)
    for erasing in ("", str(ana.pk)):
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            erase(erasing, lambda: Consent.objects.update(**change))


def test_no_line_is_deleted_outside_erasure(ana: User, ben: User) -> None:
    give(owner=ana, purpose="questionnaire", now=NOW)
    for erasing in ("", str(ben.pk), "everything"):
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            erase(erasing, Consent.objects.all().delete)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        ana.delete()


def test_the_ledger_is_never_truncated(ana: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_consent ENABLE TRIGGER consents_are_never_truncated")
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            cursor.execute("TRUNCATE accounts_consent")


def test_erasing_one_person_leaves_the_lines_of_others(ana: User, ben: User) -> None:
    for person in (ana, ben):
        give(owner=person, purpose="questionnaire", now=NOW)
    erase_account(owner=ana, now=NOW)
    assert [line.owner for line in Consent.objects.all()] == [ben]


@pytest.mark.django_db(transaction=True)
def test_the_leave_to_erase_ends_with_its_transaction(ana: User, ben: User) -> None:
    give(owner=ben, purpose="questionnaire", now=NOW)
    with transaction.atomic():
        erase(str(ben.pk), lambda: 0)
    with pytest.raises(IntegrityError, match="only added to"):
        Consent.objects.all().delete()


@pytest.mark.parametrize(
    ("given", "reworded", "since", "said"),
    [
        (False, False, None, "You have not agreed to this."),
        (True, False, NOW, "You agreed on 1 March 2026, 12:00."),
        (False, True, NOW, "The words have changed since you agreed on 1 March 2026, 12:00."),
        (False, False, NOW, "You took this back on 1 March 2026, 12:00."),
    ],
)
def test_standing_is_said_in_words(given: bool, reworded: bool, since: datetime | None, said: str) -> None:
    choice = consents.Standing(QUESTIONNAIRE, given=given, reworded=reworded, since=since)
    assert choice.in_words == said


@pytest.mark.django_db(transaction=True)
def test_the_same_answer_at_the_same_moment_is_written_once(ana: User) -> None:
    """Real connections, released together."""
    for answer, lines in ((give, 1), (take_back, 2), (give, 3)):
        at_once(*[partial(answer, owner=ana, purpose="questionnaire", now=NOW)] * 6)
        assert Consent.objects.count() == lines
