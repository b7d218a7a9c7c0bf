"""Accounts in the admin: that they exist, and their roles. Nothing that people wrote, and no secrets."""

from importlib import import_module
from typing import Any, override

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.addresses import mailable
from accounts.models import User
from accounts.privacy import after_deactivation
from accounts.services import remove_second_factors
from lib.admin import Change, ChangesAdmin, FirstRows

# These would show second factors' secrets and IP addresses, and let e-mail addresses be edited in a second place. Their
# admin modules are imported first: if autodiscovery came to them later, it would register them again.
for module in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions"):
    import_module(f"{module}.admin")
admin.site.unregister((Group, EmailAddress, Authenticator, UserSession))


@admin.register(User)
class UserAdmin(ChangesAdmin):
    """Find an account by its address; deactivate it, or change its role."""

    list_display = ("address", "is_active", "is_specialist", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_specialist", "is_staff")
    search_fields = ("email__startswith",)
    search_help_text = _("An e-mail address, or how it begins.")
    ordering = ("email",)
    fields = ("id", "address", "is_active", "is_specialist", "is_staff", "groups", "created_at", "last_login")
    readonly_fields = ("id", "address", "created_at", "last_login")
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
            act=lambda user, _request, _values: remove_second_factors(user=user, now=timezone.now()),
        )
    }

    @admin.display(description=_("e-mail address"), ordering="email")
    def address(self, user: User) -> str:
        return user.address

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        """Find an address in whichever form it is written."""
        return super().get_search_results(request, queryset, mailable(search_term.strip().lower()))

    @override
    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> "type[forms.ModelForm[Any]]":
        form: type[forms.ModelForm] = super().get_form(request, obj, change, **kwargs)
        if "is_active" in form.base_fields:
            form.base_fields["is_active"].help_text = _(
                "Untick this to shut somebody out. Their meetings to come are cancelled; a specialist’s profile is "
                "suspended, too, and stays so until you lift the suspension on the page of the specialist."
            )
        return form

    @override
    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data and not obj.is_active:
            for shut_out in after_deactivation:
                shut_out(obj, timezone.now())

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """People sign up themselves, choose their own password and confirm that they are adults."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only the erasure service deletes accounts."""
        return False

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only a superuser makes somebody staff or shuts staff out, and nobody changes their own role."""
        if obj == request.user:
            return tuple(self.fields)
        if not request.user.is_superuser:
            if obj and (obj.is_staff or obj.is_superuser):
                return tuple(self.fields)
            return (*self.readonly_fields, "is_staff", "is_specialist", "groups")
        return self.readonly_fields

    @override
    def may_change(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser may remove a second step."""
        return request.user.is_superuser
