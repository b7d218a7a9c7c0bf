"""Helplines in the admin: which were checked and by whom, and which are hidden."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from lib.admin import ReadOnlyAdmin, linked, reader_of
from reflect import services
from reflect.helplines import COUNTRIES, STALE_AFTER, Helpline, Record, is_kept, shipped
from reflect.models import HelplineRecord


@dataclass(frozen=True)
class Row:
    """A line of the file, and what is recorded about it."""

    line: Helpline
    record: HelplineRecord
    is_kept: bool

    @property
    def country(self) -> str | Promise:
        return COUNTRIES.get(self.line.country, gettext_lazy("Anywhere else"))

    @property
    def label(self) -> str:
        return f"{self.line.name}, {self.country}"

    @property
    def as_recorded(self) -> Helpline:
        return self.line.as_recorded(Record(self.record.checked_on, self.record.checked_as))

    @property
    def is_stale(self) -> bool:
        return self.as_recorded.is_stale(timezone.now().date())

    @property
    def is_outdated(self) -> bool:
        """Whether the recorded check was of something that the line no longer says."""
        return self.record.checked_on is not None and self.record.checked_as != self.line.facts


@dataclass(frozen=True)
class Act:
    """What a button does, and the line of the log."""

    do: Callable[[Helpline, User], HelplineRecord]
    said: Promise


ACTS: Mapping[str, Act] = {
    "check": Act(
        lambda line, staff: services.record_check(line=line, staff=staff, today=timezone.now().date()),
        gettext_lazy("Checked."),
    ),
    "uncheck": Act(lambda line, _staff: services.take_back_check(line=line), gettext_lazy("The check is taken back.")),
    "hide": Act(lambda line, _staff: services.hide(line=line), gettext_lazy("Hidden.")),
    "show": Act(lambda line, _staff: services.show(line=line), gettext_lazy("Shown again.")),
}


def rows() -> Sequence[Row]:
    """All lines of the file, in the order of the help page. Records of lines that it no longer has are left out."""
    records = {record.key: record for record in HelplineRecord.objects.select_related("checked_by")}
    hidden = {key for key, record in records.items() if record.hidden}
    listed = [
        Row(line, records.get(line.key, HelplineRecord(key=line.key)), is_kept(line, shipped(), hidden))
        for line in shipped()
    ]
    place = {code: number for number, code in enumerate(COUNTRIES)}
    return sorted(listed, key=lambda row: place.get(row.line.country, len(place)))


@admin.register(HelplineRecord)
class HelplineAdmin(ReadOnlyAdmin):
    """The list is that of the file, and has a button for each thing that staff may record about a line."""

    fields = readonly_fields = ("key", "checked_on", "checked_by_whom", "checked_as", "hidden")

    @admin.display(description=gettext_lazy("checked by"))
    def checked_by_whom(self, record: HelplineRecord) -> SafeString | str:
        by = record.checked_by
        return linked(by, reader_of(record), by.address if by else "")

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_record = request.user.has_perm("reflect.change_helplinerecord")
        if request.method == "POST":
            if not may_record:
                raise PermissionDenied
            return self.act(request)
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "title": _("Helplines"),
            "opts": self.opts,
            "rows": rows(),
            "days": STALE_AFTER.days,
            "may_record": may_record,
        }
        return render(request, "admin/helplines.html", context)

    def act(self, request: HttpRequest) -> HttpResponse:
        """Do what the pressed button says: its name is what to do, its value the key of the line."""
        name = next((name for name in ACTS if name in request.POST), "")
        line = next((line for line in shipped() if line.key == request.POST.get(name)), None)
        if line is None:
            raise Http404
        act, staff = ACTS[name], request.user
        assert isinstance(staff, User)
        try:
            with transaction.atomic():
                record = act.do(line, staff)
                self.log_change(request, record, str(act.said))
        except services.Kept:
            messages.error(
                request, _("%(line)s is not hidden: it always stays on the help page.") % {"line": line.name}
            )
        else:
            said = _("%(line)s: %(said)s The help page will follow in a moment.")
            messages.success(request, said % {"line": line.name, "said": act.said})
        page = reverse("admin:reflect_helplinerecord_changelist")
        return redirect(f"{page}#{line.key}")
