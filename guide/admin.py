from typing import Any, override

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guide.models import Prompt
from guide.services import shipped_prompts
from lib.forms import ModelForm


class LinesField(forms.CharField):
    """A list of strings, edited as one per line."""

    widget = forms.Textarea

    @override
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    @override
    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class PromptForm(ModelForm):
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
class PromptAdmin(admin.ModelAdmin):
    form = PromptForm
    list_display = ["title", "theme", "minutes", "care", "suppressed_if_unsafe", "published"]
    list_filter = ["theme", "published", "care", "suppressed_if_unsafe"]
    search_fields = ["title", "key"]
    actions = None  # none deletes many at once

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Prompt | None = None) -> tuple[str, ...]:
        """A key is chosen once: entries and routes name it, and the next deploy would bring the old one back."""
        return ("key",) if obj else ()

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Prompt | None = None) -> bool:
        """Prompts that come with the code are unpublished: deleted, the next deploy would bring them back."""
        is_ours = obj is not None and obj.key in shipped_prompts()
        return not is_ours and super().has_delete_permission(request, obj)
