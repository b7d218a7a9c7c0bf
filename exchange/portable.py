"""Export of what people write to each other, to those who run the site, and for all to read.

There is no import: it could be forged.
"""

from collections.abc import Iterator
from dataclasses import asdict

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen, unseal
from exchange import own
from exchange.models import (
    Answer,
    Away,
    Contact,
    Draft,
    Message,
    Question,
    QuestionDraft,
    ReplyTime,
    Report,
    SavedText,
    Side,
    Submission,
)
from exchange.models.contact import Words
from exchange.models.messages import Terms
from guide import themes
from lib.zones import zone

CHUNK = 100


def opened(owner: User) -> Iterator[tuple[Contact, Words | None]]:
    """Oldest first; None for words that cannot be opened."""
    for contact in Contact.objects.visible_to(owner).order_by("day", "id").iterator(chunk_size=CHUNK):
        try:
            yield contact, contact.words()
        except CannotOpen:
            yield contact, None


def contacts(owner: User) -> Iterator[Document]:
    for contact, words in opened(owner):
        row: Document = {"id": str(contact.pk), "topic": contact.topic, "state": contact.state}
        if words is None:
            yield row | {"day": contact.day.isoformat(), "cannot_be_opened": True}
            continue
        answers = [asdict(said) | {"at": said.at.isoformat()} for said in words.answers]
        yield row | {"text": words.asked.text, "at": words.asked.at.isoformat(), "answers": answers}


def contacts_text(owner: User) -> Iterator[str]:
    """The same as Markdown, with times in the owner's time zone."""
    yield "# {}\n".format(_("What you wrote to us"))
    here = zone(owner.timezone)
    for contact, words in opened(owner):
        yield f"\n## {contact.day:%Y-%m-%d}, {contact.get_topic_display()}\n"
        if words is None:
            yield "\n{}\n".format(_("This message can't be opened. It has not been changed."))
            continue
        yield f"\n{words.asked.text}\n"
        for said in words.answers:
            day = f"{timezone.localtime(said.at, here):%Y-%m-%d}"
            yield "\n### {}\n\n{}\n".format(_("Our answer, %(day)s") % {"day": day}, said.text)


def sides(owner: User) -> Iterator[tuple[Side, Terms | None]]:
    """Every conversation of theirs, the latest first; None for terms that cannot be opened."""
    for side in Side.objects.visible_to(owner).latest_first().iterator(chunk_size=CHUNK):
        try:
            yield side, side.terms(owner)
        except CannotOpen:
            yield side, None


def written(owner: User, side: Side) -> Iterator[tuple[Message | Draft, Document]]:
    """What one side holds, oldest first, with what of each row does not depend on the conversation."""
    for message in side.messages.order_by("number").iterator(chunk_size=CHUNK):
        by = {"by_me": message.is_own, "at": message.at.isoformat()}
        opened_on = {"opened_on": message.opened_on.isoformat()} if message.opened_on else {}
        yield message, by | opened_on | text_of(owner, message)
    for draft in side.drafts.order_by("changed_at", "id").iterator(chunk_size=CHUNK):
        yield draft, {"draft": True, "at": draft.changed_at.isoformat()} | text_of(owner, draft)


def text_of(owner: User, row: Message | Draft) -> Document:
    try:
        words = row.words(owner)
    except CannotOpen:
        return {"cannot_be_opened": True}
    return {"text": words.text} | ({"refers_to": words.refers_to} if words.refers_to else {})


def messages(owner: User) -> Iterator[Document]:
    for side, terms in sides(owner):
        who = {"my_name": terms.me, "other": terms.other} if terms else {}
        for row, document in written(owner, side):
            yield {"id": str(row.pk), "conversation": str(side.pk)} | who | document


def messages_text(owner: User) -> Iterator[str]:
    """The same as Markdown, with times in the owner's time zone."""
    yield "# {}\n".format(_("Messages"))
    here = zone(owner.timezone)
    for side, terms in sides(owner):
        yield "\n## {}\n".format(terms.other if terms else _("This conversation can’t be opened."))
        for row, document in written(owner, side):
            by = _("Draft") if isinstance(row, Draft) else _("You") if row.is_own else terms.other if terms else ""
            at = timezone.localtime(row.changed_at if isinstance(row, Draft) else row.at, here)
            text = document.get("text") or _("This message can't be opened. It has not been changed.")
            yield f"\n### {at:%Y-%m-%d %H:%M}, {by}\n\n{text}\n"


def reports(owner: User) -> Iterator[Document]:
    """That a conversation was reported, and why; the messages in it are exported with the conversation."""
    for report in Report.objects.visible_to(owner).order_by("day", "id").iterator(chunk_size=CHUNK):
        row: Document = {
            "id": str(report.pk),
            "conversation": str(report.side_id) if report.side_id else None,
            "state": report.state,
            "settled_on": report.settled_on.isoformat() if report.settled_on else None,
        }
        try:
            reason = report.told().reason
        except CannotOpen:
            yield row | {"day": report.day.isoformat(), "cannot_be_opened": True}
        else:
            yield row | {"at": reason.at.isoformat(), "reason": reason.text}


def saved_texts(owner: User) -> Iterator[Document]:
    for row in SavedText.objects.visible_to(owner).order_by("id"):
        try:
            words: Document = asdict(row.words(owner))
        except CannotOpen:
            words = {"cannot_be_opened": True}
        yield {"id": str(row.pk)} | words


def away(owner: User) -> Iterator[Document]:
    """When a specialist was away and is going to be; then how soon they usually answer."""
    for row in Away.objects.filter(specialist=owner.pk).order_by("starts_at"):
        yield {"from": row.starts_at.isoformat(), "until": row.ends_at.isoformat(), "note": row.note}
    for reply in ReplyTime.objects.filter(specialist=owner.pk):
        yield {"usually_answers_within_seconds": round(reply.median.total_seconds())}


MESSAGES = Portable(messages, readable=("messages.md", messages_text))
CONTACTS = Portable(contacts, readable=("contact.md", contacts_text))
REPORTS = Portable(reports)
SAVED_TEXTS = Portable(saved_texts)
AWAY = Portable(away)


# Questions


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
                yield {name: value for name, value in fields.items() if name != "stamp"}
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
