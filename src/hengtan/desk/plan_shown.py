"""How the targets of a plan that was read are shown in a line: what each asks, to which known
indicator it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hengtan.plan.reader.draft import Target

OPERATORS = {
    ">=": "≥",
    "<=": "≤",
    "==": "＝",
    "approx": "约",
    "range": "",
    "increase_by": "提高 ",
    "decrease_by": "下降 ",
}
STRICT = {">=": "＞", "<=": "＜"}
MODIFIERS = {"approx": "左右", "at_least": "以上", "at_most": "以内"}
CHANGES = {"same": "不变", "changed": "改动", "dropped": "删去", "new": "新增"}


def requirement(target: Target) -> str:
    """How a target asks, in signs: ``≥36个``, ``下降 14%（比2020年）``, ``力争``, ``基期 34``."""
    upper = f"—{target.value2}" if target.value2 else ""
    sign = OPERATORS[target.operator]
    if target.strict:
        sign = STRICT.get(target.operator, sign)
    base = f"（比{target.base_year}年）" if target.base_year else ""
    strive = "力争 " if target.modifier == "stretch" else ""
    more = MODIFIERS.get(target.modifier, "")
    stay = "保持" if target.keeps and target.operator == ">=" else ""
    figure = f"{target.base_value}{target.base_unit}（{target.base_value_year or '—'}年）"
    printed = f" 基期 {figure}" if target.base_value else ""
    return f"{strive}{stay}{sign}{target.value}{upper}{target.unit}{more}{base}{printed}"


def linked(target: Target) -> str:
    """The known indicator it is, or is near to."""
    link = target.link
    if link.relation == "same":
        return link.name_zh
    if link.relation == "close":
        return f"近似：{link.name_zh}"
    return f"新；{link.differs}" if link.differs else "新"


def asked(row: Mapping[str, Any] | None) -> str:
    """What a row of targets.csv asks; — where there is none."""
    if not row:
        return "—"
    return f"{OPERATORS[row['operator']]}{row['value']}{row['unit']}（{row['deadline_year']}）"
