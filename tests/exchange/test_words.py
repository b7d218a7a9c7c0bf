"""What people paste into a form comes back whole, however long it is."""

import pytest
from django.forms import Textarea
from django.test import Client

from accounts.models import User
from consultations.forms.booking import BookingForm
from exchange.forms.contact import ContactForm
from exchange.forms.messages import MessageForm
from exchange.forms.questions import AskedForm, MoreForm
from exchange.forms.reading import FlagForm
from exchange.forms.reports import ReportForm
from exchange.models.questions import LONGEST, LONGEST_TITLE
from lib.forms import Form
from practice.forms.answers import AnswerForm
from practice.forms.desk import AwayForm, TextForm
from tests.conftest import AsUser
from tests.exchange.asked import NEW, fields
from tests.html import followed, parse

FORMS = [AskedForm, MoreForm, FlagForm, ReportForm, AnswerForm, AwayForm, TextForm]


@pytest.mark.parametrize("form", [*FORMS, BookingForm])
def test_browsers_cut_no_words(form: type[Form]) -> None:
    """`maxlength` does, and the end of what is pasted is lost without a word."""
    texts = [one.widget for one in form.base_fields.values() if isinstance(one.widget, Textarea)]
    assert texts
    assert all("maxlength" not in widget.attrs and widget.attrs["data-longest"] for widget in texts)


@pytest.mark.parametrize("form", [*FORMS, ContactForm, MessageForm])
def test_nothing_turns_words_around(form: type[Form]) -> None:
    """Right-to-left letters and marks stay: what goes are the characters that show other words than were written."""
    for name, field in form.base_fields.items():
        if isinstance(field.widget, Textarea):
            cleaned = field.to_python("no \u202eyes\u202c, \u202aon\u202d \u202b\u05e9\u05dc\u05d5\u05dd\u200f\u202c!")
            assert cleaned == "no yes, on \u05e9\u05dc\u05d5\u05dd\u200f!", name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "longest", "label"), [("title", LONGEST_TITLE, "Title"), ("text", LONGEST, "Your question")]
)
def test_a_question_that_is_too_long_comes_back_whole(
    as_user: AsUser, ana: User, name: str, longest: int, label: str
) -> None:
    client: Client = as_user(ana)
    words = "a" * longest + "z"
    again = followed(client.post(NEW, fields(client, **{name: words})))
    assert f"{label}: This is too long: {longest:,} characters at most, and you wrote {longest + 1:,}." in again.text
    field = next(one for one in parse(again.text).iter() if one.get("name") == name)
    assert (field.get("value") or field.text or "").strip() == words
    assert "2,000 characters" in again.text
