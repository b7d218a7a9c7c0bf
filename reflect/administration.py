"""The administration as a place to work: what waits, how the service is, and the way to everything else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, override

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from accounts.roles import roles_of
from consultations.models import Specialist
from lib.admin import titled
from lib.waiting import MOST, For, Kind, Tally, kinds, waited
from reflect.service_state import ServiceState

# Where each list stands; what is not named here is a record.
PEOPLE = (
    *("consultations.specialist", "consultations.booking", "exchange.objection"),
    *("accounts.user", "accounts.staff"),
)
WORDS = (
    *("exchange.submission", "exchange.contact", "exchange.answertemplate"),
    *("exchange.report", "exchange.profilereport"),
    *("guide.prompt", "reflect.helplinerecord", "reflect.banner", "assessments.instrumentversion"),
)
GROUPS: Mapping[str | Promise, Sequence[str]] = {
    gettext_lazy("People"): PEOPLE,
    gettext_lazy("Words"): WORDS,
    gettext_lazy("Records"): (),
}
IN_MENU: Mapping[str, str | Promise] = {
    "consultations.specialist": gettext_lazy("Specialists"),
    "exchange.submission": gettext_lazy("Questions"),
    "exchange.contact": gettext_lazy("Messages"),
    "reflect.dailyfigure": gettext_lazy("Figures"),
    "accounts.staffaction": gettext_lazy("Log"),
}
LAST = 10  # of what somebody did
RECORDS = [  # without a model: label, address, and whether it is for owners alone
    (gettext_lazy("How much the journal is used"), "journal_counts", True),
    (gettext_lazy("What we promise, and how it is checked"), "admin_status", False),
]

WORKERS: Mapping[str, str | Promise] = {
    "mail": gettext_lazy("Worker for e-mails"),
    "housekeeping": gettext_lazy("Worker for everything else"),
    "calendars": gettext_lazy("Worker for calendars"),
}


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the first page."""

    kind: Kind
    tally: Tally
    waited: str

    @property
    def count(self) -> str:
        return f"{MOST}+" if self.tally.count > MOST else str(self.tally.count)

    @property
    def page(self) -> str:
        return self.kind.page()

    @property
    def since(self) -> datetime:
        """For the order: what waits since nobody knows when comes last."""
        return as_moment(self.tally.oldest)


class Administration(AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = gettext_lazy("What waits")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.empty_value_display = "–"
        self.disable_action("delete_selected")  # it logs in bulk, without the signal that `staff_log.py` follows

    @override
    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        lists = by_model(context["available_apps"], request.path)
        owns = getattr(request.user, "is_superuser", False)
        return context | {
            "groups": groups(lists, owns=owns),
            "menu": [replace(lists[name], label=str(label)) for name, label in IN_MENU.items() if name in lists],
        }

    @override
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        now, user = timezone.now(), request.user
        assert isinstance(user, User)
        mine = [kind for kind in kinds if user.has_perm(kind.right)]
        found = sorted((counted(kind, now) for kind in mine), key=lambda one: one.since)
        context = {
            "now": now,
            "roles": [role.label for role in roles_of(user)],
            "for_people": [one for one in found if one.tally.count and one.kind.whom is For.PERSON],
            "for_service": [one for one in found if one.tally.count and one.kind.whom is For.SERVICE],
            "nothing_in": [one.kind.label for one in found if not one.tally.count],
            "lede": lede([one for one in found if one.kind.whom is For.PERSON]),
            "facts": facts(ServiceState.read(), now) if user.has_perm("reflect.view_failedjob") else [],
            "may_find": user.has_perm("consultations.view_specialist"),
            "did": did(user),
            "find_label": self.get_model_admin(Specialist).search_help_text,
        }
        return super().index(request, context | (extra_context or {}))


def did(user: User) -> list[tuple[str, str, str]]:
    """What somebody did last: the row's name, its page if they may open it, and what was done."""
    found = []
    for entry in LogEntry.objects.filter(user=user).select_related("content_type")[:LAST]:
        kind, page = entry.content_type, ""
        if kind and not entry.is_deletion() and user.has_perm(f"{kind.app_label}.view_{kind.model}"):
            page = entry.get_admin_url() or ""
        found.append((titled(kind.name if kind else "", entry.object_repr), page, entry.get_change_message()))
    return found


def backup_unknown() -> str:
    """What whoever runs the server can do about it."""
    if settings.BACKUP_STAMP:
        return _("Not known: the file named in BACKUP_STAMP is not there. Check that the backup runs and touches it.")
    return _("Not known. Let your backup touch a file when it is done, and name that file in BACKUP_STAMP.")


def by_model(apps: Iterable[Mapping[str, Any]], path: str) -> dict[str, Link]:
    """The lists that somebody may see, by the name of their model."""
    return {
        model["model"]._meta.label_lower: Link(
            str(model["name"]), model["admin_url"], path.startswith(model["admin_url"])
        )
        for app in apps
        for model in app["models"]
        if model["admin_url"]
    }


def groups(lists: Mapping[str, Link], *, owns: bool) -> list[Group]:
    placed = {name for names in GROUPS.values() for name in names}
    found = [Group(label, [lists[name] for name in names if name in lists]) for label, names in GROUPS.items()]
    records = [link for name, link in lists.items() if name not in placed]
    records += [Link(str(label), reverse(name)) for label, name, owners in RECORDS if owns or not owners]
    return [group for group in [*found[:-1], Group(found[-1].label, records)] if group.links]


def counted(kind: Kind, now: datetime) -> Waiting:
    tally = kind.tally(now)
    return Waiting(kind, tally, waited(tally.oldest, now) if tally.oldest else "")


def as_moment(since: date | datetime | None) -> datetime:
    if since is None:
        return datetime.max.replace(tzinfo=UTC)
    return since if isinstance(since, datetime) else datetime.combine(since, time.min, UTC)


def lede(found: Sequence[Waiting]) -> str:
    """One sentence about what waits for a person; `found` in order of time."""
    count = sum(one.tally.count for one in found)
    if not count:
        return _("Nothing waits for a person.")
    oldest = next((one for one in found if one.tally.count), None)
    sentences = [ngettext("%(count)s thing is waiting.", "%(count)s things are waiting.", count) % {"count": count}]
    if oldest and oldest.waited == _("today"):
        sentences.append(_("The oldest has waited since today."))
    elif oldest and oldest.waited:
        sentences.append(_("The oldest has waited %(time)s.") % {"time": oldest.waited})
    return " ".join(sentences)


def facts(state: ServiceState, now: datetime) -> list[tuple[str | Promise, str]]:
    """What the page says of the service, in words."""
    found: list[tuple[str | Promise, str]] = [
        (
            WORKERS.get(queue, queue),
            _("seen %(time)s ago") % {"time": waited(seen, now)} if seen else _("not running: its work waits"),
        )
        for queue, seen in state.seen.items()
    ]
    mails, oldest = state.mails.count, state.mails.oldest
    count = f"{MOST}+" if mails > MOST else mails
    waiting = _("%(count)s, the oldest for %(time)s") % {"count": count, "time": waited(oldest, now)} if oldest else "0"
    found.append((gettext_lazy("E-mails that wait to be sent"), waiting))
    at = state.backup_at
    backup = _("%(time)s ago") % {"time": waited(at, now)} if at else backup_unknown()
    return [*found, (gettext_lazy("Last backup"), backup)]
