"""A specialist's absences: adding, changing and removing one, and the meetings in it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.http import AuthenticatedHttpRequest
from consultations.models import Absence, Specialist
from consultations.services import absences, slots
from consultations.slots import Difference
from consultations.views.steps import pressed
from lib.figures import spelled
from lib.methods import require_safe_or_post
from practice import reading
from practice.access import for_specialists, keeps_words, leads_back
from practice.forms.absences import AbsenceForm, CancelForm
from practice.views.hours import seen_before_saved

lead_back = leads_back("practice:absences")


@keeps_words(lambda: AbsenceForm(None, today=timezone.localdate()), gettext_lazy("Absences"))
@require_safe_or_post
@for_specialists
def all_absences(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Those that are not over, and a form for another."""
    form = AbsenceForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    return absence_form(request, specialist, form, absence_id=uuid4(), kept=None)


@lead_back
@keeps_words(lambda: AbsenceForm(None, today=timezone.localdate()), gettext_lazy("Absences"))
@require_safe_or_post
@for_specialists
def absence(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """Change one, or remove it."""
    kept = own(request, pk)
    if pressed(request) == "remove":
        absences.remove_absence(owner=request.user, absence_id=pk, now=timezone.now())
        messages.success(request, _("Removed. Your usual hours hold again."))
        return redirect("practice:absences")
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        today=timezone.localdate(),
        kept=(kept.first, kept.last),
        name=absences.name_of(kept, request.user) or "",
    )
    return absence_form(request, specialist, form, absence_id=pk, kept=kept)


def absence_form(
    request: AuthenticatedHttpRequest,
    specialist: Specialist,
    form: AbsenceForm,
    *,
    absence_id: UUID,
    kept: Absence | None,
) -> HttpResponse:
    """Preview what an absence does to the slots, and save it. If meetings are booked in it, their page comes next."""
    now = timezone.now()

    def save() -> HttpResponse | None:
        first, last, name = (form.cleaned_data[field] for field in ("first", "last", "name"))
        absences.set_absence(owner=request.user, absence_id=absence_id, first=first, last=last, name=name, now=now)
        if absences.meetings_in(specialist, (first, last), now).exists():
            return redirect("practice:absence_meetings", absence_id)
        return redirect("practice:absences")

    def shown() -> Difference:
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        after = absences.after_absence(specialist, absence_id, (first, last))
        return slots.preview(specialist=specialist, now=now, absences=after)

    context: dict[str, Any] = {"form": form, "kept": kept}
    if kept:
        context["booked"] = absences.meetings_in(specialist, (kept.first, kept.last), now).count()
    else:
        found = absences.absences_of(request.user, timezone.localdate())
        counts = absences.counts_of_meetings(specialist, [one for one, _name in found], now)
        named = [(one, name, count) for (one, name), count in zip(found, counts, strict=True)]
        context |= {"absences": named, "is_full": len(found) >= absences.MOST_ABSENCES}
    try:
        return seen_before_saved(request, specialist, "absences", context, form, shown, save)
    except absences.TooManyAbsences:
        messages.error(request, _("To add another absence, remove one first."))
        return redirect("practice:absences")


@lead_back
@keeps_words(lambda: CancelForm(None, meetings=[]), gettext_lazy("Meetings while you are away"))
@require_safe_or_post
@for_specialists
def absence_meetings(request: AuthenticatedHttpRequest, specialist: Specialist, pk: UUID) -> HttpResponse:
    """What is booked in an absence. Those that are ticked are cancelled."""
    kept, now = own(request, pk), timezone.now()
    found = reading.meetings(absences.meetings_in(specialist, (kept.first, kept.last), now))
    named = [(one.booking, one.name) for one in found]
    form = CancelForm(request.POST if request.method == "POST" else None, meetings=named)
    if form.is_valid():
        chosen = [UUID(one) for one in form.cleaned_data["meetings"]]
        words = form.said
        count = absences.cancel_meetings(absence=kept, owner=request.user, chosen=chosen, words=words, now=now)
        said = ngettext("One meeting is cancelled.", "%(count)s meetings are cancelled.", count)
        messages.success(request, said % {"count": spelled(count).capitalize()})
        return redirect("practice:absence_meetings", pk)
    context = {"absence": kept, "name": absences.name_of(kept, request.user), "meetings": found, "form": form}
    return render(request, "practice/absence_meetings.html", context, status=400 if form.errors else 200)


def own(request: AuthenticatedHttpRequest, pk: UUID) -> Absence:
    """An absence of this user. Raises Http404."""
    return get_object_or_404(Absence.objects.of(request.user).select_related("specialist__user__data_key"), pk=pk)
