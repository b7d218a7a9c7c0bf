"""What goes with a practice that has ended; the account stays, as a member's."""

from consultations.models import Specialist
from exchange.models import Answer, Answering, Away, ReplyTime, SavedText, Side, Thread
from exchange.services.question_drafts import ANSWER, drafts_of, forget_draft


def leave_practice(*, specialist: Specialist, **_kwargs: object) -> None:
    """Delete answers, conversations and what was at hand for them (receiver of `practice_over`).

    Of a conversation, the member keeps their copy, as if the account were deleted.
    """
    user = specialist.user
    for rows in (Answer, Answering, Away, ReplyTime):
        rows._default_manager.filter(specialist=user.pk).delete()
    SavedText.objects.visible_to(user).delete()
    Side.objects.visible_to(user).filter(thread__specialist=user).delete()
    Thread.objects.filter(specialist=user).update(specialist=None)
    for about in [one for one in drafts_of(user) if one.startswith(ANSWER)]:
        forget_draft(owner=user, about=about)
