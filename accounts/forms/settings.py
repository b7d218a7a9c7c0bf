"""Settings, sessions, and bringing back a download."""

import json
from dataclasses import asdict
from typing import Any, ClassVar

from allauth.usersessions.models import UserSession
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import consents, logins, notices
from accounts.forms.agreement import Agreement
from accounts.importing import MOST_UPLOADED
from accounts.models import User
from accounts.names import tidy
from accounts.preferences import SETTINGS
from accounts.sealing import CannotOpen
from accounts.self_document import NAME_LENGTH, opened
from lib.figures import MEGABYTE, with_figures
from lib.forms import Form, ModelForm
from lib.zones import old_names, zone_choices

OF_SELF = ("name", "gentle_prompts", "mail_is_safe", "mailed", "mail_weekly")


class EndSessionForm(Form):
    session = forms.ModelChoiceField(UserSession.objects.none())

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = logins.of(owner)  # type: ignore[attr-defined]


class SettingsForm(ModelForm):
    name = forms.CharField(
        label=_("Name to be called by"),
        help_text=_("Any name is fine, or none. It is kept locked with your own key."),
        max_length=NAME_LENGTH,
        required=False,
    )
    timezone = forms.ChoiceField(label=_("Time zone"))
    gentle_prompts = forms.BooleanField(
        label=_("Gentle prompts"),
        help_text=_(
            "A smaller choice of questions, exercises and chapters, and no suggestion to share anything with a "
            "specialist. You can switch this on and off at any time."
        ),
        required=False,
    )

    mail_is_safe = forms.BooleanField(
        label=_("It is safe to e-mail me"),
        help_text=_(
            "Somebody else may see your inbox, or an e-mail as it arrives on a screen. Leave this off if that could "
            "cause you trouble. These e-mails say only that something is new on Reflect."
        ),
        required=False,
    )
    mailed = forms.MultipleChoiceField(
        label=_("Write to me when"),
        help_text=_("Nothing is sent unless the box above is ticked."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=lambda: [(kind, kind.label) for kind in notices.choosable()],
    )
    mail_weekly = forms.BooleanField(
        label=_("One e-mail a week instead"),
        help_text=_("On Mondays, if something is new. It says only how many things are."),
        required=False,
    )

    field_order = ("name", "timezone", "language", "theme", "exit_destination")

    class Meta:
        model = User
        fields = SETTINGS
        widgets: ClassVar[dict[str, Any]] = {"theme": forms.RadioSelect, "exit_destination": forms.RadioSelect}
        help_texts: ClassVar[dict[str, Any]] = {
            "exit_keys": _("Works on a keyboard, within five seconds."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = zone_choices(self.instance.timezone)  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        else:
            del self.fields["language"]
        try:
            about = opened(self.instance)
        except CannotOpen:
            for name in OF_SELF:  # saving would overwrite what cannot be read
                del self.fields[name]
        else:
            mailed = [kind for kind in notices.choosable() if kind not in about.not_mailed]
            self.initial.update(asdict(about), mailed=mailed)

    @property
    def of_self(self) -> dict[str, Any]:
        """What goes into the document of `accounts/self_document.py`; nothing if it cannot be opened."""
        given = {name: self.cleaned_data[name] for name in OF_SELF if name in self.fields}
        if "mailed" in given:
            mailed = given.pop("mailed")
            given["not_mailed"] = tuple(kind for kind in notices.choosable() if kind not in mailed)
        return given

    @property
    def old_zones(self) -> str:
        """Former zone names, for the script that offers the device's zone: it may report one of these."""
        return json.dumps(old_names())

    def clean_name(self) -> str:
        written = self.cleaned_data["name"]
        name = tidy(written)
        if written and not name:
            raise forms.ValidationError(
                _("This name has no visible characters. Write another one, or leave the field empty.")
            )
        return name


class AddDataForm(Form):
    """Imports an export; asks for consent to keep answers where it has not been given yet."""

    file = forms.FileField(
        label=_("The file that you downloaded"),
        help_text=with_figures(
            _("A .zip file, or the data.json inside it, up to %(size)d MB."),
            lambda: {"size": MOST_UPLOADED // MEGABYTE},
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip,.json,application/json"}),
        error_messages={
            "required": _("Choose the file."),
            "empty": _("This file is empty. Choose another one."),
        },
    )
    takes_settings = forms.BooleanField(
        label=_("Also take over the settings"),
        help_text=_("The settings and the name in the file replace the ones you have here."),
        required=False,
    )
    agree = Agreement(consents.QUESTIONNAIRE, required=False)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].help_text = _(
            "Needed only if the file contains answers. Without it, answers and results are left out."
        )
        if consents.has_given(owner, consents.QUESTIONNAIRE.purpose):
            del self.fields["agree"]

    def agrees(self) -> list[str]:
        """Purposes consented to by submitting this form."""
        return [consents.QUESTIONNAIRE.purpose] if self.cleaned_data.get("agree") else []
