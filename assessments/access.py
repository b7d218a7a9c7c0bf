"""Re-render a part of the questionnaire that could not be saved, keeping the submitted choices.

The session may have ended, so everything comes from the request itself: no personal data is read.
"""

import re

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import gives_back
from assessments.answering import Posted, parts_of, read_part
from assessments.forms import part_fields
from assessments.instrument import Instrument
from assessments.models import Form, InstrumentVersion, Response, published_instrument
from assessments.scoring import Answers
from lib.waits import BUSY

LAYOUT = re.compile(rf"([0-9]{{1,9}})\.({'|'.join(Form.values)})\.(partnered|alone)")


def layout_of(response: Response, answers: Answers) -> str:
    """The form field that identifies which questions a part asks: version, form, and whether there is a partner now."""
    return f"{response.version_id}.{answers.form}.{'partnered' if answers.partnered else 'alone'}"


def read_layout(layout: str) -> tuple[Instrument, Answers] | None:
    """The instrument and empty answers for a submitted layout; None if `layout_of` cannot have made it."""
    match = LAYOUT.fullmatch(layout)
    if match is None:
        return None
    try:
        instrument = published_instrument(int(match[1]))
    except InstrumentVersion.DoesNotExist:
        return None
    return instrument, Answers(form=match[2], partnered=match[3] == "partnered", answers={}, importance={})


def answers_again(request: HttpRequest, status: int, *, agree_at: str = "") -> HttpResponse:
    """Render the same part with the posted answers selected; nothing is saved.

    With `agree_at`, it says that the words of the consent have changed, and that they can be read there.
    """
    assert request.resolver_match
    number: int = request.resolver_match.kwargs["number"]
    found = read_layout(request.POST.get("layout", ""))
    parts = parts_of(found[0], found[1].form, found[1].partnered) if found else ()
    if found is None or not 1 <= number <= len(parts):
        return redirect(agree_at) if agree_at else redirect_to_login(request.get_full_path())
    instrument, answers = found
    part = parts[number - 1]
    sent = read_part(instrument, part, {name: str(value) for name, value in request.POST.items()})
    context = {
        "words": instrument.text["instrument"],
        "which": instrument.text["non_answers"].get("which", ""),
        "writer": request.POST.get("writer", ""),
        "layout": request.POST["layout"],
        "part": part,
        "parts": parts,
        "fields": part_fields(instrument, part, answers, Posted(sent.answers, sent.importance)),
        "not_saved": True,
        "signed_out": status == 401,
        "busy": status in BUSY,
        "agree_at": agree_at,
    }
    return render(request, "assessments/part.html", context, status=status)


keeps_answers = gives_back(answers_again)
