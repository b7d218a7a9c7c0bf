"""How notices about messages, and about what our team has answered or taken down, read."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices import Kind, Line, register
from consultations.models import Booking
from consultations.notices import when
from exchange import reading
from exchange.models import Contact, Question, Side
from lib.direction import isolated


def register_notices() -> None:
    """Called once, from `AppConfig.ready`."""
    register(Kind.ANSWER, answers, gone=_("We had answered a message of yours. It is no longer kept here."))
    register(
        Kind.TAKEN_DOWN,
        taken_down,
        gone=_("Our team had taken down an answer of yours. Its question is not here any more."),
    )
    register(Kind.MESSAGE, arrived, gone=_("A message had arrived. The conversation is no longer kept here."))


def arrived(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    sides = Side.objects.visible_to(reader).filter(pk__in=targets).select_related("thread")
    words = gettext("A message has arrived.")
    lines = {}
    for side in sides:
        terms = reading.terms_of(reader, side)
        lines[side.pk] = Line(words, isolated(terms.other) if terms else "", reverse("message_thread", args=[side.pk]))
    return lines


def taken_down(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    """By question: it is there for whoever answers."""
    rows = Question.objects.filter(pk__in=targets).only("title")
    words = gettext("Our team has taken down an answer of yours.")
    return {row.pk: Line(words, isolated(row.title), reverse("practice:question", args=[row.pk])) for row in rows}


def answers(reader: User, targets: Collection[UUID], now: datetime) -> dict[UUID, Line]:
    rows = Contact.objects.visible_to(reader).filter(pk__in=targets).defer("sealed")
    words = gettext("We have answered your message.")
    lines = {row.pk: Line(words, row.get_topic_display(), f"{reverse('contact')}#{row.pk}") for row in rows}
    others = set(targets) - lines.keys()
    return lines | about_objections(reader, others) if others else lines


def about_objections(reader: User, targets: Collection[UUID]) -> dict[UUID, Line]:
    """That the team has written about an objection to a meeting."""
    theirs = Booking.objects.of_client(reader) | Booking.objects.of_specialist(reader)
    words, lines = gettext("Our team has written to you about a meeting."), {}
    for row in theirs.filter(pk__in=targets).select_related("specialist").defer("sealed"):
        booked = row.client_id == reader.pk
        name = row.specialist.name if booked and row.specialist else ""
        page = reverse("booking_object" if booked else "practice:booking_object", args=[row.pk])
        lines[row.pk] = Line(words, when(row, name), page)
    return lines
