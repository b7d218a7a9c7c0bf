"""Accounts in the administration: that they exist and what they may do. Nothing that people wrote, and no secret."""

from importlib import import_module
from typing import Any, override

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import remove_second_factors
from lib.admin import Change, ChangesAdmin, FirstRows

# Secrets of second factors, network addresses of people, a second place for addresses. Their own modules come first,
# so that they cannot be registered again afterwards.
for module in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions"):
    import_module(f"{module}.admin")
admin.site.unregister((Group, EmailAddress, Authenticator, UserSession))


@admin.register(User)
class UserAdmin(ChangesAdmin):
    """Find an account by its whole address; close it, or change its role."""

    list_display = ("email", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_specialist", "is_staff")
    search_fields = ("email__startswith",)
    search_help_text = _("An e-mail address, or how it begins.")
    ordering = ("email",)
    fields = ("id", "email", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    readonly_fields = ("id", "email", "created_at", "last_login")
    paginator = FirstRows
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    changes = {
        "second-step": Change(
            label=_("Remove the second step"),
            explanation=_(
                "For somebody who has lost it and has shown you who they are. They are signed out everywhere, told by "
                "e-mail, and set up a new second step when they log in."
            ),
            said=_("Second step removed."),
            to=Q(Exists(Authenticator.objects.filter(user=OuterRef("pk")))),
            act=lambda user, _request, _values: remove_second_factors(user=user),
        )
    }

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves: with a password of their own, as adults."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are deleted by the erasure service alone."""
        return False

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser makes somebody staff, and nobody changes their own role."""
        if obj == request.user:
            return tuple(self.fields)
        if not request.user.is_superuser:
            return (*self.readonly_fields, "is_staff", "is_specialist")
        return self.readonly_fields

    @override
    def may_change(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A second step is taken away by a superuser alone."""
        return request.user.is_superuser
