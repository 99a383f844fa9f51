"""Verification of an entity's emissions: what was computed from its records beside what the
verification settled.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule


def verification(calc: Calc) -> dict[str, Any]:
    """Emissions that count, and how far those settled are from those computed. [t CO2, 1]"""
    computed, verified = calc["computed"], calc["verified"]
    if calc["months_lost"]:
        calc.warn(f"缺{calc['months_lost']}个月的数据，计算的排放量不是全年的")
    if verified is None:
        if computed is None:
            raise calc.refuse(
                "没有核查排放量，燃料数据也算不出排放量",
                "neither verified emissions nor any that can be computed",
                todo="填机组月度燃料（碳含量、碳氧化率），或填经核查排放量",
                todo_en="fill the fuel of the months, or the verified emissions",
            )
        calc.step("按报送数据计算", computed, "吨")
        return {"emissions": computed, "verdict": calc.step("核查", "尚未核查，按报送数据计算")}
    calc.step("经核查排放量", verified, "吨")
    if computed is None:
        return {"emissions": verified, "verdict": calc.step("核查", "已核查，没有可比的报送数据")}
    difference = calc.step("核查减计算", verified - computed, "吨")
    words = "多" if difference > 0 else "少"
    verdict = f"核查比计算{words}{abs(difference):,.2f}吨" if difference else "核查与计算一致"
    outputs = {"emissions": verified, "difference": difference}
    if computed > 0:
        outputs["share"] = difference / computed
    return {**outputs, "verdict": calc.step("核查", verdict)}


RULES = (
    Rule(
        id="ets.verification",
        title_zh="碳排放核查对照",
        title_en="Emissions verified beside those computed",
        law="碳排放权交易管理暂行条例（年度排放报告与核查）",
        inputs=(
            Input("computed", "按报送数据计算的排放量", unit="吨", optional=True),
            Input("verified", "经核查排放量", unit="吨", optional=True),
            Input("months_lost", "缺数据的月数", unit="月", kind="whole", default=0),
        ),
        outputs=(
            Output("emissions", "采用的排放量", unit="吨"),
            Output("difference", "核查减计算", unit="吨"),
            Output("share", "差额占计算"),
            Output("verdict", "核查"),
        ),
        compute=verification,
    ),
)
