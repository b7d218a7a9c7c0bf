"""Forms that say in our own words what is wrong, and with which field. Django's stock messages are replaced.

Messages that a form gives itself, in `error_messages` or in a clean method, are left as they are.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar, override

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lib.figures import figure

type Words = dict[str, str | Promise]
type Kind = Any  # a class of fields, which mypy takes for unhashable

CHECK_AGAIN = _("“{label}” can’t be read like this. Please check it.")
OF_A_HIDDEN_FIELD = _("The form could not be checked. Load the page again, and send it once more.")
CHOOSE = _("Please choose an option for “{label}”.")
CHOOSE_AGAIN = _("Please choose one of the options for “{label}”.")
CHOOSE_A_FILE = _("Please choose a file for “{label}”.")
TOO_LONG = _("This is too long: %(limit_value)s characters at most, and you wrote %(show_value)s.")
OF_LENGTH = ("min_length", "max_length")  # the codes of what is said of it

# By kind of field and by code, like Django's `default_error_messages`; the codes of validators are here, too.
WORDS: dict[type[forms.Field], Words] = {
    forms.Field: {
        "required": _("Please fill in “{label}”."),
        "null": _("Please fill in “{label}”."),
        "blank": _("Please fill in “{label}”."),
        "unique": _("“{label}” is in use already. Please choose another."),
        "min_length": _("“{label}” is too short: at least %(limit_value)s characters."),
        "max_length": _("“{label}” is too long: %(limit_value)s characters at most."),
        "min_value": _("“{label}” can’t be less than %(limit_value)s."),
        "max_value": _("“{label}” can’t be more than %(limit_value)s."),
        "null_characters_not_allowed": _("“{label}” holds a character that can’t be saved. Please write it again."),
    },
    forms.SlugField: {"invalid": CHECK_AGAIN},
    forms.RegexField: {"invalid": CHECK_AGAIN},
    forms.IntegerField: {"invalid": _("Please write a whole number in “{label}”.")},
    forms.DateField: {
        "invalid": _("Please write a day like 2026-03-01 in “{label}”."),
        "min_value": _("“{label}” can’t be before %(limit_value)s."),
        "max_value": _("“{label}” can’t be after %(limit_value)s."),
    },
    forms.TimeField: {"invalid": _("Please write a time like 14:30 in “{label}”.")},
    forms.EmailField: {"invalid": _("Please write an e-mail address like name@example.org in “{label}”.")},
    forms.URLField: {"invalid": _("Please write an address like https://example.org in “{label}”.")},
    forms.BooleanField: {"required": _("Please tick “{label}”.")},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE_AGAIN, "invalid_list": CHOOSE_AGAIN},
    forms.ModelChoiceField: {
        "required": CHOOSE,
        "invalid_choice": CHOOSE_AGAIN,
        "invalid_list": CHOOSE_AGAIN,
        "invalid_pk_value": CHOOSE_AGAIN,
    },
    forms.FileField: {
        "required": CHOOSE_A_FILE,
        "missing": CHOOSE_A_FILE,
        "invalid": CHOOSE_A_FILE,
        "empty": _("The file for “{label}” is empty. Please choose another."),
        "max_length": _("The name of the file for “{label}” is too long. Please rename the file."),
    },
}


class UncutBoundField(forms.BoundField):
    """A field whose text browsers take whole: with `maxlength`, they cut what is pasted in silence.

    What is too long comes back with a sentence. None at all may stand in a trap for programs (0).
    """

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if field.widget.attrs.get("maxlength"):
            field.widget.attrs["data-longest"] = field.widget.attrs.pop("maxlength")


class InOurWords(forms.BaseForm):
    """Gives the fields their messages just before they are checked, when their labels are final."""

    bound_field_class = UncutBoundField

    @override
    def full_clean(self) -> None:
        for name, field in self.fields.items():
            bound = self[name]
            give_words(field, str(bound.label), hidden=bound.is_hidden)
        super().full_clean()


class Form(InOurWords, forms.Form):
    pass


class ModelForm(InOurWords, forms.ModelForm):
    pass


class BesideOthers(InOurWords):
    """A form over what is stored, open in two windows: it saves what was changed in it, and takes back nothing.

    The page sends what each field showed, too (`as_shown`). A field that was left as it was shown keeps what is stored
    by now, its initial value. Of what both windows changed, the later one stays.
    """

    @property
    def as_shown(self) -> SafeString:
        """What the fields showed when the page was opened, as hidden inputs."""
        fields = [field for field in self if not field.is_hidden]
        return format_html_join("", "{}", ((self.widget_of(field, self.shown(field)),) for field in fields))

    def widget_of(self, field: forms.BoundField, value: Any) -> SafeString:
        return field.field.hidden_widget().render(field.html_initial_name, value, attrs={})

    @property
    def says_what_was_shown(self) -> bool:
        return self.is_bound and any(field.html_initial_name in self.data for field in self)

    def shown(self, field: forms.BoundField) -> Any:
        if not self.says_what_was_shown:
            return field.field.prepare_value(field.initial)
        return field.field.hidden_widget().value_from_datadict(self.data, self.files, field.html_initial_name)

    def was_left(self, field: forms.BoundField) -> bool:
        try:
            shown = field.field.to_python(self.shown(field))
        except forms.ValidationError:
            return False
        return not field.field.has_changed(shown, field.data)

    @override
    def full_clean(self) -> None:
        left: list[forms.Field] = []
        if self.says_what_was_shown:
            left = [one.field for one in self if one.name in self.initial and self.was_left(one)]
        for field in left:
            field.disabled = True  # Django then takes the initial value
        try:
            super().full_clean()
        finally:
            for field in left:
                field.disabled = False


class CountedForm(Form):
    """Says how many characters are left, near the end; `static/js/draft.js` does the same while somebody writes."""

    most: ClassVar[int]
    near: ClassVar[int]  # characters left, from which the count is shown
    counted: Sequence[str]  # the fields

    @property
    def left(self) -> int:
        """How many more characters fit, given what is in the form now."""
        return self.most - sum(len(str(self[name].value() or "")) for name in self.counted)

    @property
    def over(self) -> int:
        """By how many characters the form is over the limit."""
        return max(-self.left, 0)

    @property
    def near_the_end(self) -> bool:
        return self.left <= self.near


class UncutField(forms.CharField):
    """A text that is refused whole if it is too long: with `maxlength`, browsers cut what is pasted in silence."""

    default_error_messages = {"max_length": TOO_LONG}

    @override
    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | ({"data-longest": attrs.pop("maxlength")} if "maxlength" in attrs else {})


class Lengths(str):
    """A sentence about a length: its numbers are put in with their thousands apart."""

    __slots__ = ()

    @override
    def __mod__(self, numbers: Any) -> str:
        return str(self) % {name: figure(one) if isinstance(one, int) else one for name, one in numbers.items()}


def give_words(field: forms.Field, label: str, *, hidden: bool = False) -> None:
    """Replace what is still Django's in the field's messages."""
    kind: Kind = type(field)
    stock, _ours = messages_of(kind)
    own = {code: words for code, words in field.error_messages.items() if words is not stock.get(code)}
    words: dict[str, Any] = {**said(kind, label, hidden, get_language()), **own}
    field.error_messages = words | {code: Lengths(words[code]) for code in OF_LENGTH if code in words}


@lru_cache(maxsize=1_000)
def said(kind: Kind, label: str, hidden: bool, _language: str | None) -> dict[str, str]:
    """What is said about a field with this label, by code. Kept, as every form that is sent asks for all of it."""
    stock, ours = messages_of(kind)
    words: Words = {**dict.fromkeys(stock, CHECK_AGAIN), **ours}
    return {code: named(OF_A_HIDDEN_FIELD if hidden else one, label) for code, one in words.items()}


@cache
def messages_of(kind: Kind) -> tuple[Words, Words]:
    """Django's messages for this kind of field, and those above."""
    stock: Words = {}
    ours: Words = {}
    for parent in reversed(kind.__mro__):
        if parent.__module__.startswith("django."):
            stock |= getattr(parent, "default_error_messages", {})
            ours |= WORDS.get(parent, {})
    return stock, ours


def named(words: str | Promise, label: str) -> str:
    sentence = str(words)
    return sentence.format(label=label.replace("%", "%%") if "%(" in sentence else label)
