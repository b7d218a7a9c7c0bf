"""Banners, written by staff."""

from typing import Any, override

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.admin import OwnFiltersAdmin
from lib.edits import EditForm
from reflect import services
from reflect.models import Banner

MINUTE = "%Y-%m-%dT%H:%M"


class BannerForm(EditForm):
    class Meta:
        model = Banner
        fields = ("text", "language", "level", "starts_at", "ends_at")
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "text": _("One or two sentences. Everybody can read them, with an account or without one."),
            "starts_at": _("In your time zone, as in your settings."),
            "ends_at": _("The banner disappears by itself then."),
        }


@admin.register(Banner)
class BannerAdmin(OwnFiltersAdmin):
    """The banners, the latest first. Each is on the pages some seconds after it is saved."""

    form = BannerForm
    list_display = ("text", "level", "starts_at", "ends_at")
    ordering = ("-ends_at",)
    actions = None
    sortable_by = ()
    show_full_result_count = False
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format=MINUTE, attrs={"type": "datetime-local"}),
        }
    }

    @override
    def save_model(self, request: HttpRequest, obj: Banner, form: forms.ModelForm, change: bool) -> None:
        services.save_banner(obj)

    @override
    def delete_model(self, request: HttpRequest, obj: Banner) -> None:
        services.delete_banner(obj)

    @override
    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """The language is asked for only where there are several."""
        return [one for one in super().get_fields(request, obj) if one != "language" or len(settings.LANGUAGES) > 1]
