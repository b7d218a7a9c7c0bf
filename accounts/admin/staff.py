"""Who has which role: given and taken by owners, who show anew who they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, override

from django.conf import settings
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
from accounts.models import Staff, User
from accounts.role_changes import CannotChange, may_get, may_lose
from accounts.roles import ABOUT, Role, roles_of
from accounts.second_factor import with_second_factor
from lib.admin import Change, LongTableAdmin
from lib.direction import isolated


@dataclass(frozen=True)
class RoleChange(Change):
    """Giving a role, or taking it (`gives`)."""

    role: Role = Role.OWNER
    gives: bool = True


def changing(act: Callable[..., None], role: Role) -> Callable[[Staff, HttpRequest, Mapping[str, Any]], None]:
    def change(row: Staff, request: HttpRequest, values: Mapping[str, Any]) -> None:
        act(person_id=row.pk, role=role, by=request.user.pk, now=timezone.now())

    return change


def giving(role: Role) -> RoleChange:
    return RoleChange(
        label=format_lazy(gettext_lazy("Give the role: {role}"), role=role.label),
        explanation=gettext_lazy("{who} gets this role: {role}."),
        said=format_lazy(gettext_lazy("Role given: {role}."), role=role.label),
        to=may_get(role),
        act=changing(role_changes.give_role, role),
        refusals=(CannotChange,),
        role=role,
    )


def taking(role: Role) -> RoleChange:
    return RoleChange(
        label=format_lazy(gettext_lazy("Take the role: {role}"), role=role.label),
        explanation=gettext_lazy("{who} loses this role: {role}."),
        said=format_lazy(gettext_lazy("Role taken: {role}."), role=role.label),
        to=may_lose(role),
        act=changing(role_changes.take_role, role),
        refusals=(CannotChange,),
        role=role,
        gives=False,
    )


def afterwards(person: Staff, change: RoleChange) -> list[Role]:
    """The roles that somebody would have after a change, in the order of `Role`."""
    held = {*roles_of(person)}
    held = held | {change.role} if change.gives else held - {change.role}
    return [role for role in Role if role in held]


@admin.register(Staff)
class StaffAdmin(AskedAgainAdmin, LongTableAdmin):
    """Everybody who has a role, and, by their whole address, whoever is to get one."""

    confirm_template = "admin/accounts/role.html"
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
    def beside(self, change: Change, row: Staff, request: HttpRequest) -> dict[str, Any]:
        """Who gets or loses what, and what they may do afterwards."""
        assert isinstance(change, RoleChange)
        return {
            "explanation": str(change.explanation).format(who=isolated(row.address), role=change.role.label),
            "afterwards": [(role.label, ABOUT[role]) for role in afterwards(row, change)],
            "is_self": row.pk == request.user.pk,
        }

    @override
    def name_of(self, row: Staff) -> str:
        return row.address

    @override
    def page_after(self, change: Change, row: Staff, request: HttpRequest) -> str:
        """Whoever gave up the role of an owner sees no roles any more: they go on where they still may be."""
        if row.pk != request.user.pk:
            return super().page_after(change, row, request)
        held = roles_of(User.objects.get(pk=row.pk))
        if Role.OWNER in held:
            return super().page_after(change, row, request)
        return reverse("admin:index" if held else "today")

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
        if person.has_second_factor:
            return _("set up")
        if settings.DEMO:
            return _("not set up; the demo asks nobody for one")
        return _("not set up; needed before a role is given")

    @admin.display(description=gettext_lazy("log"))
    def actions_of(self, person: Staff) -> SafeString:
        page = reverse("admin:accounts_staffaction_changelist", query={"q": person.pk})
        return format_html('<a href="{}">{}</a>', page, _("What they did here"))
