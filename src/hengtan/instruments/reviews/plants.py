"""Plants beside their industry: what a tonne of coal equivalent brings, the level of carbon
efficiency. The industry's figures are those of the plants on file.
"""

from __future__ import annotations

from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.formulas import benefit_score
from hengtan.instruments.rule import Output, Rule

CLASSES = ("A", "B", "C")
LOWEST_CLASS = "D"
LEVELS = ("1", "2", "3", "4")
LOWEST_LEVEL = "5"
ALONE = "行业里只有本单位有记录，与行业之比恒为1"
TO_YUAN = 10_000


def output_of_energy(calc: Calc) -> dict[str, Any]:
    """Value added and tax per tce beside the industry's, and the place in it. [10⁴ yuan/tce]"""
    value = _per_energy(calc, "value_added", "增加值")
    outputs: dict[str, Any] = {
        "value_per_energy": value,
        "value_ratio": _beside(calc, "单位能耗增加值", value, calc["industry_value"]),
        "rank": calc.step("行业内位次", calc["rank"], how=f"{calc['plants']}家有记录"),
    }
    if calc["tax"] is not None:
        tax = _per_energy(calc, "tax", "税收")
        outputs["tax_per_energy"] = tax
        if calc["industry_tax"]:
            outputs["tax_ratio"] = _beside(calc, "单位能耗税收", tax, calc["industry_tax"])
    _tell_alone(calc)
    return outputs


def benefit_class(calc: Calc) -> dict[str, Any]:
    """Class A to D within the industry by the weighted ratio to it; the floors are the place's.

    No Chongqing rule was found: without floors there is no class.
    """
    outputs = output_of_energy(calc)
    if "tax_ratio" not in outputs:
        raise calc.refuse(
            "没有税收，或行业没有税收记录",
            "no tax of the plant or of its industry",
            todo="填工厂年度情况的税收",
            todo_en="fill the tax of the year",
        )
    weight = calc.param("plant.benefit.weight_tax")
    floors = calc.params("plant.benefit.floor", CLASSES, "能耗产出效益的分类界限")
    score = benefit_score(outputs["value_ratio"], outputs["tax_ratio"], weight)
    reached = (name for name, floor in zip(CLASSES, floors, strict=True) if score >= floor)
    how = "、".join(f"{name}≥{floor:g}" for name, floor in zip(CLASSES, floors, strict=True))
    return {
        "score": calc.step("评价值", score, how=f"1−{weight:g} 与 {weight:g} 加权"),
        "class": calc.step("类别", next(reached, LOWEST_CLASS), how=how),
    }


def _per_energy(calc: Calc, name: str, zh: str) -> float:
    amount, energy = calc[name] / TO_YUAN, calc["energy"]
    how = f"{amount:g} ÷ {energy:g}"
    return float(calc.step(f"单位能耗{zh}", amount / energy, "万元/吨标准煤", how=how))


def _beside(calc: Calc, zh: str, own: float, industry: float) -> float:
    mean = industry / TO_YUAN
    return float(calc.step(f"{zh}与行业之比", own / mean, how=f"{own:g} ÷ {mean:g}"))


def _tell_alone(calc: Calc) -> None:
    if calc["plants"] == 1:
        calc.warn(ALONE)


def efficiency_level(calc: Calc) -> dict[str, Any]:
    """Level 1 to 5 by the carbon per value added over that of the industry, upper bounds included.

    Chongqing's own limits were not found; the option ``zhejiang`` takes those of Zhejiang, which
    says so.
    """
    own, industry = calc["carbon_per_value"], calc["industry_carbon"]
    ratio = calc.step("与行业之比", own / industry, how=f"{own:g} ÷ {industry:g}")
    _tell_alone(calc)
    region = "330000" if calc.options["limits"] == "zhejiang" else None
    limits = calc.params("plant.code.most", LEVELS, "绿效码的分级界限", region=region)
    if region:
        calc.warn("对照浙江省的分级，不是重庆市绿效码")
    within = (level for level, most in zip(LEVELS, limits, strict=True) if ratio <= most)
    how = "、".join(f"{level}级≤{most:g}" for level, most in zip(LEVELS, limits, strict=True))
    level = next(within, LOWEST_LEVEL)
    return {"ratio": ratio, "level": calc.step("等级", f"{level}级", how=how)}


def energy_plan(calc: Calc) -> dict[str, Any]:
    """Energy used so far in a year against the plan of the whole year. [1]"""
    used, plan = calc["energy"], calc["plan"]
    share = calc.step("已用占年度计划", used / plan, how=f"{used:g} ÷ {plan:g}")
    verdict = "超过年度用能计划" if used > plan else "未超过年度用能计划"
    return {"share": share, "verdict": calc.step("结论", verdict)}


PLANT_YEAR = (
    Input("energy", "综合能源消费量", unit="吨标准煤", least=1e-9),
    Input("value_added", "增加值", unit="元", least=None),
    Input("tax", "税收", unit="元", least=None, optional=True),
    Input("industry_value", "行业单位能耗增加值", unit="元/吨标准煤", least=1e-9),
    Input("industry_tax", "行业单位能耗税收", unit="元/吨标准煤", least=None, optional=True),
    Input("plants", "行业有记录的工厂数", kind="whole", least=1),
    Input("rank", "行业内位次", kind="whole", least=1),
)
RULES = (
    Rule(
        id="plant.output_of_energy",
        title_zh="能耗产出效益",
        title_en="Output of energy beside the industry",
        law="能耗产出效益评价（市计划第19条；重庆的规则没有找到）；行业值为在档工厂合计",
        inputs=PLANT_YEAR,
        outputs=(
            Output("value_per_energy", "单位能耗增加值", unit="万元/吨标准煤"),
            Output("value_ratio", "增加值与行业之比"),
            Output("tax_per_energy", "单位能耗税收", unit="万元/吨标准煤"),
            Output("tax_ratio", "税收与行业之比"),
            Output("rank", "行业内位次"),
        ),
        compute=output_of_energy,
        confidence="proposal",
    ),
    Rule(
        id="plant.benefit_class",
        title_zh="能耗产出效益分类（A—D）",
        title_en="Class of energy output within the industry",
        law="能耗产出效益评价（重庆的规则没有找到，分类界限由本地给定）",
        inputs=PLANT_YEAR,
        outputs=(Output("score", "评价值"), Output("class", "类别")),
        compute=benefit_class,
        needs=("plant.benefit.weight_tax", "plant.benefit.floor"),
        confidence="proposal",
    ),
    Rule(
        id="plant.energy_plan",
        title_zh="年度用能计划执行",
        title_en="Energy so far against the plan of the year",
        law="重点用能单位节能管理办法（凭记忆）；计划数以主管部门下达为准",
        inputs=(
            Input("energy", "累计综合能源消费量", unit="吨标准煤"),
            Input("plan", "年度用能计划", unit="吨标准煤", least=1e-9),
        ),
        outputs=(Output("share", "已用占年度计划"), Output("verdict", "结论")),
        compute=energy_plan,
        confidence="recalled",
    ),
    Rule(
        id="plant.efficiency_level",
        title_zh="绿效码（碳效等级）",
        title_en="Level of carbon efficiency",
        law="重庆市绿效码（分级办法没有找到）；对照：浙江省规上工业企业碳效等级评价方法",
        inputs=(
            Input("carbon_per_value", "单位增加值碳排放", unit="吨/万元"),
            Input("industry_carbon", "行业单位增加值碳排放", unit="吨/万元", least=1e-12),
            Input("plants", "行业有记录的工厂数", kind="whole", least=1),
        ),
        outputs=(Output("ratio", "与行业之比"), Output("level", "等级")),
        compute=efficiency_level,
        needs=("plant.code.most",),
        options={"limits": ("own", "zhejiang")},
    ),
)
