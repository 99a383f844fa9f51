"""An assessment scheme as data: items with weight, kind and direction, grades, vetoes; and the
figures of those assessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from hengtan.basis.errors import Finding, HengtanError, ParameterNotEstablished, Where
from hengtan.basis.words import Words, coded

WORDS = Words.of("hengtan.assessment")
KINDS = (
    "met",
    "ratio",
    "step",
    "pair",
    "efficacy",
    "distance",
    "per_unit",
    "event",
    "sector_ratio",
    "class",
    "given",
)
"""The ten kinds, and ``given``: points that people award."""
DIRECTIONS = ("higher", "lower", "hold")
RULES = ("points", "dual_carbon", "index", "rank_share")
"""How a grade comes about: by points; by the count of missed goals (2026 dual carbon); a weighted
index without grades (2016 green development); by the share ranked below (MIIT green code: least
0.95 is the best 5 %).
"""
MAY_BE_ZERO = ("event", "given")
"""Kinds whose full mark may be zero: what they add or deduct is all there is."""


@dataclass(frozen=True)
class Step:
    """A band of a step table: from ``least`` (inclusive) on, ``points``."""

    least: float
    points: float


@dataclass(frozen=True)
class Item:
    """One line of a scheme.

    ``points`` is its full mark (the weight of an index), NaN where no source establishes it;
    ``classes``: the classes of district that it applies to, all where empty; ``pair``: points for
    (both, only progress, only the year, neither).
    """

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

    @property
    def control(self) -> bool:
        """Whether it is a control indicator of the dual-carbon assessment: its group is called
        so.
        """
        return self.group.startswith(WORDS["group.control"])

    def applies_to(self, class_: str) -> bool:
        """Whether a class of district is assessed by it."""
        return not self.classes or class_ in self.classes


@dataclass(frozen=True)
class Scheme:
    """A scheme: its items, its grades with the least points of each (highest first), and how the
    grade comes about. ``law`` names its source; ``findings``: what its reader left out, and why.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    grades: tuple[tuple[str, float], ...] = ()
    rule: str = "points"
    law: str = ""
    confidence: str = ""
    file: str = ""
    findings: tuple[Finding, ...] = ()

    def items_of(self, class_: str) -> list[Item]:
        """The items of a class of district."""
        return [item for item in self.items if item.applies_to(class_)]

    def full(self, class_: str = "") -> float:
        """The full mark of a class of district."""
        return sum(item.points for item in self.items_of(class_))


@dataclass(frozen=True)
class Value:
    """What is known of one item for one assessed: the figure and its goal, the base, the two yes/no
    of a pair, a count of events, points awarded.

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


Place = Callable[[str, int | None, str | None], Where]
"""Where something of a scheme stands in its file: the sheet, the number of the item from 0, the
heading of a column.
"""


def check(scheme: Scheme, place: Place | None = None) -> None:
    """Whether a scheme can be run; ``place``: where it stands, as in a template where not stated.

    Raises HengtanError with the row of the item and what to do.
    """
    at = place or _as_in_a_template(scheme)
    sheet = WORDS.say("sheet.scheme")
    if not scheme.items:
        raise WORDS.error(HengtanError, "no_items", at(sheet, None, None))
    seen: set[str] = set()
    for number, item in enumerate(scheme.items):
        trouble = next(_troubles(item, seen, scheme.law), None)
        if trouble is not None:
            kind, column, code = trouble
            raise WORDS.error(kind, code, at(sheet, number, WORDS.say(f"column.{column}")))
        seen.add(item.id)
    if scheme.rule not in RULES:
        code = coded("no_rule", scheme.rule, "、".join(RULES))
        raise WORDS.error(HengtanError, code, Where(scheme.file or scheme.id))
    if any(lower > higher for (_, higher), (_, lower) in pairwise(scheme.grades)):
        raise WORDS.error(HengtanError, "grades_rise", at(WORDS.say("sheet.grades"), None, None))


def _as_in_a_template(scheme: Scheme) -> Place:
    """Items stand in order below the header."""
    file = scheme.file or scheme.id
    return lambda sheet, number, column: Where(
        file, sheet, None if number is None else number + 2, column
    )


def _troubles(
    item: Item, seen: set[str], law: str
) -> Iterator[tuple[type[HengtanError], str, str]]:
    """Error, column and code of what is wrong with an item, the gravest first."""
    if item.id in seen:
        yield HengtanError, "id", coded("item_twice", item.id)
    if item.kind not in KINDS:
        yield HengtanError, "kind", coded("no_kind", item.kind)
    if item.direction not in DIRECTIONS:
        yield HengtanError, "direction", coded("no_direction", item.direction)
    if math.isnan(item.points) and law:
        yield ParameterNotEstablished, "points", coded("weight_not_established", item.name, law)
    if math.isnan(item.points):
        yield ParameterNotEstablished, "points", coded("weight_not_established_anywhere", item.name)
    if item.points < 0 or (item.points == 0 and item.kind not in MAY_BE_ZERO):
        yield HengtanError, "points", coded("points_not_positive", f"{item.points:g}")
    if item.kind == "step" and not item.steps:
        yield HengtanError, "steps", "no_steps"
    if item.kind in ("per_unit", "event") and not item.per > 0:
        yield HengtanError, "per", "no_deduction"
