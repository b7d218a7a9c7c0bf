"""Export of a member's questions, and of a specialist's answers."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen, unseal
from exchange import own
from exchange.models import Answer, Question, QuestionDraft, Submission
from guide import themes

CHUNK = 100
NO_WORDS = {"stamp", "client", "sequence", "revision"}  # of a draft: they tell pages from each other


def questions(owner: User) -> Iterator[Document]:
    """Those of the owner, in the order in which they were sent; of those withdrawn, nothing is left."""
    for submission in kept(owner):
        row: Document = {"id": str(submission.pk), "state": submission.state, "pen_name": submission.pen_name}
        try:
            words = submission.words().document()
        except CannotOpen:
            yield row | {"cannot_be_opened": True}
            continue
        yield row | words | {"asked": words["asked"] or in_clear(submission)}


def kept(owner: User) -> Iterator[Submission]:
    try:
        rows = own.own(owner)
    except CannotOpen:
        return
    yield from (row for row in rows if row.state != Submission.State.WITHDRAWN)


def in_clear(submission: Submission) -> Document | None:
    """What is published, and is not sealed any more."""
    one = Question.objects.filter(pk=submission.pk).first()
    return {name: getattr(one, name) for name in ("title", "text", "theme", "more")} if one else None


def questions_text(owner: User) -> Iterator[str]:
    yield "# {}\n".format(_("Your questions"))
    for row in questions(owner):
        asked = row.get("asked")
        if not asked:
            yield "\n{}\n".format(_("This question can’t be opened. It has not been changed."))
            continue
        about = _("%(topic)s, as %(name)s") % {"topic": themes.topic(asked["theme"]), "name": row["pen_name"]}
        yield f"\n## {asked['title']}\n\n{about}\n\n{asked['text']}\n"
        if more := asked.get("more") or row["more"]:
            yield "\n### {}\n\n{}\n".format(_("One thing more"), more)
        for answer in row["private"]:
            yield "\n### {}\n\n{}\n".format(_("Our answer, for you alone"), answer)


def question_drafts(owner: User) -> Iterator[Document]:
    for draft in QuestionDraft.objects.filter(owner=owner):
        try:
            for fields in unseal(owner, QuestionDraft.LABEL, owner.pk, bytes(draft.sealed)).values():
                yield {name: value for name, value in fields.items() if name not in NO_WORDS}
        except CannotOpen:
            yield {"cannot_be_opened": True}


def answers(owner: User) -> Iterator[Document]:
    """A specialist's, with what they said before."""
    rows = Answer.objects.filter(specialist=owner).prefetch_related("versions").order_by("on", "id")
    for answer in rows.iterator(chunk_size=CHUNK):
        earlier = [
            {"text": one.text, "reply": one.reply, "until": one.until.isoformat()} for one in answer.versions.all()
        ]
        yield {
            "id": str(answer.pk),
            "question": str(answer.question_id),
            "text": answer.text,
            "reply": answer.reply,
            "on": answer.on.isoformat(),
            "earlier": earlier,
        }


QUESTIONS = Portable(questions, readable=("questions.md", questions_text))
QUESTION_DRAFTS = Portable(question_drafts)
ANSWERS = Portable(answers)
