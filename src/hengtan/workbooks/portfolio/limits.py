"""What people set, from its sheets: targets, budgets, exclusions, prerequisites, equity."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hengtan.outlook.pathway.model import Array
from hengtan.outlook.portfolio.study import Equity, Shared, Study, Target, measured
from hengtan.workbooks.cells import Line, noted
from hengtan.workbooks.english import Sheets
from hengtan.workbooks.portfolio.drivers import Drivers
from hengtan.workbooks.portfolio.tables import is_assumed, money, positions

UNITS = {
    "emissions": {"吨": 1.0, "万吨": 1e4, "亿吨": 1e8, "": 1.0},
    "energy": {"吨标准煤": 1.0, "万吨标准煤": 1e4, "吨": 1.0, "万吨": 1e4, "": 1.0},
}
INDICATORS = {"排放": "emissions", "能耗": "energy"}
SHARED: dict[str, Shared] = {"投资": "spending", "减排": "cut"}


def years_of(line: Line, years: tuple[int, ...]) -> tuple[int, ...]:
    """Positions of the years of a cell: 2030 or 2026-2030. Raises HengtanError."""
    text = line.need("年份").replace("年", "")
    for sign in "—–~～至":
        text = text.replace(sign, "-")
    first, _, last = text.partition("-")
    bounds = [replace(line, cells={"年份": each}).year("年份") for each in (first, last or first)]
    known = [year for year in bounds if year in years]
    if len(known) < 2 or known[0] > known[1]:
        raise line.refuse("年份", "not-a-study-year", text, years[0], years[-1])
    return tuple(range(years.index(known[0]), years.index(known[1]) + 1))


def with_limits(sheets: Sheets, drivers: Drivers, study: Study) -> Study:
    """The study with what people set. Raises HengtanError with sheet, row and column."""
    capital, spending = _budgets(sheets, study)
    exclusions, prerequisites = _relations(sheets, study)
    equity = tuple(_equity(sheets, line, drivers) for line in sheets.of("公平"))
    bare = replace(
        study,
        capital_budget=capital,
        spending_budget=spending,
        exclusions=exclusions,
        prerequisites=prerequisites,
        equity=equity,
    )
    targets = []
    for line in sheets.of("目标"):
        with noted():
            targets.append(_target(line, bare))
    return replace(bare, targets=tuple(targets))


def _target(line: Line, study: Study) -> Target:
    pathway = study.pathway
    name = line.need("目标")
    word = line.text("指标") or "排放"
    if word not in INDICATORS:
        raise line.refuse("指标", "unknown-name", "指标", word, "、".join(INDICATORS))
    quantity = INDICATORS[word]
    unit = line.text("单位")
    if unit not in UNITS[quantity]:
        raise line.refuse("单位", "unknown-name", "单位", unit, "、".join(UNITS[quantity]))
    target = Target(
        zh=name,
        en=name,
        limit=0.0,
        years=years_of(line, pathway.years),
        quantity=quantity,  # type: ignore[arg-type]
        regions=positions(line, "地区", pathway.regions),
        sectors=positions(line, "部门", pathway.sectors),
        carriers=positions(line, "能源", pathway.carriers),
        mark="assumed" if is_assumed(line, "认定") else "established",
    )
    limit, cut = line.number("上限"), line.number("降幅", least=0, most=1)
    if (limit is None) == (cut is None):
        raise line.refuse("上限", "limit-or-cut")
    if limit is not None:
        return replace(target, limit=limit * UNITS[quantity][unit])
    without = measured(replace(study, targets=(target,)), study.nothing)[0]
    return replace(target, limit=float(without) * (1 - (cut or 0.0)))


def _budgets(sheets: Sheets, study: Study) -> tuple[Array, Array]:
    capital = np.full(study.shape[2], np.inf)
    spending = capital.copy()
    for line in sheets.of("预算"):
        with noted():
            years = list(years_of(line, study.pathway.years))
            for column, array in (("投资", capital), ("支出", spending)):
                amount = money(line, column, least=0)
                if amount is None:
                    continue
                if np.isfinite(array[years]).any():
                    raise line.refuse("年份", "twice", line.text("年份"))
                array[years] = amount
    return capital, spending


def _relations(
    sheets: Sheets, study: Study
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, int], ...]]:
    names = study.pathway.measures
    exclusions, prerequisites = [], []
    for line in sheets.of("关系"):
        kind = line.need("关系")
        line.need("措施")
        line.need("对方")
        first = positions(line, "措施", names) or ()
        other = positions(line, "对方", names) or ()
        both = next((name for name in first if name in other), None)
        if both is not None:
            raise line.refuse("对方", "twice", names[both])
        if kind == "互斥":
            exclusions.append((*first, *other))
        elif kind == "前提":
            prerequisites += [(measure, needed) for measure in first for needed in other]
        else:
            raise line.refuse("关系", "unknown-name", "关系", kind, "互斥、前提")
    return tuple(exclusions), tuple(prerequisites)


def _equity(sheets: Sheets, line: Line, drivers: Drivers) -> Equity:
    of = line.need("对象")
    if of not in SHARED:
        raise line.refuse("对象", "unknown-name", "对象", of, "、".join(SHARED))
    by = line.text("按") or "人口"
    keys = {"人口": drivers.population, "权重": drivers.weight}
    if by not in keys:
        raise line.refuse("按", "unknown-name", "按", by, "、".join(keys))
    key = keys[by]
    if np.isnan(key).any() or key.sum() <= 0:
        raise sheets.refuse("地区", "missing", by)
    least, most = line.number("下限", least=0), line.number("上限", least=0)
    return Equity(
        of=SHARED[of],
        key=key / key.sum(),
        least=0.0 if least is None else least,
        most=float("inf") if most is None else most,
        law=line.need("依据"),
    )
