"""The forms of a question's author. What is refused comes back from a draft, so that forms are read from there, too."""

from collections.abc import Mapping
from typing import Any, Self, override
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.models import User
from exchange.forms.contact import Words
from exchange.models.questions import LONGEST, LONGEST_TITLE, Asked
from exchange.services.question_drafts import Typed
from guide import themes
from journal.forms import LARGEST
from lib.figures import figure, with_figures
from lib.forms import Form, UncutField


class Title(UncutField):
    """One line, without what nobody can see."""

    @override
    def to_python(self, value: Any) -> str:
        return names.tidy(" ".join((super().to_python(value) or "").split()))


class Draftable(Form):
    """`writer` is the member that the form was made for."""

    writer = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def empty(cls, writer: User | None, **filled_in: object) -> Self:
        """An unchecked form, with what is to stand in it."""
        return cls(initial={**filled_in, "writer": writer.pk if writer else None})

    @classmethod
    def again(cls, writer: User, draft: Mapping[str, str]) -> Self:
        """The form as it was sent, checked once more."""
        return cls({**draft, "writer": str(writer.pk)})

    @classmethod
    def words_in(cls, posted: Mapping[str, str]) -> dict[str, str]:
        """What a draft keeps of a form."""
        return {name: posted.get(name, "") for name in cls.base_fields if name != "writer"}


class TypedForm(Form):
    """What a script adds to a form whose draft it keeps."""

    client = forms.UUIDField()
    sequence = forms.IntegerField(min_value=0, max_value=LARGEST)
    base_revision = forms.IntegerField(min_value=0, max_value=LARGEST)

    @classmethod
    def typed(cls, posted: Mapping[str, str]) -> Typed | None:
        form = cls(posted)
        return Typed(**form.cleaned_data) if form.is_valid() else None


def ticket(draft: Mapping[str, str]) -> dict[str, object]:
    """The same for a page that is made now, from this draft."""
    return {"client": uuid4(), "sequence": 1, "base_revision": draft.get("revision", 0)}


class AskedForm(Draftable):
    """The words of a question."""

    title = Title(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        help_text=_("One line that says what it is about."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a title.")},
    )
    text = Words(
        label=_("Your question"),
        max_length=LONGEST,
        help_text=with_figures(
            _("Up to %(most)s characters. Leave out names, places, and whatever others might know you by."),
            lambda: {"most": figure(LONGEST)},
        ),
        widget=forms.Textarea(attrs={"rows": 15, "autocomplete": "off"}),
        error_messages={"required": _("Write your question.")},
    )
    theme = forms.ChoiceField(
        label=_("Topic"),
        choices=lambda: [("", _("Choose")), *themes.topic_choices()],
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose a topic.")),
    )

    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in ("title", "text", "theme")})


class QuestionForm(AskedForm):
    """A new question. `stamp` tells that a form is sent twice."""

    stamp = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    @override
    def empty(cls, writer: User | None, **filled_in: object) -> Self:
        return super().empty(writer, **{"stamp": uuid4(), **filled_in})


class MoreForm(Draftable):
    """The one thing more that an author may ask under the answers."""

    text = Words(
        label=_("One thing more"),
        max_length=LONGEST,
        help_text=with_figures(_("Up to %(most)s characters."), lambda: {"most": figure(LONGEST)}),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off"}),
        error_messages={"required": _("Write what you would like to add.")},
    )
