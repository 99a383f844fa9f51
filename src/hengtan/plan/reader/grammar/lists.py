"""Lists: the names of a coordination with their shared heads and tails given back, 其中, and levels
of one kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from hengtan.plan.reader.grammar.pieces import Group, Segment
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.names import ends_as_indicator
from hengtan.plan.reader.vocabulary import has_tail, pattern, tail_of, vocabulary, with_tail, words

_EACH = re.compile(
    r"分别|依次|均(?!衡|匀|可|价|浓度|水|供|用|增|下|值)|都(?=达|要|下降|提高|降|增|不)"
)
_LINK = re.compile(r"、|(?<=[^共调饱温总])和(?=[^谐])|与|以及|(?<=[^普])及(?=[^格时])")
_LEVEL = r".{1,4}级"


@dataclass(frozen=True)
class Enumeration:
    """A name that may list several: the name without 各, how many figures it has, and whether
    figures or words say that it lists."""

    name: str
    figures: int
    several: bool

    @cached_property
    def items(self) -> list[str]:
        """The items as they stand; none where their number cannot be that of the figures."""
        items = [item for item in _LINK.split(self.name) if item]
        if self.figures < 2 or len(items) == self.figures:
            return items
        by_marks = self.name.split("、")
        return by_marks if len(by_marks) == self.figures else []

    @property
    def parts(self) -> list[str]:
        """The items, or the whole name as the only one."""
        return self.items or [self.name]


@rule
def pair_in_one_word(listed: Enumeration) -> list[str] | None:
    """Two things written as one word: 化肥农药利用率.

    Example: 到2025年,化肥农药利用率均达到43%。
    """
    for pair, both in vocabulary().words["pairs"].items():
        tail = listed.name[len(pair) :]
        fits = not tail or tail in words("tails") or listed.figures == 2
        if listed.name.startswith(pair) and fits:
            return [each + tail for each in both]
    return None


@rule
def rates_of_several(listed: Enumeration) -> list[str] | None:
    """One figure for the rates of several things, or for names that are complete, is one of each:
    水稻、玉米良种覆盖率达到97%; 单位GDP能耗、单位GDP水耗下降5%; a sum of them is one.

    Example: 到2025年,水稻、玉米良种覆盖率达到97%。
    Example: 到2025年,单位GDP能耗、单位GDP水耗下降5%。
    """
    whole = all(p.endswith(words("tails")) and p.startswith(words("heads")) for p in listed.parts)
    rates = listed.name.endswith("率") or whole
    several = "、" in listed.name and rates and listed.figures == 1
    if not several or re.search("之和|合计|等|其他|[(大]", listed.name):
        return None
    *others, last = listed.parts
    if all(has_tail(item) for item in others):
        return [*others, last]
    if any(has_tail(item) or not 1 < len(item) <= 20 for item in others):
        return None
    tail = _after_the_last_item(others, last) or tail_of(last)
    return [*(item + tail for item in others), last] if tail else None


def _after_the_last_item(others: list[str], last: str) -> str:
    """What follows the last item in its word: behind a thing that has rates where the others are
    such things (公共机构、居民小区垃圾分类覆盖率), behind the letter with which the others end
    (甲区、乙区…), or behind as many letters as each of them has; empty where nothing shows it."""
    behind = _behind_a_holder(others, last)
    if behind:
        return behind
    ends, lengths = {item[-1] for item in others}, {len(item) for item in others}
    end = ends.pop() if len(ends) == 1 else ""
    at = last.find(end, 1) + 1 if end else 0
    if not at and len(lengths) == 1 and min(lengths) <= 3:
        at = min(lengths)
    return last[at:] if at and has_tail(last[at:]) and len(last) - at > 1 else ""


def _behind_a_holder(others: list[str], last: str) -> str:
    """What follows the last of several things that have rates; empty where they are no such."""
    holder = pattern(r".{0,8}?(?:{holders})(?P<rest>.{3,})").fullmatch(last)
    alike = all(item.endswith(words("holders")) for item in others)
    rest = holder.group("rest") if holder and others and alike else ""
    return rest if has_tail(rest) else ""


@rule
def one_name(listed: Enumeration) -> list[str] | None:
    """Where nothing says that a name lists several, or its items are not as many as the figures, it
    is one.

    Example: 到2025年,工业和建筑能耗下降5%。
    """
    links = re.search(r"[、和与及]", listed.name)
    return None if listed.several and links and listed.items else [listed.name]


@rule
def settlements(listed: Enumeration) -> list[str] | None:
    """Kinds of settlement before what they share: 城区、县城生活垃圾处理率.

    Example: 到2025年,城区、县城生活垃圾回收处理比分别达到100%、95%。
    """
    *parts, last = listed.parts
    kinds = words("settlements")
    kind = next((k for k in kinds if last.startswith(k) and len(last) > len(k)), "")
    shared = listed.several or listed.name.endswith("率")
    if not parts or not kind or not shared or not all(part in kinds for part in parts):
        return None
    return [part + last[len(kind) :] for part in parts] + [last]


@rule
def levels(listed: Enumeration) -> list[str] | None:
    """Levels before what they share: 国家级、省级绿色工厂.

    Example: 到2025年,国家级、省级绿色工厂数量分别达到5家、20家。
    """
    *parts, last = listed.parts
    shared = re.match(_LEVEL + r"(?P<rest>.{2,})", last)
    if not parts or shared is None or not all(re.fullmatch(_LEVEL, part) for part in parts):
        return None
    return [part + shared.group("rest") for part in parts] + [last]


@rule
def shared_head_and_tail(listed: Enumeration) -> list[str] | None:
    """A head of the first and a tail of the last belong to every item:
    化学需氧量、氨氮重点工程减排量.

    Example: 到2025年,化学需氧量、氨氮重点工程减排量分别达到3万吨、1万吨。
    """
    parts = listed.parts
    head, tail = _shared_head(parts[0]), _shared_tail(parts)
    items = [parts[0]] + [_with_head(part, head) for part in parts[1:]]
    last = items.pop()
    if tail:
        items = [item if ends_as_indicator(item) else with_tail(item, tail) for item in items]
        last = re.sub(rf"(?:等|等主要污染物|等污染物)(?={re.escape(tail)}$)", "", last)
    return [*items, last]


def _shared_head(first: str) -> str:
    """单位GDP, 人均, 新增 at the head of a list."""
    heads = words("heads") + words("heads_of_deeds")
    return next((h for h in heads if first.startswith(h) and len(first) > len(h)), "")


def _with_head(item: str, head: str) -> str:
    own = item.startswith((head, *words("heads")))
    return head + item if head and not own else item


def _shared_tail(parts: list[str]) -> str:
    """What follows the kind that the items are of (钢铁、水泥行业…), the share they have, or their
    common tail."""
    *others, last = parts
    tail = tail_of(last)
    behind = _behind_a_holder(others, last)
    if behind:
        return behind
    kind = next((k for k in vocabulary().words["classes"] if k in last[1:]), "")
    if kind and others and _are_of_kind(others, kind):
        return last[last.index(kind, 1) :]
    if tail and "占" in last[1 : -len(tail)] and not any("占" in part for part in others):
        return last[last.index("占", 1) :]
    return _whole_tail(last, tail) if tail else ""


def _are_of_kind(others: list[str], kind: str) -> bool:
    """Whether the items before the last are short, without the kind and without tails of their
    own."""
    short = all(len(part) <= 8 and kind not in part for part in others[1:])
    return short and not any(has_tail(part) for part in others)


def _whole_tail(last: str, tail: str) -> str:
    """A tail with the tail and the head before it: 单位GDP能耗降低率."""
    tail = tail_of(last[: -len(tail)]) + tail
    heads = (h for h in words("heads") if last.endswith(h + tail) and len(last) > len(h + tail))
    return next(heads, "") + tail


RULES = Choice(
    pair_in_one_word,
    settlements,
    rates_of_several,
    one_name,
    levels,
    shared_head_and_tail,
)


_REFERRING = re.compile(r"(?:上述|以上|前述)(?:[两三四五]项)?(?:指标|目标|比例|比率)")


@rule
def names_of_a_list(group: Group) -> bool:
    """A name that lists several is taken apart, by the rules above.

    Example: 到2025年,化学需氧量、氨氮重点工程减排量分别达到3万吨、1万吨。
    """
    figures = len(group.values)
    name = group.name
    if figures > 1 and "、" in name:
        kinds = r"(?<=.)(?:[两三四五六七八九十\d][项种类大]|等)(?:{kinds_listed})(?=.)"
        name = pattern(kinds).sub("", name)
    each = name.endswith("各") or _EACH.search(group.segment.said) is not None
    if _REFERRING.match(name):
        before = dict.fromkeys(t.indicator for t in reversed(group.discourse.said))
        group.names = list(before)[: max(figures, 1)][::-1]
        return bool(group.names)
    enumeration = Enumeration(
        name.removesuffix("各") if len(name) > 2 else name, figures, figures > 1 or each
    )
    group.names = RULES.of(enumeration, group) or [enumeration.name]
    several = len(group.names) > 1 and figures == 1
    group.discourse.listed = dict.fromkeys(group.names, enumeration.name) if several else {}
    return group.names != [group.name]


@rule
def parts_of_a_whole(segment: Segment) -> bool:
    """其中: what follows are parts of the target before.

    Example: 到2025年,可再生能源装机达到500万千瓦,其中生物质发电69万千瓦。
    """
    if "其中" not in segment.said:
        if segment.said.startswith(";"):
            segment.sentence.listing, segment.sentence.whole = False, ""
        return False
    sentence, last = segment.sentence, segment.discourse.last
    sentence.listing = True
    sentence.whole = last.indicator if last is not None and not last.part_of else ""
    return True


@rule
def levels_of_one_kind(segment: Segment) -> bool:
    """5个国家级、20个省级绿色数据中心: what follows the level of the next is given back to a level
    that stands alone.

    Example: 到2025年,建成5个国家级、20个省级绿色数据中心。
    """
    targets = list(segment.targets)
    for i in range(len(targets) - 2, -1, -1):
        shared = re.match(_LEVEL + r"(?P<rest>.{2,})", targets[i + 1].indicator)
        if shared and re.fullmatch(_LEVEL, targets[i].indicator):
            indicator = targets[i].indicator + shared.group("rest")
            targets[i] = replace(targets[i], indicator=indicator)
    acted = targets != segment.targets
    segment.targets = targets
    return acted
