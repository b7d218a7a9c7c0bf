"""Wording of profiles, and of what a waiting entry asks for."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from consultations import languages
from consultations.busy.answers import Failure
from consultations.models import BusyCalendar, Specialist, WaitingEntry
from consultations.models.hours import back_on
from consultations.models.profiles import Checked, Format
from consultations.times import CHECK_TAKES, LISTED_WITHIN, TO_TAKE_BACK
from guide import themes
from lib.direction import isolated
from lib.figures import lasting, spelled, with_figures

register = template.Library()


@register.filter
def language_names(codes: Iterable[str]) -> str:
    """Each language by its own name."""
    return ", ".join(map(language_name, codes))


@register.filter
def theme_titles(keys: Iterable[str]) -> list[str]:
    """Short names of the themes, in the guide's order."""
    chosen = set(keys)
    return [themes.topic(key) for key in themes.KEYS if key in chosen]


@register.filter
def language_name(code: str) -> str:
    return isolated(languages.named(code))


@register.filter
def theme_title(key: str) -> str:
    return themes.topic(key) if key in themes.KEYS else key


@register.filter
def format_names(values: Iterable[str]) -> str:
    """The ways to meet, always in the same order."""
    chosen = set(values)
    return ", ".join(str(choice.label) for choice in Format if choice.value in chosen)


WHAT_TO_DO = {
    Failure.ADDRESS: _("This address can’t be used. Copy the secret address again, and connect the calendar with it."),
    Failure.UNREACHABLE: _(
        "The calendar could not be reached, and we keep trying. If this lasts, see whether its address still opens it."
    ),
    Failure.CERTIFICATE: _(
        "The connection to this calendar is not secure at the moment, so it was not read. Whoever runs its server can "
        "mend that."
    ),
    Failure.GONE: _(
        "The address no longer opens the calendar. Copy the secret address again, and connect the calendar with it."
    ),
    Failure.ANSWER: _("The server gave no calendar, and we keep trying. If this lasts, copy the secret address again."),
    Failure.NO_CALENDAR: _(
        "There is no calendar at this address. Copy the address that your calendar calls secret or ICS."
    ),
    Failure.TOO_LARGE: _("This calendar is too large to be read. Connect one that holds only what is to come."),
    Failure.TOO_MUCH: _("There is too much in this calendar to be read. Connect one that holds only what is to come."),
}


@register.filter
def what_to_do(calendar: BusyCalendar) -> str:
    """Why a calendar was not read the last time, and what its specialist can do."""
    return str(WHAT_TO_DO[Failure(calendar.failure)])


@register.filter
def practised(specialist: Specialist) -> str:
    """The profession and the years in it: "Psychologist, 12 years"; either may be missing."""
    years = specialist.years or 0
    since = ngettext("%(years)s year", "%(years)s years", years) % {"years": years} if years else ""
    return ", ".join(filter(None, (isolated(specialist.profession), since)))


@register.filter
def fee(specialist: Specialist) -> str:
    """The fee of a session: "60 to 90 EUR a session", "60 EUR a session"; empty without figures."""
    least, most = specialist.fee_least, specialist.fee_most
    if least is None or most is None:
        return ""
    figures = {"least": number_format(least), "most": number_format(most), "currency": specialist.fee_currency}
    if least == most:
        return gettext("%(least)s %(currency)s a session") % figures
    return gettext("%(least)s to %(most)s %(currency)s a session") % figures


@register.filter
def checked(specialist: Specialist) -> str:
    """What staff have checked: "name, profession and entry in the register; training"."""
    others = [str(choice.label) for choice in Checked if choice.value in specialist.also_checked]
    return "; ".join([gettext("name, profession and entry in the register"), *others])


@register.filter
def waited_for(entry: WaitingEntry) -> str:
    """Whom or what a waiting entry asks for: "Mara L.", "Setting limits, Deutsch"."""
    if entry.specialist:
        return isolated(entry.specialist.name)
    asked = (entry.theme and theme_title(entry.theme), entry.language and language_name(entry.language))
    return ", ".join(filter(None, asked))


register.filter(back_on)


@register.filter
def monogram(name: str) -> str:
    """Up to two initials: "Mara L." is ML."""
    return "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper()


STANDING: dict[str, Promise] = {
    Specialist.Status.DRAFT: _("Your profile is a draft. Nobody else sees it."),
    Specialist.Status.SUBMITTED: with_figures(
        _(
            "Your profile is submitted. We check your entry in the register, usually within %(count)s working days, "
            "and write to you."
        ),
        lambda: {"count": spelled(CHECK_TAKES.days)},
    ),
    Specialist.Status.HIDDEN: _("Your profile is not shown until your entry in the register has been checked again."),
}


NOBODY_CAN_BOOK: dict[str, Promise] = {
    Specialist.Status.DRAFT: _("Your profile is a draft: nobody can book these times."),
    Specialist.Status.SUBMITTED: _("Your profile is not verified yet: nobody can book these times."),
    Specialist.Status.HIDDEN: _("Your profile is not shown: nobody can book these times."),
    Specialist.Status.SUSPENDED: _("Your profile is suspended: nobody can book these times."),
}


@register.filter
def nobody_can_book(specialist: Specialist) -> str:
    """Why none of a specialist's times can be booked; empty while they can."""
    if specialist.takes_bookings:
        return ""
    if specialist.ended_at and specialist.status != Specialist.Status.SUSPENDED:
        return gettext("Your practice has ended: nobody can book these times.")
    if words := NOBODY_CAN_BOOK.get(specialist.status):
        return str(words)
    if specialist.paused:
        return gettext("You have paused: nobody can book these times.")
    return gettext("Your profile does not offer the free first meeting: nobody can book these times.")


@register.simple_tag
def standing(specialist: Specialist, contact: str, *, has_times: bool, away_until: date | None = None) -> str:
    """Whether people can find a specialist, and if not, why.

    `contact`: where to write about a suspension; `has_times`: whether there is something to book (`HasTimes`), or they
    are away now, until that day.
    """
    if specialist.status == Specialist.Status.SUSPENDED:
        return gettext(
            "Your profile is suspended, and your booked meetings are cancelled. If you think that this is a mistake, "
            "write to %(contact)s."
        ) % {"contact": contact}
    if specialist.ended_at:
        return gettext("Your practice has ended. You can take that back until %(day)s.") % {
            "day": date_format(localtime(specialist.ended_at + TO_TAKE_BACK), "j F")
        }
    if words := STANDING.get(specialist.status):
        return str(words)
    if specialist.paused:
        return gettext("Paused. You are not in the list until you press “Take bookings again”.")
    if not specialist.offers_free:
        return gettext("Your profile says that you do not offer the free first meeting, so it is not in the list.")
    if not has_times:
        return gettext(
            "You are not in the list at the moment: in the next %(time)s you have no time that is free or booked. You "
            "are in it again as soon as you have one. Whoever has a link to your page can still write to you."
        ) % {"time": lasting(LISTED_WITHIN, "weeks", spell=True)}
    if away_until:
        return gettext(
            "You are away, and back on %(day)s. People can find you, and the list shows that you are away."
        ) % {"day": date_format(away_until, "j F")}
    return gettext("People can find you and book a time.")
