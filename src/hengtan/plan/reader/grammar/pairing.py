"""Names and figures of a group brought together: one by one, by years, by regions; and the targets
that they make."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.requirement import Asked, requirement
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.months import BY_MONTH, month_in
from hengtan.plan.reader.stated import CHANGES, StatedTarget, binding_in
from hengtan.plan.reader.vocabulary import pattern, words


@dataclass(frozen=True)
class Pair:
    """A name with its figure, the year it is due and the region it is for."""

    name: str
    value: Token
    due: int | None
    region: str


@rule
def by_years(group: Group) -> list[Pair] | None:
    """One name, as many years as figures: 2020年、2025年分别达到A、B.

    Example: 到2025年、2030年,森林覆盖率分别达到57%、60%。
    """
    years = group.segment.ahead
    if len(group.names) != 1 or not len(group.values) == len(years) > 1:
        return None
    pairs = zip(group.values, years, strict=True)
    return [Pair(group.names[0], value, year, group.region) for value, year in pairs]


@rule
def by_regions(group: Group) -> list[Pair] | None:
    """One name, as many regions as figures: 苏南、苏北分别达到A、B.

    Example: 到2025年,苏南、苏北绿色建筑占比分别达到100%、90%。
    """
    regions = group.region.split("、")
    if len(group.names) != 1 or not len(group.values) == len(regions) > 1:
        return None
    pairs = zip(group.values, regions, strict=True)
    return [Pair(group.names[0], value, group.due, region) for value, region in pairs]


@rule
def in_order(group: Group) -> list[Pair] | None:
    """As many names as figures pair in order: 分别.

    Example: 到2025年,化学需氧量、氨氮重点工程减排量分别达到3万吨、1万吨。
    """
    if not len(group.values) == len(group.names) > 1:
        return None
    pairs = zip(group.names, group.values, strict=True)
    return [Pair(name, value, group.due, group.region) for name, value in pairs]


@rule
def figure_for_all(group: Group) -> list[Pair] | None:
    """One figure holds for each name: 均达到X.

    Example: 到2025年,化肥农药利用率均达到43%。
    """
    if len(group.values) != 1:
        return None
    return [Pair(name, group.values[0], group.due, group.region) for name in group.names]


@rule
def more_figures_than_names(group: Group) -> list[Pair] | None:
    """Several figures for a name leave a doubt.

    Example: 到2025年,绿色工厂达到30家、40家。
    """
    group.doubts.append("more figures than names")
    return [Pair(group.names[0], value, group.due, group.region) for value in group.values]


RULES = Choice(by_years, by_regions, in_order, figure_for_all, more_figures_than_names)


@rule
def unit_left_out(group: Group) -> bool:
    """A unit left out is that of the next figure: 32、31、30微克/立方米.

    Example: 到2025年,甲、乙PM2.5浓度分别下降到32、31微克/立方米。
    """
    values = list(group.values)
    for i in range(len(values) - 2, -1, -1):
        if not values[i].unit:
            values[i] = replace(values[i], unit=values[i + 1].unit)
    acted = values != group.values
    group.values = values
    return acted


def targets_of(group: Group) -> list[StatedTarget]:
    """The targets of a group whose names and figures are known."""
    group.names = group.names or [group.name]
    pairs = RULES.of(group, group) or []
    return [
        _target(pair, group)
        for pair in pairs
        if pair.due is not None and pair.name and pair.name not in words("prepositions")
    ]


def _target(pair: Pair, group: Group) -> StatedTarget:
    name, value = pair.name.strip("、,的 "), pair.value
    asked = requirement(Asked(name, value, group))
    starts = [token.start for token in group.before if token.kind != "mark"]
    start = min([*starts, value.start])
    quoted = group.segment.text[start : value.end]
    taken = ("no year stated",) * group.sentence.year_taken
    return StatedTarget(
        name,
        asked.operator,
        value.value,
        value.unit,
        pair.due or 0,
        start,
        value.end,
        value2=value.value2,
        base_year=_base_year(asked.operator, value, group),
        region=pair.region,
        modifier=asked.modifier or _second_aim(name, pair.due, group),
        month=_month(group),
        yearly=_is_yearly(name, asked.operator, group, value),
        strict=asked.strict,
        keeps=asked.keeps,
        part_of=group.sentence.whole,
        binding=binding_in(quoted + group.segment.said),
        doubts=tuple(dict.fromkeys((*taken, *group.segment.doubts, *group.doubts))),
        rules=tuple(dict.fromkeys((*group.segment.trace, *group.trace))),
    )


def _second_aim(name: str, due: int | None, group: Group) -> str:
    """``stretch`` where 力争 asks more of the indicator and year of the target before."""
    last = group.last
    taken_up = last is not None and (last.indicator, last.deadline) == (name, due)
    return "stretch" if group.stretch and taken_up else ""


_EACH_YEAR = re.compile(
    r"每年|逐年|年均(?=新[增建]|完成|建设|造林|改造|治理|投入|减排)|(?<![\d度全当今明本])年新增"
)


def _is_yearly(name: str, operator: str, group: Group, value: Token) -> bool:
    """Whether a figure is asked of each year: 每年新增2万亩; a growth a year says so in its
    name."""
    said = group.segment.text[group.segment.tokens[0].start : value.start]
    return _EACH_YEAR.search(said) is not None and "年均增长" not in name


def _month(group: Group) -> int:
    """The month that the segment names as the latest: 6月底前, 三季度前; 0 where it names none."""
    by_when = BY_MONTH.search(group.segment.said)
    return month_in(by_when.group()) if by_when else 0


def _base_year(operator: str, value: Token, group: Group) -> int | None:
    """The year that a change is counted from, which growth a year has none of unless it is said
    beside it; without a verb of its own a change has that of the target before."""
    if operator not in CHANGES:
        own = next((token for token in group.before if token.kind == "base"), None)
        return own.year if own is not None and group.verb is not None else None
    a_year = pattern("年均(?:{verbs.up+verbs.down}|增速)").search(group.name)
    if a_year and not any(token.kind == "base" for token in group.segment.tokens):
        return None
    last = group.last
    if group.verb is None and last is not None and value.role != "times":
        return last.base_year
    if group.sentence.base is None and last is not None and last.is_change:
        taken_up = last.indicator in group.names and last.deadline == group.due
        return last.base_year if taken_up else None
    return group.sentence.base
