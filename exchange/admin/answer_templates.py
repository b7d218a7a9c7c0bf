"""Ready-made answers, with which staff can begin one of their own."""

from django.contrib import admin
from django.http import HttpRequest

from exchange.models import AnswerTemplate
from lib.admin import OwnFiltersAdmin
from lib.edits import EditForm


class TemplateForm(EditForm):
    class Meta:
        model = AnswerTemplate
        fields = ("title", "text")


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(OwnFiltersAdmin):
    form = TemplateForm
    list_display = ("title",)
    ordering = ("title",)


def begun_with(request: HttpRequest) -> dict[str, str | None]:
    """The text of an answer, if the page was asked for with a ready-made one."""
    chosen = request.GET.get("template", "")
    if request.method == "POST" or not chosen.isdecimal() or len(chosen) >= 10:
        return {}
    return {"text": AnswerTemplate.objects.filter(pk=chosen).values_list("text", flat=True).first()}
