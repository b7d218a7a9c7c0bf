"""Objections to a reported absence, for the staff who settle them. Nothing here tells who booked."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.http import AuthenticatedHttpRequest
from consultations.admin.specialists import named
from consultations.models.bookings import UNSETTLED, Side, Status
from consultations.services.refusals import Refused
from exchange.admin.watched import WatchedAdmin
from exchange.forms.contact import Words
from exchange.models import Objection
from exchange.services import objections as services
from lib.admin import Change, linked, reader_of
from lib.forms import Form

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

DISPUTED: Mapping[str, Any] = {
    Status.CLIENT_NO_SHOW: _("The specialist says that the client did not come. The client says that they were there."),
    Status.SPECIALIST_NO_SHOW: _(
        "The client says that the specialist did not come. The specialist says that they were there."
    ),
}
OUTCOMES = (Status.COMPLETED, Status.CLIENT_NO_SHOW, Status.SPECIALIST_NO_SHOW)


class Settled(admin.SimpleListFilter):
    title = _("settled")
    parameter_name = "objections"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> "Sequence[tuple[str, _StrPromise]]":
        return [("open", _("Not settled yet"))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Objection]) -> QuerySet[Objection]:
        return queryset.filter(UNSETTLED) if self.value() == "open" else queryset


class SettleForm(Form):
    outcome = forms.ChoiceField(
        label=_("What happened"),
        choices=[(str(status), status.label) for status in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )
    reason = Words(
        label=_("Why you see it this way"),
        required=False,
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=_("Both of them read this. Repeat nothing that only one of them told you."),
    )


class LetterForm(Form):
    text = Words(
        label=_("Your message"),
        max_length=services.LONGEST,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 80}),
        help_text=_("Only this side reads it, on the page of the meeting. They can answer until you have settled it."),
    )


def settle(objection: Objection, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> None:
    outcome = Status(values["outcome"])
    services.settle(booking_id=objection.pk, outcome=outcome, reason=values["reason"], now=timezone.now())


def write(side: Side, objection: Objection, request: AuthenticatedHttpRequest, values: Mapping[str, Any]) -> bool:
    return services.write_to_side(booking_id=objection.pk, side=side, text=values["text"], now=timezone.now())


def writing(side: Side, label: "_StrPromise", said: "_StrPromise") -> Change:
    return Change(
        label=label,
        explanation=_(
            "They get a notice, and an e-mail if that is safe. You see no address, and the mail has no words."
        ),
        said=said,
        to=Q(**{f"{side}__isnull": False}),
        act=partial(write, side),
        form=LetterForm,
        refusals=(Refused,),
        stands=("settled_at",),
        keeps_words=True,
    )


@admin.register(Objection)
class ObjectionAdmin(WatchedAdmin):
    """Those that are open first, the oldest on top; then what was settled, the latest on top."""

    list_display = ("__str__", "disputed", "status", "objected_at", "settled_at")
    list_filter = (Settled,)
    ordering = (F("settled_at").desc(nulls_first=True), "objected_at", "id")
    fields = (
        *("disputed", "starts_at", "ends_at", "with_whom", "format", "status", "objected_at", "settled_at"),
        *("history", "words"),
    )
    readonly_fields = ("disputed", "with_whom", "objected_at", "settled_at", "history", "words")
    changes = {
        "settle": Change(
            label=_("Settle the objection"),
            explanation=_("Both are told when you have decided."),
            said=_("Objection settled."),
            to=UNSETTLED,
            act=settle,
            form=SettleForm,
            refusals=(Refused,),
            stands=("status",),
            keeps_words=True,
        ),
        "client": writing(Side.CLIENT, _("Write to the client"), _("Sent to the client.")),
        "specialist": writing(Side.SPECIALIST, _("Write to the specialist"), _("Sent to the specialist.")),
    }

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Objection]:
        """Leave out both sides' private answers, too, and the meetings of whoever looks."""
        own = Q(client=request.user.pk) | Q(specialist=request.user.pk)
        rows: QuerySet[Objection] = super().get_queryset(request).exclude(own)
        rows = rows.filter(objected_at__isnull=False).prefetch_related("changes")
        return rows.defer("sealed", "client_fit", "specialist_fit")

    @override
    def beside(self, change: Change, row: Objection, request: HttpRequest) -> dict[str, Any]:
        return super().beside(change, row, request) | {"about": self.disputed(row)}

    @override
    def decided(self, row: Objection) -> str:
        recorded = _("Now it is recorded as: %(status)s.") % {"status": row.get_status_display()}
        return f"{super().decided(row)} {recorded}".lstrip()

    @override
    def rows_named(self, term: str) -> QuerySet[Objection]:
        return Objection.objects.filter(named(term, "specialist__"), objected_at__isnull=False)

    @admin.display(description=_("who disagrees"))
    def disputed(self, objection: Objection) -> str:
        """Who disagrees with what, as it was when they did."""
        was = [change.status for change in objection.changes.all() if change.at == objection.objected_at]
        return str(next((DISPUTED[status] for status in [*was, objection.status] if status in DISPUTED), "–"))

    @admin.display(description=_("specialist"))
    def with_whom(self, objection: Objection) -> SafeString | str:
        return linked(objection.specialist, reader_of(objection))

    @admin.display(description=_("history"))
    def history(self, objection: Objection) -> str:
        return render_to_string("admin/consultations/history.html", {"changes": objection.changes.order_by("at", "pk")})

    @override
    @admin.display(description=_("what was written"))
    def words(self, objection: Objection) -> SafeString:
        context = {"remarks": services.opened(objection.remarks.in_order()), "client": objection.client_id}
        return SafeString(render_to_string("admin/exchange/remarks.html", context))
