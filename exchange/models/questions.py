"""Questions to all specialists, asked so that nobody can learn who asked.

There are two rows for a question, of one id. `Submission` is what its author sent, and what has become of it: sealed
under the key of the site, without owner and time. `Question` is there while it is published: what members read, in
clear, with nothing of its author.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self, override
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.sealing import seal_for_site, unseal_for_site
from exchange.pen_names import pen_name
from guide import themes

LONGEST_TITLE, LONGEST = 120, 2_000  # characters


@dataclass(frozen=True, slots=True)
class Asked:
    """What members are to read: title, text and theme (a key of `guide.themes`)."""

    title: str
    text: str
    theme: str


@dataclass(frozen=True, slots=True)
class Words:
    """The sealed document of a submission.

    `asked` are the author's words, None once they are published. `change` is what a moderator would publish instead,
    `reason` why it was sent back or changed, `private` are answers for the author alone. `more` is the one thing more
    that the author asks under the answers, until it is published or sent back (`more_reason`); `thanks` are the ids of
    the answers that they gave thanks for.
    """

    asked: Asked | None
    asked_on: date
    change: Asked | None = None
    reason: str = ""
    private: Sequence[str] = ()
    more: str = ""
    more_reason: str = ""
    thanks: Sequence[str] = ()

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Self:
        asked, change = (Asked(**document[name]) if document[name] else None for name in ("asked", "change"))
        on = date.fromisoformat(document["asked_on"])
        return cls(**document | {"asked": asked, "change": change, "asked_on": on})

    def document(self) -> dict[str, Any]:
        return asdict(self) | {"asked_on": self.asked_on.isoformat()}


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def tagged(self, tags: Iterable[bytes]) -> Self:
        """Those of whoever can make these tags: there is no other way to a person's own."""
        return self.filter(tag__in=list(tags))

    def for_moderators(self) -> Self:
        """What somebody has to read before it is published."""
        return self.filter(Q(state=Submission.State.WAITING) | Q(asks_more=True))


class Submission(models.Model):
    """A question as its author sent it, and what has become of it.

    `tag` is made with the author's data key, so that only whoever is logged in as the author finds the row; `author`,
    account and day, opens with the key of the site alone. No column in clear tells a time, and rows are stored in
    random order. A withdrawn question leaves its row, without a word, as long as the account: the tags are counted up
    without a gap. `due`: what the author did (agreed, gave thanks) is to be shown, with all of that day at once.

    Rows are changed only within `exchange.services.submissions.changing`.
    """

    LABEL = "exchange.submission"
    AUTHOR_LABEL = "exchange.submission.author"

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for review")
        AGREE = "agree", _("changed, waiting for the author")
        AGREED = "agreed", _("changed, and the author agrees")  # published with the others of that day
        BACK = "back", _("sent back")
        PRIVATE = "private", _("answered in private")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class News(models.TextChoices):
        NONE = "", _("none")
        NEW = "new", _("the author is to be told")
        TOLD = "told", _("the author has been told")

    id = models.UUIDField(primary_key=True, editable=False)
    tag = models.BinaryField(_("tag"), max_length=32, unique=True)
    author = models.TextField(_("account and day, sealed"), editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    asks_more = models.BooleanField(_("asks one thing more"), default=False)
    due = models.BooleanField(_("something is to be shown"), default=False)
    news = models.CharField(_("news for the author"), max_length=4, choices=News, default=News.NONE, blank=True)
    sealed = models.TextField(_("sealed"), editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [
            models.Index(fields=["state"], condition=~Q(state__in=["published", "withdrawn"]), name="submission_state"),
            models.Index(fields=["id"], condition=Q(asks_more=True), name="submission_more"),
            models.Index(fields=["id"], condition=Q(due=True), name="submission_due"),
            models.Index(fields=["id"], condition=Q(news="new"), name="submission_news"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="withdrawn", sealed="", asks_more=False, due=False, news="")
                | (~Q(state="withdrawn") & ~Q(sealed="") & ~Q(author="")),
                name="submission_withdrawn_without_words",
            ),
            models.CheckConstraint(
                condition=Q(asks_more=False) | Q(state="published"), name="submission_more_once_published"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.pen_name

    @property
    def pen_name(self) -> str:
        return pen_name(self.pk)

    def words(self) -> Words:
        """What was written. Raises CannotOpen."""
        return Words.of_document(unseal_for_site(self.LABEL, self.pk.bytes, self.sealed))

    def seal(self, words: Words) -> None:
        """Put the words into the row, which is not saved."""
        self.sealed = seal_for_site(self.LABEL, self.pk.bytes, words.document())

    def author_and_day(self) -> tuple[UUID, date]:
        """Whose account it is, and the day of asking: for jobs and limits, never for a page. Raises CannotOpen."""
        document = unseal_for_site(self.AUTHOR_LABEL, self.pk.bytes, self.author)
        return UUID(document["account"]), date.fromisoformat(document["day"])

    def seal_author(self, author: User, now: datetime) -> None:
        document = {"account": str(author.pk), "day": now.date().isoformat()}
        self.author = seal_for_site(self.AUTHOR_LABEL, self.pk.bytes, document)


class SearchColumn(models.GeneratedField):
    """A generated column whose checks do not connect to the database: an installation is checked before it runs.

    Django's own would ask PostgreSQL for its version, which the site requires anyway.
    """

    @override
    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return super().check(**kwargs | {"databases": []})


class Question(models.Model):
    """A published question, readable by members. It is there exactly while its submission's state is `published`.

    `changed`: a moderator left something out, and the author agreed. `more` is the one thing more that the author
    asked. `answers` and `helped` are counted by triggers.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE)
    text = models.TextField(_("text"), max_length=LONGEST)
    theme = models.SlugField(_("topic"), max_length=40, db_index=False, choices=themes.topic_choices)
    pen_name = models.CharField(_("pen name"), max_length=60)
    changed = models.BooleanField(_("changed, with the author’s agreement"), default=False)
    more = models.TextField(_("one thing more"), max_length=LONGEST, default="", blank=True)
    published_on = models.DateField(_("published on"))
    answers = models.PositiveIntegerField(_("answers"), default=0, db_default=0)
    helped = models.PositiveIntegerField(_("helped"), default=0, db_default=0)
    search = SearchColumn(
        expression=SearchVector("title", weight="A", config="english")
        + SearchVector("text", "more", weight="B", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("published question")
        verbose_name_plural = _("published questions")
        indexes = [
            models.Index(fields=["-published_on", "-id"], name="question_newest"),
            models.Index(fields=["theme", "-published_on", "-id"], name="question_newest_of_theme"),
            models.Index(fields=["-helped", "-id"], name="question_helpful"),
            models.Index(fields=["theme", "-helped", "-id"], name="question_helpful_of_theme"),
            models.Index(fields=["-published_on", "-id"], condition=Q(answers=0), name="question_unanswered"),
            models.Index(
                fields=["theme", "-published_on", "-id"], condition=Q(answers=0), name="question_unanswered_of_theme"
            ),
            GinIndex(fields=["search"], name="question_search"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="question_title_trigrams"),
        ]

    @override
    def __str__(self) -> str:
        return self.title


class QuestionDraft(models.Model):
    """The words of questions and answers before they are sent: all of one person's, without a time.

    Sending deletes them. A refused form comes back from here, and is held nowhere else.
    """

    LABEL = "exchange.question_draft"

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sealed = models.BinaryField(_("sealed"))

    class Meta:
        verbose_name = _("draft of a question")
        verbose_name_plural = _("drafts of questions")

    @override
    def __str__(self) -> str:
        return str(self.pk)
