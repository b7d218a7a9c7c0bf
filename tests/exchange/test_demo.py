"""The demo's inbox, conversations and questions."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from assessments.services import load_version
from consultations.models import ProfileChange, Specialist, Verification
from consultations.models.bookings import Status
from exchange.admin.objections import DISPUTED, ObjectionAdmin
from exchange.models import (
    Answer,
    AnswerTemplate,
    Contact,
    Flag,
    Objection,
    ProfileReport,
    Question,
    Report,
    Side,
    Submission,
    Thread,
)
from exchange.services import objections
from reflect.management.demo_contact import seed_contact
from tests.assessments.vectors import SOURCE, SOURCE_2
from tests.staff import staff

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.time_machine(NOW, tick=False)
def test_there_is_a_message_in_each_state_and_seeding_twice_makes_them_once(ana: User, ben: User) -> None:
    staff("sam@example.org", Role.SUPPORT)
    for _run in range(2):
        seed_contact(now=timezone.now())
    states = [*Contact.objects.values_list("state", flat=True)]
    assert sorted(states) == ["answered", "closed", "new", "new", "open"]
    assert {row.owner for row in Contact.objects.all()} == {ana, ben, None}
    assert AnswerTemplate.objects.count() == 1


@pytest.mark.time_machine(NOW, tick=False)
@pytest.mark.usefixtures("db")
def test_there_are_conversations_and_questions_in_each_state_and_seeding_twice_makes_them_once() -> None:
    call_command("load_prompts", verbosity=0)
    for source in (SOURCE, SOURCE_2):
        load_version(source=source, publish=True, now=NOW)
    for _run in range(2):
        call_command("seed_demo", verbosity=0)
    assert Thread.objects.count() == 3
    assert Side.objects.fresh().count() == 2
    assert Report.objects.count() == ProfileReport.objects.count() == ProfileChange.objects.count() == 1
    approved = Specialist.objects.filter(status="verified")
    assert {*approved.values_list("pk", flat=True)} == {*Verification.objects.values_list("specialist", flat=True)}
    assert {row.verified_by and row.verified_by.email for row in approved} == {"vera@example.org"}
    [objection] = Objection.objects.filter(objected_at__isnull=False)
    ours = ObjectionAdmin(Objection, admin.site)
    said = ours.disputed(objection)
    assert said == DISPUTED["client_no_show"]
    objections.settle(booking_id=objection.pk, outcome=Status.COMPLETED, reason="", now=NOW)
    objection.refresh_from_db()
    assert ours.disputed(objection) == said
    states = {*Submission.objects.values_list("state", flat=True)}
    assert states == {*Submission.State.values} - {"agreed"}  # published at the end of the day
    assert Question.objects.filter(answers=2, helped=4).exclude(more="").count() == 1
    assert Question.objects.filter(answers=0).count() == 2
    assert Answer.objects.filter(thanked=True).count() == 2
    assert Flag.objects.count() == 1
