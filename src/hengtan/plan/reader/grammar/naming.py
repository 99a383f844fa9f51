"""A name as the target carries it: growth a year, per day, item of a head, tail of the name before,
deed of the list."""

from __future__ import annotations

import re
from dataclasses import replace

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.predicate import first_deed
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.names import ends_as_indicator, shortened
from hengtan.plan.reader.stated import StatedTarget
from hengtan.plan.reader.vocabulary import (
    has_tail,
    kind_of_unit,
    tail_of,
    vocabulary,
    with_tail,
    without_magnitude,
    words,
)


@rule
def growth_a_year(group: Group) -> bool:
    """年均增长 belongs to the name: the value is a rate a year, not a change over the period.

    Example: 到2025年,环保产业产值年均增长10%。
    """
    if "年均" in group.name:
        return False
    if group.verb is not None and group.verb.text.startswith("年均"):
        group.name += group.verb.text
        return True
    if group.yearly:
        group.name += "年均" + (group.verb.text if group.verb is not None else "增速")
    return group.yearly


@rule
def per_day_in_the_unit(group: Group) -> bool:
    """每天 before a figure belongs to its unit: 处理能力每天5万吨 is 5 万吨/天.

    Example: 到2025年,污水处理能力每天5万吨以上。
    """
    per = re.search(r"(?:每|平均每)(天|日|年|小时)$", group.name)
    if per is None:
        return False
    group.name = group.name[: per.start()]
    group.values = [replace(v, unit=f"{v.unit}/{per.group(1)}") for v in group.values]
    return True


@rule
def item_of_a_head(group: Group) -> bool:
    """An item behind a colon takes the tail of its head, and one behind …方面 the whole of it:
    装机容量:风电300万千瓦 is 风电装机容量.

    Example: 到2025年,装机容量:风电300万千瓦,光伏500万千瓦。
    Example: 到2025年,重点工程减排量方面,化学需氧量、氨氮分别达到3万吨、1万吨。
    """
    topic = group.sentence.topic
    if has_tail(topic) and not ends_as_indicator(group.name) and topic != group.name:
        group.name += topic
        return True
    if not group.sentence.head or has_tail(group.name):
        return False
    head = group.sentence.head
    group.name += tail_of(head) or next((t for t in words("short_tails") if head.endswith(t)), head)
    return True


@rule
def long_name(group: Group) -> bool:
    """A long name is cut to what is named, from its last deed on.

    Example: 到2025年,围绕传统制造业重点领域深入实施节能降碳增效行动完成节能改造面积300万平方米。
    """
    before = group.name
    group.name = before if group.composed else shortened(before)
    return group.name != before


@rule
def level_or_class_alone(group: Group) -> str | None:
    """A level, or one of a class of things, takes what followed those of the target before:
    国家级绿色工厂…,省级…; 钢铁行业…,水泥行业….

    Example: 到2025年,国家级绿色工厂达到5家,省级达到20家。
    Example: 到2025年,钢铁行业能效标杆水平以上产能占比达到30%,水泥行业达到40%。
    """
    name, last = group.name, _before(group)
    if re.fullmatch(r".{0,4}级", name):
        whole = group.sentence.whole or last.indicator
        return name + re.sub(r"^.{1,4}级", "", whole) if _kind(group) == "counter" else None
    kind = next((k for k in vocabulary().words["classes"] if name.endswith(k)), "")
    if not kind or len(name) > 10 or group.values[0].unit != last.unit:
        return None
    like = re.match(rf".{{1,12}}?{kind}(?P<rest>.{{2,}})", last.indicator)
    return name + like.group("rest") if like else None


@rule
def tail_of_a_like_target(group: Group) -> str | None:
    """A name without its tail takes that of a target before in the same unit: after 其中 that of
    the total, or what the total is a share of; else a short one that of a level: 风电装机…,光伏….

    Example: 到2025年,可再生能源装机达到500万千瓦,其中生物质发电69万千瓦。
    Example: 到2025年,新建建筑中星级绿色建筑占比达到30%,其中公共建筑占比达到50%,政府投资项目达到100%
    。
    Example: 到2025年,风电装机达到300万千瓦,光伏达到500万千瓦。
    """
    name, unit = group.name, group.values[0].unit
    like = next((t for t in group.discourse.said[:-7:-1] if _may_lend(t, group)), None)
    if like is None:
        return None
    among = re.search(r".中(?P<rest>.{4,})$", group.sentence.whole)
    if among is not None and like.unit == unit:
        return with_tail(name, among.group("rest"))
    return with_tail(name, tail_of(like.indicator))


def _may_lend(target: StatedTarget, group: Group) -> bool:
    """Whether a target before may lend its tail to a name: one in its unit, and where the name is
    no part of a total a level, of a measure, for a short name that says no change itself."""
    like = without_magnitude(target.unit) == without_magnitude(group.values[0].unit)
    if not like or not tail_of(target.indicator) or _kind(group) == "counter":
        return False
    if group.sentence.listing:
        return True
    is_short = len(group.name) <= 4 and not re.search("[减增替节产排]", group.name)
    return _kind(group) == "measure" and is_short and not target.is_change


LIKE_BEFORE = Choice(level_or_class_alone, tail_of_a_like_target)


def _before(group: Group) -> StatedTarget:
    """The target before; rules of this choice are asked only where there is one."""
    assert group.last is not None
    return group.last


def _kind(group: Group) -> str | None:
    return kind_of_unit(group.values[0].unit)


@rule
def name_like_the_one_before(group: Group) -> bool:
    """A name without a tail is completed from the one before it, by the rules above.

    Example: 到2025年,风电装机达到300万千瓦,光伏达到500万千瓦。
    """
    if group.last is None or has_tail(group.name):
        return False
    before = group.name
    group.name = LIKE_BEFORE.of(group, group) or group.name
    if group.name != before:
        group.doubts.append("subject completed")
    return group.name != before


@rule
def same_name_other_measure(group: Group) -> bool:
    """50米覆盖率 after 轨道公交一体化换乘100米覆盖率 keeps its lead.

    Example: 到2025年,轨道公交一体化换乘100米覆盖率达到90%,50米覆盖率达到60%。
    """
    measured = re.match(r"[\d.]+(?P<rest>.{2,})", group.name)
    if measured is None or group.last is None:
        return False
    alike = rf"(?P<lead>.{{2,}}?)[\d.]+{re.escape(measured.group('rest'))}"
    before = re.fullmatch(alike, group.last.indicator)
    if before is None:
        return False
    group.name = before.group("lead") + group.name
    return True


@rule
def deed_of_the_list(group: Group) -> bool:
    """新增 and the like at the head of a list hold for its items: 新增充电桩300个、换电站20个.

    Example: 到2025年,新增充电桩300个、换电站20个。
    """
    sentence, deed = group.sentence, first_deed(group)
    if deed is not None or group.verb is not None:
        begins = deed is not None and deed.role == "kept" and deed.text not in words("alone")
        sentence.deed = deed.text if deed is not None and begins else ""
        return False
    of_one_unit = group.last is not None and group.last.unit == group.values[0].unit
    if not sentence.deed or not of_one_unit or has_tail(group.name):
        return False
    group.name = sentence.deed + group.name.removeprefix(sentence.deed)
    return True
