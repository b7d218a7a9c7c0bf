"""Specialists in the admin: verified against their register, sent back, hidden or suspended."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, override
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.addresses import mailable
from consultations.admin.decisions import CHANGED, CHANGES
from consultations.models import Photo, ProfileChange, Specialist
from consultations.models.profiles import Checked
from consultations.services import misses
from consultations.services.changes import differences
from consultations.templatetags import specialist_words
from lib.admin import Change, ChangesAdmin, LongTableAdmin, linked, reader_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Status = Specialist.Status


class Missed(admin.SimpleListFilter):
    title = _("missed meetings")
    parameter_name = "missed"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> "Sequence[tuple[str, _StrPromise]]":
        return [("several", _("Several people say that they waited"))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Specialist]) -> QuerySet[Specialist]:
        return queryset & misses.to_look_at(timezone.now()) if self.value() == "several" else queryset


def photos(change: ProfileChange, specialist: Specialist) -> dict[str, str]:
    """The addresses of the photo before and now, "" where there is none; empty if it is the same."""
    before, photo = change.photo and bytes(change.photo), Photo.objects.filter(specialist=specialist).first()
    if before == (photo and bytes(photo.webp)):
        return {}
    return {
        "before": reverse("admin:consultations_specialist_photo_before", args=[specialist.pk]) if before else "",
        "now": reverse("photo", args=[photo.sha256]) if photo else "",
    }


def named(term: str, of: str = "") -> Q:
    """Each word anywhere in a specialist's name or slug; `of` leads to the specialist."""
    found = Q()
    for word in term.split():
        found &= Q(**{f"{of}name__icontains": word}) | Q(**{f"{of}slug__contains": word.lower()})
    return found


class Changed(admin.SimpleListFilter):
    title = _("changes")
    parameter_name = "changed"

    @override
    def lookups(self, request: HttpRequest, model_admin: Any) -> "Sequence[tuple[str, _StrPromise]]":
        return [("yes", _("Changed texts and photos"))]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Specialist]) -> QuerySet[Specialist]:
        return queryset.filter(CHANGED) if self.value() == "yes" else queryset


@admin.register(Specialist)
class SpecialistAdmin(ChangesAdmin, LongTableAdmin):
    """The queue of specialists waiting for verification, and all others by status, name or number in the register."""

    change_form_template = "admin/consultations/specialist.html"
    confirm_template = "admin/consultations/confirm.html"
    list_display = (
        *("__str__", "status", "submitted_at", "changed_since", "register_name", "register_number", "check_again_on"),
    )
    list_filter = ("status", Changed, Missed)
    list_select_related = ("change",)
    search_fields = ("name", "slug", "register_number")
    search_help_text = _("A name, the address of the page, a number in a register, or the full e-mail address.")
    fields = (
        "changed",
        *(
            "name",
            "account",
            "slug",
            "status",
            "profession",
            "years",
            "about",
            "approach",
            "training",
            "practises_in",
            "access_needs",
            "fee",
            "how_to_book",
            "practice_contact",
            "speaks",
            "topics",
            "meets_by",
            "timezone",
            "picture",
        ),
        *("offers_free", "paused", "shown_to_visitors", "register_name", "register_number", "register_link"),
        *("submitted_at", "verified_at", "approved_by", "checked_too", "check_again_on", "returned_because"),
        *("record", "missed"),
    )
    readonly_fields = (
        *(
            "changed",
            "account",
            "register_link",
            "speaks",
            "topics",
            "fee",
            "meets_by",
            "picture",
            "approved_by",
            "checked_too",
            "record",
            "missed",
        ),
    )
    changes = CHANGES

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Specialist]:
        """Leave out the sealed addresses, the feed's hash, and what profiles said before."""
        rows: QuerySet[Specialist] = super().get_queryset(request)
        return rows.defer("sealed_addresses", "feed_hash", "change__texts", "change__photo")

    @override
    def get_urls(self) -> list[URLPattern]:
        pages = {"preview": self.preview, "photo-before": self.photo_before}
        return [
            *(
                path(
                    f"<uuid:pk>/{name}/",
                    require_safe(self.admin_site.admin_view(page)),
                    name=f"consultations_specialist_{name.replace('-', '_')}",
                )
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    @override
    def get_fields(self, request: HttpRequest, obj: Specialist | None = None) -> list[Any]:
        """What has changed stands first, if anything has."""
        return [name for name in self.fields if name != "changed" or (obj and hasattr(obj, "change"))]

    @override
    def initial_of(self, change: Change, row: Specialist, request: HttpRequest) -> dict[str, Any]:
        return {"as_of": row.change.mark if hasattr(row, "change") else ""}

    @override
    def beside(self, change: Change, row: Specialist, request: HttpRequest) -> dict[str, Any]:
        return {"changed": self.changed(row), "record": partial(self.record, row)}

    def preview(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The profile as members see it, whatever its status."""
        context = {"specialist": self.to_look_at(request, pk), "is_preview": True}
        return render(request, "consultations/specialist_detail.html", context)

    def photo_before(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The photo that a profile showed before its latest change."""
        change = getattr(self.to_look_at(request, pk), "change", None)
        if change is None or change.photo is None:
            raise Http404
        return HttpResponse(bytes(change.photo), content_type="image/webp")

    def to_look_at(self, request: HttpRequest, pk: UUID) -> Specialist:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    @override
    def may_make(self, request: HttpRequest, change: Change, row: Specialist) -> bool:
        """Nobody decides about their own profile."""
        return row.pk != request.user.pk and super().may_make(request, change, row)

    @override
    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """In the queues, whoever has waited longest is first; everything else is by slug."""
        if request.GET.get(Changed.parameter_name) == "yes":
            return ("change__since", "pk")
        return ("submitted_at", "pk") if request.GET.get("status__exact") == Status.SUBMITTED else ("slug",)

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Specialist], search_term: str
    ) -> tuple[QuerySet[Specialist], bool]:
        """By name or slug, each word anywhere in them, or by the whole of a number or of an e-mail address."""
        term = search_term.strip()
        if not term:
            return queryset, False
        if "@" in term:
            return queryset.filter(user__email=mailable(term.lower())), False
        return queryset.filter(named(term) | Q(register_number__iexact=term)), False

    @override
    def rows_named(self, term: str) -> QuerySet[Specialist]:
        return Specialist.objects.filter(named(term))

    @admin.display(description=_("changed since"))
    def changed_since(self, specialist: Specialist) -> datetime | None:
        return specialist.change.since if hasattr(specialist, "change") else None

    @admin.display(description=_("changed since we last looked"))
    def changed(self, specialist: Specialist) -> str:
        """With the old words and the new ones marked."""
        change = getattr(specialist, "change", None)
        context: dict[str, Any] = {"change": change}
        if change:
            context |= {"differs": differences(change, specialist), "photos": photos(change, specialist)}
        return render_to_string("admin/consultations/change.html", context)

    @admin.display(description=_("account"))
    def account(self, specialist: Specialist) -> SafeString | str:
        """Where staff who may see accounts remove a lost second factor."""
        return linked(specialist.user, reader_of(specialist), specialist.user.address)

    @admin.display(description=_("verified by"))
    def approved_by(self, specialist: Specialist) -> SafeString | str:
        by = specialist.verified_by
        return linked(by, reader_of(specialist), by.address if by else "")

    @admin.display(description=_("languages"))
    def speaks(self, specialist: Specialist) -> str:
        return specialist_words.language_names(specialist.languages)

    @admin.display(description=_("topics"))
    def topics(self, specialist: Specialist) -> str:
        return ", ".join(specialist_words.theme_titles(specialist.themes))

    @admin.display(description=_("fee"))
    def fee(self, specialist: Specialist) -> str:
        return ". ".join(filter(None, [specialist_words.fee(specialist), specialist.fee_words]))

    @admin.display(description=_("ways to meet"))
    def meets_by(self, specialist: Specialist) -> str:
        return specialist_words.format_names(specialist.formats)

    @admin.display(description=_("also checked"))
    def checked_too(self, specialist: Specialist) -> str:
        return ", ".join(str(one.label) for one in Checked if one.value in specialist.also_checked)

    @admin.display(description=_("verification record"))
    def record(self, specialist: Specialist) -> str:
        rows = specialist.verifications.select_related("by").order_by("-at")
        return render_to_string("admin/consultations/verifications.html", {"verifications": rows})

    @admin.display(description=_("meetings to which they did not come"))
    def missed(self, specialist: Specialist) -> str:
        """As clients say, who are not named."""
        found = misses.misses(timezone.now()).filter(specialist=specialist).only("starts_at").order_by("-starts_at")
        may_open = reader_of(specialist).has_perm("consultations.view_booking")
        return render_to_string("admin/consultations/misses.html", {"misses": found, "may_open": may_open})

    @admin.display(description=_("photo"))
    def picture(self, specialist: Specialist) -> SafeString | None:
        """It is approved with the rest, so staff see it."""
        shown = Photo.objects.filter(specialist=specialist).defer("webp").first()
        if shown is None:
            return None
        return format_html('<img src="{}" alt="" width="128" height="160">', reverse("photo", args=[shown.sha256]))

    @admin.display(description=_("page in the register"))
    def register_link(self, specialist: Specialist) -> SafeString | str:
        if not specialist.register_url.startswith("https://"):
            return specialist.register_url
        return format_html('<a href="{0}" rel="noreferrer noopener" target="_blank">{0}</a>', specialist.register_url)
