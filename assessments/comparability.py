"""Whether a version may stand in the comparability groups that it names: their results are set side by side. Pure.

In one group, the areas are asked in the same words and everything is answered on the same scales.
"""

from collections.abc import Iterable, Iterator

from assessments.instrument import Instrument

WORDS = ("label", "explanation", "give", "receive")


def conflicts(new: Instrument, others: Iterable[Instrument]) -> list[str]:
    """Every reason why the new version's results cannot be compared with those of a group it names: `key: reason`."""
    return [
        f"{where}: not as in {other.id} {other.version}, with whose results those of the comparability group {group} "
        f"are compared. Give the new version a group of its own (forms.{form}.comparability_group)"
        for other in others
        for form, others_form, group in _shared(new, other)
        for where in _differing(new, form, other, others_form)
    ]


def _shared(new: Instrument, other: Instrument) -> Iterator[tuple[str, str, str]]:
    for form in new.forms.values():
        for theirs in other.forms.values():
            if form.comparability_group == theirs.comparability_group:
                yield form.key, theirs.key, form.comparability_group


def _differing(new: Instrument, form: str, other: Instrument, others_form: str) -> Iterator[str]:
    ours = {area.key: area for area in new.areas_of(form)}
    theirs = {area.key: area for area in other.areas_of(others_form)}
    yield from (f"areas[{key}]" for key in [*theirs, *ours] if key not in ours or key not in theirs)
    both = [key for key in ours if key in theirs]
    for key in both:
        yield from (f"areas[{key}].{name}" for name in WORDS if getattr(ours[key], name) != getattr(theirs[key], name))
    if both != [key for key in theirs if key in ours]:
        yield "areas (their order)"
    yield from _scales(new, form, other, others_form)


def _scales(new: Instrument, form: str, other: Instrument, others_form: str) -> Iterator[str]:
    """The scales that are not the same, and the statements that have moved to another one."""
    ours = {item.key: new.subscales[item.subscale].scale for item in new.items_of(form)}
    theirs = {item.key: other.subscales[item.subscale].scale for item in other.items_of(others_form)}
    used = {"amount", *ours.values()} & {"amount", *theirs.values()}
    yield from (f"scales.{name}" for name in sorted(used) if new.scales[name] != other.scales[name])
    yield from (f"items[{key}] (its scale)" for key in ours if key in theirs and ours[key] != theirs[key])
