"""Energy supervision: products beside the limit value of their standard, findings to the closure
of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.english import english
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.limits import of_product, taken
from hengtan.instruments.rule import Output, Rule

KILOGRAMS = 1000
"""Kilograms of a tonne."""


def limits(calc: Calc) -> dict[str, Any]:
    """Products whose energy per unit is above the limit value, by how much, and the energy that
    goes beyond it in the period. [1, tce]

    节约能源法 第七十二条 (recalled): what is above a limit is put right within a term.
    """
    over, excess, worst = [], 0.0, 0.0
    for row in calc["products"]:
        limit, standard = _limit(calc, row)
        share = row["energy"] / limit - 1
        beyond = row["energy"] > limit
        how = f"限定值 {limit:g}，{f'超出 {share:.1%}' if beyond else '未超'}"
        calc.step(row["name"], row["energy"], "千克标准煤/单位", how, clause=standard)
        if beyond:
            over.append(row["name"])
            excess += (row["energy"] - limit) * row["output"] / KILOGRAMS
            worst = max(worst, share)
    return {
        "over": "、".join(over) or "无",
        "count": len(over),
        "worst": worst,
        "excess": calc.step("超限额用能", excess, "吨标准煤"),
        "verdict": calc.step("限额", "超限额：限期治理" if over else "符合限额"),
    }


def _limit(calc: Calc, row: Mapping[str, Any]) -> tuple[float, str]:
    """The limit value of a product and its standard: that stated, else level 3 of the standard in
    force that has the product and indicator. [kgce per unit]

    Raises HengtanError for a product that no standard has, or a limit that is to be corrected.
    """
    if row["limit"] is not None:
        return float(row["limit"]), row["standard"] or ""
    listed = of_product(calc, "energy_limits", row["name"], row["indicator"])
    if listed["correction"] or not listed["unit"].startswith("kgce"):
        raise calc.refuse(
            f"“{listed['product_zh']}”的限值要按标准修正，或单位不是千克标准煤",
            f"the limit of '{english(row['name'])}' is corrected or not in kgce",
            todo="填修正后的限定值和标准号",
            todo_en="give the corrected limit and the standard",
        )
    return taken(calc, listed, "level3", "限定值"), str(listed["law"])


def closure(calc: Calc) -> dict[str, Any]:
    """Findings mended, of them in time, open and overdue, the rate mended, and whether the case may
    be closed. [1]
    """
    rows = calc["findings"] or ()
    mended = [row for row in rows if row["closed"] is not None and row["closed"] <= calc.day]
    in_time = sum(row["closed"] <= row["due"] for row in mended)
    left = [row for row in rows if row not in mended]
    overdue = [row["name"] for row in left if row["due"] < calc.day]
    closed = calc["closed"] is not None and calc["closed"] <= calc.day
    if closed and left:
        calc.warn("已结案，但仍有问题没有销号")
    rate = len(mended) / len(rows) if rows else 1.0
    calc.step("整改率", rate, how=f"{len(mended)} ÷ {len(rows)}，按期 {in_time}")
    state = (
        "已结案"
        if closed
        else "可以结案"
        if not left
        else f"逾期未整改：{'、'.join(overdue)}"
        if overdue
        else "整改中"
    )
    return {
        "findings": len(rows),
        "mended": len(mended),
        "in_time": in_time,
        "rate": rate,
        "overdue": len(overdue),
        "verdict": calc.step("结案", state),
        "closed": "是" if closed else "否",
    }


RULES = (
    Rule(
        id="supervision.limits",
        title_zh="节能监察：单位产品能耗限额",
        title_en="Supervision: products beside their limits",
        law="节约能源法 第十六、七十二条（凭记忆）；单位产品能源消耗限额国家标准",
        inputs=(
            Input(
                name="products",
                zh="产品",
                kind="rows",
                fields=(
                    Input("name", "产品名称", kind="text"),
                    Input("energy", "单位产品综合能耗", note="千克标准煤/产量单位"),
                    Input("limit", "限额限定值", least=1e-9, optional=True),
                    Input("output", "产量"),
                    Input("standard", "限额标准号", kind="text", optional=True),
                    Input("indicator", "限额指标", kind="text", optional=True),
                ),
            ),
        ),
        outputs=(
            Output("over", "超限额的产品"),
            Output("count", "超限额", unit="项"),
            Output("worst", "最大超出比例"),
            Output("excess", "超限额用能", unit="吨标准煤"),
            Output("verdict", "结论"),
        ),
        compute=limits,
        confidence="recalled",
    ),
    Rule(
        id="supervision.closure",
        title_zh="节能监察整改率与结案",
        title_en="Findings mended and closure",
        law="节能监察办法；整改期限以通知书为准",
        inputs=(
            Input(
                name="findings",
                zh="问题",
                kind="rows",
                optional=True,
                fields=(
                    Input("name", "问题序号", kind="text"),
                    Input("due", "整改期限", kind="date"),
                    Input("closed", "销号日期", kind="date", optional=True),
                ),
            ),
            Input("closed", "结案日期", kind="date", optional=True),
        ),
        outputs=(
            Output("findings", "问题", unit="项"),
            Output("mended", "已整改", unit="项"),
            Output("in_time", "按期整改", unit="项"),
            Output("rate", "整改率"),
            Output("overdue", "逾期", unit="项"),
            Output("verdict", "结论"),
            Output("closed", "已结案"),
        ),
        compute=closure,
    ),
)
