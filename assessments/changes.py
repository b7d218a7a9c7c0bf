"""What changed since earlier results, in words, from the documents that are stored (`comparing.between`).

Pure but for the translations: no database, no request. Words come first, and nothing is called before without one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.algorithm_2.change import POWER
from assessments.algorithm_2.texts import line_words
from assessments.how_sure import AS_ASSUMED, of_100, simulated
from assessments.instrument import Instrument
from assessments.scoring import Document
from assessments.words import change_words, in_a_row, towards_words, whole

WHY_NOT: Mapping[str, Promise] = {  # two results are not compared, by the reason
    "same": gettext_lazy("Choose two different results."),
    "version": gettext_lazy("These two results cannot be compared: the questions changed between them."),
    "relationship": gettext_lazy("These two results are about different relationships, so they are not compared."),
    "areas": gettext_lazy(
        "A fair comparison needs at least %(areas)s areas with both answers, the same ones both times. "
        "These two results share fewer."
    ),
    "closed": gettext_lazy("One of these results can’t be opened. It has not been changed."),
}


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of one pair. Without `balance` the two are not compared: `why_not` says why.

    `areas` holds a sentence for each side, `parts` one for each part that has moved; `rest` is about all other parts.
    `needed`: how large a change of the balance has to be, of 100, to be noticed with a chance of `power` per cent.
    """

    name: str
    result: UUID
    on: datetime
    why_not: str = ""
    balance: str = ""
    figures: str = ""
    areas: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rest: str = ""
    needed: int = 0
    power: int = whole(100 * POWER)

    @property
    def words(self) -> str:
        """All of it in one paragraph."""
        return self.why_not or " ".join(filter(None, [self.balance, *self.areas, *self.parts, self.rest, self.figures]))


def read_changes(instrument: Instrument, said: Mapping[str, Document]) -> tuple[Change, ...]:
    """Every comparison that was stored with a result of this instrument."""
    return tuple(read_change(instrument, name, document) for name, document in said.items())


def read_change(instrument: Instrument, name: str, said: Document) -> Change:
    """One comparison; `name`: with the "previous" result, the "first" of its line, or one that was "chosen".

    Of a result from before comparisons were stored, there is only the word for the balance, of `algorithm` 1.
    """
    result, on = UUID(said["result"]), datetime.fromisoformat(said["on"])
    if not said["comparable"]:
        return Change(name, result, on, why_not=why_not(said["reason"]))
    words = {key: word for key, word in words_of_parts(said).items() if word != "wobble"}
    return Change(
        name,
        result,
        on,
        balance=change_words(said["word"]) if "algorithm" in said else balance_words(said),
        figures=figure_words(said),
        areas=moved_words(instrument, said.get("moved", {})),
        parts=tuple(part_words(instrument, key, word) for key, word in words.items()),
        rest=rest_words(said),
        needed=ceil(said.get("needed", 0)),
    )


def why_not(reason: str) -> str:
    """Why a result is not compared with one or more that are named beside it."""
    if reason == "areas":
        return _("This cannot be compared: too few areas were answered both times.")
    if reason == "version":
        return _("This cannot be compared: the questions changed in between.")
    return _("This is not compared: it is about another relationship.")


def balance_words(said: Document) -> str:
    """Whether the balance changed, and which way. Its size is not part of it."""
    if said["word"] == "likely":
        if said["change"] > 0:
            return _("Your balance has probably moved towards giving.")
        return _("Your balance has probably moved towards receiving.")
    if said["word"] == "maybe":
        if said["change"] > 0:
            return _("Your balance may have moved towards giving. It can also be everyday ups and downs.")
        return _("Your balance may have moved towards receiving. It can also be everyday ups and downs.")
    return _("No change can be seen overall: the difference is too small to tell from everyday ups and downs.")


def figure_words(said: Document) -> str:
    """Both balances over the areas answered both times."""
    sentence = ngettext(
        "In the %(areas)s area you answered both times, your balance was %(before)s, and is %(after)s now.",
        "In the %(areas)s areas you answered both times, your balance was %(before)s, and is %(after)s now.",
        said["areas"],
    )
    before, after = (towards_words(whole(said[key])) for key in ("B_first", "B_second"))
    return sentence % {"areas": said["areas"], "before": before, "after": after}


def moved_words(instrument: Instrument, moved: Mapping[str, str]) -> tuple[str, ...]:
    """The areas that moved further than answers do by themselves, in a sentence for each side."""
    sentences = {
        "give": _("Moved towards giving, which chance alone seldom does: %(areas)s."),
        "receive": _("Moved towards receiving, which chance alone seldom does: %(areas)s."),
    }
    named = {side: [instrument.area[key].label for key, to in moved.items() if to == side] for side in sentences}
    return tuple(sentences[side] % {"areas": in_a_row(labels)} for side, labels in named.items() if labels)


def part_words(instrument: Instrument, key: str, word: str) -> str:
    """The change of a subscale, or of a line of one, by the end that it has moved towards."""
    subscale = instrument.subscales[key.partition(".")[0]]
    end = subscale.high_end if word == "more" else subscale.low_end
    sentence = _("“%(part)s” has moved towards “%(end)s”.")
    return sentence % {"part": part_title(instrument, key), "end": end}


def part_title(instrument: Instrument, key: str) -> str:
    """The title of a subscale; of a line of one (`str.giving`) with what it is a line of."""
    name, _dot, line = key.partition(".")
    title = instrument.subscales[name].title
    return f"{title}: {line_words(instrument, name)[line]['title']}" if line else title


def words_of_parts(said: Document) -> Mapping[str, str]:
    """The word of each part that may be read: of illusions only where they were read both times. None across forms."""
    parts: Document = said.get("parts") or {}
    return {key: part["word"] for key, part in parts.items() if key != "ill" or said["ill_shown"]}


def rest_words(said: Document) -> str:
    """What is said of all parts that have not moved, or why nothing is."""
    if said.get("parts", {}) is None:
        return _("One is the short form and one the full form, so only the balance and the areas are compared.")
    found = words_of_parts(said)
    if not found:
        return ""
    if set(found.values()) == {"wobble"}:
        return _("Around the balance, every change is too small to tell.")
    sentence = _(
        "Around the balance, every other change is too small to tell. With the many parts of the full form, chance "
        "alone moves at least one this far in %(share)s of 100 results (in a simulation)."
    )
    return sentence % {"share": of_100(simulated()["cells"]["wide"][AS_ASSUMED]["false_alarms"]["any_part"])}


def most_needed(changes: Sequence[Change]) -> Change | None:
    """The comparison that sees least; none where nothing is said about what can be seen."""
    return max((change for change in changes if change.needed), key=lambda change: change.needed, default=None)
