"""Public money: green procurement, subsidies within a budget, tax credit for equipment, project
scores, incentives by formula, two offices' data matched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from sys import float_info
from typing import Any

import numpy as np

from hengtan.accounts.apportion import share_out
from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

CENTS = 100
"""Cents of a yuan."""
LARGEST_POOL = 1 / float_info.epsilon / CENTS
"""An amount that a float still holds to the cent. [yuan]"""
NEAR, TINY = 1e-9, 1e-12
"""Noise of floats in money; a measured amount of nought."""


def procurement(calc: Calc) -> dict[str, Any]:
    """Share of green products in what an office bought, and whether it reaches what is demanded (a
    figure of the region's own rule: an input).
    """
    if calc["green"] > calc["total"]:
        raise calc.refuse(
            "绿色产品采购额大于采购总额",
            "green exceeds total",
            todo="核对金额",
            todo_en="check the amounts",
        )
    share = calc["green"] / calc["total"]
    if calc["lapsed"]:
        calc.warn(f"报为绿色而没有有效证书的{calc['lapsed']:,.2f}元没有计入绿色采购额")
    verdict = "" if calc["demanded"] is None else "达到" if share >= calc["demanded"] else "未达到"
    outputs = {
        "share": calc.step("绿色采购占比", share),
        "verdict": calc.step("要求", verdict or "未给要求"),
        "green_amount": calc["green"],
        "total_amount": calc["total"],
    }
    if calc["demanded"] is not None:
        outputs["short"] = max(0.0, calc["demanded"] * calc["total"] - calc["green"])
    return outputs


def subsidy(calc: Calc) -> dict[str, Any]:
    """Subsidies in the order of application until the budget is spent: rate × price, at most a cap
    each; the last may get what is left where part payment is allowed.

    Sums never exceed the budget. Rates are those of the notice.
    """
    left, paid = calc["budget"], []
    for number, row in enumerate(calc["applications"], start=1):
        due, how = _due(calc, row)
        payment = due
        if due > left + NEAR:
            payment = left if calc["part_payment"] else 0.0
        how += "（预算不足）" if payment < due else ""
        left -= payment
        paid.append(payment)
        calc.step(f"第{number}件 {row['name']}", payment, unit="元", how=how)
    served = sum(payment > 0 for payment in paid)
    return {"paid": sum(paid), "left": left, "served": served, "payments": paid}


def _due(calc: Calc, row: Mapping[str, Any]) -> tuple[float, str]:
    """What an application would get while the budget lasts, and how. [yuan]"""
    if not row["eligible"]:
        return 0.0, "不符合条件"
    rate = calc["rate"] if row["rate"] is None else row["rate"]
    cap = calc["cap"] if row["cap"] is None else row["cap"]
    if rate is None:
        raise calc.refuse(
            f"“{row['name']}”没有补贴比例",
            f"'{row['name']}' has no rate",
            todo="给一个总的比例，或逐件给",
            todo_en="give one rate, or one for each",
        )
    due, how = row["price"] * rate, f"{row['price']:g} × {rate:.0%}"
    if cap is not None and due > cap:
        return cap, f"{how}（封顶）"
    return due, how


def effect(calc: Calc) -> dict[str, float]:
    """CO2 that a scheme saves a year, and what a tonne a year costs. [t CO2/a, yuan/t]"""
    saved, due = calc["saved"], calc["due"]
    calc.step("年减碳", saved, "吨二氧化碳", f"{calc['pieces']:g}件")
    if calc["unknown"]:
        calc.warn(f"有{calc['unknown']:g}件没有节电量或因子，减碳没有计入")
    outputs = {"saved": saved, "due": due, "pieces": calc["pieces"]}
    if saved > 0:
        outputs["cost"] = calc.step("每吨年减碳的补贴", due / saved, "元/吨", "补贴 ÷ 年减碳")
    return outputs


def equipment(calc: Calc) -> dict[str, Any]:
    """Corporate income tax: 10 % of the price of listed equipment for environment, energy or water
    saving is taken off the tax payable, the rest in the five years after (企业所得税法实施条例
    第一百条).
    """
    credit, how = 0.0, "不在目录内"
    if calc["listed"]:
        rate = calc.param("tax_relief.equipment_rate")
        credit, how = calc["price"] * rate, f"投资额 × {rate:.0%}"
    used = min(credit, calc["tax_payable"])
    if used < credit:
        years = calc.param("tax_relief.carry_years")
        calc.step("结转", credit - used, "元", f"可在以后{years:g}个纳税年度抵免")
    return {
        "credit": calc.step("抵免额", credit, unit="元", how=how),
        "used": calc.step("当年抵免", used, "元"),
        "carried": credit - used,
        "tax": calc["tax_payable"] - used,
    }


def score(calc: Calc) -> dict[str, Any]:
    """A project's score in a pool: gates first (one missed is out), then the weighted mean of its
    marks of 0–100.

    Weights are the fund's own.
    """
    gates = [row["name"] for row in calc["gates"] or () if not row["met"]]
    if gates:
        return {
            "score": calc.step("得分", 0.0, "分", f"未过门槛：{'、'.join(gates)}"),
            "verdict": "不入库",
        }
    weight = sum(row["weight"] for row in calc["marks"])
    if weight <= 0:
        raise calc.refuse("权重合计为零", "weights are all zero", "填权重", "give weights")
    total = sum(row["weight"] * row["mark"] for row in calc["marks"]) / weight
    least = calc.own_or_param("least", "fund.project_score.least")
    calc.step("得分", total, "分", "Σ 权重 × 分 ÷ Σ 权重")
    verdict = "入库" if total >= least else "不入库"
    return {"score": total, "verdict": calc.step("结论", verdict, how=f"入库线 {least:g}")}


def incentive(calc: Calc) -> dict[str, Any]:
    """Money shared by a formula: weight × figure of each, in yuan with cents, the cents left going
    to the largest remainders, so that the sum is the pool.
    """
    rows = calc["receivers"]
    parts = [row["figure"] * row["weight"] for row in rows]
    base = sum(parts)
    if base <= 0:
        raise calc.refuse("分配基数合计为零", "the base is zero", "填数据", "give figures")
    pool, floor = round(calc["pool"] * CENTS), round(calc["floor"] * CENTS)
    if floor * len(parts) > pool:
        raise calc.refuse(
            f"{len(parts)}个对象的保底合计大于资金总额",
            f"the floors of {len(parts)} exceed the pool",
            todo="降低保底额",
            todo_en="lower the floor",
        )
    cents = _with_floor(pool, floor, np.array(parts, float))
    if floor:
        calc.warn("低于保底的补到保底，其余对象按因素分余下的资金；办法另有规定的按办法")
    shares = [units / CENTS for units in cents]
    for row, share in zip(rows, shares, strict=True):
        how = f"{row['figure']:g} × {row['weight']:g} ÷ {base:g}"
        how += "，补到保底" if floor and round(share * CENTS) == floor else ""
        calc.step(row["name"], share, unit="元", how=how)
    return {"total": sum(cents) / CENTS, "shares": shares}


def _with_floor(pool: int, floor: int, parts: np.ndarray) -> list[int]:
    """Shares of a pool by parts, those below the floor raised to it and the rest shared anew.
    [cents]
    """
    raised = np.zeros(len(parts), bool)
    while True:
        left, free = pool - floor * int(raised.sum()), np.where(raised, 0.0, parts)
        if not free.sum():
            free = (~raised).astype(float)
        shared = share_out(np.array([left]), free, np.zeros(len(parts), int)).units
        units = np.where(raised, floor, shared)
        low = (units < floor) & ~raised
        if not low.any():
            return [int(amount) for amount in units]
        raised |= low


def matched(calc: Calc) -> dict[str, Any]:
    """What a taxpayer declared beside what the ecology bureau measured, by unit: those that differ
    beyond a tolerance, and those missing on one side (环境保护税法 第十五、二十条: exchange and
    review).
    """
    declared = {row["code"]: row["amount"] for row in calc["declared"]}
    measured = {row["code"]: row["amount"] for row in calc["measured"]}
    if len(measured) != len(calc["measured"]) or len(declared) != len(calc["declared"]):
        raise calc.refuse("代码重复", "a code occurs twice", "每个单位一行", "one row a unit")
    tolerance = calc.own_or_param("tolerance", "tax.data_match.tolerance")
    differences = 0
    for code, amount in declared.items():
        if code not in measured:
            differences += 1
            calc.step(code, amount, how="只有申报，没有监测数据")
            continue
        gap = amount - measured[code]
        if abs(gap) > tolerance * max(measured[code], TINY):
            differences += 1
            how, clause = f"申报 {amount:g}，监测 {measured[code]:g}", "环境保护税法 第二十条"
            calc.step(code, gap, how=how, clause=clause)
    for code, amount in measured.items():
        if code not in declared:
            differences += 1
            calc.step(code, amount, how="只有监测，没有申报")
    calc.step("比对完成", len(declared), "户")
    return {"differences": differences}


RATE = Input("rate", "补贴比例", most=1.0, optional=True)
CAP = Input("cap", "每件封顶", unit="元", optional=True)
UNIT = (Input("code", "统一社会信用代码", kind="text"), Input("amount", "数量"))
RULES = (
    Rule(
        id="procurement.green_share",
        title_zh="政府绿色采购占比",
        title_en="Green procurement",
        law="政府采购法；需求标准由采购文件规定",
        inputs=(
            Input("green", "绿色产品采购额", unit="元"),
            Input("total", "采购总额", unit="元", least=1e-9),
            Input("demanded", "要求占比", optional=True, most=1.0),
            Input("lapsed", "报为绿色而证书无效的金额", unit="元", default=0.0),
        ),
        outputs=(
            Output("share", "占比"),
            Output("verdict", "结论"),
            Output("green_amount", "绿色产品采购额", unit="元"),
            Output("total_amount", "采购总额", unit="元"),
            Output("short", "距要求还差", unit="元"),
        ),
        compute=procurement,
    ),
    Rule(
        id="subsidy.budget",
        title_zh="以旧换新与补贴（预算控制）",
        title_en="Subsidies within a budget",
        law="当年补贴实施细则（比例、封顶由细则规定）",
        inputs=(
            Input("budget", "预算", unit="元"),
            RATE,
            CAP,
            Input("part_payment", "余额不足时部分支付", kind="flag", default=False),
            Input(
                name="applications",
                zh="申请",
                kind="rows",
                fields=(
                    Input("name", "名称", kind="text"),
                    Input("price", "价格", unit="元"),
                    Input("eligible", "符合条件", kind="flag", default=True),
                    RATE,
                    CAP,
                ),
            ),
        ),
        outputs=(
            Output("paid", "已补贴", unit="元"),
            Output("left", "预算余额", unit="元"),
            Output("served", "补贴件数", unit="件"),
            Output("payments", "逐件金额"),
        ),
        compute=subsidy,
    ),
    Rule(
        id="subsidy.effect",
        title_zh="补贴的减碳与每吨成本",
        title_en="CO2 saved by a subsidy",
        law="节电量 × 排放因子（分类表所列）",
        inputs=(
            Input("due", "补贴（不计预算）", unit="元"),
            Input("saved", "年减碳", unit="吨二氧化碳"),
            Input("pieces", "件数", unit="件", default=0.0),
            Input("unknown", "没有节电量的件数", unit="件", default=0.0),
        ),
        outputs=(
            Output("saved", "年减碳", unit="吨二氧化碳"),
            Output("due", "补贴（不计预算）", unit="元"),
            Output("pieces", "件数", unit="件"),
            Output("cost", "每吨年减碳的补贴", unit="元/吨"),
        ),
        compute=effect,
        confidence="proposal",
    ),
    Rule(
        id="tax_relief.equipment",
        title_zh="环保节能节水专用设备投资抵免",
        title_en="Tax credit for equipment",
        law="企业所得税法实施条例 第一百条",
        valid_from=date(2008, 1, 1),
        inputs=(
            Input("price", "设备投资额", unit="元"),
            Input("tax_payable", "当年应纳税额", unit="元"),
            Input("listed", "在优惠目录内", kind="flag"),
        ),
        outputs=(
            Output("credit", "抵免额", unit="元"),
            Output("used", "当年抵免", unit="元"),
            Output("carried", "结转以后五年", unit="元"),
            Output("tax", "抵免后应纳税额", unit="元"),
        ),
        compute=equipment,
        needs=("tax_relief.equipment_rate", "tax_relief.carry_years"),
    ),
    Rule(
        id="fund.project_score",
        title_zh="项目储备库评分",
        title_en="Score of a project pool",
        law="资金管理办法（权重与门槛由办法规定）",
        inputs=(
            Input(
                name="gates",
                zh="门槛",
                kind="rows",
                optional=True,
                fields=(Input("name", "名称", kind="text"), Input("met", "满足", kind="flag")),
            ),
            Input(
                name="marks",
                zh="打分",
                kind="rows",
                fields=(
                    Input("name", "名称", kind="text"),
                    Input("weight", "权重"),
                    Input("mark", "得分", unit="分", most=100.0),
                ),
            ),
            Input("least", "入库线", unit="分", optional=True, note="不填按数据包参数"),
        ),
        outputs=(Output("score", "得分", unit="分"), Output("verdict", "结论")),
        compute=score,
        needs=("fund.project_score.least",),
    ),
    Rule(
        id="fund.incentive",
        title_zh="转移支付激励资金分配",
        title_en="Incentive money by formula",
        law="资金管理办法（因素法）",
        inputs=(
            Input("pool", "资金总额", unit="元", most=LARGEST_POOL),
            Input("floor", "每个对象保底额", unit="元", default=0.0, most=LARGEST_POOL),
            Input(
                name="receivers",
                zh="对象",
                kind="rows",
                fields=(
                    Input("name", "名称", kind="text"),
                    Input("figure", "因素值"),
                    Input("weight", "系数", default=1.0),
                ),
            ),
        ),
        outputs=(Output("total", "分配合计", unit="元"), Output("shares", "逐个金额")),
        compute=incentive,
    ),
    Rule(
        id="tax.data_match",
        title_zh="涉税信息比对",
        title_en="Declared beside measured",
        law="环境保护税法 第十五、二十条",
        valid_from=date(2018, 1, 1),
        inputs=(
            Input("declared", "申报", kind="rows", fields=UNIT),
            Input("measured", "监测", kind="rows", fields=UNIT),
            Input("tolerance", "容许差", optional=True, most=1.0, note="不填按数据包参数"),
        ),
        outputs=(Output("differences", "差异户数", unit="户"),),
        compute=matched,
        needs=("tax.data_match.tolerance",),
    ),
)
