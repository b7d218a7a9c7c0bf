"""What the pages of the administration share: rows to look at, changes that are asked about first, and long tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, override

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import label_for_field
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.edits import mark_of
from lib.last_action import last_action
from lib.methods import require_safe_or_post

MOST_ROWS = 1_000  # of a list; whoever wants another row searches for it, or filters
GONE = gettext_lazy("It is not here any more.")
DONE = gettext_lazy("This has been done already, or has changed since. This is how it stands now.")
TOO_LATE = gettext_lazy("This has been done already, or has changed since. What you wrote is below, to be copied.")


class FirstRows(Paginator):
    """Pages of the first thousand rows: a long table is never counted or paged to its end."""

    @cached_property
    @override
    def count(self) -> int:
        rows: Any = self.object_list  # a queryset
        return int(rows.order_by()[:MOST_ROWS].count())


def linked(row: Model | None, reader: Any, name: str = "") -> SafeString | str:
    """A row by its name, as a link if `reader` may open its page."""
    if row is None:
        return "–"
    kind = f"{row._meta.app_label}.view_{row._meta.model_name}"
    if not reader.has_perm(kind):
        return name or str(row)
    page = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', page, name or row)


def titled(kind: str, name: str) -> str:
    """A row's name with its kind before it, unless the name says that itself."""
    says_it = not kind or name.casefold().startswith(kind.casefold())
    return name if says_it else f"{capfirst(kind)}: {name}"


def reader_of(row: Model) -> Any:
    """Whoever opened the row's page."""
    return getattr(row, "reader", None) or AnonymousUser()


class OwnFiltersAdmin(admin.ModelAdmin):
    """Only the filters on offer work in the query string, so that hidden columns cannot be guessed by filtering.

    On a row's page, `reader_of` tells who reads it: nothing there leads to what they may not open (see `linked`).
    """

    @override
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        row: Any = super().get_object(request, object_id, from_field)
        if row is not None:
            row.reader = request.user
        return row

    def name_of(self, row: Any) -> str:
        """What the log of staff calls a row."""
        return str(row)

    def rows_named(self, term: str) -> QuerySet[Any]:
        """The rows that somebody means who searches the log of staff for a name."""
        none: QuerySet[Any] = self.model._default_manager.none()
        return none

    @override
    def message_user(
        self,
        request: HttpRequest,
        message: Any,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,
    ) -> None:
        """Django's sentences about a row that is saved, or not there, in our words."""
        ours: Mapping[int | str, str] = {messages.SUCCESS: _("Saved."), messages.WARNING: str(GONE)}
        super().message_user(request, ours.get(level, message), level, extra_tags, fail_silently)

    @override
    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        messages.success(request, _("Deleted."))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered = [getattr(one, "parameter_name", one) for one in self.get_list_filter(request)]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in offered)

    @override
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for the right first: Django first looks for the row, and its answer tells whether there is one."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ReadOnlyAdmin(OwnFiltersAdmin):
    """Read-only: these rows are created and changed elsewhere."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LongTableAdmin(ReadOnlyAdmin):
    """Rows of a table that may have millions: lists cost the same however many there are."""

    paginator = FirstRows
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()


@dataclass(frozen=True)
class Change:
    """Something that staff do to a row after a page that asks. `to` are the rows that it applies to.

    `act` gets the row, the request and what the form holds, and raises one of `refusals` if somebody else was faster.
    It returns False if the same was done just before: the button was pressed twice, or again after Back.
    `said` is the line of the log. Nothing is done if one of the fields `shown` beside the question has changed since,
    or one of those that say how the row `stands`: needed if a change applies to several states. `is_repeated`: whether
    the same was done just before, which has changed how the row stands. `locks` takes what has to be locked before it.
    `leaves`: the row is not in the list afterwards, so the list is shown next. `keeps_words`: after a refusal, the
    form is shown again with what was written. `needs`: another right than that to change such rows.
    """

    label: str | Promise
    explanation: str | Promise
    said: str | Promise
    to: Q
    act: Callable[[Any, Any, Mapping[str, Any]], object]
    form: type[forms.Form] = forms.Form
    refusals: tuple[type[Exception], ...] = ()
    shown: tuple[str, ...] = ()
    stands: tuple[str, ...] = ()
    is_repeated: Callable[[Any, Mapping[str, Any]], bool] | None = None
    locks: Callable[[Any], object] | None = None
    leaves: bool = False
    keeps_words: bool = False
    needs: str = ""


def mark(row: Model, names: Iterable[str]) -> str:
    """`mark_of` fields, to detect changes between question and answer."""
    return mark_of([getattr(row, name) for name in names])


class TooLate(Exception):
    """What staff were shown has changed since."""


class ChangesAdmin(OwnFiltersAdmin):
    """Offers changes on a row's page, asks before each, and writes it into the log."""

    changes: Mapping[str, Change] = {}
    change_form_template = "admin/changes/row.html"
    confirm_template = "admin/changes/confirm.html"

    @property
    def confirm_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_confirm"

    @override
    def get_urls(self) -> list[URLPattern]:
        confirm = require_safe_or_post(self.admin_site.admin_view(self.confirm))
        return [path("<path:pk>/confirm/<slug:change>/", confirm, name=self.confirm_name), *super().get_urls()]

    def may_change(self, request: HttpRequest, change: Change | None = None) -> bool:
        user: Any = request.user
        needs = change.needs if change else ""
        return bool(user.has_perm(needs or f"{self.opts.app_label}.change_{self.opts.model_name}"))

    def may_make(self, request: HttpRequest, change: Change, row: Any) -> bool:
        """Whether somebody may make a change to this row."""
        return self.may_change(request, change)

    @override
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        offered = self.offered(row) if row else {}
        links = [
            (reverse(f"admin:{self.confirm_name}", args=[object_id, name]), one.label)
            for name, one in offered.items()
            if self.may_make(request, one, row)
        ]
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "changes": links})

    def offered(self, row: Model) -> dict[str, Change]:
        """The changes that apply to a row as it is."""
        same = self.model._default_manager.filter(pk=row.pk)
        return {name: change for name, change in self.changes.items() if same.filter(change.to).exists()}

    def initial_of(self, change: Change, row: Any, request: HttpRequest) -> dict[str, Any]:
        """What the form of a change begins with."""
        return {}

    def beside(self, change: Change, row: Any, request: HttpRequest) -> dict[str, Any]:
        """What `confirm_template` shows of the row beside the question."""
        return {}

    def page_of(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])

    def page_after(self, change: Change, row: Any, request: HttpRequest) -> str:
        """Where staff go on when a change is made."""
        rows = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return rows if change.leaves else self.page_of(row)

    def confirm(self, request: HttpRequest, pk: str, change: str) -> HttpResponse:
        """Say what a change means, and make it."""
        known = self.changes.get(change)
        if not self.may_change(request, known):
            raise PermissionDenied
        row = self.get_object(request, pk)
        if row and known and not self.may_make(request, known, row):
            raise PermissionDenied
        if known is None:
            raise Http404
        if row is None:  # with its account, or because of this very change, which Back asks about again
            messages.info(request, str(DONE if known.leaves else GONE))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        page, wanted = self.page_of(row), self.offered(row).get(change)
        if wanted is None:  # also after Back, or when the button is pressed a second time
            with_words = known.keeps_words and request.method == "POST"
            messages.info(request, f"{TOO_LATE if with_words else DONE} {self.decided(row)}".rstrip())
            return self.too_late(request, known, row, page) if with_words else redirect(page)
        initial = self.initial_of(wanted, row, request)
        form = wanted.form(request.POST if request.method == "POST" else None, initial=initial)
        refusals: tuple[type[Exception], ...] = (TooLate, *wanted.refusals)
        if request.method == "POST" and form.is_valid():
            try:
                is_new = self.make(wanted, row, request, form.cleaned_data)
            except refusals:
                row.refresh_from_db()
                refused = _("Nothing was changed: somebody else has just changed it.")
                messages.error(request, f"{refused} {self.decided(row)}".rstrip())
                if not wanted.keeps_words:
                    return redirect(page)
                if change not in self.offered(row):
                    return self.too_late(request, wanted, row, page)
                written = {field.name: form.cleaned_data[field.name] for field in form.visible_fields()}
                form = wanted.form(initial=self.initial_of(wanted, row, request) | written)
            else:
                if is_new:
                    messages.success(request, str(wanted.said))
                else:
                    messages.info(request, str(DONE))
                return redirect(self.page_after(wanted, row, request))
        return self.asked(request, wanted, row, page, form)

    def decided(self, row: Any) -> str:
        """What staff did to a row last, as their log has it; "" if nothing."""
        last = last_action(row, reader_of(row))
        if last is None:
            return ""
        when = date_format(localtime(last.at), "DATETIME_FORMAT")
        facts = {"said": last.said, "name": last.name, "when": when}
        return _("What our team did last: “%(said)s” (%(name)s, %(when)s).") % facts

    def too_late(self, request: HttpRequest, wanted: Change, row: Any, page: str) -> HttpResponse:
        """Show, to be copied, what was written for a change that the row does not allow any more."""
        form = wanted.form(request.POST, initial=self.initial_of(wanted, row, request))
        form.errors.clear()
        for field in form.fields.values():
            field.widget.attrs["readonly"] = True
        return self.asked(request, wanted, row, page, form, is_too_late=True)

    def asked(
        self, request: HttpRequest, wanted: Change, row: Any, page: str, form: forms.Form, *, is_too_late: bool = False
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": wanted.label,
            "opts": self.opts,
            "row": row,
            "page": page,
            "explanation": wanted.explanation,
            "shown": [(label_for_field(name, self.model), getattr(row, name)) for name in wanted.shown],
            "seen": mark(row, wanted.shown),
            # What was posted with a mistake in it is still an answer to the first page.
            "stood": wanted.stands and (request.POST.get("stood", "") if form.is_bound else mark(row, wanted.stands)),
            "form": form,
            "is_too_late": is_too_late,
            "is_refused": request.method == "POST" and not form.is_bound,
            **self.beside(wanted, row, request),
        }
        return render(request, self.confirm_template, context)

    @transaction.atomic
    def make(self, wanted: Change, row: Model, request: HttpRequest, values: Mapping[str, Any]) -> bool:
        """Make a change and log it: both, or neither. Raises TooLate, and the refusals of the change.

        Returns whether there was something to do.
        """
        if wanted.locks:
            wanted.locks(row)
        rows = self.model._default_manager.filter(pk=row.pk)
        if wanted.shown or wanted.stands or not wanted.refusals:
            row = rows.select_for_update(of=("self",), no_key=True).get()
        if not wanted.refusals and not rows.filter(wanted.to).exists():  # the others look for themselves
            return False
        if wanted.shown and request.POST.get("seen") != mark(row, wanted.shown):
            raise TooLate
        if wanted.is_repeated and wanted.is_repeated(row, values):
            return False
        if wanted.stands and request.POST.get("stood") != mark(row, wanted.stands):
            raise TooLate
        if wanted.act(row, request, values) is False:
            return False
        self.log_change(request, row, str(wanted.said))
        return True
