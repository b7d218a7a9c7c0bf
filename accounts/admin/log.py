"""The log of what staff do: read and searched by owners, changed by nobody."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, override

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.addresses import mailable, shown
from accounts.models import StaffAction, User
from lib.admin import MOST_ROWS, LongTableAdmin, OwnFiltersAdmin, titled
from lib.ids import uuid_of


class What(admin.SimpleListFilter):
    """By kind of object. Names those that have a page, where Django would look through the table."""

    title = gettext_lazy("kind of object")
    parameter_name = "model"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        models = sorted(admin.site._registry, key=lambda model: str(model._meta.verbose_name))
        return [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[StaffAction]) -> QuerySet[StaffAction]:
        return queryset.filter(model=self.value()) if self.value() else queryset


class Who(admin.SimpleListFilter):
    title = gettext_lazy("staff")
    parameter_name = "staff"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("email")
        return [(str(one.pk), one.address) for one in staff]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[StaffAction]) -> QuerySet[StaffAction]:
        pk = uuid_of(self.value() or "")
        return queryset.filter(staff=pk) if pk else queryset


class Lines(ChangeList):
    """A page of the log, with the rows that it is about."""

    @override
    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = [*self.result_list]
        look_up(request, self.result_list)


def look_up(request: HttpRequest, lines: Iterable[StaffAction]) -> None:
    """Give each line `about`: its row, if whoever reads may open it. One query for each kind of object."""
    admins = {model._meta.label_lower: one for model, one in admin.site._registry.items()}
    keys: dict[str, set[Any]] = {}
    for line in lines:
        if line.model in admins and (key := key_of(admins[line.model].model, line.row)) is not None:
            keys.setdefault(line.model, set()).add(key)
    rows = {
        (label, str(row.pk)): row
        for label, wanted in keys.items()
        if admins[label].has_view_permission(request)
        for row in admins[label].get_queryset(request).filter(pk__in=wanted)
    }
    for line in lines:
        line.about = rows.get((line.model, line.row))  # type: ignore[attr-defined]


def key_of(model: type[Model], row: str) -> Any:
    """The primary key that a line names; None if there can be none like it."""
    try:
        return model._meta.pk.to_python(row) if model._meta.pk else None
    except ValidationError:
        return None


def kinds_named(term: str) -> list[str]:
    """The kinds of objects whose name begins like this, in singular or plural."""
    wanted = term.casefold()
    return [
        model._meta.label_lower
        for model in admin.site._registry
        if any(
            str(name).casefold().startswith(wanted)
            for name in (model._meta.verbose_name, model._meta.verbose_name_plural)
        )
    ]


def actions_named(term: str) -> list[str]:
    """What can be done, as the log calls it: "opened" or "changed a role"."""
    return [kind.value for kind in StaffAction.Kind if str(kind.label).casefold() == term.casefold()]


def rows_named(term: str) -> list[str]:
    """The ids of what goes by this name, of each kind MOST_ROWS at most."""
    return [
        str(pk)
        for one in admin.site._registry.values()
        if isinstance(one, OwnFiltersAdmin)
        for pk in one.rows_named(term).values_list("pk", flat=True)[:MOST_ROWS]
    ]


@admin.register(StaffAction)
class StaffActionAdmin(LongTableAdmin):
    list_display = ("at", "who", "kind", "what", "said")
    list_filter = (Who, "kind", What)
    list_display_links = None
    search_fields = ("row",)
    search_help_text = gettext_lazy(
        "A day such as 2026-11-28 or 28 November 2026, a kind of object such as “objection”, a specialist’s name, "
        "words of what was done such as “suspended”, the whole e-mail address or the id of somebody with a role, or "
        "the id of an object."
    )
    ordering = ("-at", "-id")
    fields = ("at", "who", "kind", "what", "said")
    readonly_fields = ("who", "what")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffAction]:
        rows: QuerySet[StaffAction] = super().get_queryset(request)
        return rows.annotate(address=Subquery(User.objects.filter(pk=OuterRef("staff")).values("email")))

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[StaffAction], search_term: str
    ) -> tuple[QuerySet[StaffAction], bool]:
        """One exact lookup for each kind of term, so that each can use its index."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            who = User.objects.filter(email=mailable(term.lower())).first()
            return (queryset.filter(staff=who.pk) if who else queryset.none()), False
        if day := day_of(term):
            start = timezone.make_aware(datetime.combine(day, time.min))
            return queryset.filter(at__gte=start, at__lt=start + timedelta(days=1)), False
        if pk := uuid_of(term):
            return queryset.filter(Q(row=str(pk)) | Q(staff=pk)), False
        named = {"model__in": kinds_named(term), "row__in": rows_named(term), "kind__in": actions_named(term)}
        found = [Q((lookup, values)) for lookup, values in named.items() if values]
        if found:
            return queryset.filter(reduce(or_, found)), False
        return queryset.filter(Q(row=term) | Q(said__icontains=term)), False

    @override
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Lines

    @override
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        line = super().get_object(request, object_id, from_field)
        if line is not None:
            look_up(request, [line])
        return line

    @admin.display(description=gettext_lazy("who"))
    def who(self, action: StaffAction) -> str:
        """The address, or the id of an account that has been deleted."""
        address: str | None = getattr(action, "address", None)
        return shown(address) if address else str(action.staff)

    @admin.display(description=gettext_lazy("what"))
    def what(self, action: StaffAction) -> SafeString | str:
        if not action.model:
            return "–"
        kind, about = name_of(action.model), getattr(action, "about", None)
        if about is None:
            return f"{kind} {action.row}"
        one = admin.site._registry[type(about)]
        name = one.name_of(about) if isinstance(one, OwnFiltersAdmin) else str(about)
        page = reverse(f"admin:{action.model.replace('.', '_')}_change", args=[about.pk])
        return format_html('<a href="{}">{}</a>', page, titled(kind, name))


def name_of(label: str) -> str:
    names = {model._meta.label_lower: model._meta.verbose_name for model in admin.site._registry}
    return str(names.get(label, label))


AS_SHOWN = re.compile(r"(?P<day>\d{1,2}) (?P<month>[^\W\d]+) (?P<year>2\d{3})")
YEARS = 2000, 3000  # of days that can be searched for: the first and last ones of all overflow with a time zone


def day_of(term: str) -> date | None:
    """As a calendar writes it, or as the site does."""
    with suppress(ValueError):
        day = date.fromisoformat(term)
        return day if YEARS[0] <= day.year < YEARS[1] else None
    found = AS_SHOWN.fullmatch(term)
    names = {str(name).casefold(): number for number, name in MONTHS.items()}
    with suppress(ValueError, KeyError):
        if found:
            return date(int(found["year"]), names[found["month"].casefold()], int(found["day"]))
    return None
