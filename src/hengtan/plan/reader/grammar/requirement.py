"""What a figure asks of its indicator: the operator, how it is hedged, and whether the value itself
meets it.

A word at the figure (左右, 以上) is stronger than the verb before it, and binds to its own figure
only.
"""

from __future__ import annotations

from dataclasses import dataclass

from hengtan.plan.reader.grammar.pieces import Group
from hengtan.plan.reader.grammar.rules import Choice, rule
from hengtan.plan.reader.lexer import Token
from hengtan.plan.reader.names import less_is_better
from hengtan.plan.reader.vocabulary import words

_HEDGES = {"at_least": "at_least", "about": "approx", "approx": "approx", "at_most": "at_most"}


@dataclass(frozen=True)
class Asked:
    """A figure with the name that it is for, in its group."""

    name: str
    value: Token
    group: Group

    @property
    def verb(self) -> str:
        """What kind the verb is of; a figure without a verb is to be reached."""
        return self.group.verb.role if self.group.verb is not None else "reach"

    @property
    def beyond(self) -> bool:
        """Whether the value itself does not meet the target: 超过, 增幅超过."""
        verb = self.group.verb
        by_verb = verb is not None and verb.text.endswith(words("beyond.verbs"))
        return by_verb or self.value.note[:1] in words("beyond.notes")


@dataclass(frozen=True)
class Requirement:
    """The operator in the words of the annotation guide, a modifier, whether the bound itself is
    left out, and whether the level is to be kept."""

    operator: str
    modifier: str = ""
    strict: bool = False
    keeps: bool = False


@rule
def growth_by_a_multiple(asked: Asked) -> Requirement | None:
    """翻一番 is an increase by 100 %, 零增长 one by nothing.

    Example: 到2025年,产业规模比2020年翻一番。
    """
    return Requirement("increase_by") if asked.value.role == "times" else None


@rule
def from_to(asked: Asked) -> Requirement | None:
    """3家至5家 is a range.

    Example: 到2025年,培育上市公司3—5家。
    """
    return Requirement("range") if asked.value.value2 else None


@rule
def change(asked: Asked) -> Requirement | None:
    """Verbs of growing and falling ask for a change; 以上 and 左右 are its modifiers.

    Example: 到2025年,单位GDP能耗比2020年下降14%以上。
    """
    verb = asked.group.verb
    if verb is None or verb.role not in ("up", "down"):
        return None
    operator = "increase_by" if verb.role == "up" else "decrease_by"
    modifier = _HEDGES.get(asked.value.operator, "")
    if "超过" in verb.text or "不低于" in verb.text:
        modifier = "at_least"
    last = asked.group.last
    if not modifier and asked.group.stretch and last is not None and last.indicator == asked.name:
        modifier = "stretch"
    return Requirement(operator, modifier, asked.beyond)


@rule
def stretch_of_a_change(asked: Asked) -> Requirement | None:
    """A second aim of a change is a change too: 下降15.5%,力争达到16%.

    Example: 到2025年,单位GDP能耗比2020年下降15.5%,力争达到16%。
    """
    last = asked.group.last
    if not asked.group.stretch or last is None or not last.is_change:
        return None
    if asked.name != last.indicator:
        return None
    return Requirement(last.operator, "stretch", asked.beyond)


@rule
def hedge_at_the_figure(asked: Asked) -> Requirement | None:
    """左右, 约 are stronger than the verb.

    Example: 到2025年,森林覆盖率达到57%左右。
    """
    return Requirement("approx") if asked.value.operator in ("about", "approx") else None


@rule
def floor_at_the_figure(asked: Asked) -> Requirement | None:
    """以上, 不低于 at the figure, whatever the verb; after 稳定在 the level is to be kept.

    Example: 到2025年,畜禽粪污综合利用率稳定在90%以上。
    """
    if asked.value.operator != "at_least":
        return None
    return Requirement(">=", "", asked.beyond, asked.verb == "hold")


@rule
def ceiling_at_the_figure(asked: Asked) -> Requirement | None:
    """以内, 以下, 不超过 at the figure, whatever the verb.

    Example: 到2025年,重污染天数达到5天以内。
    """
    return Requirement("<=") if asked.value.operator == "at_most" else None


@rule
def cap(asked: Asked) -> Requirement | None:
    """控制在, 降到: stay at or below.

    Example: 到2025年,煤炭消费总量控制在100万吨。
    """
    return Requirement("<=") if asked.verb == "cap" else None


@rule
def hold(asked: Asked) -> Requirement | None:
    """保持在, 稳定在 without 以上: stay where it is.

    Example: 到2025年,森林覆盖率稳定在57%。
    """
    return Requirement("==", keeps=True) if asked.verb == "hold" else None


@rule
def coming_down_to(asked: Asked) -> Requirement | None:
    """达到 for an indicator of which less is better is equal, since more would miss it.

    Example: 到2025年,PM2.5年均浓度达到40微克/立方米。
    """
    name, deed = asked.name, asked.group.deed
    falls = less_is_better(name) and "率降" not in name and "减排量" not in name
    reached = asked.verb in ("reach", "be") and deed is None
    return Requirement("==", "", asked.beyond) if falls and reached else None


@rule
def more_is_better(asked: Asked) -> Requirement | None:
    """Plain verbs of reaching and all deeds: at least.

    Example: 到2025年,产值突破100亿元。
    """
    return Requirement(">=", "", asked.beyond)


RULES = Choice(
    growth_by_a_multiple,
    from_to,
    change,
    stretch_of_a_change,
    hedge_at_the_figure,
    floor_at_the_figure,
    ceiling_at_the_figure,
    cap,
    hold,
    coming_down_to,
    more_is_better,
)
PLAIN = Requirement(">=")
"""What is asked where no rule says it."""


def requirement(asked: Asked) -> Requirement:
    """What a figure asks, by the first rule that says it."""
    return RULES.of(asked, asked.group) or PLAIN
