"""How a question comes to stand in clear."""

from dataclasses import replace
from datetime import date

from exchange.models import Question, Submission
from exchange.models.questions import Asked


def publish(submission: Submission, asked: Asked, *, changed: bool, today: date) -> Question:
    """Publish these words, and seal them no longer. Within `changing`, as all that changes a submission."""
    words = submission.words()
    submission.state, submission.news = Submission.State.PUBLISHED, Submission.News.NEW
    submission.seal(replace(words, asked=None, change=None, reason=""))
    submission.save(force_update=True)
    return Question.objects.create(
        id=submission.pk,
        title=asked.title,
        text=asked.text,
        theme=asked.theme,
        pen_name=submission.pen_name,
        changed=changed,
        published_on=today,
    )
