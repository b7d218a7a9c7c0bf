"""Figures in words. Pure but for the translations.

Numbers are whole and follow the words. Figures printed side by side are rounded before they are subtracted, so that a
reader who does the sum gets the printed difference.
"""

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessments.instrument import Instrument


def whole(value: float) -> int:
    """The nearest whole number; halves away from 0, so that swapping the sides only changes the sign."""
    size = floor(abs(value) + 0.5)
    return size if value >= 0 else -size


def signed(value: int) -> str:
    """A whole number with a plus or a real minus sign; for readouts and tables that say what the sign means."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "0"


class Sides(NamedTuple):
    """The level of both sides, from 0 to 100, as printed, and the balance that the reader's own sum would give."""

    given: int
    received: int

    @property
    def balance(self) -> int:
        return self.given - self.received

    @property
    def signed(self) -> str:
        return signed(self.balance)

    @property
    def words(self) -> str:
        return towards_words(self.balance)


def sides(index: Mapping[str, Any]) -> Sides:
    """The sides of an index (`balance` or `weighted` of a document)."""
    return Sides(whole(index["G"]), whole(index["V"]))


def side_words(balance: int) -> str:
    """Which side of one area is more, and by how much."""
    if balance == 0:
        return _("level")
    if balance > 0:
        return _("gives more, by %(size)s of 100") % {"size": balance}
    return _("receives more, by %(size)s of 100") % {"size": -balance}


def towards_words(balance: int) -> str:
    """The balance over all areas: its size, then its direction."""
    if balance == 0:
        return _("level")
    if balance > 0:
        return _("%(size)s of 100 towards giving") % {"size": balance}
    return _("%(size)s of 100 towards receiving") % {"size": -balance}


def position_words(reading: str, counts: Mapping[str, int]) -> str:
    """A position's reading with its counts of areas: "all 7 areas" rather than "7 of 7 areas, and … in 0"."""
    for side, other, less in (("give", "receive", "receive more"), ("receive", "give", "give more")):
        rest = f", and {less} in {{{other}_areas}}"
        if counts[side] == counts["areas"]:
            reading = reading.replace(f"{{{side}_areas}} of {{areas}} areas{rest}", "all {areas} areas")
        elif counts[other] == 0:
            reading = reading.replace(rest, f", and {less} in none")
    return reading.format(
        areas=counts["areas"],
        give_areas=counts["give"] or _("none"),
        receive_areas=counts["receive"] or _("none"),
        even_areas=counts["even"] or _("none"),
    )


def sure_words(confidence: str, *, to_one_side: bool) -> str:
    """How sure the position is: `clear`, `leaning` or `too_close`. About even does not point anywhere."""
    if confidence == "clear":
        if to_one_side:
            return _("Quite sure: if you answered again, it would very likely point the same way.")
        return _("Quite sure: if you answered again, the two sides would very likely still be about even overall.")
    if confidence == "leaning":
        if to_one_side:
            return _("Fairly sure: it points this way, but if you answered again, it could come out differently.")
        return _(
            "Fairly sure: overall the two sides look about even, but if you answered again, one could come out ahead."
        )
    return _("Too close to call: the answers lie near a line, and the questionnaire cannot tell the two sides apart.")


def change_words(change: str) -> str:
    """Whether the balance changed: `likely`, `maybe` or `wobble`."""
    if change == "likely":
        return _("Your balance has probably changed.")
    if change == "maybe":
        return _("Your balance may have changed.")
    return _("The change is too small to tell from everyday ups and downs.")


def range_words(interval: Sequence[float]) -> str:
    """Both ends of a range in one sentence."""
    low, high = (whole(end) for end in interval)
    if low >= 0:
        sentence = _("Allowing for that, your balance is most likely between %(low)s and %(high)s towards giving.")
        return sentence % {"low": low, "high": high}
    if high <= 0:
        sentence = _("Allowing for that, your balance is most likely between %(low)s and %(high)s towards receiving.")
        return sentence % {"low": -high, "high": -low}
    sentence = _(
        "Allowing for that, your balance is most likely between %(low)s towards receiving and %(high)s towards giving."
    )
    return sentence % {"low": -low, "high": high}


def range_signed(interval: Sequence[float]) -> str:
    """Both ends of a range as signed numbers; for tables."""
    low, high = (signed(whole(end)) for end in interval)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def beam_words(shown: Sides) -> str:
    """The text alternative of the beam."""
    values = {"given": shown.given, "received": shown.received, "size": abs(shown.balance)}
    if shown.balance == 0:
        return _("Balance beam. You give %(given)s of 100 and receive %(received)s, so the beam is level.") % values
    if shown.balance > 0:
        sentence = _(
            "Balance beam. You give %(given)s of 100 and receive %(received)s, so the beam tips to the left by "
            "%(size)s, towards giving."
        )
        return sentence % values
    sentence = _(
        "Balance beam. You give %(given)s of 100 and receive %(received)s, so the beam tips to the right by %(size)s, "
        "towards receiving."
    )
    return sentence % values


def gap_words(instrument: Instrument, gap: float | None, balance: float | None, felt: float | None) -> str:
    """The overall feeling beside the areas, counted. `gap`: how much of the counted imbalance a feeling leaves out."""
    if gap is None or balance is None or felt is None:
        return ""
    if abs(balance) > instrument.constants.balance_band and balance * felt < 0:
        return _(
            "Your overall feeling and the sum of the areas point in different directions. Neither is wrong: a feeling "
            "weighs what a sum cannot, and a sum can show what a feeling has got used to."
        )
    if gap >= instrument.wide_gap:
        sentence = _(
            "Added up area by area, things are more uneven than your overall feeling says. Neither is wrong: a feeling "
            "weighs what a sum cannot, and a sum can show what a feeling has got used to. Your feeling leaves out "
            "%(gap)s of 100."
        )
        return sentence % {"gap": whole(gap)}
    if abs(felt) - abs(balance) >= instrument.wide_gap:
        return _(
            "Your overall feeling is more uneven than the areas added up. Neither is wrong: a feeling weighs what a "
            "sum cannot, and one area can weigh more than the others."
        )
    return _("Added up area by area, things are about as uneven as your overall feeling says.")


def chance_words(p: float) -> str:
    """A probability (0 to 1) in whole per cent; the ends are never certain."""
    if p >= 0.995:
        return _("more than 99 %")
    if p < 0.005:
        return _("less than 1 %")
    return f"{whole(100 * p)} %"


def share_words(share: float) -> str:
    """A share (0 to 1) as a sentence says it, or in whole per cent."""
    return {0.25: _("a quarter"), 0.5: _("half")}.get(share) or f"{whole(100 * share)} %"


def in_a_row(labels: Sequence[str]) -> str:
    """Names of areas within a sentence."""
    return ", ".join(label[:1].lower() + label[1:] for label in labels)
