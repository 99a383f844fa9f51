"""Chongqing pilot carbon market: who is covered, allowances of an entity by its lines and four
methods, the government's reserve.

渝府发〔2023〕6号, 渝环规〔2023〕3号, yearly plans (2023: 渝环办〔2024〕162号). Benchmarks and
decline factors of any year were not read: the case gives them, else the rule raises. The day of a
case stands in the year of compliance.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hengtan.basis.errors import ParameterNotEstablished
from hengtan.instruments.calc import Calc
from hengtan.instruments.english import english
from hengtan.instruments.inputs import Input
from hengtan.instruments.market.power import DAY, YEAR, check_year
from hengtan.instruments.one_formula import formula_rule
from hengtan.instruments.rule import Output, Rule

LAW = "渝环规〔2023〕3号及年度配额分配实施方案"
METHODS = {
    "equal": "等量法",
    "benchmark": "行业基准线法",
    "intensity": "历史强度下降法",
    "total": "历史总量下降法",
}


def _mean(calc: Calc, line: Mapping[str, Any], name: str, where: str, what: str) -> float:
    """The mean of the base years: as such, or of the years listed. Raises HengtanError."""
    values, mean = line[f"base_{name}"], line[f"{name}_mean"]
    if mean is not None:
        calc.step(f"{where}基准年份{what}均值", mean)
        return float(mean)
    if not values:
        raise calc.refuse(
            f"{where}缺基准年份的{what}",
            f"{what} of the base years is missing",
            todo="按基准年份列出，如 [1.2, 1.1, 1.0]",
            todo_en="list the base years",
        )
    return float(sum(values) / len(values))


def _given(calc: Calc, line: Mapping[str, Any], name: str, where: str) -> float:
    value, zh = line[name], "基准值" if name == "benchmark" else "下降系数"
    if value is None:
        try:
            return float(calc.param(f"ets.pilot.{name}"))
        except ParameterNotEstablished as error:
            todo = f"{error.todo}；按方案填该生产线的“{zh}”"
            todo_en = f"{error.todo_en}; or fill '{english(zh)}' of the line as the plan has it"
            raise error.retold(error.zh, error.en, todo, todo_en) from error
    return float(calc.step(f"{where}{zh}", value, how="本案自行给定"))


def _needs(calc: Calc, line: Mapping[str, Any], name: str, zh: str, where: str) -> float:
    if line[name] is None:
        raise calc.refuse(f"{where}缺{zh}（{name}）", f"{name} is missing", "补上", "give it")
    return float(line[name])


def _line(calc: Calc, line: Mapping[str, Any], where: str) -> float:
    method = line["method"]
    if method == "equal":
        allowance, how = _needs(calc, line, "emissions", "经核查排放量", where), "等于核查排放量"
    elif method == "benchmark":
        quantity = _needs(calc, line, "quantity", "产量", where)
        allowance, how = _given(calc, line, "benchmark", where) * quantity, "基准值 × 产量"
    elif method == "intensity":
        quantity, past = (
            _needs(calc, line, "quantity", "产量", where),
            _mean(calc, line, "intensity", where, "排放强度"),
        )
        allowance, how = (
            past * quantity * (1 - _given(calc, line, "decline", where)),
            "历史强度均值 × 产量 × (1 − 下降系数)",
        )
    else:
        past = _mean(calc, line, "emissions", where, "排放量")
        allowance, how = (
            past * (1 - _given(calc, line, "decline", where)),
            "历史排放均值 × (1 − 下降系数)",
        )
    return float(calc.step(f"{where}配额（{METHODS[method]}）", allowance, "吨", how, LAW))


def allowances(calc: Calc) -> dict[str, float]:
    """Allowances of an entity: the sum of its lines, each by its own method, and the gap to its
    verified emissions. [tCO2e]

    Raises ParameterNotEstablished where a benchmark or decline factor is not given.
    """
    check_year(calc)
    lines = calc["lines"]
    if not lines:
        raise calc.refuse(
            "没有生产线（lines）", "there is no line", todo="至少一行", todo_en="one line at least"
        )
    allowance = calc.step(
        "配额合计",
        sum(
            _line(calc, line, f"{line['line'] or f'第{n}条线'} ")
            for n, line in enumerate(lines, start=1)
        ),
        unit="吨",
        how="各生产线之和",
    )
    known = [line["emissions"] for line in lines]
    if any(e is None for e in known):
        calc.warn("有生产线没有核查排放量，不算缺口")
        return {"allowance": allowance}
    calc.warn("协同减排、能效标杆的追加配额数额没有读到，未计入")
    emissions = sum(known)
    return {
        "allowance": allowance,
        "emissions": emissions,
        "gap": calc.step("配额缺口", max(0.0, emissions - allowance), "吨", "max(0, 排放 − 配额)"),
        "surplus": max(0.0, allowance - emissions),
    }


def scope(calc: Calc) -> dict[str, Any]:
    """Whether a firm is covered: in the national market from 26,000 t of direct emissions of its
    four sectors, in the pilot from 13,000 t or 5,000 tce, never in both. [yes/no]
    """
    national = False
    if calc["national_sector"]:
        least = calc.param("ets.threshold", "national")
        if calc["direct"] is None:
            raise calc.refuse(
                "全国市场按直接排放判定，缺 direct",
                "direct emissions are missing",
                todo="填直接排放量",
                todo_en="give direct",
            )
        national = calc.step(
            "纳入全国碳市场",
            calc["direct"] >= least,
            how=f"直接排放{calc['direct']:g}吨，门槛{least:g}吨",
        )
    if national:
        calc.step("纳入重庆试点", False, "", "已纳入全国市场的不重复纳入", LAW)
        return {"national": True, "pilot": False}
    tonnes, energy = (
        calc.param("ets.threshold", "pilot"),
        calc.param("ets.threshold", "pilot_energy"),
    )
    if calc["emissions"] is None and calc["energy"] is None:
        raise calc.refuse(
            "缺排放量或综合能耗",
            "emissions or energy are missing",
            todo="填 emissions（吨）或 energy（吨标准煤）",
            todo_en="give emissions or energy",
        )
    pilot = (calc["emissions"] or 0.0) >= tonnes or (
        calc["emissions"] is None and (calc["energy"] or 0.0) >= energy
    )
    return {
        "national": False,
        "pilot": calc.step(
            "纳入重庆试点",
            pilot,
            how=f"工业企业年排放{tonnes:g}吨；没有排放量时按综合能耗{energy:g}吨标准煤约当",
            clause=LAW,
        ),
    }


def _reserve(cap: float, unused: float, reserve: float) -> dict[str, float]:
    return {"reserve": cap * reserve, "entities": cap * (1 - reserve), "cancelled": unused}


LINE = (
    Input("line", "生产线", kind="text", default=""),
    Input("method", "分配方法", kind="choice", choices=METHODS),
    Input("emissions", "经核查排放量", unit="吨", optional=True, aliases=("核查排放量",)),
    Input("quantity", "产量", optional=True, aliases=("产品产量",)),
    Input("benchmark", "行业基准值", optional=True, aliases=("基准值",)),
    Input("decline", "下降系数", optional=True, most=1.0),
    Input("base_intensity", "历史排放强度", kind="numbers", optional=True),
    Input("base_emissions", "历史排放量", unit="吨", kind="numbers", optional=True),
    Input("intensity_mean", "历史排放强度均值", optional=True),
    Input("emissions_mean", "历史排放量均值", unit="吨", optional=True),
)
RULES = (
    Rule(
        id="ets.pilot",
        title_zh="重庆碳市场·配额分配",
        title_en="Chongqing pilot carbon market, allowances",
        law=LAW,
        valid_from=date(2023, 1, 1),
        inputs=(Input("lines", "各生产线", kind="rows", fields=LINE), YEAR),
        outputs=(
            Output("allowance", "配额", unit="吨"),
            Output("emissions", "核查排放量", unit="吨"),
            Output("gap", "配额缺口", unit="吨"),
            Output("surplus", "配额盈余", unit="吨"),
        ),
        compute=allowances,
        needs=("ets.pilot.benchmark", "ets.pilot.decline"),
        note_zh=DAY,
    ),
    Rule(
        id="ets.scope",
        title_zh="碳市场·是否纳入",
        title_en="Carbon markets, whether covered",
        law="渝环〔2023〕55号；关于做好2025年全国碳排放权交易市场有关工作的通知",
        valid_from=date(2023, 1, 1),
        inputs=(
            Input(
                name="national_sector",
                zh="属全国市场行业（发电、钢铁、水泥、铝冶炼）",
                kind="flag",
                default=False,
                aliases=("全国市场行业",),
            ),
            Input("direct", "直接排放量", unit="吨", optional=True),
            Input("emissions", "排放量", unit="吨", optional=True),
            Input("energy", "综合能耗", unit="吨标准煤", optional=True),
        ),
        outputs=(Output("national", "纳入全国市场"), Output("pilot", "纳入重庆试点")),
        compute=scope,
        needs=("ets.threshold",),
    ),
    formula_rule(
        id="ets.pilot_reserve",
        title_zh="重庆碳市场·政府预留",
        title_en="Chongqing pilot carbon market, reserve",
        law="渝环办〔2024〕162号",
        valid_from=date(2023, 1, 1),
        inputs=(
            Input("cap", "年度配额总量", unit="吨"),
            Input("unused", "履约期末未用预留", unit="吨", default=0.0, note="注销"),
        ),
        outputs=(
            Output("reserve", "政府预留", unit="吨"),
            Output("entities", "重点排放单位配额", unit="吨"),
            Output("cancelled", "注销", unit="吨"),
        ),
        formula=_reserve,
        parameters={"reserve": ("ets.pilot.reserve", "")},
        how="总量 × 5%；未用的注销",
    ),
)
