"""The log of what staff do: read and searched by owners, changed by nobody."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, override

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.addresses import mailable, shown
from accounts.models import StaffAction, User
from lib.admin import LongTableAdmin
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


@admin.register(StaffAction)
class StaffActionAdmin(LongTableAdmin):
    list_display = ("at", "who", "kind", "what", "said")
    list_filter = (Who, "kind", What)
    list_display_links = None
    search_fields = ("row",)
    search_help_text = gettext_lazy(
        "A day such as 2026-11-28, the whole e-mail address or the id of somebody with a role, or the id of an object."
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
        pk = uuid_of(term)
        return queryset.filter(Q(row=str(pk)) | Q(staff=pk) if pk else Q(row=term)), False

    @admin.display(description=gettext_lazy("who"))
    def who(self, action: StaffAction) -> str:
        """The address, or the id of an account that has been deleted."""
        address: str | None = getattr(action, "address", None)
        return shown(address) if address else str(action.staff)

    @admin.display(description=gettext_lazy("what"))
    def what(self, action: StaffAction) -> SafeString | str:
        if not action.model:
            return "–"
        try:
            page = reverse(f"admin:{action.model.replace('.', '_')}_change", args=[action.row])
        except NoReverseMatch:
            return f"{action.model} {action.row}"
        return format_html('{} <a href="{}">{}</a>', name_of(action.model), page, action.row)


def name_of(label: str) -> str:
    names = {model._meta.label_lower: model._meta.verbose_name for model in admin.site._registry}
    return str(names.get(label, label))


YEARS = 2000, 3000  # of days that can be searched for: the first and last ones of all overflow with a time zone


def day_of(term: str) -> date | None:
    try:
        day = date.fromisoformat(term)
    except ValueError:
        return None
    return day if YEARS[0] <= day.year < YEARS[1] else None
