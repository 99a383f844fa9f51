"""Does a plan agree with itself: the same target with two values, a base without a year, 2025 and 2030 the wrong way round, parts beyond the whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from hengtan.basis.errors import Finding, Where
from hengtan.plan.reader.carried import Found
from hengtan.plan.reader.linking import key
from hengtan.plan.reader.names import less_is_better
from hengtan.plan.reader.vocabulary import vocabulary

_MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


def plain(value: str, unit: str) -> tuple[Decimal, str]:
    """A value without magnitude words in its unit: 1.2, 亿千瓦 → 120000000, 千瓦 (千瓦 is a unit and stays)."""
    number = Decimal(value)
    units = vocabulary().units
    while unit and unit not in units and unit[0] in _MAGNITUDES:
        number *= _MAGNITUDES[unit[0]]
        unit = unit[1:]
    return number, unit


def check_targets(found: Sequence[Found], clauses: Sequence[str], file: str) -> list[Finding]:
    """Findings on the targets of one plan. ``clauses``: for each target the clause that it stands in, to say where."""
    made: list[Finding] = []
    groups: dict[tuple[str, str, str, bool], list[int]] = defaultdict(list)
    for i, one in enumerate(found):
        groups[
            (
                key(one.indicator),
                one.region,
                plain(one.value, one.unit)[1],
                one.operator in ("increase_by", "decrease_by"),
            )
        ].append(i)
    for (_, _, _, change), held in groups.items():
        made += _two_values(found, clauses, held, file)
        made += _wrong_way(found, clauses, held, change, file)
    for i, one in enumerate(found):
        if (
            one.operator in ("increase_by", "decrease_by")
            and one.base_year is None
            and Decimal(one.value) != 0
        ):
            made.append(
                Finding(
                    "warning",
                    f"“{one.indicator}”{_said(one)}没有写基年",
                    f"'{one.indicator}' {_said(one)} names no base year",
                    Where(file, clause=clauses[i]),
                    "请补上比哪一年",
                    "say against which year",
                    "base_year_missing",
                )
            )
    return made + _parts(found, clauses, file)


def _said(one: Found) -> str:
    sign = {
        "increase_by": "提高",
        "decrease_by": "下降",
        ">=": "≥",
        "<=": "≤",
        "==": "＝",
        "approx": "约",
        "range": "",
    }[one.operator]
    return (
        f"{sign}{one.value}{'—' + one.value2 if one.value2 else ''}{one.unit}（{one.deadline}年）"
    )


def _two_values(
    found: Sequence[Found], clauses: Sequence[str], held: list[int], file: str
) -> list[Finding]:
    """Each target against the first of its year (and base): one finding for each that says another value."""
    made = []
    firsts: dict[int, list[int]] = {}
    for j in held:
        b = found[j]
        if b.modifier == "stretch":
            continue
        i = next(
            (
                i
                for i in firsts.setdefault(b.deadline, [])
                if found[i].base_year == b.base_year or None in (found[i].base_year, b.base_year)
            ),
            None,
        )
        if i is None:
            firsts[b.deadline].append(j)
            continue
        a = found[i]
        if plain(a.value, a.unit) != plain(b.value, b.unit):
            made.append(
                Finding(
                    "error",
                    f"“{a.indicator}”{a.deadline}年有两个数：{_said(a)}与{_said(b)}（{clauses[j]}）",
                    f"'{a.indicator}' has two values for {a.deadline}",
                    Where(file, clause=clauses[i]),
                    "请核对原文以哪个为准",
                    "see which one holds",
                    "two_values",
                )
            )
    return made


def _wrong_way(
    found: Sequence[Found], clauses: Sequence[str], held: list[int], change: bool, file: str
) -> list[Finding]:
    made = []
    by_year = sorted(held, key=lambda i: found[i].deadline)
    for i, j in pairwise(by_year):
        a, b = found[i], found[j]
        if (
            a.deadline == b.deadline
            or a.operator != b.operator
            or a.base_year != b.base_year
            or a.operator == "range"
        ):
            continue
        less = a.operator == "<=" or (
            a.operator in ("==", "approx") and less_is_better(a.indicator, vocabulary())
        )
        first, later = plain(a.value, a.unit)[0], plain(b.value, b.unit)[0]
        back = later > first if less else later < first
        if back and (not change or a.base_year is not None):
            made.append(
                Finding(
                    "warning",
                    f"“{a.indicator}”{b.deadline}年的{b.value}{b.unit}比{a.deadline}年的{a.value}{a.unit}倒退",
                    f"'{a.indicator}' goes back from {a.deadline} to {b.deadline}",
                    Where(file, clause=clauses[j]),
                    "请核对两处数值",
                    "check both",
                    "wrong_way",
                )
            )
    return made


def _parts(found: Sequence[Found], clauses: Sequence[str], file: str) -> list[Finding]:
    made = []
    wholes: dict[tuple[str, int, str], list[int]] = defaultdict(list)
    for i, one in enumerate(found):
        if one.part_of:
            wholes[(one.part_of, one.deadline, one.region)].append(i)
    for (name, year, region), parts in wholes.items():
        whole = next(
            (
                one
                for one in found
                if one.indicator == name
                and one.deadline == year
                and one.region == region
                and not one.part_of
            ),
            None,
        )
        if whole is None:
            continue
        total, unit = plain(whole.value, whole.unit)
        held = [
            plain(found[i].value, found[i].unit)
            for i in parts
            if found[i].operator not in ("increase_by", "decrease_by")
        ]
        if unit == "%" or not held or any(u != unit for _, u in held):
            continue
        summed = sum((value for value, _ in held), Decimal(0))
        if summed > total:
            made.append(
                Finding(
                    "error",
                    f"“{name}”{year}年各部分合计{summed.normalize():f}{unit}，超过总数{total.normalize():f}{unit}",
                    f"the parts of '{name}' add up to more than the whole",
                    Where(file, clause=clauses[parts[0]]),
                    "请核对其中项",
                    "check the parts",
                    "parts_exceed_whole",
                )
            )
    return made
