"""After "Was it a good fit?": how to go on, or who else there is. The specialist learns nothing."""

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Notice, User
from consultations.models import Block, Booking, Specialist
from consultations.times import DURATION
from meetings.going_on import others_like
from tests.conftest import AsUser
from tests.consultations.cast import NOW, TOMORROW, a_host, booked, page, slot

AFTER = TOMORROW + timedelta(hours=1) + DURATION

type Clock = time_machine.Traveller


@pytest.fixture
def over(meeting: Booking, mara: Specialist, clock: Clock) -> Booking:
    """The meeting, half an hour later; Mara has said how to go on."""
    clock.move_to(AFTER)
    Specialist.objects.filter(pk=mara.pk).update(
        fee_least=60,
        fee_most=90,
        fee_currency="EUR",
        how_to_book="Write me two times.",
        practice_contact="+44 20 7946 0000",
    )
    return meeting


def said_after(as_user: AsUser, ana: User, over: Booking, fit: str) -> str:
    answer = as_user(ana).post(f"/consultations/{over.pk}/fit/", {"fit": fit}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/consultations/{over.pk}/going-on/"
    return page(answer)


HERS = ["60 to 90 EUR a session", "Write me two times.", "+44 20 7946 0000"]


class TestYes:
    def test_shows_the_specialists_own_words(self, as_user: AsUser, ana: User, over: Booking) -> None:
        said = said_after(as_user, ana, over, "yes")
        assert [words for words in HERS if words not in said] == []
        assert "Write to the specialist" in said

    def test_tells_the_specialist_nothing(self, as_user: AsUser, ana: User, mara: Specialist, over: Booking) -> None:
        before = page(as_user(mara.user).get(f"/practice/meetings/{over.pk}/"))
        said_after(as_user, ana, over, "yes")
        assert page(as_user(mara.user).get(f"/practice/meetings/{over.pk}/")) == before
        assert not Notice.objects.exists()

    def test_is_needed_first(self, as_user: AsUser, ana: User, over: Booking) -> None:
        answer = as_user(ana).get(f"/consultations/{over.pk}/going-on/")
        assert answer.headers["Location"] == f"/consultations/{over.pk}/"
        for fit in ("no", "unsure"):
            said = said_after(as_user, ana, over, fit)
            assert [words for words in HERS if words in said] == []

    def test_somebody_who_pauses_can_still_be_reached(self, as_user: AsUser, ana: User, over: Booking) -> None:
        Specialist.objects.update(paused=True)
        said = said_after(as_user, ana, over, "yes")
        assert HERS[2] in said
        assert "Write to the specialist" not in said  # who is not listed takes no first message

    @pytest.mark.parametrize("why", ["suspended", "closes", "blocks", "blocked"])
    def test_somebody_who_is_gone_cannot(
        self, as_user: AsUser, ana: User, mara: Specialist, over: Booking, why: str
    ) -> None:
        match why:
            case "suspended":
                Specialist.objects.update(status=Specialist.Status.SUSPENDED)
            case "closes":
                User.objects.filter(pk=mara.pk).update(closes_at=NOW + timedelta(days=7))
            case "blocks":
                Block.objects.create(owner=mara.user, other=ana, made_at=NOW)
            case "blocked":
                Block.objects.create(owner=ana, other=mara.user, made_at=NOW)
        said = said_after(as_user, ana, over, "yes")
        assert [words for words in HERS if words in said] == []
        assert "can’t be reached here at the moment" in said

    def test_a_booking_leads_there_later(self, as_user: AsUser, ana: User, over: Booking) -> None:
        said_after(as_user, ana, over, "yes")
        assert f"/consultations/{over.pk}/going-on/" in as_user(ana).get(f"/consultations/{over.pk}/").text

    def test_without_words_it_says_so(self, as_user: AsUser, ana: User, meeting: Booking, clock: Clock) -> None:
        clock.move_to(AFTER)
        assert "has not written about this yet" in said_after(as_user, ana, meeting, "yes")


def free(name: str, hours: int = 48, **fields: object) -> Specialist:
    host = a_host(name, **{"themes": ["balance"], **fields})
    slot(host, NOW + timedelta(hours=hours))
    return host


class TestOthers:
    def test_share_a_topic_and_a_language_the_soonest_first(self, as_user: AsUser, ana: User, over: Booking) -> None:
        later, sooner = free("later", 72), free("sooner", 48, themes=["balance", "pressure"])
        free("third", 96)
        free("another-topic", themes=["pressure"])
        free("another-language", languages=["pt"])
        a_host("nothing-free", themes=["balance"])
        assert list(others_like(over, ana, AFTER)) == [sooner, later]
        said = said_after(as_user, ana, over, "no")
        assert said.index("Sooner") < said.index("Later")
        assert "Third" not in said

    def test_are_only_those_who_can_be_booked(self, ana: User, over: Booking) -> None:
        free("paused", paused=True)
        apart, met, too_soon = free("apart"), free("met"), free("soon", 25)
        Block.objects.create(owner=apart.user, other=ana, made_at=NOW)
        booked(ana, met, NOW - timedelta(days=9), status="completed")
        assert too_soon.notice_hours == 12
        assert list(others_like(over, ana, AFTER)) == []

    def test_may_be_nobody(self, as_user: AsUser, ana: User, over: Booking) -> None:
        said = said_after(as_user, ana, over, "unsure")
        assert "Somebody else, perhaps" not in said
        assert "Nothing needs to." in said

    def test_a_specialist_who_left_leaves_no_trace(self, as_user: AsUser, ana: User, over: Booking) -> None:
        Booking.objects.update(specialist=None)
        for fit in ("yes", "no"):
            said_after(as_user, ana, over, fit)


def test_it_is_nobody_elses(as_user: AsUser, ben: User, over: Booking) -> None:
    assert as_user(ben).get(f"/consultations/{over.pk}/going-on/").status_code == 404
