from typing import Any, override

from django import forms
from django.contrib import admin

from guide.models import Prompt


class LinesField(forms.CharField):
    """A list of strings, edited as one per line."""

    widget = forms.Textarea

    @override
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    @override
    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]


class PromptForm(forms.ModelForm):
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


@admin.register(Prompt)
class PromptAdmin(admin.ModelAdmin):
    form = PromptForm
    list_display = ["title", "theme", "minutes", "care", "suppressed_if_unsafe", "published"]
    list_filter = ["theme", "published", "care", "suppressed_if_unsafe"]
    search_fields = ["title", "key"]
