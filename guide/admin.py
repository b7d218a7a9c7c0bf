from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField

from guide.models import Prompt


class PromptForm(forms.ModelForm):
    """Steps are written one a line."""

    steps = SimpleArrayField(
        forms.CharField(max_length=200, required=False), delimiter="\n", required=False, widget=forms.Textarea
    )

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
