"""Questions, for the moderators who read each before members do.

A page shows words, and neither whose they are nor when they came. Each opening is a line in the log of staff.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from http import HTTPStatus
from typing import Any, override
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import staff_log
from accounts.sealing import CannotOpen
from exchange.admin.answer_templates import begun_with
from exchange.admin.decisions import DECISIONS
from exchange.forms.moderation import AnswerForm, ChangeForm, PrivateForm, SettleForm
from exchange.models import Answer, AnswerTemplate, Question, Submission
from exchange.models.questions import Asked
from exchange.services import moderation
from exchange.services.moderation import DecidedMeanwhile, Gone
from guide import themes
from lib.admin import DONE, Change, ChangesAdmin, LongTableAdmin
from lib.comparing import compare
from lib.direction import isolated
from lib.ids import uuid_of

State = Submission.State

LISTS: Mapping[str, str | Promise] = {
    "waiting": gettext_lazy("Waiting"),
    "flagged": gettext_lazy("Flagged"),
    "all": gettext_lazy("All"),
}
SAID: Mapping[type[Exception], str | Promise] = {
    Gone: gettext_lazy("The author has withdrawn this question. Nothing was sent."),
    DecidedMeanwhile: gettext_lazy(
        "Somebody else decided meanwhile, or the author changed something. Nothing was sent. What you wrote is below."
    ),
    CannotOpen: gettext_lazy("This question can’t be opened. It has not been changed."),
}


@admin.register(Submission)
class SubmissionAdmin(ChangesAdmin, LongTableAdmin):
    """Questions to read, and what has become of the others."""

    changes = DECISIONS

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        rows: QuerySet[Submission] = super().get_queryset(request)
        return rows.exclude(state=State.WITHDRAWN)

    @override
    def offered(self, row: Any) -> dict[str, Change]:
        offered = super().offered(row)
        flags = moderation.flags_of(row.pk)
        if not flags:
            offered.pop("settle", None)
        if not any(answer for _flag, answer in flags):
            offered.pop("answer_down", None)
        return offered

    # Lists

    @override
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        which = request.GET.get("list", "")
        which = which if which in LISTS else "waiting"
        page = self.page(which, uuid_of(request.GET.get("after", "")))
        lists = [(f"?list={name}", label, name == which) for name, label in LISTS.items()]
        context = {"title": _("Questions"), "which": which, "lists": lists, "page": page}
        return self.rendered(request, "admin/exchange/questions.html", context)

    def page(self, which: str, after: UUID | None) -> moderation.Page:
        today = timezone.now().date()
        if which == "flagged":
            return moderation.flagged(today=today, after=after)
        return (
            moderation.waiting(today=today, after=after) if which == "waiting" else moderation.everything(after=after)
        )

    # One question

    @override
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "POST" or not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            return self.gone(request)
        offered = self.offered(row) if self.may_change(request) else {}
        links = [
            (reverse(f"admin:{self.confirm_name}", args=[row.pk, name]), one.label) for name, one in offered.items()
        ]
        staff_log.opened(request, Submission, str(row.pk))
        context = {"title": row.pen_name, "changes": links, **self.beside(None, row, request)}
        return self.rendered(request, "admin/exchange/question.html", context)

    @override
    def confirm(self, request: HttpRequest, pk: str, change: str) -> HttpResponse:
        """Say what a decision means, and make it."""
        if not self.may_change(request):
            raise PermissionDenied
        decision = self.changes.get(change)
        if decision is None:
            raise Http404
        row = self.get_object(request, pk)
        if request.method == "POST":
            return self.decide(request, pk, decision, row)
        if row is None:
            return self.gone(request)
        if change not in self.offered(row):
            messages.info(request, f"{DONE} {self.decided(row)}".rstrip())
            return redirect(self.page_of(row))
        return self.asked_about(request, decision, row, decision.form(initial=self.initial_of(decision, row, request)))

    def decide(self, request: HttpRequest, pk: str, decision: Change, row: Submission | None) -> HttpResponse:
        form = decision.form(request.POST, initial=self.initial_of(decision, row, request) if row else {})
        try:
            if row is None:
                raise Gone
            if not form.initial:
                raise CannotOpen
            if not form.is_valid():
                return self.asked_about(request, decision, row, form)
            if isinstance(form, ChangeForm) and not form.was_shown:
                form.show()
                return self.asked_about(request, decision, row, form)
            values = {name: value for name, value in form.cleaned_data.items() if name != "difference"}
            with transaction.atomic():
                if decision.act(row, request, values):
                    self.log_change(request, row, str(decision.said))
        except (Gone, DecidedMeanwhile, CannotOpen) as refused:
            return self.refused(request, pk, decision, form, type(refused))
        messages.success(request, str(decision.said))
        return redirect(self.page_of(row))

    def refused(
        self, request: HttpRequest, pk: str, decision: Change, form: forms.Form, why: type[Exception]
    ) -> HttpResponse:
        """Say why nothing was done, with everything that was written, and the question as it stands now."""
        row = self.get_object(request, pk)
        still = row is not None and decision in self.offered(row).values()
        if row and still:
            fresh = self.initial_of(decision, row, request)
            page = {name: value for name, value in fresh.items() if name in {"shown", "flags"}}
            form = decision.form({**request.POST.dict(), **page, "difference": ""}, initial=fresh)
        else:
            for field in form.fields.values():
                field.widget.attrs["readonly"] = True
        form.errors.clear()
        said = f"{SAID[Gone if row is None else why]} {self.decided(row) if row else ''}".rstrip()
        context = {"refused": said, "can_send": still}
        return self.asked_about(request, decision, row, form, status=HTTPStatus.CONFLICT, **context)

    def asked_about(
        self,
        request: HttpRequest,
        decision: Change,
        row: Submission | None,
        form: forms.Form,
        status: int = HTTPStatus.OK,
        **more: Any,
    ) -> HttpResponse:
        differs = None
        if isinstance(form, ChangeForm) and form.is_bound and form.is_valid() and "refused" not in more:
            before = Asked(*(str(form.initial.get(name, "")) for name in ("title", "text", "theme")))
            differs = difference(before, form.asked)
        if row:
            staff_log.opened(request, Submission, str(row.pk))
        templates = AnswerTemplate.objects.order_by("title") if isinstance(form, PrivateForm) else ()
        context = {
            "title": decision.label,
            "explanation": decision.explanation,
            "row": row,
            "page": self.page_of(row) if row else reverse("admin:exchange_submission_changelist"),
            "form": form,
            "can_send": bool(form.initial),
            "proposed": differs,
            "button": decision.label,
            "is_private": isinstance(form, PrivateForm),
            "templates": templates,
            **(self.beside(decision, row, request) if row else {}),
            **more,
        }
        if isinstance(form, ChangeForm):
            context["button"] = _("Send to the author") if differs else _("See the difference")
        return self.rendered(request, "admin/exchange/decision.html", context, status)

    @override
    def initial_of(self, change: Change, row: Submission, request: HttpRequest) -> dict[str, Any]:
        if change.form is SettleForm:
            return {"flags": ",".join(str(flag.pk) for flag, _answer in moderation.flags_of(row.pk))}
        if change.form is AnswerForm:
            answers = {answer for _flag, answer in moderation.flags_of(row.pk) if answer}
            return {"answers": sorted((str(answer.pk), named(answer)) for answer in answers)}
        try:
            words = row.words()
        except CannotOpen:
            return {}
        begun: dict[str, Any] = {"shown": moderation.seen(row, words)}
        if change.form is ChangeForm and words.asked:
            begun |= dict(zip(("title", "text", "theme"), astuple(words.asked), strict=True))
        if change.form is PrivateForm:
            begun |= begun_with(request)
        return begun

    @override
    def beside(self, change: Change | None, row: Submission, request: HttpRequest) -> dict[str, Any]:
        """The question, as moderators see it."""
        flags = [(reason_of(flag), answer) for flag, answer in moderation.flags_of(row.pk)]
        try:
            words = row.words()
        except CannotOpen:
            return {"row": row, "words": None, "flags": flags}
        question = Question.objects.filter(pk=row.pk).defer("search").first()
        asked = Asked(question.title, question.text, question.theme) if question else words.asked
        return {
            "row": row,
            "words": words,
            "asked": asked,
            "topic": topic(asked),
            "days": (timezone.now().date() - words.asked_on).days if row.state == State.WAITING else None,
            "differs": difference(words.asked, words.change) if words.asked and words.change else None,
            "question": question,
            "flags": flags,
        }

    def gone(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, _("This question is no longer here. Its author has withdrawn it."))
        return redirect("admin:exchange_submission_changelist")

    def rendered(
        self, request: HttpRequest, template: str, context: dict[str, Any], status: int = HTTPStatus.OK
    ) -> HttpResponse:
        everywhere = {**self.admin_site.each_context(request), "opts": self.opts}
        return render(request, template, everywhere | context, status=status)


def named(answer: Answer) -> str:
    """Whose it is, and how it begins."""
    return f"{isolated(answer.specialist.specialist.name)}: {Truncator(answer.text).chars(80)}"


def topic(asked: Asked | None) -> str:
    return themes.topic(asked.theme) if asked and asked.theme in themes.KEYS else ""


def difference(before: Asked, after: Asked) -> Sequence[tuple[str, Any]]:
    """What would be different in each part, with the name of the part."""
    found = []
    for label, one, other in (
        (_("Title"), before.title, after.title),
        (_("Question"), before.text, after.text),
        (_("Topic"), topic(before), topic(after)),
    ):
        if one != other:
            found.append((label, compare([one], [other])[0]))
    return found


def reason_of(flag: Any) -> str | None:
    try:
        return str(flag.reason())
    except CannotOpen:
        return None
