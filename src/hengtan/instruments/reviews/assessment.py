"""Greenhouse gases in environmental impact assessment: whether the chapter is due, what it has to
hold, and pollutants beside CO2 by measure.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.rule import Output, Rule

GUIDES = "重庆市规划环评、建设项目环评碳排放评价技术指南（试行）"
NEEDED = "需要：核算排放量与强度，提出优化建议"


def greenhouse_gases(calc: Calc) -> dict[str, Any]:
    """Whether the impact assessment has to account for greenhouse gases: reports of steel, thermal
    power, building materials, non-ferrous smelting and chemicals, and plans of parks; and whether
    it does: amounts by gas and the intensity. [t a year]

    Chongqing's guides, trial; no limits were read.
    """
    is_report = calc["document"] == "report" and calc["sector"] != "none"
    needed = is_report or calc["document"] == "park_plan"
    outputs = {"needed": calc.step("温室气体评价", NEEDED if needed else "不要求")}
    amounts = (("co2", "二氧化碳", "吨"), ("ch4", "甲烷", "吨"), ("co2e", "合计", "吨二氧化碳当量"))
    for name, zh, unit in amounts:
        if calc[name] is not None:
            outputs[name] = calc.step(zh, calc[name], unit)
    if calc["intensity"] is not None:
        words, unit = "单位增加值碳排放", "吨二氧化碳/万元"
        outputs["intensity"] = calc.step(words, calc["intensity"], unit)
    if needed:
        state = "已核算" if calc["co2"] is not None else "需要而未核算"
        outputs["state"] = calc.step("核算", state, clause=GUIDES)
    return outputs


def synergy(calc: Calc) -> dict[str, Any]:
    """Measures by what they do to pollutant and CO2: both fall, or CO2 rises while the pollutant
    falls; such a measure has to be weighed against another.
    """
    words = {
        "both_fall": "协同：污染物和二氧化碳都不增",
        "co2_rises": "减污增碳",
        "pollutant_rises": "减碳增污",
        "both_rise": "都增加",
    }
    counts = dict.fromkeys(words, 0)
    for row in calc["measures"]:
        counts[row["synergy"]] += 1
        per_tonne = row["per_removed"]
        how = f"二氧化碳 {row['co2']:+.4g} 吨；{words[row['synergy']]}"
        how += f"；每去除1吨 {per_tonne:+.4g} 吨" if per_tonne is not None else ""
        calc.step(f"{row['name']} {row['pollutant']}", row["removed"], unit="吨", how=how)
    against = sum(counts.values()) - counts["both_fall"]
    return {
        "together": counts["both_fall"],
        "against": against,
        "verdict": calc.step(
            "协同", "有减污增碳或增污的措施，须比选替代方案" if against else "全部协同"
        ),
    }


RULES = (
    Rule(
        id="review.eia_ghg",
        title_zh="环境影响评价中的温室气体评价",
        title_en="Greenhouse gases in impact assessment",
        law=GUIDES,
        inputs=(
            Input(
                name="document",
                zh="文件",
                kind="choice",
                choices={
                    "report": "环境影响报告书",
                    "form": "环境影响报告表",
                    "park_plan": "产业园区规划环评",
                },
            ),
            Input(
                name="sector",
                zh="行业",
                kind="choice",
                choices={
                    "steel": "钢铁",
                    "power": "火电",
                    "materials": "建材",
                    "metals": "有色金属冶炼",
                    "chemicals": "化工",
                    "none": "其他",
                },
                default="none",
            ),
            Input("co2", "年二氧化碳排放", unit="吨", least=None, optional=True),
            Input("ch4", "年甲烷排放", unit="吨", least=None, optional=True),
            Input("co2e", "年温室气体排放", unit="吨二氧化碳当量", least=None, optional=True),
            Input("intensity", "单位增加值碳排放", least=None, optional=True),
        ),
        outputs=(
            Output("needed", "温室气体评价"),
            Output("co2", "年二氧化碳排放", unit="吨"),
            Output("ch4", "年甲烷排放", unit="吨"),
            Output("co2e", "年温室气体排放", unit="吨二氧化碳当量"),
            Output("intensity", "单位增加值碳排放", unit="吨二氧化碳/万元"),
            Output("state", "核算情况"),
        ),
        compute=greenhouse_gases,
    ),
    Rule(
        id="review.synergy",
        title_zh="减污降碳协同",
        title_en="Pollutants and CO2 together",
        law=GUIDES,
        inputs=(
            Input(
                name="measures",
                zh="治理措施",
                kind="rows",
                fields=(
                    Input("name", "措施", kind="text"),
                    Input("pollutant", "污染物", kind="text"),
                    Input("removed", "年去除量", unit="吨", least=None),
                    Input("co2", "二氧化碳变化", unit="吨", least=None),
                    Input("per_removed", "每吨去除的二氧化碳", least=None, optional=True),
                    Input(
                        name="synergy",
                        zh="协同类别",
                        kind="choice",
                        choices={
                            "both_fall": "都不增",
                            "co2_rises": "减污增碳",
                            "pollutant_rises": "减碳增污",
                            "both_rise": "都增加",
                        },
                    ),
                ),
            ),
        ),
        outputs=(
            Output("together", "协同措施", unit="项"),
            Output("against", "不协同措施", unit="项"),
            Output("verdict", "结论"),
        ),
        compute=synergy,
    ),
)
