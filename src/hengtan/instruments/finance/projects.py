"""Cash-flow tests of green projects: return and coverage of debt, the balance of ecological work
and linked income (EOD), money for a tonne of CO2, fund channels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.finance.cash_flows import (
    debt_coverage,
    payback,
    present_value,
    rate_of_return,
)
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.formulas import cost_of_cut
from hengtan.instruments.rule import Output, Rule

FITS = "fits"
MISSES = {
    FITS: "符合条件",
    "investment": "投资低于下限",
    "share": "申请资金超过支持比例，或没有填申请资金",
    "cost": "每吨减排资金高于上限，或没有算出减排量",
}
EOD_LAW = "环办科财〔2023〕22号 EOD项目实施导则（试行）（凭记忆，没有核对原文）"


def by_year(rows: Sequence[Mapping[str, Any]], *columns: str) -> list[float]:
    """The sum of columns by year, from the first year to the last; a year without rows is nought.

    A column with a minus before it is taken off. [yuan]
    """
    first, last = min(row["year"] for row in rows), max(row["year"] for row in rows)
    sums = dict.fromkeys(range(first, last + 1), 0.0)
    for row in rows:
        for column in columns:
            name = column.removeprefix("-")
            sums[row["year"]] += -row[name] if column != name else row[name]
    return list(sums.values())


def project(calc: Calc) -> dict[str, Any]:
    """Internal rate of return, net present value and payback of a project before its financing, and
    how often the money of each year covers the debt service. [1, yuan, a]

    What is asked of them stands in the papers of the money; without it there is no verdict.
    """
    rows = calc["flows"]
    flows = by_year(rows, "income", "-cost", "-tax", "-invested")
    service = by_year(rows, "debt_service")
    coverage = debt_coverage(by_year(rows, "income", "-cost", "-tax"), service)
    rate = rate_of_return(flows)
    years = f"{min(row['year'] for row in rows)}—{max(row['year'] for row in rows)}年"
    calc.step("净现金流", sum(flows), "元", how=years)
    outputs: dict[str, Any] = {"irr": rate, "payback": payback(flows), "total": sum(flows)}
    calc.step("内部收益率", "没有唯一解" if rate is None else rate)
    if calc["discount"] is not None:
        value = present_value(flows, calc["discount"])
        outputs["npv"] = calc.step("净现值", value, "元", f"折现率 {calc['discount']:.2%}")
    if coverage:
        outputs |= {
            "dscr_min": calc.step("最低偿债备付率", min(coverage)),
            "dscr_mean": sum(coverage) / len(coverage),
        }
    return {**outputs, "verdict": calc.step("结论", _verdict(calc, rate, coverage))}


def _verdict(calc: Calc, rate: float | None, coverage: Sequence[float]) -> str:
    asked_rate, asked_coverage = calc["required_return"], calc["required_coverage"]
    if asked_rate is None and asked_coverage is None:
        return "没有填要求的收益率或备付率，不作结论"
    misses = []
    if asked_rate is not None and (rate is None or rate < asked_rate):
        misses.append(f"内部收益率低于 {asked_rate:.2%}")
    if asked_coverage is not None and (not coverage or min(coverage) < asked_coverage):
        misses.append(f"偿债备付率低于 {asked_coverage:g}")
    return f"未达到：{'、'.join(misses)}" if misses else "达到要求"


def balance(calc: Calc) -> dict[str, Any]:
    """Whether the linked part of a project pays for its ecological part: present values of what the
    one brings and of what the other takes. [yuan, 1]
    """
    columns = ("income", "-cost", "-tax", "-invested")
    start = min(row["year"] for row in calc["flows"])
    values = {part: _value_of(calc, part, start, columns) for part in ("ecology", "linked")}
    need, brings = -values["ecology"], values["linked"]
    calc.step("生态治理净支出现值", need, "元", f"折现率 {calc['discount']:.2%}")
    calc.step("关联产业净收益现值", brings, "元")
    if need <= 0:
        raise calc.refuse(
            "生态治理部分没有净支出",
            "the ecological part takes no money",
            todo="核对“部分”一栏",
            todo_en="check the parts",
        )
    coverage = brings / need
    verdict = "关联收益能够覆盖生态治理投入" if coverage >= 1 else "不能覆盖，资金不平衡"
    return {
        "need": need,
        "brings": brings,
        "coverage": calc.step("覆盖率", coverage),
        "gap": max(need - brings, 0.0),
        "verdict": calc.step("资金平衡", verdict, clause=EOD_LAW),
    }


def _value_of(calc: Calc, part: str, start: int, columns: Sequence[str]) -> float:
    """Present value, in the project's first year, of a part's flows. [yuan]"""
    rows = [row for row in calc["flows"] if row["part"] == part]
    if not rows:
        raise calc.refuse(
            "缺生态治理部分或关联产业部分的现金流",
            "a part has no cash flows",
            todo="按部分填逐年现金流",
            todo_en="file the flows by part",
        )
    flows = by_year(rows, *columns)
    later = min(row["year"] for row in rows) - start
    return present_value([0.0] * later + flows, calc["discount"])


def climate(calc: Calc) -> dict[str, Any]:
    """The climate test: CO2 cut a year, and the investment and money asked for by tonne. [yuan per
    t/a]
    """
    cut = calc["cut"]
    calc.step("年减排量", cut, "吨二氧化碳")
    outputs: dict[str, Any] = {
        "cut": cut,
        "verdict": calc.step("气候效益", "有减排效益" if cut > 0 else "没有减排效益"),
    }
    for name, money, zh in (
        ("invested_by_tonne", calc["investment"], "每吨年减排投资"),
        ("asked_by_tonne", calc["requested"], "每吨年减排申请资金"),
    ):
        if money is not None and cut > 0:
            outputs[name] = calc.step(zh, cost_of_cut(money, cut), "元", f"{money:,.0f} ÷ {cut:g}")
    return outputs


def channels(calc: Calc) -> dict[str, Any]:
    """The channels whose words and conditions a project meets, and why others were missed."""
    rows = calc["channels"] or ()
    for row in rows:
        ends = f"，{row['ends']}截止" if row["ends"] else ""
        calc.step(row["title"], MISSES[row["misses"]], how=f"词语“{row['word']}”{ends}")
    open_now = [
        row
        for row in rows
        if row["misses"] == FITS and not _is_over(row["ends"], calc["looked_at"])
    ]
    names = list(dict.fromkeys(row["title"] for row in open_now))
    calc.step("可申报渠道", len(names), "条")
    calc.warn("渠道按词语和条件初选，是否符合由主管部门核定")
    return {
        "matched": "；".join(names) or "无",
        "count": len(names),
        "nearest": min((str(row["ends"]) for row in open_now if row["ends"]), default=""),
    }


def _is_over(ends: Any, day: Any) -> bool:
    return ends is not None and day is not None and ends < day


FLOWS = Input(
    name="flows",
    zh="逐年现金流",
    kind="rows",
    fields=(
        Input("year", "年份", kind="whole"),
        Input("part", "部分", kind="text", default="whole"),
        Input("invested", "投资支出", unit="元", default=0.0),
        Input("income", "收入", unit="元", default=0.0),
        Input("cost", "运营成本", unit="元", default=0.0),
        Input("tax", "税金", unit="元", default=0.0),
        Input("debt_service", "还本付息", unit="元", default=0.0),
    ),
)
RULES = (
    Rule(
        id="finance.project",
        title_zh="项目现金流测试",
        title_en="Cash-flow test of a project",
        law="建设项目经济评价方法与参数（凭记忆）；要求由资金文件规定",
        inputs=(
            FLOWS,
            Input("discount", "折现率", optional=True, most=1.0),
            Input("required_return", "要求的内部收益率", optional=True, most=1.0),
            Input("required_coverage", "要求的偿债备付率", optional=True),
        ),
        outputs=(
            Output("irr", "内部收益率"),
            Output("npv", "净现值", unit="元"),
            Output("payback", "静态投资回收期（-1为收不回）", unit="年"),
            Output("total", "净现金流合计", unit="元"),
            Output("dscr_min", "最低偿债备付率"),
            Output("dscr_mean", "平均偿债备付率"),
            Output("verdict", "结论"),
        ),
        compute=project,
        confidence="recalled",
    ),
    Rule(
        id="finance.ecology_balance",
        title_zh="EOD项目资金平衡",
        title_en="Balance of an EOD project",
        law=EOD_LAW,
        inputs=(FLOWS, Input("discount", "折现率", most=1.0)),
        outputs=(
            Output("need", "生态治理净支出现值", unit="元"),
            Output("brings", "关联产业净收益现值", unit="元"),
            Output("coverage", "覆盖率"),
            Output("gap", "缺口", unit="元"),
            Output("verdict", "结论"),
        ),
        compute=balance,
        confidence="recalled",
    ),
    Rule(
        id="pool.climate",
        title_zh="气候效益与每吨减排资金",
        title_en="Climate effect and money for a tonne",
        law="气候投融资项目：减排量按公布的排放因子计算",
        inputs=(
            Input("cut", "年减排量", unit="吨二氧化碳", least=None),
            Input("investment", "总投资", unit="元", optional=True),
            Input("requested", "申请资金", unit="元", optional=True),
        ),
        outputs=(
            Output("cut", "年减排量", unit="吨二氧化碳"),
            Output("invested_by_tonne", "每吨年减排投资", unit="元"),
            Output("asked_by_tonne", "每吨年减排申请资金", unit="元"),
            Output("verdict", "气候效益"),
        ),
        compute=climate,
    ),
    Rule(
        id="pool.channels",
        title_zh="资金渠道匹配",
        title_en="Fund channels that a project meets",
        law="各渠道申报通知（词语和条件由登记的通知规定）",
        inputs=(
            Input(
                name="channels",
                zh="同领域渠道",
                kind="rows",
                optional=True,
                fields=(
                    Input("title", "渠道名称", kind="text"),
                    Input("word", "词语", kind="text"),
                    Input("ends", "申报截止日期", kind="date", optional=True),
                    Input(
                        name="misses",
                        zh="不符合项",
                        kind="choice",
                        choices={
                            "fits": "符合",
                            "investment": "投资",
                            "share": "比例",
                            "cost": "成本",
                        },
                    ),
                ),
            ),
            Input("looked_at", "查看日", kind="date", optional=True),
        ),
        outputs=(
            Output("matched", "可申报渠道"),
            Output("count", "渠道数", unit="条"),
            Output("nearest", "最近截止日期"),
        ),
        compute=channels,
    ),
)
