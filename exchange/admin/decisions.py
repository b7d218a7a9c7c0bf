"""What moderators can decide about a question, and in which state."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.forms.moderation import AnswerForm, ChangeForm, DecisionForm, PrivateForm, ReasonForm, SettleForm
from exchange.models import Submission
from exchange.services import moderation
from lib.admin import Change

State = Submission.State


def by(
    decide: Callable[..., bool], *, timed: bool = False
) -> Callable[[Submission, HttpRequest, Mapping[str, Any]], bool]:
    """What staff do, by a function of `services.moderation`; `timed` if it has to know when."""

    def act(row: Submission, request: HttpRequest, values: Mapping[str, Any]) -> bool:
        when = {"now": timezone.now()} if timed else {}
        return decide(submission_id=row.pk, **values, **when)

    return act


WAITS = Q(state=State.WAITING)
ASKS_MORE = Q(asks_more=True)
IN_PRIVATE = _("Answer in private")
ANSWERED, PUBLISHED, SENT_BACK = _("Answered in private."), _("Published."), _("Sent back.")
TO_WRITE_ANEW = _("The author can write it differently and send it again.")

DECISIONS = {
    "private": Change(
        label=IN_PRIVATE,
        explanation=_(
            "Only the author reads your answer. The question never becomes a page. This is right whenever somebody "
            "may be in danger."
        ),
        said=ANSWERED,
        to=WAITS | Q(state=State.PRIVATE),
        act=by(moderation.answer),
        form=PrivateForm,
    ),
    "publish": Change(
        label=_("Publish"),
        explanation=_("Members read it from now on, just as it is here."),
        said=PUBLISHED,
        to=WAITS,
        act=by(moderation.publish, timed=True),
        form=DecisionForm,
    ),
    "change": Change(
        label=_("Leave something out"),
        explanation=_(
            "Take out what could identify somebody, and change no more than that. The author sees your version, "
            "and has to agree. Until then it does not appear."
        ),
        said=_("Sent to the author, who has to agree."),
        to=WAITS,
        act=by(moderation.propose),
        form=ChangeForm,
    ),
    "back": Change(
        label=_("Send back"),
        explanation=TO_WRITE_ANEW,
        said=SENT_BACK,
        to=WAITS,
        act=by(moderation.send_back),
        form=ReasonForm,
    ),
    "undo": Change(
        label=_("Take the change back"),
        explanation=_("The question waits for review again, as the author wrote it."),
        said=_("Change taken back."),
        to=Q(state=State.AGREE),
        act=by(moderation.take_back),
        form=DecisionForm,
    ),
    "more_private": Change(
        label=IN_PRIVATE,
        explanation=_("Only the author reads your answer. What else was asked is not published."),
        said=ANSWERED,
        to=ASKS_MORE,
        act=by(moderation.answer_more),
        form=PrivateForm,
    ),
    "more_publish": Change(
        label=_("Publish the one thing more"),
        explanation=_("Members read it below the question, just as it is here."),
        said=PUBLISHED,
        to=ASKS_MORE,
        act=by(moderation.publish_more),
        form=DecisionForm,
    ),
    "more_back": Change(
        label=_("Send the one thing more back"),
        explanation=TO_WRITE_ANEW,
        said=SENT_BACK,
        to=ASKS_MORE,
        act=by(moderation.send_back_more),
        form=ReasonForm,
    ),
    "settle": Change(
        label=_("Settle the flags"),
        explanation=_("The question stays as it is. Nobody is told."),
        said=_("Flags settled."),
        to=Q(state=State.PUBLISHED),
        act=by(moderation.settle, timed=True),
        form=SettleForm,
    ),
    "answer_down": Change(
        label=_("Take an answer down"),
        explanation=_(
            "The question and its other answers stay. The specialist sees your reason, and can write the answer "
            "differently and publish it again."
        ),
        said=_("Answer taken down."),
        to=Q(state=State.PUBLISHED),
        act=by(moderation.take_down_answer, timed=True),
        form=AnswerForm,
    ),
    "down": Change(
        label=_("Take down"),
        explanation=_(
            "Nobody can read it here any more. Its answers and flags are deleted. The author sees your reason, and "
            "can write the question differently and send it again."
        ),
        said=_("Taken down."),
        to=Q(state=State.PUBLISHED),
        act=by(moderation.take_down, timed=True),
        form=ReasonForm,
    ),
}
