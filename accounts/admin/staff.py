"""Who has which role: given and taken by owners, who show anew who they are."""

from collections.abc import Callable, Mapping
from typing import Any, override

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import role_changes
from accounts.addresses import mailable
from accounts.admin.asked_again import AskedAgainAdmin
from accounts.models import Staff
from accounts.role_changes import CannotChange, may_get, may_lose
from accounts.roles import ABOUT, Role, roles_of
from accounts.second_factor import with_second_factor
from lib.admin import Change, LongTableAdmin

TOLD = gettext_lazy("They are signed out. They and all owners are told by e-mail.")


def changing(act: Callable[..., None], role: Role) -> Callable[[Staff, HttpRequest, Mapping[str, Any]], None]:
    def change(row: Staff, request: HttpRequest, values: Mapping[str, Any]) -> None:
        act(person_id=row.pk, role=role, by=request.user.pk, now=timezone.now())

    return change


def giving(role: Role) -> Change:
    return Change(
        label=format_lazy(gettext_lazy("Give the role: {role}"), role=role.label),
        explanation=format_lazy("{about} {told}", about=ABOUT[role], told=TOLD),
        said=format_lazy(gettext_lazy("Role given: {role}."), role=role.label),
        to=may_get(role),
        act=changing(role_changes.give_role, role),
        refusals=(CannotChange,),
    )


def taking(role: Role) -> Change:
    return Change(
        label=format_lazy(gettext_lazy("Take the role: {role}"), role=role.label),
        explanation=format_lazy("{about} {told}", about=ABOUT[role], told=TOLD),
        said=format_lazy(gettext_lazy("Role taken: {role}."), role=role.label),
        to=may_lose(role),
        act=changing(role_changes.take_role, role),
        refusals=(CannotChange,),
    )


@admin.register(Staff)
class StaffAdmin(AskedAgainAdmin, LongTableAdmin):
    """Everybody who has a role, and, by their whole address, whoever is to get one."""

    list_display = ("address", "roles", "second_step", "is_active", "last_login")
    search_fields = ("email",)
    search_help_text = gettext_lazy("The whole e-mail address of somebody who is to get a role.")
    ordering = ("email",)
    fields = ("address", "roles", "second_step", "is_active", "last_login", "actions_of")
    readonly_fields = ("address", "roles", "second_step", "actions_of")

    @property
    @override
    def changes(self) -> Mapping[str, Change]:  # type: ignore[override]  # what they apply to depends on the settings
        return {f"give-{role}": giving(role) for role in Role} | {f"take-{role}": taking(role) for role in Role}

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Staff]:
        return with_second_factor(super().get_queryset(request)).prefetch_related("groups")

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Staff], search_term: str
    ) -> tuple[QuerySet[Staff], bool]:
        term = mailable(search_term.strip().lower())
        return queryset.filter(Q(email=term) if term else Q(is_staff=True) | Q(is_superuser=True)), False

    @admin.display(description=gettext_lazy("e-mail address"))
    def address(self, person: Staff) -> str:
        return person.address

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, person: Staff) -> str:
        return ", ".join(str(role.label) for role in roles_of(person)) or _("none")

    @admin.display(description=gettext_lazy("second step"))
    def second_step(self, person: Staff) -> str:
        return _("set up") if person.has_second_factor else _("none yet; nobody gets a role before")

    @admin.display(description=gettext_lazy("log"))
    def actions_of(self, person: Staff) -> SafeString:
        page = reverse("admin:accounts_staffaction_changelist", query={"q": person.pk})
        return format_html('<a href="{}">{}</a>', page, _("What they did here"))
