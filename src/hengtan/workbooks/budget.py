"""A carbon budget from a workbook: 参数, 年度, 区县, 行业, 企业, 原则, 执行, 项目 become paths, allocations that add up exactly, and the execution of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from hengtan.accounts.apportion import CannotShare, share_out
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.words import Words
from hengtan.ledger.reading import read_sheets
from hengtan.plan.budget.execute import Execution, Project, execution
from hengtan.plan.budget.path import (
    Base,
    IntensityGoal,
    NoPath,
    Phase,
    YearBudget,
    held_back,
    paths,
)
from hengtan.plan.budget.principles import PRINCIPLES, mixed
from hengtan.workbooks.cells import Line

FIGURES = {
    "基期排放": "emission",
    "地区生产总值": "gdp",
    "人口": "population",
    "基准排放": "benchmark",
}
LEVELS = ("区县", "行业", "企业")
SHARER = {"区县": ("区县",), "行业": ("区县", "行业"), "企业": ("区县", "行业", "企业")}
MONTHS = tuple(f"{m}月" for m in range(1, 13))
SHEETS: Mapping[str, tuple[str, ...]] = {
    "参数": ("项目", "内容"),
    "年度": ("年份", "地区生产总值", "总量上限"),
    **{level: (*SHARER[level], *FIGURES, "保底比例") for level in LEVELS},
    "原则": ("层级", "原则", "权重"),
    "执行": ("区县", "年份", *MONTHS),
    "上年分月": ("区县", *MONTHS),
    "项目": ("区县", "项目", "年份", "投产月", "年排放", "计入"),
}
PARAMETERS: Mapping[str, str] = {
    "名称": "预算名称",
    "地区": "全市或全区名称",
    "计量单位": "例如 吨；预算按它取整",
    "基年": "例如 2025",
    "基年排放": "按计量单位",
    "强度降低目标": "例如 17%，没有强度目标可空",
    "目标年": "强度目标的到期年",
    "路径": "复合或直线",
    "起始年": "预算第一年",
    "结束年": "预算最后一年",
    "总量为主起始年": "从哪年起总量为主；空为一直强度为主",
    "预留比例": "为重大项目预留，例如 5%",
}
PLAN_WORDS = Words.of("hengtan.plan")
WORDS = {PLAN_WORDS.say(f"principle.{name}"): name for name in PRINCIPLES}


@dataclass(frozen=True)
class Level:
    """One level of sharers: their names (path from the top), figures, floor shares, index of their parent, principles with weights."""

    name: str
    keys: tuple[tuple[str, ...], ...]
    figures: Mapping[str, np.ndarray]
    floors: np.ndarray
    parents: np.ndarray
    principles: Mapping[str, float]


@dataclass(frozen=True)
class Allocation:
    """What each sharer of a level got: ``units`` of shape (sharers, years), and why."""

    level: Level
    units: np.ndarray
    exact: np.ndarray
    share: np.ndarray
    single: Mapping[str, np.ndarray]
    floored: np.ndarray
    rounded: np.ndarray


@dataclass(frozen=True)
class Budget:
    """A whole budget: the years, what is held back of each, the allocations from top to bottom, the execution of those reported, and the projects."""

    title: str
    region: str
    unit: str
    years: tuple[YearBudget, ...]
    reserve: np.ndarray
    allocations: tuple[Allocation, ...]
    executions: Mapping[tuple[str, int], tuple[Execution, Execution]] = field(default_factory=dict)
    projects: Mapping[tuple[str, int], tuple[tuple[Project, bool], ...]] = field(
        default_factory=dict
    )


def read_budget(path: Path) -> Budget:
    """The budget of a workbook. Raises HengtanError with sheet, row and column."""
    sheets = {
        name: [Line(cells, Where(path.name, sheet=name, row=n)) for n, cells in rows]
        for name, rows in read_sheets(path, ("项目", "年份", "区县", "层级")).items()
    }
    for needed in ("参数", "年度"):
        if not sheets.get(needed):
            raise HengtanError(
                f"工作簿里没有“{needed}”表，或表是空的",
                f"no sheet '{needed}' or it is empty",
                where=Where(path.name),
                todo="用 hengtan budget template 写出的模板填写",
                todo_en="use the template of hengtan budget template",
            )
    given = {
        line.text("项目"): Line({line.text("项目"): line.cells.get("内容", "")}, line.where)
        for line in sheets["参数"]
    }
    years, unit = _years(given, sheets["年度"], path), _text(given, "计量单位") or "吨"
    reserve_share = _of(given, "预留比例", path).share("预留比例") or 0.0
    totals, reserve = held_back(np.array([y.budget for y in years]), reserve_share)
    allocations = _allocations(sheets, totals[None, :], path)
    held = Budget(
        _text(given, "名称") or path.stem,
        _text(given, "地区") or "全市",
        unit,
        tuple(years),
        reserve,
        tuple(allocations),
    )
    return _executed(held, sheets, path)


def _of(given: Mapping[str, Line], name: str, path: Path) -> Line:
    return given.get(name, Line({}, Where(path.name, sheet="参数")))


def _text(given: Mapping[str, Line], name: str) -> str:
    return given[name].text(name) if name in given else ""


def _years(given: Mapping[str, Line], lines: Sequence[Line], path: Path) -> list[YearBudget]:
    def need(name: str, kind: str) -> Any:
        line = _of(given, name, path)
        if not line.text(name):
            raise HengtanError(
                f"缺参数“{name}”",
                f"parameter '{name}' is missing",
                where=Where(path.name, sheet="参数"),
                todo=PARAMETERS[name],
                todo_en="fill it",
            )
        return line.year(name) if kind == "year" else line.number(name, least=1e-12)

    base_year, base, first, last = (
        need("基年", "year"),
        need("基年排放", "number"),
        need("起始年", "year"),
        need("结束年", "year"),
    )
    if not base_year < first <= last:
        raise HengtanError(
            f"年份次序不对：基年{base_year}、起始年{first}、结束年{last}",
            "years are out of order",
            where=Where(path.name, sheet="参数"),
            todo="基年应早于起始年，起始年不晚于结束年",
            todo_en="base < first ≤ last",
        )
    gdp: dict[int, float] = {}
    caps: dict[int, float] = {}
    for line in lines:
        year = line.year("年份")
        if year is None:
            raise line.bad("年份", "缺“年份”", "'年份' is missing", "补齐", "fill it")
        if year in gdp or year in caps:
            raise line.bad(
                "年份", f"{year}年出现两次", f"{year} occurs twice", "删去一行", "delete one"
            )
        for column, to in (("地区生产总值", gdp), ("总量上限", caps)):
            value = line.number(column, least=1e-12)
            if value is not None:
                to[year] = value
    cut, goal_year = (
        _of(given, "强度降低目标", path).share("强度降低目标"),
        _of(given, "目标年", path).year("目标年"),
    )
    total_from = _of(given, "总量为主起始年", path).year("总量为主起始年")
    way = _text(given, "路径") or "复合"
    if way not in ("复合", "直线"):
        raise HengtanError(
            f"路径“{way}”应为复合或直线",
            f"path '{way}'",
            where=Where(path.name, sheet="参数", column="路径"),
            todo="填复合或直线",
            todo_en="复合 or 直线",
        )
    phases = [Phase(first, "intensity")] if cut is not None else [Phase(first, "total")]
    if total_from is not None:
        phases.append(Phase(total_from, "total"))
    try:
        return paths(
            Base(base_year, base),
            gdp,
            range(first, last + 1),
            goal=None
            if cut is None or goal_year is None
            else IntensityGoal(cut, goal_year, "compound" if way == "复合" else "linear"),
            caps=caps,
            phases=phases,
        )
    except NoPath as error:
        raise HengtanError(
            f"预算路径算不出：{PLAN_WORDS.say(str(error))}",
            f"no path: {PLAN_WORDS.say(str(error), 'en')}",
            where=Where(path.name, sheet="年度"),
            todo="补齐地区生产总值（含基年）或总量上限",
            todo_en="complete GDP (base year too) or the caps",
        ) from error


def _allocations(
    sheets: Mapping[str, Sequence[Line]], totals: np.ndarray, path: Path
) -> list[Allocation]:
    made: list[Allocation] = []
    above: dict[tuple[str, ...], int] = {(): 0}
    for level in LEVELS:
        if not sheets.get(level):
            break
        held = _level(level, sheets[level], above, _principles(sheets.get("原则", ()), level), path)
        missing = set(above) - {key[:-1] for key in held.keys}
        if missing:
            raise HengtanError(
                f"“{'·'.join(sorted(missing)[0])}”下没有{level}",
                f"nothing below {sorted(missing)[0]}",
                where=Where(path.name, sheet=level),
                todo=f"每个上级都要有{level}，或删去这张表",
                todo_en="fill it or delete the sheet",
            )
        made.append(_allocate(held, totals, path))
        totals, above = made[-1].units, {key: n for n, key in enumerate(held.keys)}
    return made


def _principles(lines: Sequence[Line], level: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for line in lines:
        if line.text("层级") != level:
            if line.text("层级") not in LEVELS:
                raise line.bad(
                    "层级",
                    f"没有层级“{line.text('层级')}”",
                    "unknown level",
                    f"可用：{'、'.join(LEVELS)}",
                    f"one of {', '.join(LEVELS)}",
                )
            continue
        word = line.need("原则")
        if WORDS.get(word, word) not in PRINCIPLES:
            raise line.bad(
                "原则",
                f"没有原则“{word}”",
                f"no principle '{word}'",
                f"可用：{'、'.join(WORDS)}",
                f"one of {', '.join(PRINCIPLES)}",
            )
        found[WORDS.get(word, word)] = line.number("权重", least=0) or 0.0
    return found or {"history": 1.0}


def _level(
    level: str,
    lines: Sequence[Line],
    above: Mapping[tuple[str, ...], int],
    principles: Mapping[str, float],
    path: Path,
) -> Level:
    keys: list[tuple[str, ...]] = []
    rows: list[dict[str, float]] = []
    floors, parents = [], []
    needed = {name for p, w in principles.items() if w > 0 for name in PRINCIPLES[p]}
    columns = {column: name for column, name in FIGURES.items() if name in needed}
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        key = tuple(line.need(column) for column in SHARER[level])
        if key in seen:
            raise line.bad(
                level, f"“{'·'.join(key)}”出现两次", f"{key} occurs twice", "删去一行", "delete one"
            )
        if key[:-1] not in above:
            raise line.bad(
                SHARER[level][-2],
                f"上一级没有“{'·'.join(key[:-1])}”",
                f"no {key[:-1]} above",
                "补上，或改正名称",
                "add it or correct the name",
            )
        seen.add(key)
        keys.append(key)
        parents.append(above[key[:-1]])
        row = {}
        for column, name in columns.items():
            value = line.number(column, least=0)
            if value is None:
                raise line.bad(
                    column,
                    f"按所选原则分配要有“{column}”",
                    f"the principles chosen need {column}",
                    "补齐，或在原则表换原则",
                    "fill it or choose other principles",
                )
            row[name] = value
        rows.append(row)
        floor = line.share("保底比例")
        if floor is not None and "emission" not in row:
            base = line.number("基期排放", least=0)
            if base is None:
                raise line.bad(
                    "基期排放",
                    "保底比例要有基期排放",
                    "a floor needs the base emission",
                    "补齐基期排放",
                    "fill it",
                )
            floors.append(floor * base)
        else:
            floors.append((floor or 0.0) * row.get("emission", 0.0))
    figures = {name: np.array([row[name] for row in rows]) for name in columns.values()}
    return Level(level, tuple(keys), figures, np.array(floors), np.array(parents), principles)


def _allocate(level: Level, totals: np.ndarray, path: Path) -> Allocation:
    """Share out every year at once: the group of a sharer in a year is (parent, year)."""
    n, years = len(level.keys), totals.shape[1]
    try:
        share, single = mixed(level.principles, level.figures, level.parents)
        groups = (level.parents[:, None] * years + np.arange(years)).ravel()
        floors = np.repeat(np.ceil(level.floors - 1e-9).astype(np.int64), years)
        got = share_out(totals.ravel(), np.repeat(share, years), groups, floors=floors)
    except CannotShare as error:
        raise HengtanError(
            f"{level.name}分配不出：{PLAN_WORDS.say(str(error))}",
            f"cannot be shared: {PLAN_WORDS.say(str(error), 'en')}",
            where=Where(path.name, sheet=level.name),
            todo="降低保底比例，或补齐数据",
            todo_en="lower the floors or complete the figures",
        ) from error
    return Allocation(
        level,
        got.units.reshape(n, years),
        got.exact.reshape(n, years),
        share,
        single,
        got.bounded.reshape(n, years),
        got.rounded_up.reshape(n, years),
    )


def _executed(budget: Budget, sheets: Mapping[str, Sequence[Line]], path: Path) -> Budget:
    """The execution of each (district, year) reported; "" is the whole."""
    years = [y.year for y in budget.years]
    profiles: dict[str, list[float]] = {}
    for line in sheets.get("上年分月", ()):
        figures = [line.number(m, least=0) for m in MONTHS]
        known = [f for f in figures if f is not None]
        if len(known) != 12 or not sum(known):
            raise line.bad(
                "1月",
                "上年分月要有十二个月",
                "the profile needs twelve months",
                "补齐十二个月",
                "fill all twelve",
            )
        profiles[_who(line, budget)] = [f / sum(known) for f in known]
    projects: dict[tuple[str, int], list[tuple[Project, bool]]] = {}
    for line in sheets.get("项目", ()):
        who, year = _who(line, budget), line.year("年份")
        month, amount = line.whole("投产月", least=1, most=12), line.number("年排放", least=0)
        if year is None or month is None or amount is None:
            raise line.bad(
                "年份",
                "项目要有年份、投产月和年排放",
                "a project needs year, month and emission",
                "补齐",
                "fill it",
            )
        projects.setdefault((who, year), []).append(
            (
                Project(line.need("项目"), month, amount),
                line.text("计入") in ("是", "√", "1", "yes", "y"),
            )
        )
    found: dict[tuple[str, int], tuple[Execution, Execution]] = {}
    for line in sheets.get("执行", ()):
        who, year = _who(line, budget), line.year("年份")
        if year not in years:
            raise line.bad(
                "年份",
                f"{year}年不在预算年份内",
                f"{year} is not budgeted",
                f"预算年份：{years[0]}—{years[-1]}",
                f"{years[0]}–{years[-1]}",
            )
        if (who, year) in found:
            raise line.bad(
                "区县",
                f"“{who or budget.region}”{year}年出现两次",
                "occurs twice",
                "删去一行",
                "delete one",
            )
        spent = [line.number(m, least=0) for m in MONTHS]
        last = max((n for n, s in enumerate(spent) if s is not None), default=-1)
        if any(s is None for s in spent[: last + 1]):
            raise line.bad(
                MONTHS[spent.index(None)],
                "中间有月份空着",
                "a month in between is blank",
                "补齐，或填0",
                "fill it or put 0",
            )
        amount = _budget_of(budget, who, years.index(year))
        if amount <= 0:
            raise line.bad(
                "区县",
                f"“{who or budget.region}”{year}年预算为零",
                "its budget is zero",
                "核对分配",
                "check the allocation",
            )
        held = projects.get((who, year), [])
        months = [float(s) for s in spent[: last + 1] if s is not None]
        found[who, year] = (
            execution(
                year,
                amount,
                months,
                profiles.get(who),
                projects=[p for p, counted in held if counted],
            ),
            execution(year, amount, months, profiles.get(who), projects=[p for p, _ in held]),
        )
    return Budget(
        budget.title,
        budget.region,
        budget.unit,
        budget.years,
        budget.reserve,
        budget.allocations,
        found,
        {key: tuple(rows) for key, rows in projects.items()},
    )


def _who(line: Line, budget: Budget) -> str:
    name = line.text("区县")
    known = {key[0] for key in budget.allocations[0].level.keys} if budget.allocations else set()
    if name in ("", budget.region):
        return ""
    if name not in known:
        raise line.bad(
            "区县",
            f"预算里没有“{name}”",
            f"no '{name}' in the budget",
            f"用区县表里的名称，或“{budget.region}”",
            "use a name of the sheet 区县",
        )
    return name


def _budget_of(budget: Budget, who: str, n: int) -> int:
    if not who:
        return budget.years[n].budget
    first = budget.allocations[0]
    return int(first.units[[key[0] for key in first.level.keys].index(who), n])


def as_dict(budget: Budget) -> dict[str, Any]:
    """JSON form: years, allocations with reasons, executions."""
    years = [y.year for y in budget.years]
    return {
        "title": budget.title,
        "region": budget.region,
        "unit": budget.unit,
        "years": [
            {
                "year": y.year,
                "rule": y.rule,
                "gdp": y.gdp,
                "required_cut": y.required_cut,
                "by_intensity": y.by_intensity,
                "by_cap": y.by_cap,
                "budget": y.budget,
                "reserve": int(r),
                "reason": PLAN_WORDS.say(y.reason),
            }
            for y, r in zip(budget.years, budget.reserve, strict=True)
        ],
        "allocations": [
            {
                "level": a.level.name,
                "path": list(key),
                "principles": {p: w for p, w in a.level.principles.items() if w > 0},
                "shares": {p: round(float(s[i]), 8) for p, s in a.single.items()},
                "share": round(float(a.share[i]), 8),
                "years": {str(y): int(a.units[i, n]) for n, y in enumerate(years)},
            }
            for a in budget.allocations
            for i, key in enumerate(a.level.keys)
        ],
        "executions": [
            {
                "who": who or budget.region,
                "year": year,
                "budget": e.budget,
                "expected": e.expected,
                "gap": e.gap,
                "rate": e.rate,
                "runs_out": e.runs_out,
                "months": [vars(m) for m in e.months],
                "with_all_projects": {"expected": w.expected, "gap": w.gap, "runs_out": w.runs_out},
            }
            for (who, year), (e, w) in budget.executions.items()
        ],
    }
