"""Bookings in the admin: when they are, and what became of them. No note, no name, no client."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, override
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consultations.models import Booking
from lib.admin import LongTableAdmin, linked, reader_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class When(admin.SimpleListFilter):
    """By the start of the meeting, which is indexed."""

    title = _("time")
    parameter_name = "when"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> "Sequence[tuple[str, _StrPromise]]":
        return [
            *((str(days), format_lazy(_("In the next {days} days"), days=days)) for days in (7, 30)),
            *((str(-days), format_lazy(_("In the last {days} days"), days=days)) for days in (7, 30)),
        ]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Booking]) -> QuerySet[Booking]:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        now = timezone.now()
        then = now + timedelta(days=int(self.value() or 0))
        return queryset.filter(starts_at__range=sorted([now, then]))


@admin.register(Booking)
class BookingAdmin(LongTableAdmin):
    """Bookings by id, or by the specialist's e-mail address or slug; never by who booked."""

    list_display = ("starts_at", "status", "specialist", "format")
    list_filter = (When, "status")
    list_select_related = ("specialist",)
    search_fields = ("id",)
    search_help_text = _("A full id, or a specialist’s full e-mail address, or the address of their page.")
    ordering = ("-starts_at", "id")
    fields = (
        *("id", "with_whom", "starts_at", "ends_at", "status", "format", "made_at", "changed_at", "reschedules"),
        *("objected_at", "settled_at", "history"),
    )
    readonly_fields = ("with_whom", "objected_at", "settled_at", "history")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """Leave out the sealed document and both sides' private answers."""
        rows: QuerySet[Booking] = super().get_queryset(request)
        return rows.defer("sealed", "client_fit", "specialist_fit")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Booking], search_term: str
    ) -> tuple[QuerySet[Booking], bool]:
        """One exact lookup per kind of term, so that each can use its index."""
        term = search_term.strip().lower()
        if not term:
            return queryset, False
        if "@" in term:
            return queryset.filter(specialist__user__email=term), False
        try:
            return queryset.filter(pk=UUID(term)), False
        except ValueError:
            return queryset.filter(specialist__slug=term), False

    @admin.display(description=_("specialist"))
    def with_whom(self, booking: Booking) -> SafeString | str:
        return linked(booking.specialist, reader_of(booking))

    @admin.display(description=_("history"))
    def history(self, booking: Booking) -> str:
        return render_to_string("admin/consultations/history.html", {"changes": booking.changes.order_by("at", "pk")})
