"""What a specialist says to a client when a meeting does not take place as booked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.forms.contact import Words
from lib.figures import with_figures
from lib.forms import Form

LONGEST_WORDS = 500
SENTENCES = {
    "ill": _("I am ill and cannot be there. I am sorry."),
    "urgent": _("Something urgent has come up, and I cannot keep this time. I am sorry."),
    "time": _("I cannot keep this time. I would be glad if you chose another."),
}


class SaidField(Words):
    """What a client finds in the notice, and on the page of their meeting."""

    def __init__(self) -> None:
        super().__init__(
            label=_("What you want to say"),
            required=False,
            max_length=LONGEST_WORDS,
            widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
            help_text=with_figures(
                _(
                    "If you like, up to %(most)s characters. The client finds it in the notice and on the page of the "
                    "meeting; no e-mail repeats it."
                ),
                lambda: {"most": LONGEST_WORDS},
            ),
        )


class WordsForm(Form):
    """A sentence to choose, and words of one's own below it; both may be left out."""

    sentence = forms.ChoiceField(
        label=_("A sentence, if you like"),
        choices=[("", _("None of these")), *SENTENCES.items()],
        widget=forms.RadioSelect,
        required=False,
    )
    words = SaidField()

    @property
    def said(self) -> str:
        """All that the client reads. The form must be valid."""
        chosen, own = self.cleaned_data["sentence"], self.cleaned_data["words"]
        return "\n\n".join([*([str(SENTENCES[chosen])] if chosen else []), *([own] if own else [])])
