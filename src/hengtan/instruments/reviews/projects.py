"""Fixed-asset projects: whether an energy review is needed, by whom, and the carbon assessment."""

from __future__ import annotations

from datetime import date
from typing import Any

from hengtan.instruments.calc import Calc
from hengtan.instruments.inputs import Input
from hengtan.instruments.reviews.formulas import equivalent_energy
from hengtan.instruments.rule import Output, Rule

NEEDED, EXEMPT = "需要节能审查", "不单独进行节能审查"
STATE, PROVINCE, OTHERS = (
    "国家发展改革委",
    "省级节能审查机关（重庆市为市发展改革委）",
    "按项目管理权限（“两高”项目不得下放到县级）",
)
PROJECT = (
    Input(
        name="energy",
        zh="年综合能源消费量（当量值，改扩建为增量）",
        unit="吨标准煤",
        aliases=("年综合能耗",),
    ),
    Input("electricity", "年电力消费量", unit="千瓦时", default=0.0),
    Input("coal", "年煤炭消费量", unit="吨", default=0.0),
    Input("simple_sector", "属用能工艺简单、节能潜力小的行业目录", kind="flag", default=False),
    Input("secret", "涉及国家秘密", kind="flag", default=False),
)
PROJECT_2025 = (
    *PROJECT,
    Input(
        name="energy_equivalent",
        zh="年综合能源消费量（电力等价值）",
        unit="吨标准煤",
        optional=True,
        note="是否由国家审查按等价值或当量值的高值",
    ),
    Input(
        name="key_field",
        zh="属国家审查的重点领域",
        kind="flag",
        optional=True,
        note="范围由国家发展改革委另定，没有读到",
    ),
    Input("state_approved", "国务院或国家发展改革委审批、核准", kind="flag", default=False),
    Input(
        name="coal_rate",
        zh="供电煤耗",
        unit="克标准煤/千瓦时",
        optional=True,
        note="没有给等价值时按它折算",
    ),
)
REVIEW_OUT = (
    Output("review", "节能审查"),
    Output("authority", "审查机关"),
    Output("carbon_assessment", "碳排放评价"),
)
NO_REVIEW = {"review": EXEMPT, "authority": "", "carbon_assessment": ""}


def review_2023(calc: Calc) -> dict[str, Any]:
    """Exempt below 1,000 tce and below 5 million kWh a year, both (国家发展改革委2号令, 2023-06-01
    to 2025-08-31).
    """
    below = calc["energy"] < calc.param("review.exempt.energy")
    below = below and calc["electricity"] < calc.param("review.exempt.electricity")
    if _is_exempt(calc, below, "能耗和用电都低于限额"):
        return NO_REVIEW
    if calc.parameters.has("review.municipal.energy"):
        municipal = calc["energy"] >= calc.param("review.municipal.energy")
        authority = "市发展改革委" if municipal else "按项目管理权限"
    else:
        authority = "按省级规定"
        calc.warn("该地区的审查权限划分没有读到")
    calc.step("审查机关", authority)
    return {"review": NEEDED, "authority": authority, "carbon_assessment": ""}


def review_2025(calc: Calc) -> dict[str, Any]:
    """Exempt below 1,000 tce and below 1,000 t of coal a year, both; energy or coal says who
    reviews; the carbon assessment goes into the opinion (31号令 第八—十条, from 2025-09-01).
    """
    below = calc["energy"] < calc.param("review.exempt.energy")
    below = below and calc["coal"] < calc.param("review.exempt.coal")
    if _is_exempt(calc, below, "能耗和用煤都低于限额"):
        return NO_REVIEW
    authority = _authority(calc)
    assessed = (
        "必须：与节能审查同步，结论纳入审查意见"
        if authority == STATE
        else "碳排放量较大且可能影响本地碳达峰、碳强度目标的须同步评价；地方界限没有读到"
    )
    calc.step("审查机关", authority, clause="国家发展改革委令2025年第31号 第八、九条")
    calc.step("碳排放评价", assessed, clause="国家发展改革委令2025年第31号 第十条")
    return {"review": NEEDED, "authority": authority, "carbon_assessment": assessed}


def _is_exempt(calc: Calc, below: bool, why: str) -> bool:
    reasons = {why: below, "行业目录内": calc["simple_sector"], "涉密项目": calc["secret"]}
    reason = next((words for words, holds in reasons.items() if holds), "")
    calc.step("节能审查", EXEMPT if reason else NEEDED, how=reason or "达到限额")
    return bool(reason)


def _authority(calc: Calc) -> str:
    """Who reviews a project from 2025-09-01: the state at 500,000 tce or t of coal in a key field,
    the province at 10,000 tce or t of coal or where the state approves it, else as the province
    rules.
    """
    energy, coal = calc["energy"], calc["coal"]
    higher = max(energy, _equivalent(calc))
    large = higher >= calc.param("review.national.energy")
    large = large or coal >= calc.param("review.national.coal")
    if large and calc["key_field"] is None:
        calc.warn("达到国家审查的限额，但只限重点领域，其范围没有读到：属重点领域的填“是”")
        return f"{STATE}（属重点领域的），其余{PROVINCE}"
    if large and calc["key_field"]:
        return STATE
    provincial = energy >= calc.param("review.provincial.energy")
    provincial = provincial or coal >= calc.param("review.provincial.coal")
    return PROVINCE if provincial or calc["state_approved"] else OTHERS


def _equivalent(calc: Calc) -> float:
    """Energy with power at its equivalent value: as stated, else by the coal rate; nought where
    neither is known. [tce]
    """
    if calc["energy_equivalent"] is not None:
        return float(calc["energy_equivalent"])
    if calc["coal_rate"] is None:
        return 0.0
    calorific = calc.param("review.effect.power_calorific")
    energy = equivalent_energy(calc["energy"], calc["electricity"], calc["coal_rate"], calorific)
    how = f"{calc['energy']:,.6g} + {calc['electricity']:,.0f} 千瓦时"
    how += f" × ({calc['coal_rate']:g}克/千瓦时 − 当量)"
    return float(calc.step("项目年综合能源消费量（等价值）", energy, "吨标准煤", how))


def carbon(calc: Calc) -> dict[str, Any]:
    """A project against the region's carbon budget: its share of what is left and of the year's
    total; passes within m % of the one and n % of the other. [share]
    """
    left, total = calc["budget_left"], calc["budget_total"]
    if left <= 0 or total <= 0:
        raise calc.refuse(
            "地区碳预算或剩余预算应大于零",
            "budgets are above zero",
            todo="核对预算",
            todo_en="check the budget",
        )
    of_left, of_total = calc["emission"] / left, calc["emission"] / total
    calc.step("占剩余预算", of_left, "", f"{calc['emission']:g} ÷ {left:g}")
    calc.step("占年度预算", of_total, "", f"{calc['emission']:g} ÷ {total:g}")
    m, n = calc.param("review.carbon.m"), calc.param("review.carbon.n")
    verdict = "通过" if of_left <= m and of_total <= n else "不通过：须替代或压减"
    if (
        calc["intensity"] is not None
        and calc["leading"] is not None
        and calc["intensity"] > calc["leading"]
    ):
        calc.warn(f"单位产品碳排放{calc['intensity']:g}高于先进值{calc['leading']:g}")
    return {
        "share_of_left": of_left,
        "share_of_total": of_total,
        "verdict": calc.step("评价", verdict, how=f"m {m:.2%}，n {n:.2%}"),
    }


RULES = (
    Rule(
        id="review.energy",
        title_zh="固定资产投资项目节能审查",
        title_en="Energy review of projects (2023)",
        law="国家发展改革委令第2号（2023-06-01施行）",
        valid_from=date(2023, 6, 1),
        valid_to=date(2025, 8, 31),
        inputs=PROJECT,
        outputs=REVIEW_OUT,
        compute=review_2023,
        needs=("review.exempt.energy", "review.exempt.electricity", "review.municipal.energy"),
    ),
    Rule(
        id="review.energy",
        title_zh="固定资产投资项目节能审查和碳排放评价",
        title_en="Energy review and carbon assessment (2025)",
        law="国家发展改革委令2025年第31号（2025-09-01施行） 第八至十条",
        valid_from=date(2025, 9, 1),
        inputs=PROJECT_2025,
        outputs=REVIEW_OUT,
        compute=review_2025,
        needs=(
            "review.exempt.energy",
            "review.exempt.coal",
            "review.provincial.energy",
            "review.provincial.coal",
            "review.national.energy",
            "review.national.coal",
            "review.effect.power_calorific",
        ),
    ),
    Rule(
        id="review.carbon",
        title_zh="项目碳排放评价（占碳预算）",
        title_en="Carbon assessment against the budget",
        law="重庆市固定资产投资项目节能审查和碳排放评价实施办法（征求意见稿，2025-10）",
        valid_from=date(2025, 9, 1),
        inputs=(
            Input("emission", "项目年碳排放", unit="吨二氧化碳"),
            Input("budget_left", "地区剩余预算", unit="吨二氧化碳"),
            Input("budget_total", "地区年度预算", unit="吨二氧化碳"),
            Input("intensity", "单位产品碳排放", optional=True),
            Input("leading", "行业先进值", optional=True),
        ),
        outputs=(
            Output("share_of_left", "占剩余预算"),
            Output("share_of_total", "占年度预算"),
            Output("verdict", "评价"),
        ),
        compute=carbon,
        needs=("review.carbon.m", "review.carbon.n"),
    ),
)
