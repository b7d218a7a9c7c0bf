"""Nobody meets a sentence of Django's or allauth's own: each error is in our words, and names its field."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import allauth
import django
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.test import Client
from django.urls import reverse

from accounts.adapter import AccountAdapter, MFAAdapter
from accounts.models import User
from lib.forms import CHECK_AGAIN, Form, InOurWords, UncutField, give_words
from reflect.templatetags.error_words import in_summary
from tests.accounts.factors import PASSWORD
from tests.html import parse, text_of

APPS = ("accounts", "assessments", "consultations", "exchange", "guide", "journal", "meetings", "practice", "reflect")
CATALOGUES = [
    catalogue
    for package in (django, allauth)
    for catalogue in Path(package.__path__[0]).rglob("locale/en/LC_MESSAGES/django.po")
]
MESSAGE = re.compile(r"^msgid(?:_plural)? ((?:\"(?:[^\"\\]|\\.)*\"\s*)+)", re.MULTILINE)
FIGURE = re.compile(r"%%|%\(\w+\)[sdr]|%[sdr]|\{\w*\}")
# What allauth says of log-ins by name or phone number, and with settings that are not ours.
NOT_ASKED = {
    *(
        "add_email_blocked",
        "max_email_addresses",
        "phone_password_mismatch",
        "phone_taken",
        "select_only_one",
        "unknown_phone",
    ),
    *("username_blacklisted", "username_password_mismatch", "username_taken"),
}
TYPED = ["", " ", "\0", "x", "x" * 5000, "-1", "9" * 30, "nothing-like-it", "1.5", "[", "http://", "a@b"]
CHOSEN = [[], ["nothing-like-it"], "not a list"]
SENT = [None, SimpleUploadedFile("empty.zip", b""), SimpleUploadedFile("x" * 300, b"x"), "not a file"]


@cache
def stock() -> re.Pattern[str]:
    """Matches a text that is a sentence of Django's or allauth's."""
    sentences: set[str] = set()
    for catalogue in CATALOGUES:
        for quoted in MESSAGE.findall(catalogue.read_text(encoding="utf-8")):
            sentence = "".join(ast.literal_eval(line) for line in quoted.strip().splitlines()).strip()
            if sentence.endswith(".") and " " in sentence and not FIGURE.fullmatch(sentence.rstrip(".")):
                sentences.add(sentence)
    patterns = [".+".join(map(re.escape, FIGURE.split(sentence))) for sentence in sentences]
    return re.compile("|".join(patterns))


def form_classes() -> list[type[forms.BaseForm]]:
    """Every form of the project, those that allauth is configured with among them."""
    for app in APPS:
        for module in walk_packages(import_module(app).__path__, f"{app}."):
            if "migrations" not in module.name and "management" not in module.name and "wsgi" not in module.name:
                import_module(module.name)
    found, seen = [forms.BaseForm], set()
    while found:
        kind = found.pop()
        found += kind.__subclasses__()
        seen.add(kind)
    ours = {kind for kind in seen if kind.__module__.split(".")[0] in APPS and not kind.__module__.startswith("tests.")}
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


def errors_of(field: forms.Field) -> Iterator[str]:
    values: list[Any] = TYPED
    if isinstance(field, forms.FileField):
        values = SENT
    elif isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        values = CHOSEN
    elif isinstance(field, forms.ModelChoiceField):
        values = [value for value in TYPED if value != "\0"]  # refused with no message of the field; none is ever sent
    for value in values:
        try:
            field.clean(value)
        except ValidationError as error:
            yield from error.messages


def test_the_stock_sentences_are_known() -> None:
    for sentence in (
        "This field is required.", "Select a valid choice. x is not one of the available choices.",
        "Ensure this value has at most 60 characters (it has 70).", "Incorrect code.",
        "This password is too short. It must contain at least 12 characters.", "Enter a valid date.",
    ):  # fmt: skip
        assert stock().fullmatch(sentence), sentence
    assert not stock().fullmatch("Choose a day.")


def test_every_form_speaks_in_our_words() -> None:
    assert len(form_classes()) > 40
    assert [kind for kind in form_classes() if not issubclass(kind, InOurWords)] == []


@pytest.mark.parametrize("kind", form_classes(), ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_no_field_of_a_form_says_a_stock_sentence(kind: type[InOurWords], db: None) -> None:
    form = kind.__new__(kind)
    forms.BaseForm.__init__(form, {})
    for name, field in form.fields.items():
        label = str(form[name].label)
        own = {str(words) for words in field.error_messages.values() if not stock().fullmatch(str(words))}
        give_words(field, label)
        assert [words for words in errors_of(field) if stock().fullmatch(words)] == [], name
        replaced = {str(words) for words in field.error_messages.values()} - own
        assert [words for words in replaced if f"“{label}”" not in words] == [], name


@pytest.mark.parametrize(
    "kind", [kind for kind in vars(forms).values() if isinstance(kind, type) and issubclass(kind, forms.Field)]
)
def test_no_kind_of_field_keeps_a_stock_sentence(kind: type[forms.Field]) -> None:
    field = kind.__new__(kind)
    field.error_messages = {}
    for parent in reversed(kind.__mro__):
        field.error_messages |= getattr(parent, "default_error_messages", {})
    give_words(field, "Fee")
    assert {"required", "max_length"} <= {*field.error_messages}
    for words in field.error_messages.values():
        assert not stock().search(str(words))
        assert "“Fee”" in str(words)


class Sample(Form):
    fee = forms.CharField(label="Fee of 50 %", max_length=3, validators=[MinLengthValidator(2)])
    day = forms.DateField(error_messages={"invalid": "A day, please."})
    hidden = forms.UUIDField(widget=forms.HiddenInput)


def test_a_message_of_its_own_stays_and_the_others_name_the_field() -> None:
    assert Sample({"fee": "1234", "day": "x", "hidden": "x"}).errors == {
        "fee": ["“Fee of 50 %” is too long: 3 characters at most."],
        "day": ["A day, please."],
        "hidden": ["The form could not be checked. Load the page again, and send it once more."],
    }
    assert Sample({"fee": "1"}).errors["day"] == ["Please fill in “Day”."]
    assert Sample({"fee": "1"}).errors["fee"] == ["“Fee of 50 %” is too short: at least 2 characters."]


def test_the_numbers_of_a_length_are_written_with_their_thousands_apart() -> None:
    class Long(Form):
        text = UncutField(max_length=4_000)
        name = forms.CharField(label="Name", min_length=1_000)

    assert Long({"text": "x" * 4_001, "name": "x"}).errors == {
        "text": ["This is too long: 4,000 characters at most, and you wrote 4,001."],
        "name": ["“Name” is too short: at least 1,000 characters."],
    }


def test_the_summary_names_a_field_once() -> None:
    form = Sample({"fee": "1234"})
    assert in_summary(form["fee"]) == "“Fee of 50 %” is too long: 3 characters at most."
    assert in_summary(form["hidden"]) == "The form could not be checked. Load the page again, and send it once more."


def test_a_message_that_is_not_listed_names_the_field_too() -> None:
    field = forms.JSONField()
    give_words(field, "Fee")
    assert field.error_messages["invalid"] == str(CHECK_AGAIN).format(label="Fee")
    assert isinstance(Sample().fields["fee"].validators[-2], MaxLengthValidator | MinLengthValidator)


@pytest.mark.parametrize("adapter", [AccountAdapter, MFAAdapter])
def test_what_allauth_says_is_replaced(adapter: Any) -> None:
    said = {code: str(words) for code, words in adapter.error_messages.items() if code not in NOT_ASKED}
    assert {code: words for code, words in said.items() if stock().fullmatch(words)} == {}


PAGES = [
    *("account_login", "account_signup", "account_reset_password", "account_email", "account_change_password"),
    *("account_reauthenticate", "settings", "data_add", "mfa_activate_totp", "mfa_add_webauthn"),
]


@pytest.mark.parametrize("sent", [{}, {"login": "a@", "email": "a@", "password": "x", "password1": "short"}])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_refuses_its_form_says_no_stock_sentence(ana: User, name: str, sent: dict[str, str]) -> None:
    client = Client()
    if name not in ("account_login", "account_signup", "account_reset_password"):
        client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    for page in (client.get(reverse(name), follow=True), client.post(reverse(name), sent, follow=True)):
        said = text_of(parse(page.text))
        found = [sentence for sentence in re.split(r"(?<=\.)\s", said) if stock().fullmatch(sentence.strip())]
        assert not found, f"{name}: {found}"
        assert not re.search(r"\bEmail\b|Remember Me|Current Password|---------", said)
