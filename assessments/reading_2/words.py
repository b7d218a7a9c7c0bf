"""Sentences about figures of algorithm 2: none goes further than the error allows. Pure but for the translations."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.words import signed, whole

STEEP = 15  # from this balance on the beam tips more than a little


def minus(value: float) -> str:
    """A whole number; a negative one with a real minus sign."""
    return signed(whole(value)).removeprefix("+")


def tenths(share: float, top: int) -> str:
    """A level from 0 to 100 on the scale to `top` of the answers, with one decimal."""
    return number_format(whole(share * top / 10) / 10, 1)


def difference_words(give: int, receive: int) -> str:
    """Which side of one area is more, and by how many points of the scale."""
    if give == receive:
        return _("level")
    if give > receive:
        return _("gives more, by %(points)s") % {"points": give - receive}
    return _("receives more, by %(points)s") % {"points": receive - give}


def sure_words(shown: str, confidence: str, *, to_one_side: bool, is_measured: bool = False) -> str:
    """How sure the overall picture is: `clear`, `leaning` or `too_close`. About level is never sure.

    How often the first is the same again was simulated with the assumed error, and is said so where it `is_measured`.
    """
    if confidence == "clear" and is_measured:
        return _(
            "Quite sure: if you answered again, the result would mostly point the same way. In how many cases depends "
            "on who answers. A simulation with the error that we assumed at first found between about two in three "
            "and nine in ten."
        )
    if confidence == "clear":
        return _(
            "Quite sure: if you answered again, the result would mostly point the same way. In how many cases depends "
            "on who answers: between about two in three and nine in ten."
        )
    if confidence == "too_close":
        return _(
            "Too close to tell: if you answered again, the result could be about level, or one side could be more."
        )
    if to_one_side:
        return _(
            "Fairly sure, but no more than that: if you answered again, the result could point the same way, or it "
            "could be about level."
        )
    if shown == "uneven_by_area":
        return _(
            "As far as this can tell: if you answered again, the result could be about level overall, or one side "
            "could be more. How sure the differences between the areas are is not known."
        )
    return _("If you answered again, the result could be about level, or one side could be more.")


def range_words(interval: Sequence[float], inside: int, of: int) -> str:
    """The 80 % range in one sentence, as so many of the dots."""
    low, high = (minus(end) for end in interval)
    sentence = _("In about %(inside)s of %(of)s cases your usual balance lies between %(low)s and %(high)s.")
    return sentence % {"inside": inside, "of": of, "low": low, "high": high}


def far_out_words() -> str:
    """Regression to the mean, said where the balance is far from level."""
    return _("This is far from level, and a second answering is usually closer to level.")


def beam_words(given: str, received: str, top: int, balance: int) -> str:
    """What the beam shows, for its text alternative; the range is said after it."""
    values = {"given": given, "received": received, "top": top}
    if balance == 0:
        sentence = _("Balance beam. You give %(given)s of %(top)s and receive %(received)s, so the beam is level.")
    elif 0 < balance <= STEEP:
        sentence = _(
            "Balance beam. You give %(given)s of %(top)s and receive %(received)s, so the beam tips a little to the "
            "left, towards giving."
        )
    elif balance > STEEP:
        sentence = _(
            "Balance beam. You give %(given)s of %(top)s and receive %(received)s, so the beam tips to the left, "
            "towards giving."
        )
    elif balance >= -STEEP:
        sentence = _(
            "Balance beam. You give %(given)s of %(top)s and receive %(received)s, so the beam tips a little to the "
            "right, towards receiving."
        )
    else:
        sentence = _(
            "Balance beam. You give %(given)s of %(top)s and receive %(received)s, so the beam tips to the right, "
            "towards receiving."
        )
    return sentence % values


def felt_words(compared: Mapping[str, Any] | None, *, told: bool) -> str:
    """The overall feeling beside the sum of the areas, by direction. Nothing where the sum is too close to be told."""
    if compared is None or not told:
        return ""
    if compared["same"]:
        return _("Your overall feeling and the sum of the areas point the same way.")
    sides = {"give": _("you give more"), "even": _("about level"), "receive": _("you receive more")}
    sentence = _(
        "Your overall feeling says: %(felt)s. The areas added up say: %(counted)s. Neither is wrong: a feeling weighs "
        "what a sum cannot, and a sum can show what a feeling has got used to."
    )
    return sentence % {"felt": sides[compared["felt"]], "counted": sides[compared["counted"]]}


def style_words(style: Mapping[str, Any]) -> str:
    """A soft note on the same answer many times in a row; nothing where there are few."""
    if not style["note"]:
        return ""
    sentence = ngettext(
        "You gave the same answer %(times)s time in a row. That can be true; it can also be haste.",
        "You gave the same answer %(times)s times in a row. That can be true; it can also be haste.",
        style["longest"],
    )
    return sentence % {"times": style["longest"]}


def line_alternative(value: float, error: float, low_end: str, high_end: str) -> str:
    """What the drawing of a subscale's line shows."""
    sentence = _("%(value)s, between %(low)s and %(high)s. 0 is “%(low_end)s”, 100 is “%(high_end)s”.")
    low, high = within(value, error)
    return sentence % {
        "value": whole(value),
        "low": whole(low),
        "high": whole(high),
        "low_end": low_end,
        "high_end": high_end,
    }


def within(value: float, error: float) -> tuple[float, float]:
    """A figure from 0 to 100, less and plus its error."""
    return max(0.0, value - error), min(100.0, value + error)
