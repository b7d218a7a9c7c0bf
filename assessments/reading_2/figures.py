"""The figures behind a result of algorithm 2, each with its meaning, for those who want them."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assessments.algorithm_2.constants import Error
from assessments.instrument import Constants as Cuts
from assessments.instrument import Instrument
from assessments.reading_2.words import minus, within
from assessments.scoring import Document
from assessments.words import chance_words, range_signed, signed, whole


class Figure(NamedTuple):
    """A row: over all areas alike, and by importance where that was asked."""

    name: str
    value: str
    weighted: str
    meaning: str


class Part(NamedTuple):
    """A subscale's figure with the range of its error; none where there are only words."""

    title: str
    value: str
    range: str
    answered: int
    asked: int


def figures(cuts: Cuts, score: Document, *, weighted: bool) -> tuple[Figure, ...]:
    """Every figure of the balance; none where too few areas have both answers."""
    if score["balance"] is None:
        return ()
    weights = score["weighted"] if weighted else None
    return (*_indices(score["balance"], weights), *_behind(cuts, score, weights))


def _indices(index: Mapping[str, float | None], weights: Mapping[str, float | None] | None) -> Iterator[Figure]:
    for key, name, meaning in (
        ("G", _("Given"), _("The average of what you give, from 0 to 100.")),
        ("V", _("Received"), _("The average of what you receive, from 0 to 100.")),
        ("B", _("Balance"), _("Given minus received, from −100 to +100.")),
        ("A", _("Unevenness"), _("The average size of the differences, whichever way they point.")),
        ("A_c", _("Unevenness beyond chance"), _("Less what couples show by chance who are level in every area.")),
        ("L", _("Level"), _("How much is given and received altogether, from 0 to 100.")),
        ("C", _("One direction"), _("The balance as a share of the unevenness.")),
    ):
        yield Figure(name, _index(index, key), _index(weights, key) if weights and key in weights else "", meaning)


def _behind(cuts: Cuts, score: Document, weights: Document | None) -> Iterator[Figure]:
    yield Figure(
        _("Spread"), str(whole(score["balance"]["sd_d"])), "", _("How far apart the areas are (standard deviation).")
    )
    yield Figure(
        _("Error of the balance"),
        number_format(score["sigma"], 1),
        number_format(weights["sigma"], 1) if weights else "",
        _("On about two of three days, a balance over as many areas is closer than this to the usual one."),
    )
    yield Figure(
        _("80 % range"),
        range_signed(score["interval80"]),
        range_signed(weights["interval80"]) if weights else "",
        _("Your usual balance is inside it in about four of five cases."),
    )
    yield Figure(
        _("95 % range"),
        range_signed(score["interval95"]),
        "",
        _("Your usual balance is inside it in about nineteen of twenty cases."),
    )
    level = {"level": minus(cuts.balance_band)}
    for key, name, meaning in (
        ("give", _("Chance of giving more"), _("That a second answering would be above %(level)s.")),
        ("even", _("Chance of about level"), _("That it would be between −%(level)s and %(level)s.")),
        ("receive", _("Chance of receiving more"), _("That it would be below −%(level)s.")),
    ):
        yield Figure(name, chance_words(score["p"][key]), "", meaning % level)


def parts(instrument: Instrument, score: Document) -> tuple[Part, ...]:
    """The subscales that have a figure, without those that are read as two lines."""
    return tuple(
        Part(
            instrument.subscales[key].title,
            str(whole(found["score"])),
            "–".join(str(whole(end)) for end in within(found["score"], found["sem"])),
            found["answered"],
            found["items"],
        )
        for key, found in score["subscales"].items()
        if found["sem"] is not None and key not in score["pairs"] and (key != "ill" or score["ill_shown"])
    )


def basis_words(error: Error) -> str:
    """How an error was known when a result was worked out. It stays true when others are in use."""
    if error.basis == "sample":
        return _("How much answers differ from day to day was measured here. People who answered twice: %(n)s.") % {
            "n": error.n
        }
    if error.basis == "published":
        return _(
            "Others measured and published how much answers differ from day to day. People who answered: %(n)s."
        ) % {"n": error.n}
    return _(
        "How much answers differ from day to day had not been measured yet when this was worked out, so it was assumed."
    )


def measured_words(error: Document) -> str:
    """How an error that was measured is known, and what is still wrong with it; `error` stands in the score."""
    low, high = error["interval"]
    about = {"n": error["n"], "value": number_format(error["value"], 1)}
    about |= {"low": number_format(low, 1), "high": number_format(high, 1)}
    return (
        _(
            "On about two of three days, a balance is within %(value)s points of the usual one. This was measured with "
            "%(n)s people of this site who answered twice and said that nothing had changed, and we take their word "
            "for it. The true figure is probably between %(low)s and %(high)s, as it is in 9 of 10 such measurements. "
            "People remember some of what they answered two weeks earlier, so it is probably a little too small."
        )
        % about
    )


def _index(index: Mapping[str, float | None], key: str) -> str:
    value = index[key]
    if value is None:
        return "–"
    if key == "B":
        return signed(whole(value))
    return f"{whole(100 * value)} %" if key == "C" else str(whole(value))
