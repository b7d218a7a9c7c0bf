"""Export of conversations, and of what was reported of them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.portable import Document, Portable
from accounts.sealing import CannotOpen
from exchange.models import Draft, Message, ProfileReport, Report, Side
from exchange.models.messages import Terms
from lib.zones import zone

CHUNK = 100


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
            text = document.get("text") or _("This message can’t be opened. It has not been changed.")
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


def profile_reports(owner: User) -> Iterator[Document]:
    """That a profile was reported, and why; what it said is its specialist's."""
    rows = ProfileReport.objects.visible_to(owner).select_related("specialist").order_by("day", "id")
    for report in rows.iterator(chunk_size=CHUNK):
        row: Document = {
            "id": str(report.pk),
            "specialist": report.specialist.name if report.specialist else None,
            "state": report.state,
            "settled_on": report.settled_on.isoformat() if report.settled_on else None,
        }
        try:
            reason = report.told().reason
        except CannotOpen:
            yield row | {"day": report.day.isoformat(), "cannot_be_opened": True}
        else:
            yield row | {"at": reason.at.isoformat(), "reason": reason.text}


MESSAGES = Portable(messages, readable=("messages.md", messages_text))
REPORTS = Portable(reports)
PROFILE_REPORTS = Portable(profile_reports)
