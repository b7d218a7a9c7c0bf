"""The steps of the half hour, in words for each side. The minutes are a guide: either side may leave them aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from consultations.models.bookings import Side
from consultations.times import DURATION

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Words:
    """What one side reads of a step; `example` is something that they might say."""

    title: "_StrPromise"
    text: "_StrPromise"
    example: "_StrPromise | str" = ""


@dataclass(frozen=True, slots=True)
class Step:
    minute: int
    client: Words
    specialist: Words


STEPS: Sequence[Step] = (
    Step(
        0,
        Words(
            _("Arrive"),
            _("The specialist says what stays between you, and where that has limits. You can ask anything about it."),
            _("“Before we begin, I would like to know what you write down.”"),
        ),
        Words(
            _("Arrive"),
            _("Say what stays between you, where that has limits, and what you write down. Either of you may stop."),
            _("“What would you like to know before we begin?”"),
        ),
    ),
    Step(
        3,
        Words(
            _("What brings you, in your words"),
            _("The short version is enough. Painful details can wait for another day, or stay with you."),
            _("“What I would like to talk about is …”"),
        ),
        Words(
            _("What brings them, in their words"),
            _("Listen first. Please do not ask for painful details: there is no time to close what has been opened."),
            _("“What would you like me to know today?”"),
        ),
    ),
    Step(
        11,
        Words(
            _("What would be a little better"),
            _("Not solved; a little better. What would you notice first?"),
            _("“I would notice it when …”"),
        ),
        Words(
            _("What would be a little better"),
            _("Not solved; a little better. Ask for one small sign on an ordinary day."),
            _("“What would you notice first?”"),
        ),
    ),
    Step(
        17,
        Words(
            _("What has helped, and what gets in the way"),
            _("Small things count, and so does what you have tried without success."),
            _("“It was easier when …”"),
        ),
        Words(
            _("What has helped, and what gets in the way"),
            _("Small things count. If fear or control comes up, ask gently, and point to “Help now”."),
            _("“When was it easier, even a little?”"),
        ),
    ),
    Step(
        24,
        Words(
            _("One next step, and whether to go on"),
            _("Something that depends on you alone. Whether to go on can wait: “I am not sure yet” is a good answer."),
            _("“This week I could …”"),
        ),
        Words(
            _("One next step, and whether to go on"),
            _("The step is theirs to choose and to write down. Say plainly whether you could go on together."),
            _("“What would you like to do next, however small?”"),
        ),
    ),
)
END = {
    Side.CLIENT: Words(_("The end"), _("The specialist keeps the time, so that you do not have to.")),
    Side.SPECIALIST: Words(_("The end"), _("You keep the time, so that the client does not have to.")),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A step at the time of one meeting."""

    at: datetime
    words: Words


def agenda(starts_at: datetime, side: Side) -> list[Moment]:
    """The steps of a meeting, and its end."""
    steps = [
        Moment(starts_at + timedelta(minutes=step.minute), step.client if side is Side.CLIENT else step.specialist)
        for step in STEPS
    ]
    return [*steps, Moment(starts_at + DURATION, END[side])]
