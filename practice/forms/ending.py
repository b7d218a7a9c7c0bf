"""The form with which a practice ends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange.forms.contact import Words
from lib.figures import with_figures
from lib.forms import Form
from practice.forms.words import LONGEST_WORDS


class EndForm(Form):
    words = Words(
        label=_("What you want to say to the people you were going to meet"),
        required=False,
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=with_figures(
            _(
                "If you like, up to %(most)s characters. Each of them finds it on the page of their meeting; no e-mail "
                "repeats it."
            ),
            lambda: {"most": LONGEST_WORDS},
        ),
    )
