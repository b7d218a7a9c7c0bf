"""Answering the questionnaire. Every address names the response, so that an old tab never writes into a newer one."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import consents
from accounts.http import AuthenticatedHttpRequest
from accounts.rates import TOO_OFTEN, within_limit
from accounts.sealing import CannotOpen
from assessments import answering, retests, services
from assessments.access import answers_again, keeps_answers, layout_of
from assessments.answering import Posted
from assessments.forms import AgreementForm, ChangedForm, StartForm, part_fields
from assessments.history import History, history
from assessments.instrument import Part
from assessments.models import Changed, InstrumentVersion, Response, Result, Retest, published_instrument
from assessments.scoring import Answers
from lib.methods import require_safe_or_post

# Form fields that are not answers.
CONTROLS = {"csrfmiddlewaretoken", "go", "writer", "layout"}


def says_if_closed[**P](
    view: Callable[Concatenate[AuthenticatedHttpRequest, P], HttpResponse],
) -> Callable[Concatenate[AuthenticatedHttpRequest, P], HttpResponse]:
    """Show an explanation instead of an error where the answers cannot be opened; they are left unchanged."""

    @wraps(view)
    def opened(request: AuthenticatedHttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except CannotOpen:
            return render(request, "assessments/closed.html")

    return opened


@require_safe
def balance(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Start or resume the questionnaire, and list earlier results."""
    response = Response.objects.visible_to(request.user).unfinished().with_standing().first()
    context: dict[str, Any] = {
        "unfinished": response,
        "current": InstrumentVersion.objects.current(),
        "history": _history(request),
        "reworded": consents.is_reworded(request.user),
    }
    if response:
        context |= _begun(request, response)
    return render(request, "assessments/balance.html", context)


def _begun(request: AuthenticatedHttpRequest, response: Response) -> dict[str, Any]:
    """How far the questionnaire that was begun has come, and whether it can go on."""
    try:
        answers, parts = _answers_and_parts(request, response)
    except CannotOpen:
        return {"standing": standing(response, None, 0), "may_go_on": False}
    answered = answering.answered_parts(parts, answers)
    return {
        "standing": standing(response, len(answered), len(parts)),
        "resume_at": answering.first_open(parts, answers),
        "may_go_on": response.retired_at is None,
    }


def standing(response: Response, answered: int | None, parts: int) -> str:
    """How far a questionnaire has come, in words; `answered` is None where the answers cannot be opened."""
    words = {
        "date": date_format(timezone.localtime(response.started_at), "j F Y"),
        "answered": answered,
        "count": parts,
    }
    if answered is None:
        closed = _("The answers you began on %(date)s can’t be opened. They have not been changed.") % words
        return f"{closed} {_('Please tell the people who run this site, and try again later.')}"
    if response.retired_at:
        return _(
            "You began a version of the questions that is no longer used. "
            "Your answers are as you left them, but they can no longer be completed."
        )
    if answered < parts:
        return _("You began on %(date)s. Parts answered so far: %(answered)s of %(count)s.") % words
    return _("You began on %(date)s. You have answered every part.") % words


@require_safe_or_post
def start(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Choose the form, give consent, say which relationship it is about; then go to the first part."""
    version = InstrumentVersion.objects.current()
    if version is None or Response.objects.visible_to(request.user).unfinished().exists():
        return redirect("balance")
    instrument = published_instrument(version.pk)
    last = Result.objects.visible_to(request.user).newest_first().first()
    form = StartForm(instrument, _posted(request), choices=consents.standing(request.user), last=last)
    now = timezone.now()
    if form.is_valid() and not within_limit(request.user, "questionnaire", now=now):
        form.add_error(None, str(TOO_OFTEN))
        return render(request, "assessments/start.html", {"form": form, "instrument": instrument}, status=429)
    if form.is_valid():
        try:
            response = services.start_response(
                owner=request.user,
                version=version,
                form=form.cleaned_data["form"],
                partnered=form.cleaned_data["partnered"],
                same_relationship=form.cleaned_data.get("same_relationship"),
                agrees=form.agreements(),
                declines=form.declined(),
                now=now,
            )
        except services.NotOffered:  # retired a moment ago
            messages.info(request, _("The questions have just changed, so nothing was begun. Please start again."))
            return redirect("balance_start")
        return redirect("balance_part", pk=response.pk, number=1)
    return render(request, "assessments/start.html", {"form": form, "instrument": instrument})


@require_safe_or_post
def agree(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask again for an agreement that was taken back, or whose words have changed, before going on."""
    response = _response(request, pk)
    form = AgreementForm(_posted(request), choices=consents.standing(request.user))
    if form.is_valid():
        services.agree(owner=request.user, purposes=form.agreements(), declined=form.declined(), now=timezone.now())
        return redirect("balance")
    return render(request, "assessments/agree.html", {"form": form, "response": response})


@keeps_answers
@require_safe_or_post
@says_if_closed
def part(request: AuthenticatedHttpRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """One part of the questionnaire. Continue, Back and "Save and stop for now" all save what is chosen.

    Where nothing can be saved, `assessments/access.py` gives the page back as it was sent.
    """
    posted = None
    if request.method == "POST":
        fields = {name: str(value) for name, value in request.POST.items() if name not in CONTROLS}
        try:
            posted, last = services.post_part(
                owner=request.user, response_id=pk, number=number, fields=fields, now=timezone.now()
            )
        except (Response.DoesNotExist, services.NoSuchPartError):
            raise Http404 from None
        except services.ClosedError:
            if again := _to_agree_first(request, pk):
                return again  # otherwise, what follows says why
        else:
            if posted.is_valid:
                return _after_part(request, pk, number, last)
    response = _response(request, pk)
    return _no_longer_open(request, response) or _render_part(request, response, number, posted)


@require_safe_or_post
@says_if_closed
def check(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is still open, before the answers become a result; of the second of a pair also whether anything changed."""
    response = _response(request, pk)
    if elsewhere := _no_longer_open(request, response):
        return elsewhere
    asked = retests.awaited(request.user, response, timezone.now())
    form = ChangedForm(_posted(request), since=asked.first.created_at) if asked else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return _submit(request, pk, form.cleaned_data["changed"] if form else None)
    answers, parts = _answers_and_parts(request, response)
    still_open = [(part, answering.open_questions(part, answers)) for part in parts]
    instrument = response.instrument
    context = {
        "response": response,
        "form": form,
        "last": len(parts),
        "still_open": [(part, questions) for part, questions in still_open if questions],
        "complete_areas": answering.complete_areas(instrument, answers),
        "needed_areas": instrument.constants.min_pairs,
        "areas": len(instrument.areas_of(response.form)),
    }
    return render(request, "assessments/check.html", context)


@require_safe_or_post
def again(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask somebody who agreed to it to answer again. Posting means: no, and do not ask any more."""
    retest, now = get_object_or_404(Retest.objects.visible_to(request.user), pk=pk), timezone.now()
    if request.method == "POST":
        retests.decline(owner=request.user, retest_id=pk, now=now)
        messages.success(request, _("You are not asked about this result any more."))
        return redirect("today")
    asked = retests.invitation(request.user, now)
    if asked != retest:
        messages.info(request, _("You were asked to answer the questions once more. That is over."))
        return redirect("balance")
    return render(request, "assessments/again.html", {"asked": asked})


@require_safe_or_post
def restart(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that starting anew deletes what was begun, and do it."""
    response = _response(request, pk)
    if response.submitted_at:
        return _to_result(request, pk)
    if request.method == "POST":
        services.discard_response(owner=request.user, response_id=pk)
        return redirect("balance_start")
    return render(request, "assessments/restart.html", {"response": response})


def _history(request: AuthenticatedHttpRequest) -> History:
    """The page of results that `?after=` asks for. Raises `Http404` for a key that is none of the person's own."""
    key = request.GET.get("after")
    if not key:
        return history(request.user)
    try:
        after = Result.objects.visible_to(request.user).get(pk=key)
    except (Result.DoesNotExist, ValidationError):
        raise Http404 from None
    return history(request.user, after=after)


def _response(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> Response:
    return get_object_or_404(Response.objects.visible_to(request.user).with_standing(), pk=pk)


def _no_longer_open(request: AuthenticatedHttpRequest, response: Response) -> HttpResponse | None:
    """Where to go instead where no answers are taken: submitted, version retired, or agreement taken back."""
    if response.submitted_at:
        return _to_result(request, response.pk)
    if response.retired_at:
        return render(request, "assessments/retired.html", {"response": response}, status=409)
    if not response.agreed:
        return redirect("balance_agree", pk=response.pk)
    return None


def _to_agree_first(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse | None:
    """The part as it was sent, for somebody who agreed to earlier words while they were answering it."""
    if _response(request, pk).submitted_at or not consents.is_reworded(request.user, consents.QUESTIONNAIRE.purpose):
        return None
    return answers_again(request, 409, agree_at=reverse("balance_agree", args=[pk]))


def _posted(request: AuthenticatedHttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _submit(request: AuthenticatedHttpRequest, pk: uuid.UUID, changed: Changed | None) -> HttpResponse:
    try:
        result = services.submit_response(owner=request.user, response_id=pk, changed=changed, now=timezone.now())
    except Response.DoesNotExist:  # deleted in another tab a moment ago
        raise Http404 from None
    except services.ClosedError:  # retired a moment ago
        return _no_longer_open(request, _response(request, pk)) or redirect("balance")
    return redirect("result", pk=result.pk)


def _to_result(request: AuthenticatedHttpRequest, response_id: uuid.UUID) -> HttpResponse:
    result = get_object_or_404(Result.objects.visible_to(request.user).only("pk"), response_id=response_id)
    return redirect("result", pk=result.pk)


def _answers_and_parts(request: AuthenticatedHttpRequest, response: Response) -> tuple[Answers, tuple[Part, ...]]:
    answers = response.answers(request.user)
    return answers, answering.parts_of(response.instrument, answers.form, answers.partnered)


def _render_part(
    request: AuthenticatedHttpRequest, response: Response, number: int, posted: Posted | None
) -> HttpResponse:
    """Render a part with its answers. `posted` is a submission that was refused: the problems are listed."""
    answers, parts = _answers_and_parts(request, response)
    instrument = response.instrument
    if not 1 <= number <= len(parts):
        raise Http404
    part = parts[number - 1]
    fields = part_fields(instrument, part, answers, posted)
    answered = answering.answered_parts(parts, answers)
    context = {
        "words": instrument.text["instrument"],
        "which": instrument.text["non_answers"].get("which", ""),
        "writer": request.user.pk,
        "layout": layout_of(response, answers),
        "part": part,
        "parts": parts,
        "fields": fields,
        "posted": posted,
        "problems": [field for field in fields if field.off_scale] + [*posted.unknown] if posted else [],
        "answered": answered,
        "minutes_left": answering.minutes_left(
            instrument, answers.form, still_open=len(parts) - len(answered), parts=len(parts)
        ),
    }
    return render(request, "assessments/part.html", context, status=400 if posted else 200)


def _after_part(request: AuthenticatedHttpRequest, pk: uuid.UUID, number: int, last: int) -> HttpResponse:
    """Redirect by the button pressed. A part opened from the check page leads back to it."""
    go = request.POST.get("go")
    if go == "stop":
        messages.success(request, _("Your answers are saved. You can come back whenever you like."))
        return redirect("balance")
    if go == "back":
        return redirect("balance_part", pk, number - 1) if number > 1 else redirect("balance")
    if number == last or request.GET.get("from") == "check":
        return redirect("balance_check", pk)
    return redirect("balance_part", pk, number + 1)
