from typing import Any, override

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guide import history
from guide.models import Prompt
from guide.services import shipped_prompts
from lib.admin import OwnFiltersAdmin
from lib.edits import EditForm
from lib.methods import require_safe_or_post


class LinesField(forms.CharField):
    """A list of strings, edited as one per line."""

    widget = forms.Textarea

    @override
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    @override
    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class PromptForm(EditForm):
    """Edits the steps as lines of text."""

    steps = LinesField(required=False)

    class Meta:
        model = Prompt
        fields = [
            "key",
            "theme",
            "title",
            "why",
            "steps",
            "minutes",
            "care",
            "suppressed_if_unsafe",
            "order",
            "published",
        ]
        help_texts = {
            "published": _("Untick this to take the prompt off the site. Entries written to it stay as they are.")
        }


@admin.register(Prompt)
class PromptAdmin(OwnFiltersAdmin):
    form = PromptForm
    list_display = ["title", "theme", "minutes", "care", "suppressed_if_unsafe", "published"]
    list_filter = ["theme", "published", "care", "suppressed_if_unsafe"]
    search_fields = ["title", "key"]
    actions = None  # none deletes many at once
    change_form_template = "admin/guide/prompt.html"

    @override
    def get_urls(self) -> list[URLPattern]:
        preview = require_safe_or_post(self.admin_site.admin_view(self.preview))
        return [
            path("add/preview/", preview, name="guide_prompt_preview_new"),
            path("<path:object_id>/preview/", preview, name="guide_prompt_preview"),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """What members would see of the form as it was posted. Nothing is saved."""
        row = self.get_object(request, object_id) if object_id else None
        may = self.has_change_permission(request, row) if object_id else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        if object_id and row is None:
            raise Http404
        if request.method != "POST":  # the page is over: back to its form
            return redirect("admin:guide_prompt_change", row.pk) if row else redirect("admin:guide_prompt_add")
        form = self.get_form(request, row, change=row is not None)(request.POST, instance=row)
        prompt = form.save(commit=False) if form.is_valid() else None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview"),
            "opts": self.opts,
            "prompt": prompt,
            "form": form,
        }
        return render(request, "admin/guide/preview.html", context)

    @override
    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What each version changed. Who did what is in the log of staff's actions."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        prompt = self.get_object(request, object_id)
        if prompt is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("Earlier versions"),
            "opts": self.opts,
            "prompt": prompt,
            "versions": history.versions(prompt),
        }
        return render(request, "admin/guide/history.html", context)

    @override
    def save_model(self, request: HttpRequest, obj: Prompt, form: forms.ModelForm, change: bool) -> None:
        before = history.said_by(Prompt.objects.get(pk=obj.pk)) if change else None
        super().save_model(request, obj, form, change)
        history.keep(obj, before, timezone.now())

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Prompt | None = None) -> tuple[str, ...]:
        """A key is chosen once: entries and routes name it, and the next deploy would bring the old one back."""
        return ("key",) if obj else ()

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        """Prompts that come with the code are unpublished: deleted, the next deploy would bring them back."""
        is_ours = obj is not None and obj.key in shipped_prompts()
        return not is_ours and super().has_delete_permission(request, obj)
