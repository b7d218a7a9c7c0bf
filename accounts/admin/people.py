"""Accounts: that they exist, and what they may do. Nothing that people wrote, and no secrets."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, override

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import services, staff_log
from accounts.addresses import mailable
from accounts.admin.asked_again import AskedAgainAdmin
from accounts.models import User
from lib.admin import Change, LongTableAdmin

# These would show second factors' secrets and IP addresses, and let e-mail addresses and rights be edited in a second
# place. Their admin modules are imported first: if autodiscovery came to them later, it would register them again.
for module in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions"):
    import_module(f"{module}.admin")
admin.site.unregister((Group, EmailAddress, Authenticator, UserSession))

HAS_ROLE = Q(is_staff=True) | Q(is_superuser=True)


def remove_second_step(user: User, request: HttpRequest, values: Mapping[str, Any]) -> None:
    services.remove_second_factors(user=user, now=timezone.now())


def shut_out(user: User, request: HttpRequest, values: Mapping[str, Any]) -> None:
    services.shut_out(user_id=user.pk, now=timezone.now())


def let_in(user: User, request: HttpRequest, values: Mapping[str, Any]) -> None:
    services.let_in(user_id=user.pk)


@admin.register(User)
class UserAdmin(AskedAgainAdmin, LongTableAdmin):
    """Find an account by its address, shut it out, or help somebody who has lost their second step."""

    list_display = ("address", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_specialist", "is_staff")
    search_fields = ("email__startswith",)
    search_help_text = _("A whole e-mail address.")
    ordering = ("email",)
    fields = ("id", "address", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    readonly_fields = ("address",)
    changes = {
        "second-step": Change(
            label=_("Remove the second step"),
            explanation=_(
                "For somebody who has lost it and has shown you who they are. They are signed out everywhere, told by "
                "e-mail, and set up a new second step when they log in."
            ),
            said=_("Second step removed."),
            to=Q(Exists(Authenticator.objects.filter(user=OuterRef("pk")))),
            act=remove_second_step,
            needs="accounts.remove_second_step",
        ),
        "shut-out": Change(
            label=_("Shut out"),
            explanation=_(
                "They are signed out, and cannot log in. Their meetings to come are cancelled; a specialist’s profile "
                "is suspended, too, and stays so until you lift the suspension on the page of the specialist."
            ),
            said=_("Shut out."),
            to=Q(is_active=True) & ~HAS_ROLE,
            act=shut_out,
            refusals=(services.IsStaff,),
        ),
        "let-in": Change(
            label=_("Let in again"),
            explanation=_("They can log in again. What was cancelled stays cancelled."),
            said=_("Let in again."),
            to=Q(is_active=False),
            act=let_in,
        ),
    }

    @admin.display(description=_("e-mail address"), ordering="email")
    def address(self, user: User) -> str:
        return user.address

    @override
    def name_of(self, row: User) -> str:
        """The log names nobody's address but that of staff."""
        return str(_("Account"))

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find an address in whichever form it is written. Only owners look through the list, or search by a part."""
        term = mailable(search_term.strip().lower())
        if is_owner(request):
            return super().get_search_results(request, queryset, term)
        return queryset.filter(email=term), False

    @override
    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Write down who looks whose account up."""
        page = super().change_view(request, object_id, *args, **kwargs)
        if page.status_code == 200:
            staff_log.opened(request, User, object_id)
        return page

    @override
    def may_make(self, request: HttpRequest, change: Change, row: Any) -> bool:
        """Nobody changes their own account here, and only owners that of somebody with a role."""
        is_other = row.pk != request.user.pk and (is_owner(request) or not (row.is_staff or row.is_superuser))
        return is_other and super().may_make(request, change, row)


def is_owner(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.is_superuser)
