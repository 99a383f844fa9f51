"""Assessment with the ledger and the forecasts: figures that the workbook leaves open, and the odds of each grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.assessment.evaluate import Result, evaluate, grade_name
from hengtan.assessment.items import sentence
from hengtan.assessment.law import law_of, national_law
from hengtan.assessment.odds import dual_carbon_odds, points_odds, points_of
from hengtan.assessment.parks import Limit, Park, Verdict, judge
from hengtan.assessment.scheme import Assessed, Item, Scheme, Value
from hengtan.basis.errors import HengtanError, NoSuchRow, UnknownPlace, Where
from hengtan.basis.units import conversion_factor, read_unit
from hengtan.desk.forecast import Forecasts
from hengtan.ledger.reading import read_sheets
from hengtan.packs import Pack
from hengtan.plan.forecast.joint import correlation, draws
from hengtan.plan.forecast.outlook import Outlook, met_share
from hengtan.workbooks.assessment import read_links, read_workbook
from hengtan.workbooks.cells import Line

Links = Mapping[tuple[str, str], tuple[str, float | None, float | None]]


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


def with_ledger(
    scheme: Scheme, assessed: Sequence[Assessed], links: Links, forecasts: Forecasts, year: int
) -> tuple[list[Assessed], list[str]]:
    """Figures left open are taken from the ledger for a year, goals from the targets of that indicator, place and deadline; and what was taken, in words."""
    items = {i.id: i for i in scheme.items}
    targets = {
        (t["region"], t["indicator"], t["deadline_year"]): t
        for t in forecasts.workspace.pack.rows("targets")
    }
    made, told = [], []
    for one in assessed:
        values = dict(one.values)
        for (unit, item), (indicator, _, _) in links.items():
            held = values.get(item, Value())
            if (
                unit != one.id
                or not indicator
                or item not in items
                or (held.actual is not None and held.goal is not None)
            ):
                continue
            place = place_of(forecasts.workspace.pack, unit)
            series = forecasts.series.get((place, indicator))
            if held.actual is None and series is not None:
                point = next((p for p in series.points if p.year == year), None)
                if point is not None:
                    held = replace(held, actual=_in_unit(point.value, series.unit, items[item]))
                    told.append(
                        f"{one.name} {items[item].name}：台账 {indicator} {year}年 {point.value:g}{series.unit}（提交 {point.submission} 第{point.row}行）"
                    )
            target = targets.get((place, indicator, year))
            if held.goal is None and target is not None:
                held = replace(held, goal=_in_unit(target["value"], target["unit"], items[item]))
                told.append(
                    f"{one.name} {items[item].name}：目标 {target['target_id']} {target['value']:g}{target['unit']}"
                )
            values[item] = held
        made.append(replace(one, values=values))
    return made, told


def _in_unit(value: float, unit: str, item: Item) -> float:
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
    filled, told = with_ledger(scheme, assessed, read_links(path), forecasts, year)
    return scheme, evaluate(scheme, filled, law_of(forecasts.workspace.pack)), told


@dataclass(frozen=True)
class GradeOdds:
    """Odds of the grades of one assessed: as far as is known, and where items are unknown, the range between all of them met and all missed; ``basis``: what each item rests on."""

    name: str
    odds: Mapping[str, float]
    if_met: Mapping[str, float]
    if_missed: Mapping[str, float]
    unknown: tuple[str, ...]
    basis: tuple[tuple[str, float | None, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "name": self.name,
            "odds": dict(self.odds),
            "if_unknown_met": dict(self.if_met),
            "if_unknown_missed": dict(self.if_missed),
            "unknown": list(self.unknown),
            "items": [{"name": n, "chance": c, "basis": b} for n, c, b in self.basis],
        }


def odds(
    path: Path, forecasts: Forecasts | None, year: int, *, number: int = 100_000
) -> tuple[Scheme, list[GradeOdds]]:
    """Odds of the grades of a workbook in a year: items with a figure are settled, those with a forecast of their own or of the ledger are drawn jointly, the rest is unknown. Raises HengtanError where a workspace is needed."""
    scheme, assessed = read_workbook(path)
    links = read_links(path)
    if forecasts is not None:
        assessed = with_ledger(scheme, assessed, links, forecasts, year)[0]
    elif any(name for name, _, _ in links.values()):
        raise HengtanError(
            "工作簿里填了台账指标，要指明工作区",
            "the workbook names indicators of the ledger",
            todo="加 -w 工作区",
            todo_en="add -w WORKSPACE",
        )
    return scheme, [_odds_of(scheme, one, links, forecasts, year, number) for one in assessed]


def _odds_of(
    scheme: Scheme, one: Assessed, links: Links, forecasts: Forecasts | None, year: int, number: int
) -> GradeOdds:
    items = [i for i in scheme.items if not i.classes or one.class_ in i.classes]
    drawn, outlooks, basis = _draws(one, items, links, forecasts, year, number)
    law = national_law() if forecasts is None else law_of(forecasts.workspace.pack)
    settled = {r.item.id: r for r in evaluate(scheme, [one], law)[0].items if r.state == "scored"}
    unknown: list[Item] = []
    told: list[tuple[str, float | None, str]] = []
    chances: list[float] = []
    for item in items:
        value = one.values.get(item.id, Value())
        if item.id in settled:
            r = settled[item.id]
            chances.append(0.0 if r.missed else 1.0)
            told.append((item.name, chances[-1], f"已有实绩：{sentence(r.reason)}"))
        elif item.id in drawn and value.goal is not None:
            chance = (
                float(
                    1
                    - points_of(item, drawn[item.id], value.goal, value.base or 0.0, law=law)[
                        1
                    ].mean()
                )
                if item.id not in outlooks
                else met_share(
                    drawn[item.id], value.goal, "<=" if item.direction == "lower" else ">="
                )
                or 0.0
            )
            chances.append(chance)
            told.append((item.name, chance, basis[item.id]))
        else:
            unknown.append(item)
            chances.append(float("nan"))
            told.append(
                (item.name, None, "没有目标" if value.goal is None else "没有实绩，也没有预测")
            )

    def graded(assumed: float) -> dict[str, float]:
        p = np.array([[assumed if c != c else c for c in chances]])
        if scheme.rule == "dual_carbon":
            together = np.eye(len(items))
            rows = [n for n, i in enumerate(items) if i.id in outlooks]
            if len(rows) > 1:
                together[np.ix_(rows, rows)] = correlation([outlooks[items[n].id] for n in rows])
            by_code = dual_carbon_odds(
                p, [i.control for i in items], draws=number, correlation=together, law=law
            ).of(0)
            return {grade_name(grade): share for grade, share in by_code.items()}
        if scheme.rule != "points" or not scheme.grades:
            raise HengtanError(
                "这个方案不按分定级，算不出等级的可能性",
                "the scheme has no grades by points",
                where=Where(scheme.file),
                todo="用按分定级或双碳考核的方案",
                todo_en="use a scheme with grades",
            )
        fixed = {i: r.points for i, r in settled.items()} | {
            i.id: i.points * assumed for i in unknown
        }
        held = {i: d for i, d in drawn.items() if i not in fixed} or {"": np.zeros(1)}
        return points_odds(
            scheme,
            one.class_,
            held,
            {i: (v.goal or 0.0, v.base or 0.0) for i, v in one.values.items()},
            fixed,
            law,
        )[0]

    best, worst = graded(1.0), graded(0.0)
    return GradeOdds(
        one.name,
        best if not unknown else {},
        best,
        worst,
        tuple(i.name for i in unknown),
        tuple(told),
    )


def _draws(
    one: Assessed,
    items: Sequence[Item],
    links: Links,
    forecasts: Forecasts | None,
    year: int,
    number: int,
) -> tuple[dict[str, np.ndarray], dict[str, Outlook], dict[str, str]]:
    """Draws of the items that have a forecast: of the workbook (normal), or of the ledger (jointly)."""
    drawn: dict[str, np.ndarray] = {}
    outlooks: dict[str, Outlook] = {}
    basis: dict[str, str] = {}
    factors: dict[str, float] = {}
    rng = np.random.default_rng(2026)
    for item in items:
        indicator, middle, error = links.get((one.id, item.id), ("", None, None))
        if middle is not None and error is not None:
            drawn[item.id], basis[item.id] = (
                rng.normal(middle, error, number),
                f"填报的预测 {middle:g} ± {error:g}",
            )
        elif (
            indicator and forecasts is not None and one.values.get(item.id, Value()).actual is None
        ):
            try:
                held, outlook = forecasts.of_series(
                    place_of(forecasts.workspace.pack, one.id), indicator, year
                )
            except NoSuchRow:
                continue
            if outlook.state == "forecast" and outlook.years[-1].year == year:
                outlooks[item.id], basis[item.id] = (
                    outlook,
                    f"台账 {indicator} 的预测，{len(held.points)}个年度数值",
                )
                factors[item.id] = _in_unit(1.0, held.unit, item)
    if outlooks:
        together = draws(list(outlooks.values()), year, number)
        for n, item_id in enumerate(outlooks):
            drawn[item_id] = together[:, n] * factors[item_id]
    return drawn, outlooks, basis


# parks

PARK_COLUMNS = ("园区", "年综合能耗（吨标准煤）", "年二氧化碳排放（吨）")


def park_limits(pack: Pack, scheme: str = "zero-carbon-park-2025") -> list[Limit]:
    """The limits of parks from the packs."""
    return [
        Limit(
            r["item"],
            r["name_zh"],
            r["role"],
            r["least_energy"],
            r["below_energy"],
            r["operator"],
            r["limit"],
            r["unit"],
            r["law"],
        )
        for r in pack.rows("park_limits")
        if r["scheme"] == scheme
    ]


def judge_parks(path: Path, limits: Sequence[Limit]) -> list[Verdict]:
    """Judge the parks of a table (园区, 年综合能耗, 年二氧化碳排放 and the guiding indicators by name). Raises HengtanError with row and column, ParameterNotEstablished for a size without a limit."""
    sheets = read_sheets(path, ("园区",))
    name, rows = next(iter(sheets.items()), ("", []))
    if not rows or "园区" not in rows[0][1]:
        raise HengtanError(
            "没有“园区”列",
            "no column 园区",
            where=Where(path.name, sheet=name or None),
            todo=f"表头用：{'、'.join((*PARK_COLUMNS, *dict.fromkeys(x.name for x in limits if x.role != 'core')))}",
            todo_en="see the columns",
        )
    made = []
    for n, cells in rows:
        line = Line(cells, Where(path.name, sheet=name or None, row=n))
        if not line.text("园区"):
            continue
        energy, co2 = (
            line.number(PARK_COLUMNS[1], least=1e-9),
            line.number(PARK_COLUMNS[2], least=0),
        )
        if energy is None or co2 is None:
            raise line.bad(
                PARK_COLUMNS[1] if energy is None else PARK_COLUMNS[2],
                "缺能耗或排放",
                "energy and CO2 are needed",
                "补齐",
                "fill it",
            )
        figures = {}
        for x in limits:
            if x.role != "core":
                value = (
                    line.number(x.name)
                    if x.unit != "是否"
                    else (
                        None
                        if not line.text(x.name)
                        else float(line.text(x.name) in ("是", "1", "√"))
                    )
                )
                figures[x.item] = (
                    value * 100
                    if value is not None and x.unit == "%" and line.text(x.name).endswith("%")
                    else value
                )
        made.append(judge(Park(line.text("园区"), energy, co2, figures), limits))
    return made
