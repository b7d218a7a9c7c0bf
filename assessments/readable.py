"""Results as Markdown, for people to read in what they download."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.sealing import CannotOpen
from assessments import reading, reading_2, readings
from assessments.changes import Change, read_changes
from assessments.comparing import stored
from assessments.models import Result
from lib.zones import zone

CHUNK = 100


def results_text(owner: User) -> Iterator[str]:
    """Every result in words, oldest first, with the day in the owner's time zone. One query."""
    yield "# {}\n".format(_("Results"))
    here = zone(owner.timezone)
    rows = Result.objects.visible_to(owner).select_related("response").order_by("created_at", "id")
    for result in rows.iterator(chunk_size=CHUNK):
        yield f"\n## {timezone.localtime(result.created_at, here):%Y-%m-%d}, {result.get_form_display()}\n"
        try:
            score, answers = result.score(owner), result.response.answers(owner)
            found = readings.read(result.instrument, score, answers)
            changes = read_changes(result.instrument, stored(score))
        except CannotOpen:
            yield "\n{}\n".format(_("This result can’t be opened. It has not been changed."))
        else:
            if answers.same_relationship is False:
                yield "\n{}\n".format(_("This is about another relationship than the result before."))
            yield from paragraphs(found, result.instrument.constants.R)
            yield from changed(changes, owner)


def changed(changes: Iterable[Change], owner: User) -> Iterator[str]:
    """What was said of a result beside earlier ones, with their days in the owner's time zone."""
    for change in changes:
        day = f"{timezone.localtime(change.on, zone(owner.timezone)):%Y-%m-%d}"
        heading = _("Since the first time, %(date)s") if change.name == "first" else _("Since last time, %(date)s")
        yield f"\n### {heading % {'date': day}}\n\n{change.words}\n"


def paragraphs(found: reading.Reading | reading_2.Reading, top: int) -> Iterator[str]:
    """One result: heading and text, the balance, the areas on a scale to `top`, then what was said around them."""
    yield f"\n**{found.heading}**\n\n{found.text}\n"
    if isinstance(found, reading.Reading):
        yield from _balance_1(found)
        yield from _areas(found, top)
        yield from _around_1(found)
    else:
        yield from _balance_2(found)
        yield from _areas(found, top)
        yield from _around_2(found)
    if found.roles:
        is_first = isinstance(found, reading.Reading)
        yield "\n### {}\n\n".format(_("When something hurt") if is_first else _("In tense times"))
        yield from (f"- {role}: {word}\n" for role, word in found.roles)


def _balance_1(found: reading.Reading) -> Iterator[str]:
    if found.balance:
        shown = found.balance.shown
        both = _("I give %(given)s of 100, I receive %(received)s of 100.")
        yield f"\n{both % {'given': shown.given, 'received': shown.received}}\n"
        yield f"\n{found.sure} {found.balance.range}\n"


def _around_1(found: reading.Reading) -> Iterator[str]:
    if found.gap:
        yield _felt(found.gap)
    for line in found.shown_lines:
        yield f"\n### {line.title}\n\n{' '.join(filter(None, [line.figure and f'{line.figure}.', line.text]))}\n"


def _balance_2(found: reading_2.Reading) -> Iterator[str]:
    balance = found.balance
    if balance:
        both = _("I give %(given)s of %(top)s, I receive %(received)s of %(top)s.")
        yield f"\n{both % {'given': balance.given, 'received': balance.received, 'top': balance.top}}\n"
        yield f"\n{found.sure} {balance.range}\n"
        if balance.far_out:
            yield f"\n{balance.far_out}\n"
    if found.style:
        yield f"\n{found.style}\n"


def _around_2(found: reading_2.Reading) -> Iterator[str]:
    if found.felt:
        yield _felt(found.felt)
    for line in found.shown_lines:
        yield f"\n### {line.title}\n"
        yield from (f"\n{': '.join(filter(None, [said.title, said.text]))}\n" for said in line.said)


def _felt(words: str) -> str:
    return "\n### {}\n\n{}\n".format(_("What you feel, and what adds up"), words)


def _areas(found: reading.Reading | reading_2.Reading, top: int) -> Iterator[str]:
    if found.areas:
        yield "\n### {}\n\n".format(_("Area by area"))
        row = _("%(area)s: I give %(give)s, I receive %(receive)s, of %(top)s: %(difference)s.")
        for area in found.areas:
            words = {"area": area.label, "give": area.give, "receive": area.receive, "difference": area.difference}
            yield f"- {row % (words | {'top': top})}\n"
