"""Tax relief for saving energy and water and for the environment: income of projects, credit for
equipment over the years, vehicles and vessels.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

INCOME_LAW = "企业所得税法实施条例 第八十八条"
EQUIPMENT_LAW = "企业所得税法实施条例 第一百条"
VEHICLE_LAW = "财税〔2018〕74号（节能减半、新能源免征）"
KINDS = {"new_energy": "新能源", "saving": "节能", "other": "其他"}
NOT_LISTED = "不在优惠目录内"


def project_income(calc: Calc) -> dict[str, Any]:
    """Corporate income tax on a listed project: free in the first three years from the year of its
    first income, at half in the next three. [yuan]
    """
    nth = calc["year"] - calc["first_year"] + 1
    if nth < 1:
        raise calc.refuse("年度早于首笔收入年度", "a year before the first income")
    free, half = (int(calc.param(f"tax_relief.{name}_years")) for name in ("free", "half"))
    if not calc["listed"]:
        share, how = 0.0, NOT_LISTED
    elif nth <= free:
        share, how = 1.0, f"第{nth}年，免征"
    elif nth <= free + half:
        share, how = calc.param("tax_relief.half_share"), f"第{nth}年，减半"
    else:
        share, how = 0.0, f"第{nth}年，已满{free + half}年"
    calc.step("优惠", share, how=how, clause=INCOME_LAW)
    due = max(calc["income"], 0.0) * calc.param("tax_relief.income_tax_rate")
    calc.step("减免前应纳税额", due, "元", "所得额 × 法定税率")
    relief = calc.step("减免税额", due * share, "元")
    return {"relief": relief, "tax": due - relief, "nth": float(nth), "state": how}


def equipment_carry(calc: Calc) -> dict[str, Any]:
    """Credit of listed equipment used year by year, the oldest first; what is not used within the
    years that it may be carried lapses. [yuan]
    """
    rate, years = calc.param("tax_relief.equipment_rate"), int(calc.param("tax_relief.carry_years"))
    bought = sorted((row for row in calc["purchases"] if row["listed"]), key=lambda r: r["year"])
    left = [row["price"] * rate for row in bought]
    credit = calc.step("抵免额合计", sum(left), "元", f"投资额 × {rate:.0%}", EQUIPMENT_LAW)
    taxes = sorted(calc["taxes"], key=lambda row: row["year"])
    if len({row["year"] for row in taxes}) != len(taxes):
        raise calc.refuse("同一年度有两行应纳税额", "two rows of one tax year")
    used = 0.0
    for row in taxes:
        payable = row["tax_payable"]
        for place, purchase in enumerate(bought):
            if purchase["year"] <= row["year"] <= purchase["year"] + years:
                part = min(left[place], payable)
                left[place], payable, used = left[place] - part, payable - part, used + part
        calc.step(f"{row['year']}年抵免", row["tax_payable"] - payable, "元")
    last = calc.day.year
    ended = [row["year"] + years < last for row in bought]
    lapsed = sum(part for part, is_over in zip(left, ended, strict=True) if is_over)
    open_ = sum(left) - lapsed
    calc.step("结转", open_, "元", f"可在购置以后{years}个纳税年度抵免", EQUIPMENT_LAW)
    outputs: dict[str, Any] = {"credit": credit, "used": used, "carried": open_, "lapsed": lapsed}
    until = [
        row["year"] + years
        for row, part, is_over in zip(bought, left, ended, strict=True)
        if part and not is_over
    ]
    if until:
        outputs["use_by"] = (date(min(until) + 1, 1, 1) - timedelta(days=1)).isoformat()
    return outputs


def vehicles(calc: Calc) -> dict[str, Any]:
    """Vehicle and vessel tax that listed ones are spared: all for new energy, half for saving
    ones, by months. [yuan]
    """
    relief = due = 0.0
    for row in calc["vehicles"]:
        tax = row["yearly_tax"] * row["months"] / MONTHS_A_YEAR
        share, how = 0.0, NOT_LISTED
        if row["listed"] and row["kind"] != "other":
            share = calc.param("tax_relief.vehicle_share", row["kind"])
            how = f"{KINDS[row['kind']]}，{tax:g} × {share:.0%}"
        calc.step(row["name"], tax * share, "元", how, VEHICLE_LAW)
        relief, due = relief + tax * share, due + tax
    return {"relief": relief, "tax": due - relief}


YEAR = Input("year", "年度", kind="whole")
LISTED = Input("listed", "在优惠目录内", kind="flag")
RULES = (
    Rule(
        id="tax_relief.project_income",
        title_zh="环保节能节水项目所得三免三减半",
        title_en="Income of relieved projects",
        law=INCOME_LAW,
        valid_from=date(2008, 1, 1),
        inputs=(
            Input("income", "项目所得额", unit="元", least=None),
            Input("first_year", "首笔收入年度", kind="whole"),
            YEAR,
            LISTED,
        ),
        outputs=(
            Output("relief", "减免税额", unit="元"),
            Output("tax", "应纳税额", unit="元"),
            Output("nth", "第几年", unit="年"),
            Output("state", "优惠"),
        ),
        compute=project_income,
        needs=(
            "tax_relief.free_years",
            "tax_relief.half_years",
            "tax_relief.half_share",
            "tax_relief.income_tax_rate",
        ),
    ),
    Rule(
        id="tax_relief.equipment_carry",
        title_zh="专用设备投资抵免逐年结转",
        title_en="Credit for equipment over the years",
        law=EQUIPMENT_LAW,
        valid_from=date(2008, 1, 1),
        inputs=(
            Input(
                name="purchases",
                zh="设备",
                kind="rows",
                fields=(
                    Input("name", "设备", kind="text", default=""),
                    YEAR,
                    Input("price", "设备投资额", unit="元"),
                    LISTED,
                ),
            ),
            Input(
                name="taxes",
                zh="各年度应纳税额",
                kind="rows",
                fields=(YEAR, Input("tax_payable", "应纳税额", unit="元")),
            ),
        ),
        outputs=(
            Output("credit", "抵免额合计", unit="元"),
            Output("used", "已抵免", unit="元"),
            Output("carried", "可结转", unit="元"),
            Output("lapsed", "过期作废", unit="元"),
            Output("use_by", "最早到期"),
        ),
        compute=equipment_carry,
        needs=("tax_relief.equipment_rate", "tax_relief.carry_years"),
    ),
    Rule(
        id="tax_relief.vehicles",
        title_zh="节能与新能源车船税减免",
        title_en="Vehicle and vessel tax",
        law=VEHICLE_LAW,
        valid_from=date(2018, 7, 10),
        inputs=(
            Input(
                name="vehicles",
                zh="车船",
                kind="rows",
                fields=(
                    Input("name", "车船", kind="text"),
                    Input("kind", "类型", kind="choice", choices=KINDS),
                    LISTED,
                    Input("yearly_tax", "年税额", unit="元"),
                    Input(
                        name="months",
                        zh="计税月数",
                        kind="whole",
                        default=MONTHS_A_YEAR,
                        most=float(MONTHS_A_YEAR),
                    ),
                ),
            ),
        ),
        outputs=(Output("relief", "减免税额", unit="元"), Output("tax", "应纳税额", unit="元")),
        compute=vehicles,
        needs=("tax_relief.vehicle_share",),
        note_zh="不属于车船税征税范围的纯电动、燃料电池乘用车本不缴，不列入",
    ),
)
