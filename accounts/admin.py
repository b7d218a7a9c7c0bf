"""Accounts in the administration: that they exist and what they may do. Nothing that people wrote, and no secret."""

from importlib import import_module
from typing import Any, override

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.models import User

# Secrets of second factors, network addresses of people, a second place for addresses. Their own modules come first,
# so that they cannot be registered again afterwards.
for module in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions"):
    import_module(f"{module}.admin")
admin.site.unregister((Group, EmailAddress, Authenticator, UserSession))


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Find an account by its whole address; close it, or change its role."""

    list_display = ("email", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_specialist", "is_staff")
    search_fields = ("email",)
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    fields = ("id", "email", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    readonly_fields = ("id", "email", "created_at", "last_login")
    show_full_result_count = True

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
