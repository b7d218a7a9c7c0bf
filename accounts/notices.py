"""Notices: what is new for a person. Any app writes one with the change that causes it; each says how its kinds read.

An e-mail about a notice says only that something is new. None is sent until a person says that e-mail is safe.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from accounts import outbox
from accounts.models import Mail, Notice, Unread, User
from accounts.sealing import CannotOpen, seal, tag, unseal_many
from accounts.self_document import Self, opened

Kind = Notice.Kind

ONE, WEEKLY = "news", "news_weekly"  # the kinds of mails
MAILED_ANYWAY = {Kind.PROFILE_CHECKED, Kind.TAKEN_DOWN}  # the choice of kinds leaves these out
WEEK = timedelta(weeks=1)
WEEKLY_AT = timedelta(hours=7)  # after the beginning of Monday, in UTC
BATCH = 500


@dataclass(frozen=True, slots=True)
class Line:
    """How a notice reads now. Without a link, what it is about is gone."""

    words: str
    about: str = ""
    link: str = ""
    said: str = ""  # by somebody, in words of their own


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice with its line."""

    notice: Notice
    line: Line


type Tell = Callable[[User, Collection[UUID], datetime], Mapping[UUID, Line | None]]


@dataclass(frozen=True, slots=True)
class Teller:
    """How one kind reads: `tell` has the lines of those targets that this person can still open, in one query.

    None instead of a line: they are not to see the notice at all.
    """

    tell: Tell
    gone: str | Promise


tellers: dict[str, Teller] = {}


def register(kind: Kind, tell: Tell, *, gone: str | Promise) -> None:
    """Say how notices of a kind read, once, from `AppConfig.ready`."""
    if kind in tellers:
        raise ValueError(f"{kind} is registered twice.")
    tellers[kind] = Teller(tell, gone)


def choosable() -> list[Kind]:
    """The kinds of which a person can choose whether they are mailed."""
    return [kind for kind in Kind if kind in tellers and kind not in MAILED_ANYWAY]


@transaction.atomic(savepoint=False)
def notify(*, owner: User, kind: Kind, target: UUID, now: datetime, mails: bool = True, is_new: bool = True) -> None:
    """Tell somebody that something is new, in the caller's transaction; the only way to write a notice.

    For the same kind and target there is one notice, which moves up and is new again. While it is new, it is mailed
    once, and only if its owner wants that. `mails`: False where the change sends this person a mail of its own.
    `is_new`: False where a page says it by itself; such a notice is not mailed. The owner's count stays locked until
    the transaction ends, so whoever tells several people does it by their ids.
    """
    try:
        pk = id_of(owner, kind, target)
        sealed = seal(owner, Notice.LABEL, pk, {"kind": kind, "target": str(target)})
    except CannotOpen:
        return  # without their key, they could not read it
    is_mailed = mails and is_new and is_wanted(owner, kind)
    before = Notice.objects.filter(pk=pk).first() if is_mailed else None
    notice = Notice(id=pk, owner=owner, at=now, opened_at=None if is_new else now, sealed=sealed)
    Notice.objects.bulk_create([notice], update_conflicts=True, unique_fields=["id"], update_fields=["at", "opened_at"])
    if is_mailed and not (before and before.opened_at is None):
        # Two writers at once see the same state before, so that the outbox takes the mail of one of them.
        outbox.post(owner, kind=ONE, about=pk, once=f"{ONE}:{before.opened_at if before else ''}", now=now)


def id_of(owner: User, kind: Kind, target: UUID) -> UUID:
    """The id of the one notice about this. Raises CannotOpen."""
    return UUID(bytes=tag(owner, Notice.LABEL, f"{kind}:{target}".encode())[:16])


def unread(user: User) -> Unread:
    """How much is new; for whoever is logged in, that costs no query."""
    try:
        return user.unread
    except Unread.DoesNotExist:
        return Unread()


def new_for(user: User) -> int:
    """How many notices are new."""
    return unread(user).notices


def open_notice(*, owner: User, notice_id: UUID, now: datetime) -> None:
    """Mark a notice as read. Idempotent."""
    Notice.objects.visible_to(owner).new().filter(pk=notice_id).update(opened_at=now)


def open_about(*, owner: User, kind: Kind, target: UUID, now: datetime) -> None:
    """Mark the notice about this as read, if there is one: its owner has seen what it is about."""
    with suppress(CannotOpen):
        open_notice(owner=owner, notice_id=id_of(owner, kind, target), now=now)


def open_all(*, owner: User, until: datetime, now: datetime) -> None:
    """Mark what had come until then as read: what came later, nobody has seen yet."""
    Notice.objects.visible_to(owner).new().filter(at__lte=until).update(opened_at=now)


def shown(user: User, notices: Sequence[Notice], now: datetime) -> list[Shown]:
    """Those of these notices that one person is to see, as they read now; one query for each kind among them."""
    found = list(contents(user, notices))
    targets: dict[str, set[UUID]] = defaultdict(set)
    for _notice, about in found:
        if about:
            targets[about.kind].add(about.target)
    lines = {kind: tellers[kind].tell(user, ids, now) for kind, ids in targets.items() if kind in tellers}
    read = [(notice, line_of(about, lines)) for notice, about in found]
    return [Shown(notice, line) for notice, line in read if line]


@dataclass(frozen=True, slots=True)
class About:
    """What is sealed in a notice."""

    kind: str
    target: UUID


def contents(user: User, notices: Iterable[Notice]) -> Iterable[tuple[Notice, About | None]]:
    """Each notice with what it is about, or None if it cannot be opened."""
    rows = ((row.pk, bytes(row.sealed), row) for row in notices)
    for row, document in unseal_many(user, Notice.LABEL, rows):
        yield row, About(document["kind"], UUID(document["target"])) if document else None


def line_of(about: About | None, lines: Mapping[str, Mapping[UUID, Line | None]]) -> Line | None:
    if about is None:
        return Line(gettext("This notice can’t be opened. It has not been changed."))
    if about.kind not in lines:  # of an app that is no longer installed
        return Line(gettext("What this was about is no longer here."))
    return lines[about.kind].get(about.target, Line(str(tellers[about.kind].gone)))


# E-mails


def choice_of(owner: User) -> Self:
    """What the owner chose; nothing is sent if that cannot be opened."""
    try:
        return opened(owner)
    except CannotOpen:
        return Self()


def is_wanted(owner: User, kind: str) -> bool:
    """Whether each new notice of this kind is mailed."""
    choice = choice_of(owner)
    return choice.mail_is_safe and not choice.mail_weekly and kind not in choice.not_mailed


def is_wanted_sometime(owner: User, kind: str) -> bool:
    """Whether a new notice of this kind leads to a mail, of its own or the weekly one."""
    choice = choice_of(owner)
    return choice.mail_is_safe and kind not in choice.not_mailed


def is_wanted_weekly(owner: User) -> bool:
    choice = choice_of(owner)
    return choice.mail_is_safe and choice.mail_weekly


def may_be_mailed(owner: User | None) -> bool:
    return owner is not None and owner.is_active and not owner.asked_to_close


def count_for_mail(owner: User) -> int:
    """How many new notices there are of the kinds that the owner wants mails about."""
    unwanted = choice_of(owner).not_mailed
    new = contents(owner, Notice.objects.visible_to(owner).new().iterator())
    return sum(about is not None and about.kind not in unwanted for _notice, about in new)


def last_monday(now: datetime) -> datetime:
    """The last moment, up to now, when the weekly e-mails were due."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday()) + WEEKLY_AT
    return monday if monday <= now else monday - WEEK


def post_weekly(*, now: datetime) -> None:
    """Queue the weekly e-mails: one to everybody who wants it and for whom something of the last week is new.

    A run that is repeated leaves out whom it finds in the outbox.
    """
    until = last_monday(now)
    once = f"{WEEKLY}:{until:%G-%V}"
    new = Notice.objects.new().filter(at__gte=until - WEEK, at__lt=until)
    posted = Exists(Mail.objects.filter(owner=OuterRef("pk"), about=None, once=once))
    people = User.objects.filter(~posted, pk__in=new.values("owner"), is_active=True).select_related("data_key")
    after = UUID(int=0)
    while batch := list(people.filter(pk__gt=after).order_by("pk")[:BATCH]):
        after = batch[-1].pk
        wanting = [owner for owner in batch if may_be_mailed(owner) and is_wanted_weekly(owner)]
        if wanting:
            outbox.post_each(wanting, kind=WEEKLY, once=once, now=now)


def compose(mail: Mail, now: datetime) -> EmailMessage | None:
    """Nothing if the notice has been opened, or mails about it are not wanted any more."""
    owner = mail.owner
    if owner is None or not may_be_mailed(owner):
        return None
    found = contents(owner, Notice.objects.visible_to(owner).new().filter(pk__in=[mail.about]))
    if not any(about and is_wanted(owner, about.kind) for _notice, about in found):
        return None
    return outbox.render(mail, "accounts/email/news", {"log_in": settings.SITE_URL + reverse("account_login")})


def compose_weekly(mail: Mail, now: datetime) -> EmailMessage | None:
    """Nothing if all has been read meanwhile, or the weekly e-mail is not wanted any more."""
    owner = mail.owner
    if owner is None or not may_be_mailed(owner) or not is_wanted_weekly(owner):
        return None
    count = count_for_mail(owner)
    context = {"log_in": settings.SITE_URL + reverse("account_login"), "count": count}
    return outbox.render(mail, "accounts/email/news", context) if count else None


def register_mails() -> None:
    """Called once, from `AppConfig.ready`."""
    outbox.register(ONE, compose)
    outbox.register(WEEKLY, compose_weekly)
