"""Once a day, all at once and in random order: what authors did is shown, and authors are told what is new.

Each alone, at its own moment, would tell who was here just then. Nor is there a notice (`accounts.notices`): its row
would name a person on the day on which everybody can see that a question was answered.
"""

import random
from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.notices import Kind, choice_of, may_be_mailed
from accounts.sealing import CannotOpen
from exchange.mails import post_question_news
from exchange.models import Answer, Flag, Helped, Submission
from exchange.services.publishing import publish
from exchange.services.submissions import changing, shuffle

MONDAY = 0
BATCH = 500

State, News = Submission.State, Submission.News


@changing
def end_day(*, now: datetime) -> None:
    """Show, tell and forget what is due, and store all submissions and what readers left in random order."""
    show_what_is_due(now)
    tell_authors(now)
    forget_authors_of_withdrawn(now)
    for model in (Submission, Helped, Flag):
        shuffle(most=None, model=model)


def show_what_is_due(now: datetime) -> None:
    """Publish what authors agreed to, and show their thanks."""
    for row in in_random_order([*Submission.objects.filter(due=True)]):
        try:
            words = row.words()
        except CannotOpen:
            continue
        row.due = False
        if row.state == State.AGREED and words.change:
            publish(row, words.change, changed=True, today=now.date())
            continue
        Answer.objects.filter(question=row.pk, pk__in=words.thanks).update(thanked=True)
        row.save(force_update=True)


def tell_authors(now: datetime) -> None:
    """Queue one e-mail to each author with news who wants that: at once, or on Mondays. It names nobody."""
    waiting = Submission.objects.filter(news=News.NEW)
    authors = {row.pk: author_of(row) for row in waiting.only("author").iterator()}
    rest, wanting = set[UUID](), set[UUID]()
    for some in batches(sorted(set(filter(None, authors.values())))):
        for owner in User.objects.filter(pk__in=some).select_related("data_key"):
            choice = choice_of(owner)
            if choice.mail_weekly and now.weekday() != MONDAY:
                rest.add(owner.pk)
            elif may_be_mailed(owner) and choice.mail_is_safe and Kind.ANSWER not in choice.not_mailed:
                wanting.add(owner.pk)
    told = [pk for pk, author in authors.items() if author not in rest]
    waiting.filter(pk__in=told).update(news=News.TOLD)
    for account in in_random_order([*wanting]):
        post_question_news(account, now=now)


def author_of(row: Submission) -> UUID | None:
    try:
        return row.author_and_day()[0]
    except CannotOpen:
        return None


def forget_authors_of_withdrawn(now: datetime) -> None:
    """Forget who withdrew a question, once it does not count towards the limit of the day any more."""
    for row in Submission.objects.filter(state=State.WITHDRAWN).exclude(author=""):
        try:
            is_over = row.author_and_day()[1] < now.date()
        except CannotOpen:
            is_over = True
        if is_over:
            Submission.objects.filter(pk=row.pk).update(author="")


def batches[Row](rows: list[Row]) -> list[list[Row]]:
    return [rows[begin : begin + BATCH] for begin in range(0, len(rows), BATCH)]


def in_random_order[Row](rows: list[Row]) -> list[Row]:
    return random.SystemRandom().sample(rows, len(rows))
