"""A target that is said twice is one: within the text, or in the text and in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from hengtan.plan.reader.linking import key
from hengtan.plan.reader.stated import CHANGES, StatedTarget

SEVERAL = "several"
"""The place of a target that stands in a sentence and in a table."""


def each_once(targets: Iterable[StatedTarget]) -> list[StatedTarget]:
    """Targets in the order of the text, each once: same figures, and names that differ by a letter
    or two left out; in a sentence and in a table also where one name holds the other. What is kept
    has the places of the others."""
    by_figures: dict[tuple[str, ...], list[StatedTarget]] = {}
    for target in sorted(targets, key=lambda t: (t.place != "", t.start, t.end)):
        alike = by_figures.setdefault(_figures(target), [])
        at = next((i for i, other in enumerate(alike) if _is_one(target, other)), None)
        if at is None:
            alike.append(target)
        else:
            alike[at] = _merged(alike[at], target)
    kept = [target for alike in by_figures.values() for target in alike]
    return sorted(kept, key=lambda target: (target.start, target.end))


def _figures(target: StatedTarget) -> tuple[str, ...]:
    """All that a target says beside its name and the sign, which a table may leave out."""
    kind = target.operator if target.operator in (*CHANGES, "range") else "level"
    level = (kind, target.value, target.value2, target.unit)
    return (*level, str(target.deadline), target.region, str(target.yearly))


def _is_one(a: StatedTarget, b: StatedTarget) -> bool:
    if not (a.unsigned or b.unsigned) and a.operator != b.operator:
        return False
    return named_alike(a, b)


def named_alike(a: StatedTarget, b: StatedTarget) -> bool:
    """Whether two targets name one indicator: names that differ by a letter or two left out; in a
    sentence and in a table also where one name holds the other."""
    if same_name(a.indicator, b.indicator) or key(a.indicator) == key(b.indicator):
        return True
    short, long = sorted((key(a.indicator), key(b.indicator)), key=len)
    return a.place != b.place and len(short) >= 4 and (long.endswith(short) or short in long)


def _merged(kept: StatedTarget, other: StatedTarget) -> StatedTarget:
    """A target with what its second mention adds: the sign, the month, 约束性, a base year and
    value."""
    signed = kept if not kept.unsigned else other
    base = kept if kept.base_value else other
    return replace(
        kept,
        operator=signed.operator,
        strict=signed.strict,
        keeps=signed.keeps,
        unsigned=kept.unsigned and other.unsigned,
        base_year=kept.base_year or other.base_year,
        base_value=base.base_value,
        base_unit=base.base_unit,
        base_value_year=base.base_value_year,
        month=kept.month or other.month,
        binding=kept.binding or other.binding,
        modifier=kept.modifier or other.modifier,
        doubts=tuple(d for d in kept.doubts if d in other.doubts),
        place=kept.place if kept.place == other.place else SEVERAL,
        also=(*kept.also, (other.start, other.end), *other.also),
    )


def same_name(a: str, b: str) -> bool:
    """Whether two names are one but for marks and at most two letters that the shorter leaves
    out."""
    a, b = (re.sub(r"[“”、的()\s]", "", name) for name in (a, b))
    short, long = sorted((a, b), key=len)
    if len(long) - len(short) > 2 or (len(short) < 4 and short != long):
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)
