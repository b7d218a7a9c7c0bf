"""A specialist's pages about hours: the week, single dates, the time zone, and the slots of one week."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import AuthenticatedHttpRequest
from consultations.hours_text import write_ranges
from consultations.models import Booking, Slot, Specialist
from consultations.models.bookings import OCCUPYING
from consultations.models.hours import WEEKDAYS
from consultations.models.profiles import are_reachable
from consultations.services import hours, slots
from consultations.services.explaining import why
from consultations.slots import Difference, Minutes, Stretch, Weekly, stretches, week_on
from consultations.times import monday_of
from consultations.views.steps import pressed, pressed_in_row
from lib.methods import require_safe_or_post
from lib.zones import zone
from practice import reading
from practice.access import for_specialists, keeps_words
from practice.forms.hours import ClearForm, DatesForm, LimitsForm, SeenForm, SlotForm, WeekForm, WhyForm, ZoneForm

WEEK = timedelta(days=7)
MOST_SHOWN = 60  # slots of each kind; a new time zone moves hundreds


@keeps_words(lambda: WeekForm(None, week={}, first=timezone.localdate()), gettext_lazy("Your hours"))
@require_safe_or_post
@for_specialists
def weekly_hours(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The weekly hours, from a day onwards or between two days."""
    today, now = timezone.localdate(), timezone.now()
    weekly = specialist.hours.rules()
    posted = request.POST if request.method == "POST" else None
    week, other = week_on(weekly, today), week_on(weekly, today, today + WEEK)
    form = WeekForm(posted, week=week, other=other if other != week else None, first=today)
    context: dict[str, Any] = {"form": form, "periods": periods(weekly, today)}
    if pressed(request) == "copy":
        again = WeekForm(None, week={}, first=today)
        again.initial = form.copied()
        say_what_is_copied(request, form)
        return render(request, "practice/hours.html", context | {"form": again})

    def save() -> None:
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        hours.change_week(
            specialist_id=specialist.pk, week=form.week, other=form.other, first=first, last=last, now=now
        )

    def shown() -> Difference:
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        after, overrides = hours.after_week(specialist, form.week, first, last, form.other)
        context["replaced"] = replaced_periods(weekly, after, first)
        context["are_days_off"] = last and not form.week and not form.other
        singles = hours.singles_on(specialist, first, last, now) if context["are_days_off"] else ()
        return slots.preview(specialist=specialist, now=now, hours=after, overrides=overrides, singles=singles)

    return seen_before_saved(request, specialist, "hours", context, form, shown, save)


def say_what_is_copied(request: AuthenticatedHttpRequest, form: WeekForm) -> None:
    if form.to_copy is None:
        messages.error(request, _("Choose the day to copy, and at least one other day to copy it to."))
        return
    source, targets = form.to_copy
    names = {str(day): str(name) for day, name in WEEKDAYS}
    said = {"day": names[source], "days": ", ".join(names[day] for day in targets)}
    messages.info(request, _("Not saved yet. The hours of %(day)s are copied to: %(days)s") % said)


@keeps_words(lambda: DatesForm(None, today=timezone.localdate()), gettext_lazy("Days off and other hours"))
@require_safe_or_post
@for_specialists
def single_dates(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Dates that are closed or have hours of their own; the button in a row returns its dates to the weekly hours."""
    today, now = timezone.localdate(), timezone.now()
    ahead = stretches(one for one in specialist.overrides.rules() if one.date >= today)
    context: dict[str, Any] = {"dates": [(one, write_ranges(one.ranges)) for one in ahead]}
    action, row = pressed_in_row(request)
    form: DatesForm | ClearForm
    if action == "clear":
        day = day_of(row)
        cleared = next((one for one in ahead if one.first <= day <= one.last), Stretch(day, day))
        form = ClearForm(request.POST, dates=cleared)
        context |= {"form": DatesForm(None, today=today), "cleared": cleared}
    else:
        form = DatesForm(request.POST if request.method == "POST" else None, today=today)
        context |= {"form": form}

    def chosen() -> tuple[date, date, Sequence[Minutes] | None]:
        if isinstance(form, ClearForm):
            return form.dates.first, form.dates.last, None
        first = form.cleaned_data["day"]
        return first, form.cleaned_data["last"] or first, form.cleaned_data["ranges"]

    def save() -> None:
        first, last, ranges = chosen()
        hours.set_dates(specialist_id=specialist.pk, first=first, last=last, ranges=ranges, now=now)

    def shown() -> Difference:
        first, last, ranges = chosen()
        after = hours.after_dates(specialist, first, last, ranges)
        singles = hours.singles_on(specialist, first, last, now) if hours.is_off(ranges) else ()
        return slots.preview(specialist=specialist, now=now, overrides=after, singles=singles)

    return seen_before_saved(request, specialist, "dates", context, form, shown, save)


@require_safe_or_post
@for_specialists
def time_zone(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """The time zone in which the hours are kept."""
    now = timezone.now()
    form = ZoneForm(request.POST if request.method == "POST" else None, kept=specialist.timezone)

    def save() -> None:
        hours.change_zone(specialist_id=specialist.pk, timezone=form.cleaned_data["timezone"], now=now)

    def shown() -> Difference:
        chosen = form.cleaned_data["timezone"]
        timezone.activate(zone(chosen))  # the preview is in the new zone
        return slots.preview(specialist=specialist, now=now, timezone=chosen)

    return seen_before_saved(request, specialist, "zone", {"form": form}, form, shown, save)


def seen_before_saved(
    request: AuthenticatedHttpRequest,
    specialist: Specialist,
    name: str,
    context: dict[str, Any],
    form: SeenForm,
    shown: Callable[[], Difference],
    save: Callable[[], HttpResponse | None],
) -> HttpResponse:
    """Preview what a change does to the slots (`shown`); once seen, exactly that change can be saved (`save`).

    If another window has saved something since, the change is previewed again. `save` may return where to go then.
    """
    page, now = f"practice/{name}.html", timezone.now()
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=400)
    if form.is_confirmed:
        with transaction.atomic():
            if form.is_seen(hours.stored(slots.lock_schedule(specialist.pk), now)):
                leads_to = save()
                messages.success(request, _("Saved."))
                return leads_to or redirect(f"practice:{name}")
    context["is_outdated"], context["seen"] = form.is_confirmed, form.digest(hours.stored(specialist, now))
    found = shown()
    changes = [("appear", found.appear), ("vanish", found.vanish)]
    context["changes"] = [(kind, by_day(starts[:MOST_SHOWN]), len(starts)) for kind, starts in changes if starts]
    stay = reading.meetings_at(request.user, found.stay)
    context |= {"stay": reading.by_day(stay[:MOST_SHOWN]), "staying": len(stay)}
    context["are_cut"] = max(len(found.appear), len(found.vanish), len(stay)) > MOST_SHOWN
    context["previewed"] = True
    return render(request, page, context)


@require_safe_or_post
@for_specialists
def limits(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Minutes that are kept free around meetings, and how many there may be in a day and in a week."""
    form = LimitsForm(request.POST if request.method == "POST" else None, kept=specialist)
    if form.is_valid():
        slots.set_limits(specialist_id=specialist.pk, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved. Meetings that are booked stay as they are."))
        return redirect("practice:limits")
    return render(request, "practice/limits.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@for_specialists
def slots_of_week(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """All slots of the week containing the day `week`, with their bookings."""
    return slots_page(request, specialist, SlotForm(use_required_attribute=False))


@require_safe_or_post
@for_specialists
def change_slot(request: AuthenticatedHttpRequest, specialist: Specialist) -> HttpResponse:
    """Close or reopen a slot, or add a single one; then show its week."""
    if request.method != "POST":
        return redirect("practice:slots")
    now = timezone.now()
    action, row = pressed_in_row(request)
    if action in ("close", "open"):
        if not row.isdecimal() or len(row) > 18:
            raise Http404
        if action == "close":
            slots.close_slot(specialist_id=specialist.pk, slot_id=int(row))
        else:
            try:
                slots.open_slot(specialist_id=specialist.pk, slot_id=int(row), now=now)
            except slots.AwayThen:
                messages.error(request, away_then())
        return redirect_to_week(request.POST.get("week", ""), int(row))
    form = SlotForm(request.POST, use_required_attribute=False)
    if form.is_valid():
        try:
            added = hours.add_slot(specialist_id=specialist.pk, starts_at=form.cleaned_data["starts_at"], now=now)
        except hours.CannotAdd as refused:
            form.add_error("time", away_then() if refused.is_away else in_the_way(refused.in_the_way))
        else:
            is_too_soon = added.starts_at < now + specialist.notice
            words = _("Added. It is too soon to book it, so nobody can.") if is_too_soon else _("Added.")
            messages.success(request, words)
            return redirect_to_week(timezone.localtime(added.starts_at).date().isoformat(), added.pk)
    return slots_page(request, specialist, form)


def slots_page(request: AuthenticatedHttpRequest, specialist: Specialist, form: SlotForm) -> HttpResponse:
    asked = request.GET.get("week") or request.POST.get("week")
    day = day_of(asked) if asked else timezone.localdate()
    now, about, answer = timezone.now(), WhyForm(request.GET), None
    if about.is_valid():
        day = about.cleaned_data["day"]
        is_reachable = are_reachable(specialist, request.user)
        answer = why(specialist, day_of(day.isoformat()), about.minutes, now, is_reachable=is_reachable)
    if form.is_bound and "starts_at" in form.cleaned_data:  # what is in its way is in that week
        day = form.cleaned_data["day"]
    monday = monday_of(day)
    here = zone(specialist.timezone)
    first, last = (datetime.combine(monday + gap, datetime.min.time(), here) for gap in (timedelta(), WEEK))
    bookings = {
        booking.starts_at: booking
        for booking in Booking.objects.of_specialist(request.user).filter(
            starts_at__gte=first, starts_at__lt=last, status__in=OCCUPYING
        )
    }
    of_week = specialist.slots.filter(starts_at__gte=first, starts_at__lt=last).order_by("starts_at")
    rows: list[tuple[datetime, Slot | None, Booking | None]]
    rows = [(slot.starts_at, slot, bookings.pop(slot.starts_at, None)) for slot in of_week]
    rows += [(starts_at, None, booking) for starts_at, booking in bookings.items()]
    rows.sort(key=lambda row: row[0])
    away = [*specialist.absences.values_list("first", "last")]
    context = {
        "form": form,
        "about": about,
        "specialist": specialist,
        "answer": answer,
        "now": now,
        "monday": monday,
        "sunday": monday + WEEK - timedelta(days=1),
        "earlier": monday - WEEK,
        "later": monday + WEEK,
        "days": [
            (day, [*found], any(first <= day <= last for first, last in away))
            for day, found in groupby(rows, key=lambda row: timezone.localtime(row[0]).date())
        ],
    }
    return render(request, "practice/slots.html", context, status=400 if form.errors or about.errors else 200)


def away_then() -> str:
    return _("You are away on that day. Change your absence first.")


def in_the_way(other: tuple[datetime, datetime] | None) -> str:
    """Why a single slot cannot be added; `other` is the start and end of what is there already."""
    if other is None:
        return _("This time is past.")
    starts, ends = (date_format(timezone.localtime(moment), "H:i") for moment in other)
    return _("This overlaps %(starts)s–%(ends)s, which you already have on that day.") % {
        "starts": starts,
        "ends": ends,
    }


def replaced_periods(before: Iterable[Weekly], after: Iterable[Weekly], first: date) -> list[tuple[date, date | None]]:
    """First and last day of the weeks planned for later than `first` that a change removes."""
    left = {(rule.valid_from, rule.valid_to) for rule in after}
    return sorted(
        {(rule.valid_from, rule.valid_to) for rule in before if rule.valid_from > first} - left,
        key=lambda period: period[0],
    )


def periods(rules: Iterable[Weekly], today: date) -> list[tuple[date, date | None, date | None, list[tuple[str, str]]]]:
    """The hours from today on, by period: first day, last day or None, the Monday from which they hold in every other
    week, or None, and (weekday, hours) as text.
    """
    names = dict(WEEKDAYS)
    found: dict[tuple[date, date | None, date | None], list[Weekly]] = defaultdict(list)
    for rule in rules:
        if rule.valid_to is None or rule.valid_to >= today:
            found[rule.valid_from, rule.valid_to, rule.anchor].append(rule)
    return [
        (*period, [(str(names[day]), write_ranges(ranges)) for day, ranges in sorted(week_on(same, first, of).items())])
        for period, same in sorted(found.items(), key=lambda item: (item[0][0], item[0][2] or item[0][0]))
        for first, of in [(period[0], period[2])]
    ]


def by_day(starts: Iterable[datetime]) -> list[tuple[date, list[datetime]]]:
    """Group sorted times by their date in the active time zone."""
    local = [timezone.localtime(start) for start in starts]
    return [(day, [*found]) for day, found in groupby(local, key=datetime.date)]


def day_of(text: str) -> date:
    """Parse an ISO date. Raises Http404 if it is none, or so far off that its week cannot be shown."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if not date(2000, 1, 10) < day < date(2200, 1, 1):
        raise Http404
    return day


def redirect_to_week(day: str, slot: int) -> HttpResponse:
    """To the slot in its week, so that who goes through a long list is not thrown back to its top."""
    address = redirect("practice:slots")
    address["Location"] += f"?week={day_of(day).isoformat()}" if day else ""
    address["Location"] += f"#slot-{slot}"
    return address
