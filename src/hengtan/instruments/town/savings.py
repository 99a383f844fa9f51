"""Savings: under contracts by bills beside the base year, and of projects by use per output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.factors import MONTHS_A_YEAR
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule
from hengtan.instruments.town.formulas import POINTS, expected_use


def contract_saving(calc: Calc) -> dict[str, Any]:
    """What was saved of each carrier beside the same months of the base year, its money at the
    prices paid, and what falls to either side.

    Under custody the provider pays the bills from a fixed fee: the client gains what the base would
    have cost less the fee, the provider keeps the fee less the bills. Else the saving is shared.
    """
    for row in calc["uses"]:
        _refuse_unmatched(calc, row)
    worth = sum(row["base_cost"] - row["bill"] for row in calc["uses"])
    rates = [_saved(calc, row) for row in calc["uses"]]
    months = min(row["months"] for row in calc["uses"])
    if months < MONTHS_A_YEAR:
        calc.warn(f"只有{months:g}个月的账单，不是全年")
    outputs: dict[str, Any] = {
        "worth": calc.step("节约金额", worth, "元", "Σ (基准 − 实际) × 当月单价"),
        "months": float(months),
        **_shared(calc, worth, months),
    }
    if len(rates) == 1:
        outputs["rate"] = rates[0]
    if calc["agreed"] is None:
        return outputs
    missed = [
        row["name"] for row, rate in zip(calc["uses"], rates, strict=True) if rate < calc["agreed"]
    ]
    words = f"{'、'.join(missed)}未达到" if missed else "达到"
    return outputs | {"agreement": calc.step("约定节约率", words, how=f"约定 {calc['agreed']:g}%")}


def _refuse_unmatched(calc: Calc, row: Mapping[str, Any]) -> None:
    for name, zh, en in (
        ("unmatched", "个月在基准年没有同单位的账单", "months have no bill in the base year"),
        ("unpriced", "个月没有账单金额或用量为零", "months have no price"),
    ):
        if row[name]:
            raise calc.refuse(
                f"“{row['name']}”有{row[name]:g}{zh}",
                f"{row[name]:g} {en} for '{row['name']}'",
                todo="在“合同逐月账单”补上",
                todo_en="fill them in the monthly bills",
            )


def _saved(calc: Calc, row: Mapping[str, Any]) -> float:
    """Saving of a carrier as a share of its baseline. [%]"""
    saved = row["baseline"] - row["measured"]
    name, unit = row["name"], row["unit"]
    how = f"基准 {row['baseline']:.6g} − 实际 {row['measured']:.6g}"
    calc.step(f"{name}节约量", saved, unit, how)
    for zh, of in (("每平方米", calc["floor_area"]), ("人均", calc["people"])):
        if of:
            before = f"基准 {row['baseline'] / of:.4g}"
            calc.step(f"{name}{zh}用量", row["measured"] / of, unit, before)
    rate = POINTS * saved / row["baseline"] if row["baseline"] else 0.0
    return float(calc.step(f"{name}节约率", rate, "%"))


def _shared(calc: Calc, worth: float, months: float) -> dict[str, float]:
    """What falls to client and provider. [yuan]"""
    if calc["category"] == "custody":
        if calc["fee"] is None:
            raise calc.refuse(
                "能源托管没有填年托管费",
                "no yearly fee of the custody",
                todo="在“节能节水合同”填年托管费",
                todo_en="fill the yearly fee of the contract",
            )
        fee = calc["fee"] * months / MONTHS_A_YEAR
        base = sum(row["base_cost"] for row in calc["uses"])
        bill = sum(row["bill"] for row in calc["uses"])
        return {
            "client": calc.step(
                "用户得", base - fee, "元", f"基准费用 {base:.8g} − 托管费 {fee:.8g}"
            ),
            "provider": calc.step("服务单位得", fee - bill, "元", f"托管费 − 账单 {bill:.8g}"),
        }
    if calc["client_share"] is None:
        raise calc.refuse(
            "没有填用户分享比例",
            "no share of the client",
            todo="在“节能节水合同”填用户分享比例",
            todo_en="fill the client's share of the contract",
        )
    client = worth * calc["client_share"] / POINTS
    how = f"节约金额 × {calc['client_share']:g}%"
    return {
        "client": calc.step("用户得", client, "元", how),
        "provider": calc.step("服务单位得", worth - client, "元", "其余"),
    }


def intensity(calc: Calc) -> dict[str, Any]:
    """Saving of a project at equal output: what would have been used at the use per output before,
    less what was used; both parts of the rate are shown.
    """
    expected = expected_use(calc["base_use"], calc["base_output"], calc["output"])
    saved = expected - calc["use"]
    how = f"{calc['base_use']:g} ÷ {calc['base_output']:g} × {calc['output']:g}"
    outputs = {
        "expected": calc.step("按改造前单耗应用", expected, how=how),
        "used": calc["use"],
        "saved": calc.step("节约量", saved, how="应用 − 实际"),
    }
    if expected:
        outputs["rate"] = calc.step("节约率", POINTS * saved / expected, "%", "节约量 ÷ 应用量")
    return outputs


RULES = (
    Rule(
        id="contract.saving",
        title_zh="合同节能、合同节水与能源托管的年度节约和分享",
        title_en="Saving of a contract in a year and its sharing",
        law="合同约定（节能量测量和验证 GB/T 28750、合同节水管理 GB/T 34149，均凭记忆）",
        inputs=(
            Input(
                name="category",
                zh="合同类别",
                kind="choice",
                choices={"custody": "能源托管", "water": "合同节水", "sharing": "效益分享"},
            ),
            Input(
                name="uses",
                zh="用量",
                kind="rows",
                fields=(
                    Input("name", "品种", kind="text"),
                    Input("unit", "用量单位", kind="text"),
                    Input("baseline", "基准用量", default=0.0, least=None),
                    Input("measured", "实际用量"),
                    Input("months", "月数", kind="whole"),
                    Input("unmatched", "缺基准月数", kind="whole", default=0),
                    Input("unpriced", "缺单价月数", kind="whole", default=0),
                    Input("base_cost", "基准费用", unit="元", default=0.0, least=None),
                    Input("bill", "账单金额", unit="元", default=0.0),
                ),
            ),
            Input("client_share", "用户分享比例", unit="%", optional=True, most=100.0),
            Input("fee", "年托管费", unit="元", optional=True),
            Input("agreed", "约定节约率", unit="%", optional=True, most=100.0),
            Input("floor_area", "建筑面积", unit="平方米", optional=True),
            Input("people", "用能人数", kind="whole", optional=True),
        ),
        outputs=(
            Output("worth", "节约金额", unit="元"),
            Output("client", "用户得", unit="元"),
            Output("provider", "服务单位得", unit="元"),
            Output("months", "月数", unit="月"),
            Output("rate", "节约率", unit="%"),
            Output("agreement", "约定节约率"),
        ),
        compute=contract_saving,
        confidence="derived",
    ),
    Rule(
        id="saving.intensity",
        title_zh="节约工程前后单耗与节约量",
        title_en="Saving of a project by use per output",
        law="五项工程计划条款（同等产出下前后对比）",
        inputs=(
            Input("base_use", "改造前用量"),
            Input("base_output", "改造前产出", least=1e-9),
            Input("use", "当年用量"),
            Input("output", "当年产出"),
        ),
        outputs=(
            Output("expected", "按改造前单耗应用"),
            Output("used", "当年用量"),
            Output("saved", "节约量"),
            Output("rate", "节约率", unit="%"),
        ),
        compute=intensity,
        confidence="derived",
    ),
)
