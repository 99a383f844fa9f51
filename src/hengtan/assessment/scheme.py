"""An assessment scheme as data: items with weight, kind and direction, grades, vetoes; and the figures of those assessed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hengtan.assessment.scoring import KINDS, Step
from hengtan.basis.errors import HengtanError, ParameterNotEstablished, Where

DIRECTIONS = ("higher", "lower", "hold")
RULES = ("points", "dual_carbon", "index", "rank_share")
"""How a grade comes about: by points; by the count of missed goals (2026 dual carbon); a weighted index without grades (2016 green development); by the share ranked below (MIIT green code: least 0.95 is the best 5 %)."""


@dataclass(frozen=True)
class Item:
    """One line of a scheme. ``points`` is its full mark (the weight of an index), NaN where no source establishes it; ``classes``: the classes of district that it applies to, all where empty."""

    id: str
    name: str
    points: float
    kind: str
    direction: str = "higher"
    group: str = ""
    unit: str = ""
    cap: float = 1.0
    bonus_each: float = 0.0
    bonus_points: float = 0.0
    bonus_most: float = 0.0
    veto: bool = False
    per: float = 0.0
    floor: float = 0.0
    steps: tuple[Step, ...] = ()
    pair: tuple[float, float, float, float] = (1.0, 1.0, 0.0, 0.0)
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scheme:
    """A scheme: its items, its grades with the least points of each (highest first), and how the grade comes about. ``law`` names its source."""

    id: str
    title: str
    items: tuple[Item, ...]
    grades: tuple[tuple[str, float], ...] = ()
    rule: str = "points"
    law: str = ""
    confidence: str = ""
    file: str = ""

    def full(self, class_: str = "") -> float:
        """The full mark of a class of district."""
        return sum(item.points for item in self.items if not item.classes or class_ in item.classes)


@dataclass(frozen=True)
class Value:
    """What is known of one item for one assessed: the figure and its goal, the base, the two yes/no of a pair, a count of events, points awarded.

    ``applicable`` False: the item does not exist there (no coast); None everywhere: not reported.
    """

    actual: float | None = None
    goal: float | None = None
    base: float | None = None
    year_met: bool | None = None
    progress_met: bool | None = None
    applicable: bool = True


@dataclass(frozen=True)
class Assessed:
    """One that is assessed: a district, a park, a firm."""

    id: str
    name: str
    class_: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    last_points: float | None = None
    falsified: bool = False


def check(scheme: Scheme) -> None:
    """Whether a scheme can be run. Raises HengtanError with the row of the item and what to do."""

    def bad(n: int, column: str, zh: str, en: str, todo: str) -> HengtanError:
        return HengtanError(
            zh,
            en,
            where=Where(scheme.file or scheme.id, sheet="方案", row=n + 2, column=column),
            todo=todo,
            todo_en="correct the scheme",
        )

    if not scheme.items:
        raise HengtanError(
            "方案里没有指标",
            "the scheme has no items",
            where=Where(scheme.file or scheme.id, sheet="方案"),
            todo="至少填一行指标",
            todo_en="fill at least one row",
        )
    seen: set[str] = set()
    for n, item in enumerate(scheme.items):
        if item.id in seen:
            raise bad(
                n, "编号", f"编号“{item.id}”重复", f"id '{item.id}' occurs twice", "编号不能重复"
            )
        seen.add(item.id)
        if item.kind not in KINDS:
            raise bad(
                n,
                "计分方式",
                f"没有“{item.kind}”这种计分方式",
                f"no kind '{item.kind}'",
                "从下拉列表中选",
            )
        if item.direction not in DIRECTIONS:
            raise bad(
                n,
                "方向",
                f"没有“{item.direction}”这种方向",
                f"no direction '{item.direction}'",
                "从下拉列表中选",
            )
        if math.isnan(item.points):
            raise ParameterNotEstablished(
                f"“{item.name}”的满分（权重）没有查实",
                f"the weight of '{item.name}' is not established",
                where=Where(scheme.file or scheme.id, sheet="方案", row=n + 2, column="满分"),
                todo=f"取得{scheme.law or '方案原文'}后填入",
                todo_en=f"fill it from {scheme.law or 'the text of the scheme'}",
            )
        if not item.points > 0 and not (item.kind in ("event", "given") and item.points == 0):
            raise bad(
                n,
                "满分",
                f"满分应为正数，现为{item.points:g}",
                "the full mark must be positive",
                "改正满分（权重）",
            )
        if item.kind == "step" and not item.steps:
            raise bad(
                n,
                "分段",
                "分段计分要有分段表",
                "a step kind needs its steps",
                "写成 0.5:20;0.8:32;1:40",
            )
        if item.kind in ("per_unit", "event") and not item.per > 0:
            raise bad(
                n,
                "每单位扣分",
                "扣分计分要有每单位扣分",
                "a deduction needs its size",
                "填每单位扣多少分",
            )
    if scheme.rule not in RULES:
        raise HengtanError(
            f"没有“{scheme.rule}”这种定级规则",
            f"no rule '{scheme.rule}'",
            where=Where(scheme.file or scheme.id),
            todo=f"可用：{'、'.join(RULES)}",
            todo_en=f"known: {', '.join(RULES)}",
        )
    if [least for _, least in scheme.grades] != sorted(
        (least for _, least in scheme.grades), reverse=True
    ):
        raise HengtanError(
            "等级的最低分要由高到低",
            "grades must fall",
            where=Where(scheme.file or scheme.id, sheet="等级"),
            todo="由高到低排列",
            todo_en="sort them",
        )
