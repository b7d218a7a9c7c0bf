"""The forms of a specialist's profile."""

import re
from typing import Any, override
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.names import tidy
from consultations.languages import LANGUAGES
from consultations.models import Specialist
from consultations.models.profiles import LONGEST_ABOUT, USUAL_NOTICE, Format
from consultations.photos import MOST_SENT, NoPhoto, to_webp
from consultations.rooms import PLACEHOLDER
from guide import themes
from lib.figures import MEGABYTE, figure, with_figures
from lib.forms import TOO_LONG, BesideOthers, Form, ModelForm
from lib.zones import zone_choices

NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{4,28}[0-9]")
LEAST_NOTICE, MOST_NOTICE = 1, 14 * 24  # hours
MOST_YEARS = 80  # of practice
MOST_FEE = 100_000_000  # of a session, in any currency
CURRENCY = re.compile(r"[A-Z]{3}")
ADDRESSES = {Format.VIDEO: "video", Format.PHONE: "phone", Format.TEXT: "text"}
NAME_MISSING = _("Write the name people see.")
NUMBER_WANTED = _("Write a number like +44 20 7946 0000.")
STAYS = _("This can’t be empty: your profile has been submitted, or is shown.")
CURRENCY_WANTED = _("Write the three letters of the currency, like EUR.")
HTTPS = _("Write an address that begins with https://")
MISSPELT = _(
    "{meeting} has to be written exactly like this, and after the name of the site: https://rooms.example.org/{meeting}"
)
ENCODED = re.compile(r"(\{|%7B)meeting(\}|%7D)", re.IGNORECASE)


def single_line(value: str, missing: Any) -> str:
    """The text without line ends and control characters, see `tidy`. Raises ValidationError if nothing is left."""
    if text := tidy(value):
        return text
    raise ValidationError(missing)


def count_what_is_too_long(form: forms.BaseForm) -> None:
    """Say by how much a text is too long, of the fields that the model makes, too."""
    for field in form.fields.values():
        if isinstance(field, forms.CharField) and field.max_length:
            field.error_messages["max_length"] = TOO_LONG


class HttpsField(forms.URLField):
    """An address that begins with https://, which is put before one that names no scheme."""

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", max_length=300, error_messages={"invalid": HTTPS}, **options)
        self.validators.append(URLValidator(schemes=["https"], message=HTTPS))

    @override
    def to_python(self, value: Any) -> str:
        address = super().to_python(value) or ""
        try:
            return urlsplit(address).geturl()  # with the scheme in small letters
        except ValueError:  # as "https://[": Django adds the scheme to what it could read without one
            raise ValidationError(HTTPS) from None


class RoomField(HttpsField):
    """The address of a room. It may hold `{meeting}`; a placeholder that is misspelt would make one room for all."""

    @override
    def to_python(self, value: Any) -> str:
        address = ENCODED.sub(PLACEHOLDER, super().to_python(value))
        if PLACEHOLDER in urlsplit(address).netloc or set("{}") & set(address.replace(PLACEHOLDER, "")):
            raise ValidationError(MISSPELT)
        return address


class StartForm(Form):
    """All that is asked to begin a draft profile."""

    name = forms.CharField(
        label=_("The name people see"),
        help_text=_("For example “Mara L.” It can be changed."),
        max_length=60,
        error_messages={"required": NAME_MISSING},
    )
    timezone = forms.ChoiceField(
        label=_("Your time zone"),
        help_text=_("Your hours are in this time zone. You can change it later."),
        error_messages=dict.fromkeys(["required", "invalid_choice"], _("Choose a time zone.")),
    )

    def __init__(self, posted: QueryDict | None, *, name: str, timezone: str) -> None:
        """`name` and `timezone` are those of the account, to be confirmed."""
        super().__init__(posted, initial={"name": name, "timezone": timezone}, use_required_attribute=False)
        self.fields["timezone"].choices = zone_choices(timezone)  # type: ignore[attr-defined]
        count_what_is_too_long(self)

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"], NAME_MISSING)


class ProfileForm(BesideOthers, ModelForm):
    """The public profile, and the addresses for meeting."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=[*LANGUAGES.items()], required=False, widget=forms.CheckboxSelectMultiple
    )
    themes = forms.MultipleChoiceField(
        label=_("Topics"),
        choices=themes.topic_choices(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    video = RoomField(
        label=_("Video: the link to your room"),
        help_text=_(
            "If your service makes a room of any address, write {meeting} in it, like "
            "https://rooms.example.org/{meeting}: each meeting then has a room of its own, whose address nobody can "
            "guess. If all meetings have one address, switch on the waiting room of your service."
        ),
        required=False,
    )
    phone = forms.CharField(label=_("Phone: the number people ring"), required=False, max_length=30)
    text = RoomField(
        label=_("Text chat: the link to your room"),
        help_text=_("Like the link for video, it may hold {meeting}."),
        required=False,
    )
    notice_hours = forms.IntegerField(
        label=_("Hours of notice"),
        help_text=with_figures(
            _("Nobody can book at shorter notice than this. %(hours)d is usual."), lambda: {"hours": USUAL_NOTICE}
        ),
        min_value=LEAST_NOTICE,
        max_value=MOST_NOTICE,
        error_messages=dict.fromkeys(
            ["required", "invalid", "min_value", "max_value"],
            with_figures(
                _("Write a number of hours from %(least)d to %(most)d."),
                lambda: {"least": LEAST_NOTICE, "most": MOST_NOTICE},
            ),
        ),
    )

    class Meta:
        model = Specialist
        fields = [
            *("name", "profession", "years", "about", "approach", "training", "languages", "themes"),
            *("practises_in", "access_needs", "fee_least", "fee_most", "fee_currency", "fee_words"),
            *("how_to_book", "practice_contact"),
            *("video", "phone", "text", "notice_hours", "allows_another", "offers_free", "shown_to_visitors"),
        ]
        labels = {
            "name": _("The name people see"),
            "approach": _("Your approach"),
            "training": _("Your training"),
            "practises_in": _("Where you may practise"),
            "access_needs": _("Access needs you can meet"),
            "fee_least": _("Fee from"),
            "fee_most": _("Fee to"),
            "fee_currency": _("Currency"),
            "fee_words": _("What else to know about the fee"),
            "how_to_book": _("How to book a session with you"),
            "practice_contact": _("How to reach your practice"),
            "offers_free": _("I offer the free first meeting"),
            "allows_another": _("The same person may book a second free meeting"),
            "shown_to_visitors": _("Show me to visitors"),
        }
        help_texts = {
            "about": with_figures(
                _("A few sentences about how you work, %(most)s characters at most."),
                lambda: {"most": figure(LONGEST_ABOUT)},
            ),
            "approach": _("For example “person-centred” or “systemic, with small exercises between sessions”."),
            "training": _(
                "Degrees, diplomas, further training. If our team has checked this, we check a change before your "
                "profile is shown again."
            ),
            "practises_in": _(
                "Countries or regions, for example “Germany and Austria”. If our team has checked this, we check a "
                "change before your profile is shown again."
            ),
            "access_needs": _("For example captions, breaks, a slower pace, plain language."),
            "fee_currency": _("Three letters, like EUR."),
            "shown_to_visitors": _(
                "On some days the front page then shows your name, photo, profession, years of practice, topics and "
                "languages, but no times, to people who are not logged in and to search engines. A search engine may "
                "remember you for a while after you change your mind."
            ),
            "how_to_book": _("For example “Write me two times that suit you. The first session is within two weeks.”"),
            "practice_contact": _("A phone number, an e-mail address or a website, as it may be given to clients."),
            "fee_words": _("For example “50 minutes. Some places at a lower fee.”"),
            "profession": _(
                "For example “Couples and family counsellor”. If you change your name or profession, we check your "
                "profile again before it is shown."
            ),
        }
        error_messages = {"name": {"required": NAME_MISSING}}
        widgets = {
            "about": forms.Textarea(attrs={"rows": 8}),
            **dict.fromkeys(
                ["approach", "training", "access_needs", "how_to_book"],
                forms.Textarea(attrs={"rows": 3}),
            ),
            "practice_contact": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, posted: QueryDict | None, *, instance: Specialist, addresses: dict[str, str] | None) -> None:
        """`addresses` are the current ones by format; None if they cannot be opened, and then they have no fields."""
        super().__init__(posted, instance=instance, use_required_attribute=False)
        count_what_is_too_long(self)
        for name in ADDRESSES.values():
            if addresses is None:
                del self.fields[name]  # saving must not overwrite what could not be opened
            else:
                self.initial[name] = addresses.get(name, "")
        if "video" in self.fields and settings.MEETING_BASE_URL:
            own = _("This site has a server of its own for meetings: write %(address)s to use it.")
            address = f"{settings.MEETING_BASE_URL}/{PLACEHOLDER}"
            field = self.fields["video"]
            field.help_text = f"{own % {'address': address}} {field.help_text}"

    def clean_name(self) -> str:
        return single_line(self.cleaned_data["name"], NAME_MISSING)

    def clean_years(self) -> int | None:
        years: int | None = self.cleaned_data["years"]
        if years and years > MOST_YEARS:
            raise ValidationError(_("Write how many years you have practised, like 12."))
        return years

    def clean_profession(self) -> str:
        return tidy(self.cleaned_data["profession"])

    def clean_practises_in(self) -> str:
        return tidy(self.cleaned_data["practises_in"])

    def clean_fee_words(self) -> str:
        return tidy(self.cleaned_data["fee_words"])

    def clean_fee_currency(self) -> str:
        currency = tidy(self.cleaned_data["fee_currency"]).upper()
        if currency and not CURRENCY.fullmatch(currency):
            raise ValidationError(CURRENCY_WANTED)
        return currency

    def clean_fee(self) -> None:
        """Make a range of what was written of the fee: one amount alone is both its ends."""
        data = self.cleaned_data
        if any(name in self.errors for name in ("fee_least", "fee_most", "fee_currency")):
            return
        given = [amount for amount in (data["fee_least"], data["fee_most"]) if amount is not None]
        if not given:
            data["fee_currency"] = ""
            return
        data["fee_least"], data["fee_most"] = given[0], given[-1]
        if max(given) > MOST_FEE:
            self.add_error("fee_most", _("This fee is too large."))
        elif given[0] > given[-1]:
            self.add_error("fee_most", _("Write the lower fee first, and the higher one here."))
        elif not data["fee_currency"]:
            self.add_error("fee_currency", CURRENCY_WANTED)

    def clean_phone(self) -> str:
        number = tidy(self.cleaned_data["phone"])
        if number and not NUMBER.fullmatch(number):
            raise ValidationError(NUMBER_WANTED)
        return number

    @override
    def clean(self) -> dict[str, Any]:
        """Once submitted, a profile must stay complete."""
        self.clean_fee()
        if self.instance.status != Specialist.Status.DRAFT:
            for name in ("profession", "about", "languages", "themes"):
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, STAYS)
            if self.addresses is not None and not any(self.addresses.values()) and not self.errors:
                self.add_error("video", _("Leave at least one way to meet."))
        return self.cleaned_data

    @property
    def addresses(self) -> dict[str, str] | None:
        """The addresses for meeting by format; None if they are to stay unchanged."""
        if "video" not in self.fields:
            return None
        return {way.value: self.cleaned_data.get(name, "") for way, name in ADDRESSES.items()}

    @property
    def public(self) -> dict[str, Any]:
        """The fields that every member may read."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ADDRESSES.values()}


class RegisterForm(BesideOthers, ModelForm):
    """The entry in the professional register, which staff check."""

    register_url = HttpsField(label=_("The link to your entry"), required=False)

    class Meta:
        model = Specialist
        fields = ["register_name", "register_number", "register_url"]
        labels = {
            "register_name": _("The name of the register"),
            "register_number": _("Your number in the register"),
        }

    def __init__(self, posted: QueryDict | None, *, instance: Specialist) -> None:
        super().__init__(posted, instance=instance, use_required_attribute=False)
        count_what_is_too_long(self)

    @override
    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in ("register_name", "register_number"):
            data[name] = tidy(data.get(name, ""))
        return data


class PhotoForm(Form):
    """A photo upload. `webp` is the converted picture, the only part that is stored."""

    file = forms.FileField(
        label=_("Photo"),
        help_text=with_figures(
            _(
                "JPEG, PNG or WebP, at most %(size)d MB. We make it smaller, and remove the details that your camera "
                "saved with it."
            ),
            lambda: {"size": MOST_SENT // MEGABYTE},
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a photo."), "empty": _("This file is empty. Choose another one.")},
    )
    webp = b""

    def clean_file(self) -> None:
        try:
            self.webp = to_webp(self.cleaned_data["file"])
        except NoPhoto as refused:
            raise ValidationError(str(refused.words)) from None
