"""Assessment with the ledger: what a workbook leaves open is taken from its figures and from the
targets of the plans.

One scoring engine serves every scheme (``assessment``); the odds of grades stand in
``assessment_odds``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hengtan.assessment.evaluate import Result, evaluate
from hengtan.assessment.law import law_of
from hengtan.assessment.scheme import Assessed, Item, Scheme, Value
from hengtan.basis.errors import HengtanError, UnknownPlace
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.desk.forecast import Forecasts
from hengtan.packs import Pack
from hengtan.workbooks.assessment import read_links, read_workbook

Links = Mapping[tuple[str, str], tuple[str, float | None, float | None]]
"""By assessed and item: the ledger's indicator, a forecast of the workbook's own and its error."""


def place_of(pack: Pack, unit: str) -> str:
    """The code of a place by code or name. Raises HengtanError."""
    try:
        return pack.places().find(unit).code
    except UnknownPlace as error:
        raise HengtanError(
            f"“{unit}”不是工作区里的地区，不能自动取数",
            f"'{unit}' is no place of the workspace",
            todo="对象填区划代码或全名，或不填台账指标",
            todo_en="use a place code or name",
        ) from error


@dataclass(frozen=True)
class FromLedger:
    """Values of one year as the ledger holds them: figures of the series, goals of the targets."""

    forecasts: Forecasts
    year: int
    goals: Mapping[tuple[str, str, int], Mapping[str, Any]]

    @classmethod
    def of(cls, forecasts: Forecasts, year: int) -> FromLedger:
        """The ledger of a workspace for a year."""
        rows = forecasts.workspace.pack.rows("targets")
        goals = {(row["region"], row["indicator"], row["deadline_year"]): row for row in rows}
        return cls(forecasts, year, goals)

    def fill(
        self, name: str, item: Item, value: Value, place: str, indicator: str
    ) -> tuple[Value, list[str]]:
        """A value with what it leaves open taken from the ledger, and what was taken, in words."""
        taken = []
        series = self.forecasts.series.get((place, indicator))
        if value.actual is None and series is not None:
            point = next((p for p in series.points if p.year == self.year), None)
            if point is not None:
                actual = in_unit(point.value, series.unit, item)
                value = replace(value, actual=actual)
                taken.append(
                    f"{name} {item.name}：台账 {indicator} {self.year}年 "
                    f"{point.value:g}{series.unit}（提交 {point.submission} 第{point.row}行）"
                )
        target = self.goals.get((place, indicator, self.year))
        if value.goal is None and target is not None:
            value = replace(value, goal=in_unit(target["value"], target["unit"], item))
            taken.append(
                f"{name} {item.name}：目标 {target['target_id']} "
                f"{target['value']:g}{target['unit']}"
            )
        return value, taken


def with_ledger(
    scheme: Scheme, assessed: Sequence[Assessed], links: Links, forecasts: Forecasts, year: int
) -> tuple[list[Assessed], list[str]]:
    """Figures and goals left open are taken from the ledger for a year; and what was taken, in
    words.
    """
    items = {item.id: item for item in scheme.items}
    ledger = FromLedger.of(forecasts, year)
    filled: list[Assessed] = []
    taken: list[str] = []
    for body in assessed:
        values = dict(body.values)
        for (unit, item), (indicator, _, _) in links.items():
            value = values.get(item, Value())
            is_open = value.actual is None or value.goal is None
            if unit != body.id or not indicator or item not in items or not is_open:
                continue
            place = place_of(forecasts.workspace.pack, unit)
            values[item], words = ledger.fill(body.name, items[item], value, place, indicator)
            taken += words
        filled.append(replace(body, values=values))
    return filled, taken


def in_unit(value: float, unit: str, item: Item) -> float:
    """A value of the ledger in the unit of an item.

    Raises HengtanError for a unit of another kind.
    """
    if not item.unit or not unit or item.unit == unit:
        return value
    if read_unit(item.unit).canonical != read_unit(unit).canonical:
        raise HengtanError(
            f"“{item.name}”的单位“{item.unit}”与台账的“{unit}”换不过来",
            f"unit {item.unit} is not {unit}",
            todo="改正方案里的单位",
            todo_en="correct the unit of the scheme",
        )
    return value * conversion_factor(unit, item.unit)


def run_with_ledger(
    path: Path, forecasts: Forecasts, year: int
) -> tuple[Scheme, list[Result], list[str]]:
    """Read a workbook, fill what the ledger knows for a year, evaluate."""
    scheme, assessed = read_workbook(path)
    filled, taken = with_ledger(scheme, assessed, read_links(path), forecasts, year)
    return scheme, evaluate(scheme, filled, law_of(forecasts.workspace.pack)), taken


def needs_ledger(path: Path) -> bool:
    """Whether a workbook names indicators of the ledger."""
    return any(indicator for indicator, _, _ in read_links(path).values())
